import type { Dataset, Place } from './dataset.ts';

/**
 * The metrics of the demo plant computed a second time, from their definitions alone, by plain loops over the records.
 * It shares no code with the language room.
 */
export type Window = readonly [start: number, end: number];

/** What the records are narrowed to. */
export interface Selection {
  line?: string;
  machine?: string;
  area?: string;
  product?: string;
  customer?: string;
  order?: string;
  reason?: string;
  defect?: string;
}

const hour = 3_600_000;
const unplanned = ['breakdown', 'tool-change', 'setup', 'material-shortage', 'no-operator', 'cleaning', 'quality-hold'];
const binding = ['Released', 'Ready', 'Running', 'Completed', 'Held', 'Paused', 'Closed', 'Other'];

/** The value of a metric over windows, in its unit; NaN or infinite where there is nothing to divide by. */
export function reference(id: string, data: Dataset, windows: readonly Window[], pick: Selection, now: number): number {
  const machine = (row: Place) =>
    (!pick.line || row.line_id === pick.line) &&
    (!pick.machine || row.equipment_id === pick.machine) &&
    (!pick.area || row.area_id === pick.area);
  const made = (row: { material_id: string; customer?: string; work_request_id?: string }) =>
    (!pick.product || row.material_id === pick.product) &&
    (!pick.customer || row.customer === pick.customer) &&
    (!pick.order || row.work_request_id === pick.order);
  const sum = <T>(rows: readonly T[], amount: (row: T) => number) =>
    rows.reduce((total, row) => total + amount(row), 0);
  const within = (at: number, open: 'start' | 'end') =>
    windows.some(([start, end]) => (open === 'start' ? at > start && at <= end : at >= start && at < end));

  const counts = data.kpi_count.filter((row) => machine(row) && made(row) && within(row.end_ms, 'start'));
  const good = sum(counts, (row) => row.good);
  const scrap = sum(counts, (row) => row.scrap);
  const rework = sum(counts, (row) => row.rework);
  const all = good + scrap + rework;

  const states = data.kpi_state.filter((row) => machine(row) && (!pick.reason || row.reason === pick.reason));
  type State = (typeof states)[number];
  const seconds = (test: (row: State) => boolean) =>
    sum(states.filter(test), (row) =>
      sum(
        windows,
        ([start, end]) => Math.max(0, Math.min(row.end_ms ?? now, end) - Math.max(row.start_ms, start)) / 1000,
      ),
    );
  const isDown = (row: State) =>
    row.reason === null
      ? ['Aborting', 'Aborted', 'Clearing', 'Holding', 'Held'].includes(row.state)
      : unplanned.includes(row.reason);
  const stops = (test: (row: State) => boolean) => {
    let count = 0;
    for (const row of states) {
      if (!test(row) || !within(row.start_ms, 'end')) continue;
      const goesOn = data.kpi_state.some(
        (before) =>
          before.equipment_id === row.equipment_id &&
          before.end_ms === row.start_ms &&
          before.reason === row.reason &&
          test(before),
      );
      if (!goesOn) count++;
    }
    return count;
  };
  const isBreakdown = (row: State) => row.reason === 'breakdown';
  const executing = seconds((row) => row.state === 'Execute');
  const planned = seconds((row) => row.reason !== 'planned-maintenance');
  const ideal = (amount: (row: (typeof counts)[number]) => number) =>
    sum(counts, (row) => amount(row) * (row.seconds_per_unit ?? 0));

  const due = data.kpi_order.filter(
    (row) => made(row) && binding.includes(row.request_state) && within(row.due_ms, 'end'),
  );
  const met = due.filter((row) => row.completed_ms !== null && row.completed_ms <= row.due_ms);
  const plans = data.kpi_job.filter(
    (row) => machine(row) && made(row) && row.planned_end_ms !== null && within(row.planned_end_ms, 'end'),
  );
  const attained = plans.filter(
    (row) =>
      row.ended_ms !== null &&
      windows.some(([s, e]) => row.planned_end_ms! >= s && row.planned_end_ms! < e && row.ended_ms! <= e),
  );

  switch (id) {
    case 'good_count':
      return good;
    case 'scrap_count':
      return scrap;
    case 'rework_count':
      return rework;
    case 'reject_count':
      return scrap + rework;
    case 'output':
      return all;
    case 'reject_rate':
      return (100 * (scrap + rework)) / all;
    case 'scrap_rate':
      return (100 * scrap) / all;
    case 'rework_rate':
      return (100 * rework) / all;
    case 'first_pass_yield':
    case 'quality':
      return (100 * good) / all;
    case 'defect_count': {
      const inspections = data.kpi_inspection.filter((row) => machine(row) && within(row.at_ms, 'end'));
      const failed = inspections.filter(
        (row) => made(row) && row.verdict === 'fail' && (!pick.defect || row.defect === pick.defect),
      );
      return inspections.length === 0 ? NaN : failed.length;
    }
    case 'throughput':
      return all / (seconds(() => true) / 3600);
    case 'cycle_time':
      return executing / all;
    case 'downtime':
      return seconds(isDown) / 60;
    case 'stop_count':
      return stops(isDown);
    case 'mtbf':
      return executing / 3600 / (stops(isBreakdown) || NaN);
    case 'mttr':
      return seconds(isBreakdown) / 60 / (stops(isBreakdown) || NaN);
    case 'setup_time':
      return seconds((row) => row.reason === 'setup') / 60;
    case 'changeover_count':
      return stops((row) => row.reason === 'setup');
    case 'availability':
      return (100 * executing) / planned;
    case 'performance':
      return (100 * ideal((row) => row.good + row.scrap + row.rework)) / executing;
    case 'oee':
      return (100 * ideal((row) => row.good)) / planned;
    case 'energy':
      return sum(
        data.kpi_energy.filter((row) => machine(row) && within(row.end_ms, 'start')),
        (row) => row.kwh,
      );
    case 'on_time_delivery':
      return (100 * met.length) / due.length;
    case 'late_orders':
      return due.length - met.length;
    case 'plan_attainment':
      return (100 * attained.length) / plans.length;
    case 'wip': {
      const end = Math.max(...windows.map(([, last]) => last));
      return data.kpi_job.filter(
        (row) =>
          machine(row) &&
          made(row) &&
          row.started_ms !== null &&
          row.started_ms < end &&
          (row.ended_ms === null || row.ended_ms > end),
      ).length;
    }
    default:
      throw new Error(id);
  }
}

/** Metrics that count worked shifts only. */
export const workedOnly = ['throughput', 'availability', 'performance', 'oee'];

/**
 * The parts of windows that lie in worked shifts: Monday 06:00 to Saturday 14:00, in winter time. Written out for
 * November 2026, where every Monday is day 2, 9, 16, 23.
 */
export function worked(windows: readonly Window[]): Window[] {
  const mondays = [2, 9, 16, 23].map((day) => Date.parse(`2026-11-${String(day).padStart(2, '0')}T06:00:00+01:00`));
  return windows.flatMap(([start, end]) =>
    mondays
      .map((monday): Window => [Math.max(start, monday), Math.min(end, monday + 128 * hour)])
      .filter(([from, to]) => to > from),
  );
}
