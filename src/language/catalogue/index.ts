import { checkCatalogue, type Catalogue } from '../metric.ts';
import { ordersMetrics } from './orders.ts';
import { productionMetrics } from './production.ts';
import { qualityMetrics } from './quality.ts';
import { rejectMetrics } from './rejects.ts';
import { stopMetrics } from './stops.ts';
import { timeMetrics } from './time.ts';

/** The KPI catalogue that ships: the demo plant's words, and ISO 22400-2 names only where that standard defines them. */
export const defaultCatalogue: Catalogue = checkCatalogue({
  version: '1',
  metrics: [
    ...qualityMetrics,
    ...rejectMetrics,
    ...productionMetrics,
    ...stopMetrics,
    ...timeMetrics,
    ...ordersMetrics,
  ],
});
