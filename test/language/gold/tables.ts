import { DatabaseSync } from 'node:sqlite';

/** A machine with where it stands, by dimension. */
interface Place {
  machine: string;
  line: string;
  area: string;
}

interface OfOrder {
  order: string | null;
  product: string | null;
  customer: string | null;
}

export interface State extends Place {
  state: string;
  reason: string | null;
  start: number;
  end: number;
}

/** An unplanned stop: adjoining stretches of one machine with one reason. */
export type Stop = State;

interface Count extends Place, OfOrder {
  end: number;
  good: number;
  scrap: number;
  rework: number;
  /** The routing's seconds of one part on this machine; 0 without a job order. */
  secondsPerUnit: number;
}

interface Inspection extends Place {
  product: string | null;
  defect: string | null;
  at: number;
}

interface Energy extends Place {
  end: number;
  kwh: number;
}

export interface Order {
  order: string;
  product: string;
  customer: string;
  order_state: string;
  due: number;
  /** End of the last operation; Infinity while not all are done. */
  completed: number;
}

interface Job extends Place, OfOrder {
  plannedEnd: number;
  started: number;
  ended: number;
}

interface ShiftRule {
  shift: string;
  start: string;
  end: string;
  weekdays: number[];
}

/** What a store holds, read from its tables and joined by hand: none of the views that answers read is used. */
export interface Tables {
  now: number;
  zone: string;
  shifts: ShiftRule[];
  machines: Place[];
  states: State[];
  stops: Stop[];
  counts: Count[];
  failures: Inspection[];
  energy: Energy[];
  orders: Order[];
  jobs: Job[];
}

type Row = Record<string, string | number | null>;

const faultStates = ['Aborting', 'Aborted', 'Clearing', 'Holding', 'Held'];

/** Whether a state is unplanned standstill. */
export function isDown({ reason, state }: State): boolean {
  return reason === null ? faultStates.includes(state) : reason !== 'planned-maintenance';
}

/** Reads a store file. */
export function readTables(file: string, now: number): Tables {
  const database = new DatabaseSync(file, { readOnly: true });
  const all = (table: string) => database.prepare(`SELECT * FROM ${table}`).all() as Row[];
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const orNull = (value: unknown) => (typeof value === 'string' ? value : null);
  const number = (value: unknown, none = 0) => (typeof value === 'number' ? value : none);
  try {
    const parent = new Map(all('equipment').map((row) => [text(row['equipment_id']), text(row['parent_id'])]));
    const place = (machine: unknown): Place => {
      const line = parent.get(text(machine)) ?? '';
      return { machine: text(machine), line, area: parent.get(line) ?? '' };
    };
    const machines = all('equipment')
      .filter((row) => row['level'] === 'WorkUnit')
      .map((row) => place(row['equipment_id']));
    const requests = new Map(all('work_request').map((row) => [text(row['work_request_id']), row]));
    const jobRows = all('job_order');
    const jobById = new Map(jobRows.map((row) => [text(row['job_order_id']), row]));
    const planned = new Map(all('job_order_plan').map((row) => [text(row['job_order_id']), number(row['end_ms'])]));
    const segmentKey = (row: Row, equipment: unknown) =>
      [row['work_master_id'], row['work_master_version'] ?? row['version'], row['segment_id'], equipment].join('|');
    const runTime = new Map(
      all('segment_equipment').map((row) => [segmentKey(row, row['equipment_id']), number(row['seconds_per_unit'])]),
    );
    const ofOrder = (id: unknown): OfOrder => {
      const request = requests.get(text(id));
      return {
        order: orNull(id),
        product: orNull(request?.['material_id']),
        customer: orNull(request?.['customer']),
      };
    };
    const states = all('equipment_state_event')
      .map((row) => ({
        ...place(row['equipment_id']),
        state: text(row['state']),
        reason: orNull(row['reason_code']),
        start: number(row['start_ms']),
        end: number(row['end_ms'], now),
      }))
      .sort((a, b) => a.machine.localeCompare(b.machine) || a.start - b.start);
    const counts = all('material_actual').map((row) => {
      const job = jobById.get(text(row['job_order_id']));
      const own = ofOrder(job?.['work_request_id']);
      return {
        ...place(row['equipment_id']),
        ...own,
        product: orNull(row['material_id']) ?? own.product,
        end: number(row['end_ms']),
        good: number(row['good']),
        scrap: number(row['scrap']),
        rework: number(row['rework']),
        secondsPerUnit: job ? (runTime.get(segmentKey(job, row['equipment_id'])) ?? 0) : 0,
      };
    });
    const jobs = jobRows.map((row) => ({
      ...place(row['equipment_id'] ?? row['planned_equipment_id']),
      ...ofOrder(row['work_request_id']),
      plannedEnd: planned.get(text(row['job_order_id'])) ?? NaN,
      started: number(row['started_ms'], NaN),
      ended: number(row['ended_ms'], Infinity),
    }));
    const ends = Map.groupBy(
      jobRows.filter((row) => !['Cancelled', 'Aborted'].includes(text(row['dispatch_status']))),
      (row) => text(row['work_request_id']),
    );
    const orders = [...requests.values()].map((row) => ({
      order: text(row['work_request_id']),
      product: text(row['material_id']),
      customer: text(row['customer']),
      order_state: text(row['request_state']),
      due: number(row['due_ms']),
      completed: Math.max(
        ...(ends.get(text(row['work_request_id'])) ?? [{ ended_ms: null }]).map((job) =>
          number(job['ended_ms'], Infinity),
        ),
      ),
    }));
    return {
      now,
      zone: text(all('plant')[0]?.['time_zone']),
      shifts: all('work_calendar_shift').map((row) => ({
        shift: text(row['shift_id']),
        start: text(row['start_local']),
        end: text(row['end_local']),
        weekdays: (text(row['weekdays']).match(/\d/g) ?? []).map(Number),
      })),
      machines,
      states,
      stops: stopsOf(states),
      counts,
      failures: all('inspection_result')
        .filter((row) => row['verdict'] === 'fail')
        .map((row) => ({
          ...place(row['equipment_id']),
          product: orNull(row['material_id']),
          defect: orNull(row['defect']),
          at: number(row['at_ms']),
        })),
      energy: all('energy_actual').map((row) => ({
        ...place(row['equipment_id']),
        end: number(row['end_ms']),
        kwh: number(row['kwh']),
      })),
      orders,
      jobs,
    };
  } finally {
    database.close();
  }
}

function stopsOf(states: readonly State[]): Stop[] {
  const stops: Stop[] = [];
  for (const state of states) {
    if (!isDown(state)) continue;
    const last = stops.at(-1);
    if (last?.machine === state.machine && last.end === state.start && last.reason === state.reason)
      last.end = state.end;
    else stops.push({ ...state });
  }
  return stops;
}
