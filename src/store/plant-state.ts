import { digestOf } from '../audit/index.ts';
import { planningInputs, type MaterialLot, type PlantEventRecord, type PlantState } from '../plant/index.ts';
import { openEvents } from './events.ts';
import { jobOrdersOfOpenRequests, lotsInStock, lotsSince, openWorkRequests, workRequestsSince } from './orders.ts';
import { upsert } from './rows.ts';
import { livePlanId } from './schedules.ts';
import { change, type Session } from './session.ts';
import type { Actor, Unavailability } from './store.ts';

const minute = 60_000;

/** What is true of the plant at an instant; see `Store.loadPlantState`. */
export function loadPlantState(session: Session, at: number): PlantState {
  return {
    at,
    workRequests: openWorkRequests(session),
    jobOrders: jobOrdersOfOpenRequests(session),
    lots: expectedLots(lotsInStock(session), openEvents(session), at),
    setupFamily: setupFamilies(session),
    ...closures(session, at, at),
  };
}

/** Machines and people that are away: planned stretches that end after `asOf`, and open events as seen at `at`. */
function closures(session: Session, at: number, asOf: number): Pick<PlantState, 'unavailable' | 'absences'> {
  const events = openEvents(session);
  const of = (kind: PlantEventRecord['kind'], usual: number) =>
    events
      .filter((event) => event.kind === kind)
      .map((event) => ({
        subject: event.subject,
        reason: event.reason ?? kind,
        start: event.start,
        end: endOf(event, at, usual),
      }));
  return {
    unavailable: [
      ...planned(session, 'equipment_id', asOf).map(({ id, reason, start, end }) => ({
        equipmentId: id,
        reason,
        start,
        end,
      })),
      ...of('machine-down', 30 * minute).map(({ subject, reason, start, end }) => ({
        equipmentId: subject,
        reason,
        start,
        end,
      })),
    ],
    absences: [
      ...planned(session, 'person_id', asOf).map(({ id, start, end }) => ({ personId: id, start, end })),
      ...of('operator-absent', 480 * minute).map(({ subject, start, end }) => ({ personId: subject, start, end })),
    ],
  };
}

/** Lots that should be there and by open events are not arrive when those are expected to end. */
function expectedLots(lots: MaterialLot[], events: readonly PlantEventRecord[], at: number): MaterialLot[] {
  const late = new Map(events.filter(({ kind }) => kind === 'material-late').map((event) => [event.subject, event]));
  return lots.map((lot) => {
    const isExpected = lot.promisedAt !== undefined && lot.availableAt <= at;
    const event = isExpected ? late.get(lot.lotId) : undefined;
    return event ? { ...lot, availableAt: endOf(event, at, 1440 * minute), overdueSince: lot.availableAt } : lot;
  });
}

/**
 * When something that goes on is expected to end: its median, then its 90 % quantile, then, overdue, the second
 * next full quarter of an hour, so that plans do not count on it at once and the planning inputs do not change
 * with every minute.
 * @param usual milliseconds that such an event lasts when nobody said
 */
function endOf({ start, expectedEnd }: PlantEventRecord, at: number, usual: number): number {
  const quarter = 15 * minute;
  const expected = expectedEnd ? [expectedEnd.p50, expectedEnd.p90] : [start + usual];
  return expected.find((end) => end > at) ?? (Math.floor(at / quarter) + 2) * quarter;
}

function planned({ db }: Session, column: 'equipment_id' | 'person_id', at: number) {
  return db.all<{ id: string; reason: string; start: number; end: number }>(
    `SELECT ${column} AS id, reason, start_ms AS start, end_ms AS end FROM work_calendar_entry
     WHERE ${column} IS NOT NULL AND end_ms > ? ORDER BY start_ms, ${column}`,
    at,
  );
}

/** Setup family of the operation that each machine began last. */
function setupFamilies({ db }: Session): Record<string, string> {
  const rows = db.all<{ equipmentId: string; family: string }>(
    `SELECT j.equipment_id AS "equipmentId", m.setup_family AS family
     FROM (SELECT equipment_id, max(started_ms) AS started_ms FROM job_order
           WHERE equipment_id IS NOT NULL AND started_ms IS NOT NULL GROUP BY equipment_id) last
     JOIN job_order j ON j.equipment_id = last.equipment_id AND j.started_ms = last.started_ms
     JOIN work_request r ON r.work_request_id = j.work_request_id
     JOIN material_definition m ON m.material_id = r.material_id
     WHERE m.setup_family IS NOT NULL`,
  );
  return Object.fromEntries(rows.map(({ equipmentId, family }) => [equipmentId, family]));
}

/** Writes planned stretches without a machine or person; one with the same start is replaced. */
export function saveUnavailability(session: Session, rows: Unavailability[], actor: Actor): void {
  const first = rows[0];
  if (!first) return;
  const subject = first.equipmentId ?? first.personId ?? '';
  const data = { count: rows.length, rows: rows.slice(0, 20), digest: digestOf(rows) };
  change(session, actor, { action: 'work-calendar.save', subject, data }, () => {
    for (const { equipmentId, personId, reason, start, end } of rows) {
      const column = equipmentId === undefined ? 'person_id' : 'equipment_id';
      const keys = { [column]: equipmentId ?? personId, start_ms: start };
      const columns = { end_ms: end, reason, ...(equipmentId === undefined ? {} : { person_id: personId }) };
      upsert(session.db, 'work_calendar_entry', keys, columns, `WHERE ${column} IS NOT NULL`);
    }
  });
}

/** Digest of what an approval depends on; see `Store.inputsDigest`. */
export function inputsDigest(session: Session, at: number, asOf = at): string {
  const state: PlantState = {
    at,
    workRequests: workRequestsSince(session, asOf),
    jobOrders: [],
    lots: expectedLots(lotsSince(session, asOf), openEvents(session), at),
    setupFamily: {},
    ...closures(session, at, asOf),
  };
  return digestOf(planningInputs(state, livePlanId(session), asOf));
}
