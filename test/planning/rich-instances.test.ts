import assert from 'node:assert/strict';
import { buildProblem, Decoder, planChecker, repairLivePlan, toWorkSchedule } from '../../src/planning/index.ts';
import { richEvent, richEventCount, situationAfter } from '../bench/rich/events.ts';
import { richInstance } from '../bench/rich/instance.ts';

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

  it('are the same for the same number of operations and seed, and others for another seed', () => {
    const [one, again, other] = [richInstance(100, 7), richInstance(100, 7), richInstance(100, 8)];
    assert.deepEqual(one, again);
    assert.deepEqual(richEvent(one, 3), richEvent(again, 3));
    assert.notDeepEqual(one.state, other.state);
  });

  it('have assemblies, alternative machines, setups, skills, late lots, weights and work that is running', () => {
    const { model, state } = richInstance(500, 1);
    const segments = model.workMasters.flatMap((master) => master.segments);
    assert.ok(segments.some((segment) => segment.predecessors.length > 1));
    assert.ok(segments.some((segment) => segment.equipment.length > 2));
    assert.ok(segments.some((segment) => !segment.interruptible));
    assert.ok(segments.some((segment) => segment.materials.some(({ materialId }) => materialId.startsWith('P'))));
    assert.ok(model.persons.some((person) => person.qualificationIds.length > 1));
    assert.ok(state.lots.some((lot) => lot.availableAt > state.at));
    assert.ok(state.jobOrders.some((job) => job.dispatchStatus === 'Running'));
    assert.ok(new Set(state.workRequests.map((request) => request.priority)).size === 5);
    const { live, state: before } = richInstance(500, 1);
    assert.equal(live.entries.length, before.jobOrders.filter((job) => job.dispatchStatus !== 'Completed').length);
  });
});
