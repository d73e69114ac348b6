import { downtimeReasons } from '../../plant/index.ts';
import type { Metric, Part } from '../metric.ts';
import type { Dimension } from '../sql/views.ts';

/** Reasons of downtime that was not planned. */
const unplanned = downtimeReasons.filter((reason) => reason !== 'planned-maintenance');

/** Request states of orders that bind: forecast, cancelled and aborted ones are left out. */
const binding = ['Released', 'Ready', 'Running', 'Completed', 'Held', 'Paused', 'Closed', 'Other'];

/** Request states of orders that still have to be made. */
export const openOrderStates = ['Released', 'Ready', 'Running', 'Held', 'Paused', 'Other'] as const;

/** Unplanned standstill: a downtime reason, or a fault or hold state without one. */
export const isDown: NonNullable<Part['where']> = [
  { reason: [...unplanned] },
  { state: ['Aborting', 'Aborted', 'Clearing', 'Holding', 'Held'], reason: [null] },
];

export const good: Part = { view: 'kpi_count', measure: 'sum', columns: ['good'] };
export const scrap: Part = { view: 'kpi_count', measure: 'sum', columns: ['scrap'] };
export const rework: Part = { view: 'kpi_count', measure: 'sum', columns: ['rework'] };
export const rejects: Part = { view: 'kpi_count', measure: 'sum', columns: ['scrap', 'rework'] };
export const allParts: Part = { view: 'kpi_count', measure: 'sum', columns: ['good', 'scrap', 'rework'] };
export const executing: Part = { view: 'kpi_state', measure: 'seconds', where: [{ state: ['Execute'] }] };
export const plannedBusy: Part = { view: 'kpi_state', measure: 'seconds', where: [{ reason: [null, ...unplanned] }] };
export const breakdownTime: Part = { view: 'kpi_state', measure: 'seconds', where: [{ reason: ['breakdown'] }] };
export const breakdowns: Part = { view: 'kpi_state', measure: 'starts', where: [{ reason: ['breakdown'] }] };
export const dueOrders: Part = { view: 'kpi_order', measure: 'rows', where: [{ request_state: binding }] };
export const plannedJobs: Part = { view: 'kpi_plan', measure: 'rows' };

const times: Dimension[] = ['shift', 'hour', 'day', 'week', 'month'];
export const ofMachines: Dimension[] = ['area', 'line', 'machine', ...times];
export const ofCounts: Dimension[] = [...ofMachines, 'product', 'order', 'customer'];
export const ofInspections: Dimension[] = [...ofMachines, 'product', 'defect'];
export const ofStops: Dimension[] = [...ofMachines, 'reason', 'duration_min'];
export const ofSetups: Dimension[] = [...ofMachines, 'duration_min'];
export const ofStates: Dimension[] = ['area', 'line', 'machine', 'reason', 'machine_state'];
export const ofOrders: Dimension[] = ['product', 'customer', 'order', 'order_state', 'day', 'week', 'month'];
export const ofJobs: Dimension[] = ['area', 'line', 'machine', 'product', 'order', 'customer'];

export const anyCount = { min: 0, max: 1e9 };
export const parts = { en: 'parts', de: 'Teile' };

const countedPerMachine = {
  en: 'Every machine counts the parts it works on; over several machines these counts are added, so a part that passes four machines of a line is counted four times.',
  de: 'Jede Maschine zählt die Teile, die sie bearbeitet; über mehrere Maschinen werden diese Zählungen addiert, ein Teil, das vier Maschinen einer Linie durchläuft, zählt also viermal.',
};

/** A definition with the note on what a sum over several machines means. */
export function counted(en: string, de: string): Metric['definition'] {
  return { en: `${en} ${countedPerMachine.en}`, de: `${de} ${countedPerMachine.de}` };
}

/** What most metrics have in common. */
export const usual = { share: false, scale: 1, decimals: 0, workedTime: false, defaultPeriod: 'today' } as const;

/** A share of a whole in per cent. */
export const share = {
  ...usual,
  share: true,
  scale: 100,
  decimals: 1,
  bounds: { min: 0, max: 100 },
  unit: { en: '%', de: '%' },
} as const;
