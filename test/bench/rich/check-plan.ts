import { planChecker, type CheckResult } from '../../../src/planning/index.ts';
import type { ScheduleEntry } from '../../../src/plant/index.ts';
import type { Situation } from './instance.ts';

const fields = { jobOrderId: 'string', equipmentId: 'string', start: 'number', end: 'number', setupSeconds: 'number' };

/**
 * Runs the independent checker on a plan from anywhere.
 * @param json `{entries: [{jobOrderId, equipmentId, start, end, setupSeconds, frozen?}]}`, see README.md; `frozen` may
 *   be left out where it says no more than that an operation is running
 * @throws where the text is no JSON or an entry lacks a field, with its place
 */
export function checkPlanJson({ model, state, live, request }: Situation, json: string): CheckResult {
  const { entries } = JSON.parse(json) as { entries?: unknown };
  if (!Array.isArray(entries)) throw new Error('/entries must be a list');
  const running = new Set(state.jobOrders.flatMap((j) => (j.dispatchStatus === 'Running' ? [j.jobOrderId] : [])));
  const plan = {
    ...live,
    from: request.from,
    entries: entries.map((entry: Record<string, unknown>, i): ScheduleEntry => {
      for (const [field, type] of Object.entries(fields))
        if (typeof entry[field] !== type) throw new Error(`/entries/${String(i)}/${field} must be a ${type}`);
      const { frozen = running.has(entry.jobOrderId as string), ...rest } = entry;
      return { ...rest, frozen } as ScheduleEntry;
    }),
  };
  return planChecker(model, state, request, live)(plan);
}
