import { isoInstant } from '../../kernel/index.ts';
import { ancestry, shiftsBetween, type PlantEventRecord, type PlantModel, type PlantState } from '../../plant/index.ts';
import type { BoardStateView, EventView, JobView, MachineView, OrderView } from '../view.ts';
import type { BoardOptions } from './options.ts';
import type { SetCache } from './set-cache.ts';

const dayMs = 86_400_000;
/** Shift bands are given for this long before and after now. */
const shiftsBackMs = 3 * dayMs;
const shiftsAheadMs = 28 * dayMs;

/** Gathers what is true now of plant and board, for everyone. An empty store gives an empty state. */
export async function readState(
  { store, clock, site, timeZone, language, demo, mode }: BoardOptions,
  sets: SetCache,
  searches: Pick<BoardStateView, 'search' | 'failedSearch'>,
): Promise<BoardStateView> {
  const now = clock.now();
  const [model, modeNow, inhibit, events, livePlan, set] = await Promise.all([
    store.loadPlantModel(),
    mode(),
    store.writeInhibit(),
    store.openEvents(),
    store.livePlan(),
    sets.newest(),
  ]);
  const state = model && (await store.loadPlantState(now));
  const stale = set !== undefined && (await store.inputsDigest(now, set.scenarios[0]?.plan.from)) !== set.inputsDigest;
  return {
    site,
    timeZone,
    language,
    demo,
    mode: modeNow,
    writeInhibit: inhibit ? { reason: inhibit.reason, at: isoInstant(inhibit.at) } : null,
    events: events.filter((event) => event.endedAt === undefined).map(eventView),
    livePlanId: livePlan?.scheduleId ?? null,
    set: set ? { requestId: set.requestId, createdAt: isoInstant(set.createdAt), stale } : null,
    ...searches,
    machines: model ? machines(model) : [],
    shifts: model
      ? shiftsBetween(model.calendar, now - shiftsBackMs, now + shiftsAheadMs).map(({ name, start, end }) => ({
          name,
          start: isoInstant(start),
          end: isoInstant(end),
        }))
      : [],
    unavailable: (state?.unavailable ?? []).map(({ equipmentId, reason, start, end }) => ({
      equipmentId,
      reason,
      start: isoInstant(start),
      end: isoInstant(end),
    })),
    orders: model && state ? orders(model, state) : [],
    jobs: model && state ? jobs(model, state) : [],
  };
}

/** An event as the page gets it. */
export function eventView(event: PlantEventRecord): EventView {
  const { eventId, kind, severity, subject, start, expectedEnd, reason } = event;
  return {
    eventId,
    kind,
    severity,
    subject,
    start: isoInstant(start),
    expectedEnd: expectedEnd
      ? { p50: isoInstant(expectedEnd.p50), p90: isoInstant(expectedEnd.p90), basis: expectedEnd.basis }
      : null,
    reason: reason ?? null,
  };
}

function machines(model: PlantModel): MachineView[] {
  return model.equipment
    .filter((equipment) => equipment.level === 'WorkUnit')
    .map(({ equipmentId, name }) => {
      const line = ancestry(model.equipment, equipmentId).find((above) => above.level === 'ProductionLine');
      return { equipmentId, name, lineId: line?.equipmentId ?? '', lineName: line?.name ?? '' };
    });
}

function orders(model: PlantModel, state: PlantState): OrderView[] {
  const unitOf = new Map(model.materials.map(({ materialId, unit }) => [materialId, unit]));
  return state.workRequests.map(({ workRequestId, customer, materialId, quantity, dueAt, priority }) => ({
    workRequestId,
    customer,
    materialId,
    quantity,
    unit: unitOf.get(materialId) ?? '',
    dueAt: isoInstant(dueAt),
    priority,
  }));
}

function jobs(model: PlantModel, state: PlantState): JobView[] {
  const nameOf = new Map(
    model.workMasters.flatMap(({ segments }) => segments.map(({ segmentId, name }) => [segmentId, name] as const)),
  );
  return state.jobOrders.map(({ jobOrderId, workRequestId, segmentId, dispatchStatus }) => ({
    jobOrderId,
    workRequestId,
    operation: nameOf.get(segmentId) ?? segmentId,
    status: dispatchStatus,
  }));
}
