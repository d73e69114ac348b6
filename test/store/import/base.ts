import type { ImportBase } from '../../../src/store/index.ts';
import { jobOrder, lot, model, now, workRequest } from '../plant.ts';

/** A store without master data. */
export const empty: ImportBase = {
  model: undefined,
  workRequests: [],
  lots: [],
  jobOrders: [],
  site: { enterprise: model.enterprise, site: model.site, calendar: model.calendar },
  now,
};

/** A store with the small plant, an order and a lot. */
export const full: ImportBase = {
  ...empty,
  model,
  workRequests: [workRequest('WO-1')],
  jobOrders: [jobOrder('WO-1', 10), jobOrder('WO-1', 20)],
  lots: [lot('LOT-1')],
};
