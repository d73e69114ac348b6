import assert from 'node:assert/strict';
import { checkFence, differingEntries, openJobs } from '../../src/dispatch/changes.ts';
import { MillwrightError } from '../../src/kernel/index.ts';
import { openDispatchStates, type WorkSchedule } from '../../src/plant/index.ts';
import { buildProblem, searchAlternatives, toWorkSchedule } from '../../src/planning/index.ts';
import type { DispatchRow } from '../../src/store/index.ts';
import { events, quietSituation, testNow, type Situation } from '../planning/northfield.ts';

const minute = 60_000;

/** Plans that the search really finds for an event, with the MES's rows at that instant. */
function plansFor({ model, state, live, request }: Situation): { plans: WorkSchedule[]; rows: DispatchRow[] } {
  const problem = buildProblem(model, state, live, request);
  const { alternatives } = searchAlternatives(problem, { count: 8, seed: 1, maxDecodes: 150 });
  const header = (i: number) => ({ scheduleId: `P-${String(i)}`, createdAt: testNow, label: '', seed: 1 });
  return {
    plans: alternatives.map(({ plan }, i) => toWorkSchedule(problem, plan, header(i))),
    rows: state.jobOrders.map(({ jobOrderId, equipmentId, dispatchStatus }) => ({
      jobOrderId,
      equipmentId: equipmentId ?? null,
      plannedStart: null,
      plannedEnd: null,
      dispatchStatus,
      rowVersion: 1,
    })),
  };
}

describe('the fence', () => {
  for (const [name, event] of Object.entries(events))
    it(`lets plans for ${name} pass, and stops them once they move what runs or was kept`, () => {
      const situation = event(quietSituation(1, 40));
      const { plans, rows } = plansFor(situation);
      const check = (plan: WorkSchedule) => {
        checkFence(plan, differingEntries(plan, situation.live), rows);
      };
      const byId = new Map<string, DispatchRow>(rows.map((row) => [row.jobOrderId, row]));
      assert.ok(plans.length >= 5);
      for (const plan of plans) {
        check(plan);
        for (const { jobOrderId } of openJobs(differingEntries(plan, situation.live), rows)) {
          const status = byId.get(jobOrderId)?.dispatchStatus;
          assert.ok(status !== undefined && (openDispatchStates as readonly string[]).includes(status), jobOrderId);
        }
        const frozen = plan.entries.filter((entry) => entry.frozen);
        assert.ok(frozen.length > 0);
        for (const fixed of frozen) {
          const running = byId.get(fixed.jobOrderId)?.dispatchStatus === 'Running';
          const moved = running ? { equipmentId: 'ELSEWHERE', frozen: false } : { start: fixed.start + minute };
          const entries = plan.entries.map((entry) => (entry === fixed ? { ...entry, ...moved } : entry));
          assert.throws(
            () => {
              check({ ...plan, entries });
            },
            (thrown) =>
              thrown instanceof MillwrightError &&
              thrown.code === 'MW_PLAN_FROZEN' &&
              thrown.params.jobOrderId === fixed.jobOrderId,
          );
        }
      }
    });
});
