import assert from 'node:assert/strict';
import type { PlanKpis, WorkSchedule } from '../../src/plant/index.ts';
import { buildProblem, planChecker, searchAlternatives, toWorkSchedule } from '../../src/planning/index.ts';
import { openSimulator } from '../../src/twin/index.ts';
import { richEvent, situationAfter } from '../bench/rich/events.ts';
import { richInstance, type Situation } from '../bench/rich/instance.ts';
import { replayed } from './replayed.ts';
import { exact } from './small-plant.ts';

/** The twin keeps every start and end of plans, and finds their KPIs as the independent checker does. */
function assertReplayed(situation: Situation, plans: readonly WorkSchedule[], what: string): void {
  const { model, state, live, request } = situation;
  const check = planChecker(model, state, request, live);
  const simulator = openSimulator(model, state, { base: live, parameters: exact, replications: 1, seed: 1 });
  plans.forEach((plan, i) => {
    const planned = new Map(plan.entries.map(({ jobOrderId, start, end }) => [jobOrderId, [start, end]]));
    const moved = replayed(situation, plan).flatMap(([id, start, end]) => {
      const [plannedStart, plannedEnd] = planned.get(id)!;
      return start === plannedStart && end === plannedEnd
        ? []
        : [{ id, start: start - plannedStart!, end: end - plannedEnd! }];
    });
    assert.deepEqual(moved, [], `${what}, plan ${String(i)}`);
    assert.equal(planned.size, plan.entries.length);
    const { kpis } = check(plan);
    const [seen] = simulator.simulate(plan).replications;
    for (const [name, value] of Object.entries(kpis) as [keyof PlanKpis, number][])
      assert.ok(
        Math.abs(seen![name] - value) <= 1e-9 * (1 + Math.abs(value)),
        `${what}, plan ${String(i)}: ${name} ${String(seen![name])}, not ${String(value)}`,
      );
  });
}

function plansOf({ model, state, live, request }: Situation, count: number): WorkSchedule[] {
  const problem = buildProblem(model, state, live, request);
  const { alternatives } = searchAlternatives(problem, { count, seed: 1, maxDecodes: 100 });
  const header = { scheduleId: 'P', createdAt: 0, label: '', seed: 1 };
  return alternatives.map(({ plan }) => toWorkSchedule(problem, plan, header));
}

describe('rich instances', () => {
  for (const [operations, seed] of [
    [100, 1],
    [100, 2],
    [500, 1],
  ] as const)
    it(`of ${operations} operations and seed ${seed} are replayed to the millisecond where nothing varies`, () => {
      const instance = richInstance(operations, seed);
      assertReplayed(instance, [instance.live], 'live plan');
      for (let number = 0; number < 7; number++) {
        const situation = situationAfter(instance, richEvent(instance, number));
        assertReplayed(situation, plansOf(situation, 4), `event ${number}`);
      }
    });
});
