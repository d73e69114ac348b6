import {
  ancestry,
  checkCalendar,
  setupSeconds,
  type PlantModel,
  type PlantState,
  type WorkSchedule,
} from '../plant/index.ts';
import { openFrom, packCalendars, nextFit } from './calendars.ts';
import { digestOf } from './digest.ts';
import { fixOperations } from './freeze.ts';
import { Conflicts } from './infeasible.ts';
import { openOperations, runMilliseconds, type OpenOperation } from './operations.ts';
import { topologicalOrder } from './order.ts';
import { materialLimits } from './materials.ts';
import { earliestReasons, type EarliestReason, type PlanningRequest, type Problem } from './problem.ts';
import { readWishes } from './wishes.ts';
import { workingTime } from './working-calendars.ts';

/**
 * Maps plant, state, live plan and request to a scheduling problem.
 * @throws `MW_PLAN_INFEASIBLE` with the conflicting set where some operation can have no place in any plan;
 *   `MW_TIME_ZONE_UNKNOWN` or `MW_CALENDAR_INVALID` for a calendar that cannot be used
 */
export function buildProblem(
  model: PlantModel,
  state: PlantState,
  live: WorkSchedule | undefined,
  request: PlanningRequest,
): Problem {
  checkCalendar(model.calendar);
  const conflicts = new Conflicts();
  const from = Math.max(request.from, state.at);
  const operations = openOperations(model, state, conflicts);
  conflicts.throwIfAny();
  const wishes = readWishes(model, request.constraints, from);
  const time = workingTime(model, state, operations, wishes, from, request.horizon);
  const n = operations.length;
  const indexOf = new Map(operations.map((o, i) => [o.jobOrder.jobOrderId, i]));
  const requestIds = [...new Set(operations.map((o) => o.request.workRequestId))];
  const requestIndex = new Map(requestIds.map((id, i) => [id, i]));
  const requests = new Map(operations.map((o) => [o.request.workRequestId, o.request]));
  const machines = model.equipment.filter((e) => e.level === 'WorkUnit');
  const machineIndex = new Map(machines.map((m, i) => [m.equipmentId, i]));
  const liveEntries = new Map((live?.entries ?? []).map((e) => [e.jobOrderId, e]));

  const predecessors = routingPredecessors(model, state, operations, indexOf);
  const earliest = materialLimits(state, operations, predecessors.inPlan, liveEntries, request.frozenUntil, conflicts);
  conflicts.throwIfAny();

  const families = [...new Set([...operations.map((o) => o.family), ...Object.values(state.setupFamily)])].sort();
  const familyIndex = new Map(families.map((f, i) => [f, i]));
  const setups = setupTables(
    model,
    families,
    machines.map((m) => m.equipmentClassId),
  );
  const lines = machines.map((m) => lineId(model, m.equipmentId));
  const lineIndex = new Map([...new Set(lines)].map((id, i) => [id, i]));

  const inFrozenHorizon = (i: number) =>
    (liveEntries.get(operations[i]!.jobOrder.jobOrderId)?.start ?? Infinity) < request.frozenUntil;
  const alternatives = operations.map((operation, i) => {
    const all = operation.segment.equipment.flatMap((candidate) => {
      const machine = machineIndex.get(candidate.equipmentId);
      if (machine === undefined) return [];
      const limits: [number, EarliestReason][] = [
        [inFrozenHorizon(i) ? 0 : request.frozenUntil - from, 'frozen-horizon'],
        [operation.request.releasedAt - from, 'release'],
        [(earliest[i] ?? -Infinity) - from, 'material'],
      ];
      for (const done of predecessors.done[i] ?? [])
        limits.push([
          done.endedAt -
            from +
            (done.line !== undefined && done.line !== lines[machine] ? model.transportSeconds * 1000 : 0),
          'predecessor',
        ]);
      const run = runMilliseconds(operation.remaining, candidate.secondsPerUnit);
      const calendar = time.calendarOf(candidate.equipmentId, operation.segment.qualificationId);
      return [{ machine, run, limits, calendar }];
    });
    if (all.length === 0)
      conflicts.add('segment-without-machine', operation.jobOrder.jobOrderId, operation.segment.segmentId);
    return all;
  });
  conflicts.throwIfAny();
  const runningCalendar = new Map<number, number>();
  operations.forEach(({ running, jobOrder, segment }, i) => {
    if (running && machineIndex.has(jobOrder.equipmentId ?? ''))
      runningCalendar.set(i, time.calendarOf(jobOrder.equipmentId!, segment.qualificationId, true));
  });
  const calendars = packCalendars(time.lists, from);
  const mayPause = Uint8Array.from(operations, (o) =>
    o.segment.interruptible &&
    !wishes.noSplit.has(o.jobOrder.jobOrderId) &&
    !wishes.noSplit.has(o.request.workRequestId)
      ? 1
      : 0,
  );

  const usable = alternatives.map((list, i) => {
    const kept = list.filter(({ calendar, run }) =>
      mayPause[i] === 1 ? openFrom(calendars, calendar, 0) >= run : nextFit(calendars, calendar, 0, run) < Infinity,
    );
    const operation = operations[i]!;
    if (kept.length === 0 && !operation.running) noOpenTime(model, operation, conflicts);
    return kept.length > 0 ? kept : list;
  });
  conflicts.throwIfAny();

  const altOffset = offsets(usable);
  const flat = usable.flat();
  const pred = offsetsAndValues(predecessors.inPlan);
  const succ = offsetsAndValues(inverse(predecessors.inPlan));
  const poolsOf = operations.map((o) => time.pools.using.get(o.segment.qualificationId ?? '') ?? []);
  const pool = offsetsAndValues(poolsOf);
  const problem: Problem = {
    from,
    frozenUntil: request.frozenUntil,
    digest: digestOf({ model, state, live: live ?? null, request: { ...request, from } }),
    baseScheduleId: live?.scheduleId,
    jobOrderIds: operations.map((o) => o.jobOrder.jobOrderId),
    machineIds: machines.map((m) => m.equipmentId),
    requestIds,
    requestOf: Int32Array.from(operations, (o) => requestIndex.get(o.request.workRequestId)!),
    due: Float64Array.from(requestIds, (id) => requests.get(id)!.dueAt - from),
    weight: Float64Array.from(requestIds, (id) => 1 / Math.max(1, requests.get(id)!.priority)),
    mustBeOnTime: Uint8Array.from(requestIds, (id) => (wishes.mustBeOnTime.has(id) ? 1 : 0)),
    altOffset,
    altMachine: Int32Array.from(flat, (a) => a.machine),
    altRun: Float64Array.from(flat, (a) => a.run),
    altCalendar: Int32Array.from(flat, (a) => a.calendar),
    altEarliest: Float64Array.from(flat, (a) => Math.max(0, ...a.limits.map(([at]) => at))),
    altEarliestReason: Uint8Array.from(flat, (a) => reasonOf(a.limits)),
    calendars,
    predOffset: pred.offset,
    pred: pred.values,
    succOffset: succ.offset,
    succ: succ.values,
    lineOf: Int32Array.from(lines, (id) => lineIndex.get(id)!),
    transport: model.transportSeconds * 1000,
    family: Int32Array.from(operations, (o) => familyIndex.get(o.family)!),
    familyCount: families.length,
    matrixOf: setups.matrixOf,
    setup: setups.setup,
    mayPause,
    poolOffset: pool.offset,
    pool: pool.values,
    pools: time.pools.profiles,
    fixed: new Uint8Array(n),
    running: Uint8Array.from(operations, (o) => (o.running ? 1 : 0)),
    fixedStart: new Float64Array(n),
    fixedEnd: new Float64Array(n),
    fixedSetup: new Float64Array(n),
    machineReady: new Float64Array(machines.length),
    machineFamily: Int32Array.from(
      machines,
      (m) => familyIndex.get(state.setupFamily[m.equipmentId] ?? '') ?? families.length,
    ),
    fixedBusy: new Float64Array(machines.length),
    fixedChangeovers: 0,
    fixedSetupMs: 0,
    liveAlternative: new Int32Array(n).fill(-1),
    liveStart: Float64Array.from(operations, (o) => (liveEntries.get(o.jobOrder.jobOrderId)?.start ?? NaN) - from),
    liveMachine: Int32Array.from(
      operations,
      (o) => machineIndex.get(liveEntries.get(o.jobOrder.jobOrderId)?.equipmentId ?? '') ?? -1,
    ),
    locked: Uint8Array.from(operations, (o) => (wishes.locked.has(o.jobOrder.jobOrderId) ? 1 : 0)),
    fixedMachine: new Int32Array(n),
  };
  for (let i = 0; i < n; i++)
    for (let a = altOffset[i]!; a < altOffset[i + 1]!; a++)
      if (problem.altMachine[a] === problem.liveMachine[i]) problem.liveAlternative[i] = a - altOffset[i]!;
  if (topologicalOrder(problem, new Float64Array(n)).length < n) {
    const sorted = new Set(topologicalOrder(problem, new Float64Array(n)));
    operations.forEach((o, i) => {
      if (!sorted.has(i)) conflicts.add('circular-precedence', o.jobOrder.jobOrderId, o.request.workRequestId);
    });
    conflicts.throwIfAny();
  }
  const liveSetupSeconds = (id: string) => liveEntries.get(id)?.setupSeconds ?? 0;
  fixOperations(problem, operations, liveSetupSeconds, runningCalendar, state.at, conflicts);
  conflicts.throwIfAny();
  return problem;
}

function noOpenTime(model: PlantModel, operation: OpenOperation, conflicts: Conflicts): void {
  const { qualificationId, segmentId } = operation.segment;
  const nobody =
    qualificationId !== undefined && !model.persons.some((p) => p.qualificationIds.includes(qualificationId));
  if (nobody) conflicts.add('qualification-nobody-has', operation.jobOrder.jobOrderId, qualificationId);
  else conflicts.add('no-open-time', operation.jobOrder.jobOrderId, segmentId);
}

/** Predecessors within the plan by index, and completed ones with their end and line. */
function routingPredecessors(
  model: PlantModel,
  state: PlantState,
  operations: readonly OpenOperation[],
  indexOf: ReadonlyMap<string, number>,
) {
  const jobOf = new Map(state.jobOrders.map((j) => [`${j.workRequestId}\n${j.segmentId}`, j]));
  const inPlan: number[][] = [];
  const done: { endedAt: number; line: string | undefined }[][] = [];
  for (const { segment, jobOrder } of operations) {
    const open: number[] = [];
    const ended: (typeof done)[number] = [];
    for (const predecessor of segment.predecessors) {
      const job = jobOf.get(`${jobOrder.workRequestId}\n${predecessor}`);
      const index = job && indexOf.get(job.jobOrderId);
      if (index !== undefined) open.push(index);
      else if (job?.endedAt !== undefined)
        ended.push({
          endedAt: job.endedAt,
          line: job.equipmentId === undefined ? undefined : lineId(model, job.equipmentId),
        });
    }
    inPlan.push(open);
    done.push(ended);
  }
  return { inPlan, done };
}

function setupTables(model: PlantModel, families: readonly string[], classes: readonly (string | undefined)[]) {
  const matrices = new Map(model.setupMatrices.map((m, i) => [m.equipmentClassId, i]));
  const setup: number[] = [];
  for (const matrix of model.setupMatrices)
    for (const before of [...families, undefined])
      for (const after of families) setup.push(Math.round(setupSeconds(matrix, before, after) * 1000));
  return {
    matrixOf: Int32Array.from(classes, (id) => matrices.get(id ?? '') ?? -1),
    setup: Float64Array.from(setup),
  };
}

function lineId(model: PlantModel, equipmentId: string): string {
  return ancestry(model.equipment, equipmentId).find((e) => e.level === 'ProductionLine')?.equipmentId ?? equipmentId;
}

function reasonOf(limits: readonly [number, EarliestReason][]): number {
  let best: [number, EarliestReason] = [0, 'plan-start'];
  for (const limit of limits) if (limit[0] > best[0]) best = limit;
  return earliestReasons.indexOf(best[1]);
}

function inverse(lists: readonly number[][]): number[][] {
  const result: number[][] = lists.map(() => []);
  lists.forEach((list, i) => {
    for (const j of list) result[j]!.push(i);
  });
  return result;
}

function offsets(lists: readonly (readonly unknown[])[]): Int32Array {
  const offset = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => (offset[i + 1] = offset[i]! + list.length));
  return offset;
}

function offsetsAndValues(lists: readonly (readonly number[])[]) {
  return { offset: offsets(lists), values: Int32Array.from(lists.flat()) };
}
