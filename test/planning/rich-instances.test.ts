import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';
import {
  buildProblem,
  Decoder,
  planChecker,
  repairLivePlan,
  toWorkSchedule,
  type Solution,
} from '../../src/planning/index.ts';
import { copySolution } from '../../src/planning/problem.ts';
import { Moves, moveKinds } from '../../src/planning/search/moves.ts';
import { Variants } from '../../src/planning/variants/variants.ts';
import { checkPlanJson } from '../bench/rich/check-plan.ts';
import { richEvent, richEventCount, situationAfter } from '../bench/rich/events.ts';
import type { ConstraintName } from '../bench/rich/constraints.ts';
import { constraintNames, richInstance, type RichInstance } from '../bench/rich/instance.ts';

/** Variants of a repaired plan, by moves of every kind, against decoding from scratch. */
function compareVariants(operations: number, event: number, steps: number): number {
  const instance = richInstance(operations, 1);
  const { model, state, live, request } = situationAfter(instance, richEvent(instance, event));
  const problem = buildProblem(model, state, live, request);
  const random = seededRandom(event, 'test/variants');
  const moves = new Moves(problem, random);
  const scratch = new Decoder(problem);
  const variants = new Variants(problem, new Decoder(problem));
  const solution = repairLivePlan(problem, scratch);
  variants.stand(solution);
  const position = new Int32Array(problem.jobOrderIds.length);
  const current = { solution, plan: variants.kept, position };
  let compared = 0;
  for (let step = 0; step < steps; step++) {
    solution.order.forEach((i, at) => (position[i] = at));
    moves.read(current);
    const trial = copySolution(solution);
    if (!moves.make(moveKinds[step % moveKinds.length]!, current, trial)) continue;
    const other = copySolution(trial);
    const fast = variants.vary(trial, moves.quickest);
    const slow = scratch.decode(other, moves.quickest);
    assert.equal(fast.complete, slow.complete);
    if (!fast.complete) continue;
    assert.deepEqual(fast, slow);
    assert.deepEqual(trial, other);
    compared++;
    if (random.next() < 0.5) continue;
    variants.keep();
    copyInto(trial, solution);
  }
  return compared;
}

function copyInto(from: Solution, to: Solution): void {
  to.order.set(from.order);
  to.choice.set(from.choice);
  to.hold.set(from.hold);
}

/** What the checker finds where a plan does not keep a constraint. */
const binding: Partial<Record<ConstraintName, RegExp>> = {
  tools: /finds no H1-(FIXTURE-F\d|GAUGE|JIG) left/,
  lags: /before its predecessor .* is over/,
  batches: /may not run|setup after|works .* s, but|overlaps|shares the load/,
  interruption: /pauses at/,
  hours: /no operator/,
  transport: /before its predecessor .* is over and there/,
};
/** What may be done more freely: what the checker finds of it where the plant does not allow it. */
const freedom: Partial<Record<ConstraintName, RegExp>> = {
  overlap: /before its predecessor .* is over/,
};

/** The live plan of another plant with the same orders is refused for this reason. */
function assertRefused({ model, state, request }: RichInstance, other: RichInstance, finding: RegExp): void {
  assert.deepEqual(other.state, state);
  const { violations } = planChecker(model, state, { ...request, frozenUntil: request.from })(other.live);
  assert.ok(
    violations.some((text) => finding.test(text)),
    violations.join('\n'),
  );
}

describe('rich instances', () => {
  for (const [operations, seeds] of [
    [100, [1, 2, 3]],
    [500, [1, 2]],
    [1000, [1]],
  ] as const)
    for (const seed of seeds)
      it(`of ${operations} operations and seed ${seed} have a feasible live plan, and a feasible repair after each event`, () => {
        const instance = richInstance(operations, seed);
        const { model, state, live, request } = instance;
        assert.equal(live.entries.length, operations);
        const unfrozen = { ...request, frozenUntil: request.from };
        assert.deepEqual(planChecker(model, state, unfrozen)(live).violations, []);
        const kinds = new Set<string>();
        for (let number = 0; number < richEventCount; number++) {
          const event = richEvent(instance, number);
          kinds.add(event.event.kind);
          const after = situationAfter(instance, event);
          const problem = buildProblem(after.model, after.state, after.live, after.request);
          const decoder = new Decoder(problem);
          const plan = decoder.decode(repairLivePlan(problem, decoder));
          assert.ok(plan.complete, `event ${number}`);
          const header = { scheduleId: 'P', createdAt: 0, label: '', seed };
          const check = planChecker(after.model, after.state, after.request, after.live);
          assert.deepEqual(check(toWorkSchedule(problem, plan, header)).violations, [], `event ${number}`);
        }
        assert.equal(kinds.size, 7);
      });

  it('give the same plans by propagation and from scratch', () => {
    for (const event of [0, 2, 3]) assert.ok(compareVariants(500, event, 120) > 60);
  });

  const without = (name: string) => constraintNames.filter((other) => other !== name);
  for (const [name, finding] of Object.entries(binding))
    it(`have ${name} that bind: the checker refuses the plan that is made without them`, () => {
      assertRefused(richInstance(500, 1), richInstance(500, 1, without(name)), finding);
    });
  for (const [name, finding] of Object.entries(freedom))
    it(`use ${name}: the checker refuses the plan where the plant does not allow it`, () => {
      assertRefused(richInstance(500, 1, without(name)), richInstance(500, 1), finding);
    });

  it('have loads that several operations share, and lots that are made side by side', () => {
    const { model, state, live } = richInstance(500, 1);
    const batch = new Set(model.equipment.flatMap((e) => (e.batchCapacity === undefined ? [] : [e.equipmentId])));
    const loads = Map.groupBy(
      live.entries.filter(({ equipmentId }) => batch.has(equipmentId)),
      ({ equipmentId, start }) => `${equipmentId} ${String(start)}`,
    );
    assert.ok([...loads.values()].filter((load) => load.length > 1).length > 3);
    const entries = new Map(live.entries.map((entry) => [entry.jobOrderId, entry]));
    const lots = state.jobOrders.filter((job) => job.lot !== undefined);
    const together = lots.filter((one) => {
      const [a, others] = [entries.get(one.jobOrderId), lots.filter((o) => o.segmentId === one.segmentId && o !== one)];
      return others.some((o) => {
        const b = o.workRequestId === one.workRequestId ? entries.get(o.jobOrderId) : undefined;
        return a && b && a.equipmentId !== b.equipmentId && a.start < b.end && b.start < a.end;
      });
    });
    assert.ok(together.length > 1, `${String(together.length)} of ${String(lots.length)}`);
  });

  it('take a plan of somebody else: its JSON is checked, and what it lacks is named', () => {
    const instance = richInstance(100, 1);
    const { entries } = instance.live;
    const own = entries.map(({ jobOrderId, equipmentId, start, end, setupSeconds }) => {
      return { jobOrderId, equipmentId, start, end, setupSeconds };
    });
    assert.deepEqual(checkPlanJson(instance, JSON.stringify({ entries: own })).violations, []);
    const rushed = checkPlanJson(situationAfter(instance, richEvent(instance, 1)), JSON.stringify(instance.live));
    assert.ok(rushed.violations.some((text) => text.includes('RUSH-1/10 is not in the plan')));
    const late = own.map((entry, i) => (i === 3 ? { ...entry, end: String(entry.end) } : entry));
    assert.throws(() => checkPlanJson(instance, JSON.stringify({ entries: late })), /\/entries\/3\/end/);
    assert.throws(() => checkPlanJson(instance, '{}'), /\/entries/);
  });

  it('are the same for the same number of operations and seed, and others for another seed', () => {
    const [one, again, other] = [richInstance(100, 7), richInstance(100, 7), richInstance(100, 8)];
    assert.deepEqual(one, again);
    assert.deepEqual(richEvent(one, 3), richEvent(again, 3));
    assert.notDeepEqual(one.state, other.state);
  });

  it('have assemblies, alternative machines, setups, skills, late lots, maintenance, locks, weights and running work', () => {
    const { model, state, request, live } = richInstance(500, 1);
    const segments = model.workMasters.flatMap((master) => master.segments);
    assert.ok(segments.some((segment) => segment.predecessors.length > 1));
    assert.ok(segments.some((segment) => segment.equipment.length > 2));
    assert.ok(segments.some((segment) => !segment.interruptible));
    assert.ok(segments.some((segment) => segment.materials.some(({ materialId }) => materialId.startsWith('P'))));
    assert.ok(model.persons.some((person) => person.qualificationIds.length > 1));
    assert.ok(state.lots.some((lot) => lot.availableAt > state.at));
    assert.ok(state.jobOrders.some((job) => job.dispatchStatus === 'Running'));
    assert.ok(new Set(state.workRequests.map((request) => request.priority)).size === 5);
    assert.equal(live.entries.length, state.jobOrders.filter((job) => job.dispatchStatus !== 'Completed').length);
    assert.ok(state.unavailable.some(({ reason, start }) => reason === 'planned-maintenance' && start > state.at));
    assert.ok(request.constraints.length > 1 && request.constraints.every(({ kind }) => kind === 'lock'));
  });
});
