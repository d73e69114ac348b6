import { digestOf } from '../audit/index.ts';
import {
  checkCalendar,
  lineOf,
  mayPause as segmentMayPause,
  setupSeconds,
  transportMsBetween,
  type Equipment,
  type PlantModel,
  type PlantState,
  type WorkSchedule,
} from '../plant/index.ts';
import { machineAlternatives, withoutClosedMachines } from './alternatives.ts';
import { linkBlocks } from './blocks.ts';
import { packCalendars } from './calendars.ts';
import { toolPools, toolSets } from './constraints/tools.ts';
import { conflictSetOf, type ClosedOut } from './conflict-set.ts';
import { fixOperations } from './freeze.ts';
import { Conflicts } from './infeasible.ts';
import { materialLimits, type MaterialLimits } from './materials.ts';
import { outputTables } from './output.ts';
import { openOperations, type OpenOperation } from './operations.ts';
import { topologicalOrder } from './order.ts';
import { inverse, offsetsOf, pack } from './packing.ts';
import { packLags, refuseContradictions, settleMaximumLags } from './lags.ts';
import { routingPredecessors } from './predecessors.ts';
import type { Problem } from './problem.ts';
import type { PlanningRequest } from './request.ts';
import { readWishes } from './wishes.ts';
import { workingTime } from './working-calendars.ts';

/** For so many operations without open time the causes are looked for. */
const mostExplained = 20;

/** In place of a problem's digest, where no plan of it is kept. */
export const nobodyAsks = 'none';

/**
 * Maps plant, state, live plan and request to a scheduling problem.
 * @param knownDigest what stands for the digest of the input, where nobody asks for it: in a large plant making it takes
 *   longer than all the rest
 * @throws `MW_PLAN_INFEASIBLE` with the conflicting set where some operation can have no place in any plan;
 *   `MW_TIME_ZONE_UNKNOWN` or `MW_CALENDAR_INVALID` for a calendar that cannot be used
 */
export function buildProblem(
  model: PlantModel,
  state: PlantState,
  live: WorkSchedule | undefined,
  request: PlanningRequest,
  knownDigest?: string,
): Problem {
  checkCalendar(model.calendar);
  const conflicts = new Conflicts();
  const from = Math.max(request.from, state.at);
  const operations = openOperations(model, state, conflicts);
  conflicts.throwIfAny();
  const n = operations.length;
  const wishes = readWishes(model, request.constraints, from, request.horizon);
  const time = workingTime(model, state, operations, wishes, from, request.horizon);
  const machines = model.equipment.filter((e) => e.level === 'WorkUnit');
  const machineIds = machines.map((m) => m.equipmentId);
  const lines = machineIds.map((id) => lineOf(model.equipment, id));
  const requestIds = [...new Set(operations.map((o) => o.request.workRequestId))];
  const requestIndex = new Map(requestIds.map((id, index) => [id, index]));
  const requests = new Map(operations.map((o) => [o.request.workRequestId, o.request]));
  const liveEntries = new Map((live?.entries ?? []).map((e) => [e.jobOrderId, e]));
  const liveOf = (i: number) => liveEntries.get(operations[i]!.jobOrder.jobOrderId);

  const predecessors = routingPredecessors(model, state, operations);
  const materials = materialLimits(state, operations, predecessors.inPlan, liveEntries, request.frozenUntil, conflicts);
  conflicts.throwIfAny();
  const tools = toolPools(model, operations, conflicts);
  const candidates = machineAlternatives(
    operations,
    {
      model,
      request,
      from,
      machines,
      lines,
      liveStart: (i) => liveOf(i)?.start,
      materials,
      completed: predecessors.completed,
      calendarOf: time.calendarOf,
    },
    conflicts,
  );
  conflicts.throwIfAny();
  const machineCalendar = Int32Array.from(machineIds.map((id) => time.calendarOf(id, undefined)));
  const busyCalendar = Int32Array.from(machineIds, time.busyCalendarOf);
  const runningCalendar = new Map<number, number>();
  operations.forEach(({ running, jobOrder, segment }, i) => {
    if (running && machineIds.includes(jobOrder.equipmentId ?? ''))
      runningCalendar.set(i, time.calendarOf(jobOrder.equipmentId!, segment.qualificationId, true));
  });
  const calendars = packCalendars(time.lists, from);
  const mayPause = Uint8Array.from(operations, ({ segment, jobOrder, request: { workRequestId } }) =>
    segmentMayPause(segment) && !wishes.noSplit.has(jobOrder.jobOrderId) && !wishes.noSplit.has(workRequestId) ? 1 : 0,
  );
  let explained = 0;
  const causesOf = (i: number, pausing: boolean, places: ClosedOut['alternatives'], bans = wishes) => {
    if (++explained > mostExplained) return [];
    const { jobOrder, segment } = operations[i]!;
    return conflictSetOf(
      { model, state, wishes: bans, shifts: time.shifts, within: time.within },
      {
        jobOrderId: jobOrder.jobOrderId,
        qualificationId: segment.qualificationId,
        mayPause: pausing,
        alternatives: places,
      },
    );
  };
  const alternatives = withoutClosedMachines(model, operations, candidates, calendars, mayPause, conflicts, (i) => {
    const places = candidates[i]!.map(({ machine, run, earliest }) => {
      return { equipmentId: machineIds[machine]!, run, earliest: from + earliest };
    });
    return causesOf(i, mayPause[i] === 1, places);
  });
  conflicts.throwIfAny();

  const families = [...new Set([...operations.map((o) => o.family), ...Object.values(state.setupFamily)])].sort();
  const qualificationIds = [...time.pools.using.keys()];
  const altOffset = offsetsOf(alternatives);
  const flat = alternatives.flat();
  const pred = pack(predecessors.inPlan);
  const succ = pack(inverse(predecessors.inPlan));
  const heldFrom = time.pools.profiles.length;
  const pool = pack(
    operations.map((o, i) => [
      ...(time.pools.using.get(o.segment.qualificationId ?? '') ?? []),
      ...tools.using[i]!.map((k) => heldFrom + k),
    ]),
  );
  const liveMachine = Int32Array.from(operations.map((_, i) => machineIds.indexOf(liveOf(i)?.equipmentId ?? '')));
  const lineIds = [...new Set(lines)];
  const transportMs = transportMsBetween(model);
  const problem: Problem = {
    from,
    frozenUntil: request.frozenUntil,
    digest: knownDigest ?? inputDigest(model, state, live, { ...request, from }),
    baseScheduleId: live?.scheduleId,
    jobOrderIds: operations.map((o) => o.jobOrder.jobOrderId),
    machineIds,
    requestIds,
    requestOf: Int32Array.from(operations.map((o) => requestIndex.get(o.request.workRequestId)!)),
    due: Float64Array.from(requestIds.map((id) => requests.get(id)!.dueAt - from)),
    weight: Float64Array.from(requestIds.map((id) => 1 / Math.max(1, requests.get(id)!.priority))),
    mustBeOnTime: Uint8Array.from(requestIds.map((id) => (wishes.mustBeOnTime.has(id) ? 1 : 0))),
    altOffset,
    altMachine: Int32Array.from(flat.map((a) => a.machine)),
    altRun: Float64Array.from(flat.map((a) => a.run)),
    ...outputTables(operations, alternatives, machines, request.rejects),
    altCalendar: Int32Array.from(flat.map((a) => a.calendar)),
    altEarliest: Float64Array.from(flat.map((a) => a.earliest)),
    altEarliestReason: Uint8Array.from(flat.map((a) => a.reason)),
    parts: Float64Array.from(operations.map((o) => o.remaining)),
    batchCapacity: Float64Array.from(machines.map((m) => m.batchCapacity ?? 0)),
    calendars,
    machineCalendar,
    busyCalendar,
    predOffset: pred.offset,
    pred: pred.values,
    succOffset: succ.offset,
    succ: succ.values,
    ...packLags(predecessors.inPlan, predecessors.lags, operations),
    latestOf: new Int32Array(0),
    latestStart: new Float64Array(0),
    blockFirst: Int32Array.from(operations.keys()),
    blockNext: new Int32Array(n).fill(-1),
    lineOf: Int32Array.from(lines.map((id) => lineIds.indexOf(id))),
    lineIds,
    transport: Float64Array.from(lineIds.flatMap((a) => lineIds.map((b) => transportMs(a, b)))),
    family: Int32Array.from(operations.map((o) => families.indexOf(o.family))),
    familyCount: families.length,
    ...setupTables(model, families, machines),
    quantity: Float64Array.from(operations.map((o) => o.jobOrder.quantity)),
    mayPause,
    qualificationIds,
    qualificationOf: Int32Array.from(operations.map((o) => qualificationIds.indexOf(o.segment.qualificationId ?? ''))),
    poolOffset: pool.offset,
    pool: pool.values,
    pools: [...time.pools.profiles, ...tools.profiles],
    heldFrom,
    toolIds: tools.toolIds,
    toolSetOf: toolSets(operations),
    ...packMaterials(materials, from),
    fixed: new Uint8Array(n),
    running: Uint8Array.from(operations.map((o) => (o.running ? 1 : 0))),
    fixedStart: new Float64Array(n),
    fixedEnd: new Float64Array(n),
    fixedSetup: new Float64Array(n),
    fixedCalendar: new Int32Array(n),
    fixedRun: new Float64Array(n),
    fixedMachine: new Int32Array(n),
    machineReady: new Float64Array(machines.length),
    machineFamily: Int32Array.from(machineIds, (id) => {
      const family = families.indexOf(state.setupFamily[id] ?? '');
      return family < 0 ? families.length : family;
    }),
    fixedLast: new Int32Array(machines.length).fill(-1),
    fixedBusy: new Float64Array(machines.length),
    fixedChangeovers: 0,
    fixedSetupMs: 0,
    liveAlternative: Int32Array.from(
      alternatives.map((list, i) => list.findIndex((a) => a.machine === liveMachine[i])),
    ),
    liveStart: Float64Array.from(operations.map((_, i) => (liveOf(i)?.start ?? NaN) - from)),
    liveMachine,
    locked: Uint8Array.from(operations.map((o) => (wishes.locked.has(o.jobOrder.jobOrderId) ? 1 : 0))),
  };
  refuseCircles(problem, operations, conflicts);
  fixOperations(problem, {
    model,
    state,
    operations,
    liveSetupSeconds: (id) => liveEntries.get(id)?.setupSeconds ?? 0,
    runningCalendar,
    peggedAt: materials.peggedAt,
    conflicts,
    // What is running goes on where its machine is banned.
    causesOf: (i, pausing, place) => causesOf(i, pausing, [place], { ...wishes, forbidden: new Map() }),
  });
  settleMaximumLags(problem, predecessors.completed, conflicts);
  conflicts.throwIfAny();
  linkBlocks(problem);
  refuseContradictions(problem, conflicts);
  conflicts.throwIfAny();
  return problem;
}

function refuseCircles(problem: Problem, operations: readonly OpenOperation[], conflicts: Conflicts): void {
  const { pred, predOffset } = problem;
  const sorted = new Set(topologicalOrder(problem, new Float64Array(operations.length)));
  operations.forEach(({ jobOrder, request }, i) => {
    const followsItself = pred.subarray(predOffset[i], predOffset[i + 1]).includes(i);
    if (followsItself || !sorted.has(i))
      conflicts.add('circular-precedence', jobOrder.jobOrderId, request.workRequestId);
  });
  conflicts.throwIfAny();
}

function setupTables(model: PlantModel, families: readonly string[], machines: readonly Equipment[]) {
  const setup = model.setupMatrices.flatMap((matrix) =>
    [...families, undefined].flatMap((before) =>
      families.map((after) => Math.round(setupSeconds(matrix, before, after) * 1000)),
    ),
  );
  return {
    matrixOf: Int32Array.from(machines, ({ equipmentClassId }) =>
      model.setupMatrices.findIndex((matrix) => matrix.equipmentClassId === equipmentClassId),
    ),
    setup: Float64Array.from(setup),
  };
}

function packMaterials({ materialIds, needs, arrivals, peggedMaterial }: MaterialLimits, from: number) {
  return {
    materialIds,
    peggedMaterial,
    needOffset: offsetsOf(needs),
    needMaterial: Int32Array.from(needs.flat().map((need) => need.material)),
    needQuantity: Float64Array.from(needs.flat().map((need) => need.quantity)),
    arrivalOffset: offsetsOf(arrivals.map((a) => a.time)),
    arrivalTime: Float64Array.from(
      arrivals.flatMap((a) => a.time),
      (at) => at - from,
    ),
    arrivalTotal: Float64Array.from(arrivals.flatMap((a) => a.total)),
    fixedClaims: new Float64Array(materialIds.length),
  };
}

/** Stretches without an end have none in JSON either. */
function inputDigest(
  model: PlantModel,
  state: PlantState,
  live: WorkSchedule | undefined,
  request: PlanningRequest,
): string {
  const closed = <T extends { end: number }>(list: readonly T[]) =>
    list.map((stretch) => ({ ...stretch, end: Number.isFinite(stretch.end) ? stretch.end : null }));
  return digestOf({
    model,
    state: { ...state, unavailable: closed(state.unavailable), absences: closed(state.absences) },
    live: live ?? null,
    request,
  });
}
