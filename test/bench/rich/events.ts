import { seededRandom, type Random } from '../../../src/kernel/index.ts';
import {
  jobOrdersOf,
  type JobOrder,
  type MaterialLot,
  type PlantEventKind,
  type PlantEventRecord,
  type PlantState,
  type WorkRequest,
} from '../../../src/plant/index.ts';
import type { RichInstance, Situation } from './instance.ts';
import { richNow, workHours } from './orders.ts';

const hour = 3_600_000;

/** Events of an instance. */
export const richEventCount = 20;
const kinds: readonly PlantEventKind[] = [
  'machine-down',
  'rush-order',
  'material-late',
  'operator-absent',
  'demand-change',
  'maintenance-due',
  'quality-hold',
];

/** What an event makes of the state: records that replace those of the same id or are new, and further stretches. */
interface StateChanges {
  workRequests: WorkRequest[];
  jobOrders: JobOrder[];
  lots: MaterialLot[];
  unavailable: PlantState['unavailable'];
  absences: PlantState['absences'];
}

/** An event with what it changes. */
export interface RichEvent {
  event: PlantEventRecord;
  changes: StateChanges;
}

/**
 * Event `number` (0 … 19) of an instance. The kinds take turns; each round is worse than the one before.
 */
export function richEvent(instance: RichInstance, number: number): RichEvent {
  const random = seededRandom(instance.seed, `rich/event/${instance.operations}/${number}`);
  const kind = kinds[number % kinds.length]!;
  const severity = 1 + Math.floor(number / kinds.length);
  const changes: StateChanges = { workRequests: [], jobOrders: [], lots: [], unavailable: [], absences: [] };
  const subject = happen[kind]!(instance, changes, severity, random);
  const end = Math.max(0, ...[...changes.unavailable, ...changes.absences].map((stretch) => stretch.end));
  return {
    event: {
      eventId: `E${number}`,
      kind,
      severity,
      subject,
      start: richNow,
      ...(end > 0 ? { expectedEnd: { p50: end, p90: end, basis: 'person' as const } } : {}),
      evidence: [],
    },
    changes,
  };
}

/** What a plan is made from once an event has happened. */
export function situationAfter({ model, state, live, request }: RichInstance, { changes }: RichEvent): Situation {
  return {
    model,
    live,
    request,
    state: {
      ...state,
      workRequests: joined(state.workRequests, changes.workRequests, (r) => r.workRequestId),
      jobOrders: joined(state.jobOrders, changes.jobOrders, (j) => j.jobOrderId),
      lots: joined(state.lots, changes.lots, (l) => l.lotId),
      unavailable: [...state.unavailable, ...changes.unavailable],
      absences: [...state.absences, ...changes.absences],
    },
  };
}

type Happening = (instance: RichInstance, changes: StateChanges, severity: number, random: Random) => string;

const happen: Partial<Record<PlantEventKind, Happening>> = {
  'machine-down': (instance, changes, severity, random) => {
    const equipmentId = oneOfTheBusiest(instance, random);
    close(changes, equipmentId, 'breakdown', 0, severity * (4 + 4 * random.next()));
    return equipmentId;
  },
  'maintenance-due': (instance, changes, severity, random) => {
    const equipmentId = oneOfTheBusiest(instance, random);
    close(changes, equipmentId, 'planned-maintenance', 2 + random.int(6), severity * (3 + 3 * random.next()));
    return equipmentId;
  },
  'quality-hold': (instance, changes, severity, random) => {
    const equipmentId = oneOfTheBusiest(instance, random);
    close(changes, equipmentId, 'quality-hold', 0, severity * (2 + 2 * random.next()));
    delay(changes, instance, random, (lot) => lot.availableAt <= richNow, severity * 6);
    return equipmentId;
  },
  'material-late': (instance, changes, severity, random) => {
    const share = 0.12 * severity * workHours(instance.model, instance.state.jobOrders);
    return delay(changes, instance, random, (lot) => lot.availableAt > richNow, Math.max(8, share));
  },
  'operator-absent': ({ model }, changes, severity, random) => {
    const early = model.persons.filter((person) => person.shiftId === 'early');
    const count = Math.max(severity, Math.round(0.04 * severity * early.length));
    const absent = random.shuffle([...early]).slice(0, count);
    for (const { personId } of absent)
      changes.absences.push({ personId, start: richNow, end: richNow + 48 * severity * hour });
    return absent[0]!.personId;
  },
  'demand-change': ({ operations, state, model }, changes, severity, random) => {
    const waiting = untouched(state);
    const consuming = new Set(
      model.workMasters
        .filter(({ segments }) => segments.some((s) => s.materials.some((m) => !m.materialId.startsWith('RAW'))))
        .map(({ materialId }) => materialId),
    );
    const split = new Set(state.jobOrders.flatMap((job) => (job.lot === undefined ? [] : [job.workRequestId])));
    const able = waiting.filter((r) => !consuming.has(r.materialId) && !split.has(r.workRequestId));
    const count = Math.max(severity, Math.round((0.02 * severity * operations) / 5));
    for (const request of random.shuffle(able).slice(0, count)) {
      const quantity = Math.round(request.quantity * (1.3 + 0.4 * random.next()));
      changes.workRequests.push({ ...request, quantity });
      for (const job of state.jobOrders)
        if (job.workRequestId === request.workRequestId) changes.jobOrders.push({ ...job, quantity });
    }
    return changes.workRequests[0]?.workRequestId ?? 'none';
  },
  'rush-order': ({ operations, model }, changes, severity, random) => {
    const simple = model.workMasters.filter(({ segments }) =>
      segments.every((s) => s.materials.every((m) => m.materialId.startsWith('RAW'))),
    );
    for (let k = 0; k < severity * Math.max(1, Math.round(operations / 1000)); k++) {
      const master = random.pick(simple);
      const request: WorkRequest = {
        workRequestId: `RUSH-${k + 1}`,
        customer: 'C1',
        materialId: master.materialId,
        quantity: 10 + random.int(20),
        releasedAt: richNow,
        dueAt: richNow + Math.round((8 + 2 * master.segments.length + 8 * random.next()) * hour),
        priority: 1,
        requestState: 'Released',
      };
      changes.workRequests.push(request);
      changes.jobOrders.push(...jobOrdersOf(request, master));
    }
    return 'RUSH-1';
  },
};

function close(changes: StateChanges, equipmentId: string, reason: string, inHours: number, hours: number): void {
  const start = richNow + Math.round(inHours * hour);
  changes.unavailable.push({ equipmentId, reason, start, end: start + Math.round(hours * hour) });
}

/** Raw lots of one hall come so many hours later. */
function delay(
  changes: StateChanges,
  { state }: RichInstance,
  random: Random,
  which: (lot: MaterialLot) => boolean,
  hours: number,
): string {
  const { materialId } = random.pick(state.lots.filter((lot) => lot.materialId.startsWith('RAW') && which(lot)));
  const late = state.lots.filter((lot) => lot.materialId === materialId && which(lot));
  for (const lot of late)
    changes.lots.push({ ...lot, availableAt: Math.max(richNow, lot.availableAt) + Math.round(hours * hour) });
  return late[0]!.lotId;
}

/** One of the three machines that the live plan uses most in the next two days. */
function oneOfTheBusiest({ live }: RichInstance, random: Random): string {
  const until = richNow + 48 * hour;
  const work = new Map<string, number>();
  for (const { equipmentId, start, end } of live.entries)
    work.set(equipmentId, (work.get(equipmentId) ?? 0) + Math.max(0, Math.min(end, until) - Math.max(start, richNow)));
  const busiest = [...work].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3);
  return random.pick(busiest)[0];
}

/** Requests of which nothing has been begun. */
function untouched({ workRequests, jobOrders }: PlantState): WorkRequest[] {
  const begun = new Set(jobOrders.filter((j) => j.dispatchStatus !== 'Waiting').map((j) => j.workRequestId));
  return workRequests.filter((request) => !begun.has(request.workRequestId));
}

function joined<T>(list: readonly T[], changes: readonly T[], idOf: (record: T) => string): T[] {
  const changed = new Map(changes.map((record) => [idOf(record), record]));
  const known = new Set(list.map(idOf));
  return [...list.map((record) => changed.get(idOf(record)) ?? record), ...changes.filter((r) => !known.has(idOf(r)))];
}
