import {
  jobOrdersBefore,
  jobOrdersOf,
  lineOf,
  runMilliseconds,
  transportMsBetween,
  type JobOrder,
  type PlantModel,
  type ProcessSegment,
  type ScheduleEntry,
  type WorkRequest,
} from '../plant/index.ts';
import { unknownSubject, type ChangedPlant } from './changes.ts';

/** An order that is not in the plan. */
interface FurtherOrder extends Pick<WorkRequest, 'materialId' | 'quantity' | 'releasedAt' | 'dueAt' | 'priority'> {
  /** Where it arrives, behind what is frozen or under way then; else behind all that is planned. */
  rush: boolean;
}

/**
 * A plant with one more order, by the latest routing of its material: each operation on the machine that would end it
 * first. It takes material as planned orders do; where none is left it never begins.
 * @throws `MW_TWIN_SUBJECT_UNKNOWN` where there is no routing for the material
 */
export function addOrder(plant: ChangedPlant, { rush, ...wanted }: FurtherOrder): ChangedPlant {
  const { model, state, schedule } = plant;
  const master = model.workMasters.findLast(({ materialId }) => materialId === wanted.materialId);
  if (!master) throw unknownSubject('product', wanted.materialId);
  const workRequestId = unusedId(state.workRequests);
  const request: WorkRequest = { ...wanted, workRequestId, customer: '', requestState: 'Released' };
  const jobOrders = jobOrdersOf(request, master);
  const entries = [...schedule.entries];
  const placed = new Map<string, ScheduleEntry>();
  const earliest = Math.max(state.at, request.releasedAt, rush ? schedule.frozenUntil : -Infinity);
  const ordersBefore = jobOrdersBefore(jobOrders);
  for (const segment of master.segments.toSorted((a, b) => a.sequence - b.sequence))
    for (const jobOrder of jobOrders.filter(({ segmentId }) => segmentId === segment.segmentId)) {
      const before = segment.predecessors
        .flatMap((predecessor) => ordersBefore(jobOrder, predecessor))
        .flatMap(({ jobOrderId }) => placed.get(jobOrderId) ?? []);
      const entry = placeOf(model, entries, { segment, jobOrder, before, earliest, rush });
      placed.set(jobOrder.jobOrderId, entry);
      entries.push(entry);
    }
  return {
    ...plant,
    state: {
      ...state,
      workRequests: [...state.workRequests, request],
      jobOrders: [...state.jobOrders, ...jobOrders],
    },
    schedule: { ...schedule, entries },
  };
}

function unusedId(requests: readonly WorkRequest[]): string {
  const known = new Set(requests.map((request) => request.workRequestId));
  for (let n = 1; ; n++) if (!known.has(`what-if-${String(n)}`)) return `what-if-${String(n)}`;
}

/** The place of an operation on the machine that would end it first; setups and shifts are left to the simulation. */
function placeOf(
  model: PlantModel,
  entries: readonly ScheduleEntry[],
  {
    segment,
    jobOrder,
    before,
    earliest,
    rush,
  }: {
    segment: ProcessSegment;
    jobOrder: JobOrder;
    before: readonly ScheduleEntry[];
    earliest: number;
    rush: boolean;
  },
): ScheduleEntry {
  const transport = transportMsBetween(model);
  const places = segment.equipment.map((speed): ScheduleEntry => {
    const { equipmentId } = speed;
    const line = lineOf(model.equipment, equipmentId);
    const ready = before.reduce(
      (latest, entry) => Math.max(latest, entry.end + transport(lineOf(model.equipment, entry.equipmentId), line)),
      earliest,
    );
    const start = entries.reduce((latest, entry) => {
      const inTheWay = entry.equipmentId === equipmentId && (!rush || entry.start <= ready);
      return inTheWay ? Math.max(latest, entry.end) : latest;
    }, ready);
    const machine = model.equipment.find((e) => e.equipmentId === equipmentId);
    const end = start + runMilliseconds(jobOrder.quantity, speed, machine);
    return { jobOrderId: jobOrder.jobOrderId, equipmentId, start, end, setupSeconds: 0, frozen: false };
  });
  return places.reduce((best, place) => (place.end < best.end ? place : best));
}

/**
 * A plant without one of its orders; a machine that works on it is free at once.
 * @throws `MW_TWIN_SUBJECT_UNKNOWN` where there is no such work request
 */
export function removeOrder(plant: ChangedPlant, workRequestId: string): ChangedPlant {
  const { state, schedule } = plant;
  if (!state.workRequests.some((request) => request.workRequestId === workRequestId))
    throw unknownSubject('work request', workRequestId);
  const own = new Set(
    state.jobOrders.flatMap((order) => (order.workRequestId === workRequestId ? [order.jobOrderId] : [])),
  );
  return {
    ...plant,
    state: {
      ...state,
      workRequests: state.workRequests.filter((request) => request.workRequestId !== workRequestId),
      jobOrders: state.jobOrders.filter(({ jobOrderId }) => !own.has(jobOrderId)),
    },
    schedule: { ...schedule, entries: schedule.entries.filter(({ jobOrderId }) => !own.has(jobOrderId)) },
  };
}
