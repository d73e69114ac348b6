import assert from 'node:assert/strict';
import type { PlantState } from '../../src/plant/index.ts';
import { openPlantProcess, simulatePlan, type TwinParameters } from '../../src/twin/index.ts';
import { exact, hour, minute, monday, smallModel, smallPlan, smallState } from './small-plant.ts';

const law = { reason: 'breakdown' as const, meanRunSecondsBetween: 1e9, medianSeconds: 3600, sigma: 0.6 };
const parameters: TwinParameters = { ...exact, stops: { 'M-1': [law] } };
const model = smallModel();

/** M-1 has been down for so long when one order of 30 minutes on each machine is to begin. */
function ends(downFor: number, expectedEnd: number, reason = 'breakdown'): number[] {
  const stop = { equipmentId: 'M-1', reason, start: monday - downFor, end: expectedEnd };
  const state = smallState(1, 30, { unavailable: [stop] });
  const options = { parameters, replications: 4000, seed: 5 };
  const { replications } = simulatePlan(model, state, smallPlan(state), options);
  // 30 min on M-1, 10 min transport, 30 min on M-2.
  return replications.map((k) => k.makespanSeconds * 1000 - 70 * minute);
}

describe('a simulation from the live state', () => {
  it('lets a stop under way last as long as its law says, given how long it has lasted', () => {
    for (const downFor of [0, 30 * minute]) {
      const remaining = ends(downFor, monday - downFor + hour).sort((a, b) => a - b);
      assert.ok(remaining[0]! > 0);
      // By its own integration of the lognormal density: the share that lasts longer than so long in all.
      const lasting = (total: number) => {
        let sum = 0;
        for (let z = Math.log(total / hour) / law.sigma; z < 9; z += 1e-4) sum += Math.exp((-z * z) / 2) * 1e-4;
        return sum / Math.sqrt(2 * Math.PI);
      };
      const all = downFor === 0 ? 1 : lasting(downFor);
      for (const more of [10 * minute, 30 * minute, hour, 3 * hour]) {
        const share = remaining.filter((r) => r > more).length / remaining.length;
        const theory = lasting(downFor + more) / all;
        const half = 3.3 * Math.sqrt((theory * (1 - theory)) / remaining.length);
        assert.ok(Math.abs(share - theory) < half + 1e-3, `${String(downFor)} ${String(share)} ${String(theory)}`);
      }
    }
  });
  it('the longer it is expected to last, the longer it does; planned maintenance ends as planned', () => {
    const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    assert.ok(mean(ends(hour, monday + 3 * hour)) > 2 * mean(ends(hour, monday + hour / 2)));
    assert.deepEqual([...new Set(ends(hour, monday + 3 * hour, 'planned-maintenance'))], [3 * hour]);
  });
  it('goes on with what runs where it stands: setup and parts left, not from the beginning', () => {
    const plant = openPlantProcess(model, smallState(1, 30), smallPlan(smallState(1, 30)), exact, { seed: 1 });
    plant.advance(monday + 20 * minute);
    const state: PlantState = plant.state();
    // The plan in force, which was made before; one made now would say when it goes on.
    const { replications } = simulatePlan(model, state, smallPlan(state), {
      ...{ parameters: exact, replications: 1, seed: 1 },
    });
    assert.equal(replications[0]!.makespanSeconds, 50 * 60);
  });
});
