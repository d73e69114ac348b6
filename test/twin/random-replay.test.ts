import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MillwrightError } from '../../src/kernel/index.ts';
import { buildProblem, searchAlternatives, toWorkSchedule } from '../../src/planning/index.ts';
import type { WorkSchedule } from '../../src/plant/index.ts';
import { overtimeOf } from '../../src/scenarios/overtime.ts';
import { layGround } from '../../src/twin/ground.ts';
import { layOut } from '../../src/twin/layout.ts';
import { PlantFloor } from '../../src/twin/plant-floor.ts';
import { Draws } from '../../src/twin/variation.ts';
import { randomCase, type Case } from '../planning/random-plant.ts';
import { exact, hour } from './small-plant.ts';

const plants = [fc.nat(1_000_000), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 })] as const;

/** Alternative plans of a case; none where no plan is possible. */
function plansOf({ model, state, live, request }: Case, seed: number): WorkSchedule[] {
  try {
    const problem = buildProblem(model, state, live, request);
    const { alternatives } = searchAlternatives(problem, { count: 4, seed, maxDecodes: 80 });
    const header = { scheduleId: 'P', createdAt: request.from, label: '', seed };
    return alternatives.map(({ plan }) => toWorkSchedule(problem, plan, header));
  } catch (thrown) {
    if (thrown instanceof MillwrightError && thrown.code === 'MW_PLAN_INFEASIBLE') return [];
    throw thrown;
  }
}

/** The wish that a machine is not used for a while is the plan's: the twin lets what pauses over it go on. */
function withoutBans({ request, ...inputs }: Case): Case {
  const constraints = request.constraints.filter(({ kind }) => kind !== 'forbid-machine');
  return { ...inputs, request: { ...request, constraints } };
}

/** What the twin makes of a plan where nothing varies. */
function replayed({ model, state, request }: Case, plan: WorkSchedule) {
  const last = plan.entries.reduce((latest, entry) => Math.max(latest, entry.end), state.at);
  const ground = layGround(model, state, last + 21 * 24 * hour, overtimeOf(model, request));
  const layout = layOut(ground, state, plan);
  const draws = new Draws(1, 0);
  const floor = new PlantFloor(ground, layout, draws, state.at, { parameters: exact });
  floor.begin(draws, state.at, state.setupFamily);
  floor.run(Infinity);
  const { startedAt, endedAt } = floor.work;
  return layout.jobs.map(({ jobOrder, index }) => [jobOrder.jobOrderId, startedAt[index], endedAt[index]]);
}

describe('plans of small random plants', () => {
  it('are replayed to the millisecond where nothing varies', () => {
    let compared = 0;
    fc.assert(
      fc.property(...plants, (seed, machines, requests) => {
        const inputs = withoutBans(randomCase(seed, machines, requests));
        for (const plan of plansOf(inputs, seed)) {
          compared++;
          const planned = plan.entries.map(({ jobOrderId, start, end }) => [jobOrderId, start, end]);
          assert.deepEqual(replayed(inputs, plan).sort(), planned.sort(), `seed ${String(seed)}`);
        }
      }),
      { numRuns: 250, seed: 20261126 },
    );
    assert.ok(compared > 250, String(compared));
  });
});
