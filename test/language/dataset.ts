import { DatabaseSync } from 'node:sqlite';
import { seededRandom } from '../../src/kernel/index.ts';
import type { AskPorts, SqlRow } from '../../src/language/index.ts';
import { customers, model, now } from './support.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Monday 2 November 2026, 06:00 in Berlin; no change of clocks until now. */
const begin = Date.parse('2026-11-02T06:00:00+01:00');

/** Where a machine stands. */
export interface Place {
  equipment_id: string;
  line_id: string;
  area_id: string;
}
interface StateRow extends Place {
  state: string;
  reason: string | null;
  start_ms: number;
  end_ms: number | null;
}
interface CountRow extends Place {
  material_id: string;
  work_request_id: string;
  customer: string;
  good: number;
  scrap: number;
  rework: number;
  seconds_per_unit: number | null;
  start_ms: number;
  end_ms: number;
}
interface InspectionRow extends Place {
  material_id: string;
  verdict: string;
  defect: string | null;
  at_ms: number;
}
interface EnergyRow extends Place {
  kwh: number;
  start_ms: number;
  end_ms: number;
}
interface OrderRow {
  work_request_id: string;
  material_id: string;
  customer: string;
  quantity: number;
  request_state: string;
  due_ms: number;
  completed_ms: number | null;
}
interface JobRow extends Place {
  job_order_id: string;
  work_request_id: string;
  customer: string;
  material_id: string;
  quantity: number;
  dispatch_status: string;
  planned_end_ms: number | null;
  started_ms: number | null;
  ended_ms: number | null;
}

/** Three weeks of one plant, by the names of the KPI views. */
export interface Dataset {
  kpi_state: StateRow[];
  kpi_count: CountRow[];
  kpi_inspection: InspectionRow[];
  kpi_energy: EnergyRow[];
  kpi_order: OrderRow[];
  kpi_job: JobRow[];
}

const reasons = [
  'breakdown',
  'tool-change',
  'setup',
  'material-shortage',
  'no-operator',
  'cleaning',
  'quality-hold',
  'planned-maintenance',
];
const defects = ['porosity', 'scratch', 'burr', 'dimension', 'crack', 'missing-part'];
export const products = ['PH-100', 'PH-200', 'IM-50', 'IM-80', 'SH-20', 'BR-10', 'P-1', 'P-2'];

/** Machines with line and area, as the equipment tree has them. */
export const places: Place[] = model.equipment
  .filter((machine) => machine.level === 'WorkUnit')
  .map((machine) => {
    const line = model.equipment.find((each) => each.equipmentId === machine.parentId)!;
    return { equipment_id: machine.equipmentId, line_id: line.equipmentId, area_id: line.parentId! };
  });

/** Makes a history by seed: machines run night and day, so that worked time and all time differ. */
export function makeDataset(seed: number): Dataset {
  const random = seededRandom(seed, 'test/language');
  const between = (low: number, high: number) => low + random.next() * (high - low);
  const data: Dataset = {
    kpi_state: [],
    kpi_count: [],
    kpi_inspection: [],
    kpi_energy: [],
    kpi_order: [],
    kpi_job: [],
  };
  for (const place of places) {
    fillStates(data, place, random, between);
    fillCounts(data, place, random, between);
    for (let at = begin; at + hour <= now; at += hour)
      data.kpi_energy.push({ ...place, kwh: between(0, 40), start_ms: at, end_ms: at + hour });
  }
  fillOrders(data, random, between);
  return data;
}

type Random = ReturnType<typeof seededRandom>;
type Between = (low: number, high: number) => number;

function fillStates(data: Dataset, place: Place, random: Random, between: Between): void {
  for (let at = begin; at < now;) {
    const isStop = random.next() < 0.35;
    const reason = isStop && random.next() < 0.9 ? random.pick(reasons) : null;
    const states = isStop
      ? ['Aborting', 'Aborted', 'Clearing'].slice(0, 1 + random.int(3))
      : [random.pick(['Execute', 'Execute', 'Idle'])];
    for (const state of states) {
      const end = Math.round(at + between(3, 100) * minute);
      data.kpi_state.push({ ...place, state, reason, start_ms: at, end_ms: end >= now ? null : end });
      at = end;
      if (at >= now) return;
    }
  }
}

function fillCounts(data: Dataset, place: Place, random: Random, between: Between): void {
  for (let at = begin + random.int(hour); at < now - 2 * minute;) {
    const end = Math.min(now - minute, Math.round(at + between(5, 90) * minute));
    const order = `WO-${26001 + random.int(60)}`;
    data.kpi_count.push({
      ...place,
      material_id: random.pick(products),
      work_request_id: order,
      customer: random.pick(customers),
      good: random.int(60),
      scrap: random.int(5),
      rework: random.int(4),
      seconds_per_unit: random.next() < 0.9 ? Math.round(between(2, 15)) : null,
      start_ms: at,
      end_ms: end,
    });
    if (random.next() < 0.5)
      data.kpi_inspection.push({
        ...place,
        material_id: random.pick(products),
        verdict: random.pick(['pass', 'pass', 'fail', 'review']),
        defect: random.pick(defects),
        at_ms: end,
      });
    at = end + (random.next() < 0.2 ? random.int(hour) : 0);
  }
}

function fillOrders(data: Dataset, random: Random, between: Between): void {
  for (let i = 0; i < 120; i++) {
    const due = Math.round(between(begin, now + 200 * hour));
    const isDone = random.next() < 0.7;
    const completed = Math.round(due + between(-60, 40) * hour);
    const order: OrderRow = {
      work_request_id: `WO-${26001 + i}`,
      material_id: random.pick(products),
      customer: random.pick(customers),
      quantity: 1 + random.int(200),
      request_state:
        isDone && completed < now ? 'Completed' : random.pick(['Released', 'Running', 'Held', 'Forecast', 'Cancelled']),
      due_ms: due,
      completed_ms: isDone && completed < now ? completed : null,
    };
    data.kpi_order.push(order);
    for (let step = 1; step <= 4; step++) {
      const started = Math.round(between(begin, now + 100 * hour));
      const ended = Math.round(started + between(1, 60) * hour);
      data.kpi_job.push({
        ...random.pick(places),
        job_order_id: `${order.work_request_id}/${step * 10}`,
        work_request_id: order.work_request_id,
        customer: order.customer,
        material_id: order.material_id,
        quantity: order.quantity,
        dispatch_status: 'Running',
        planned_end_ms: random.next() < 0.9 ? Math.round(ended + between(-20, 20) * hour) : null,
        started_ms: started < now ? started : null,
        ended_ms: ended < now ? ended : null,
      });
    }
  }
}

/** Puts a dataset into a real SQLite, each view as a table, and gives the ports of it. */
export function openDataset(data: Dataset): AskPorts & { db: DatabaseSync; statements: string[] } {
  const db = new DatabaseSync(':memory:');
  const statements: string[] = [];
  for (const [name, rows] of Object.entries(data) as [string, SqlRow[]][]) {
    const columns = Object.keys(rows[0]!);
    db.exec(`CREATE TABLE ${name} (${columns.join(', ')})`);
    if (columns.includes('equipment_id') && columns.includes('end_ms'))
      db.exec(`CREATE INDEX ${name}_end ON ${name} (equipment_id, end_ms)`);
    const insert = db.prepare(`INSERT INTO ${name} VALUES (${columns.map(() => '?').join(', ')})`);
    db.exec('BEGIN');
    for (const row of rows) insert.run(...(Object.values(row) as (string | number | null)[]));
    db.exec('COMMIT');
  }
  return {
    db,
    statements,
    model: () => Promise.resolve(model),
    query: (sql, parameters) => {
      statements.push(sql);
      return Promise.resolve(
        db
          .prepare(sql)
          .all(...parameters)
          .map((row) => ({ ...row })),
      );
    },
  };
}
