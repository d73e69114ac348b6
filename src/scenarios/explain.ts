import { MillwrightError, openTaskPool, workerUrl, type TaskPool } from '../kernel/index.ts';
import type { LateExplanation } from '../plant/index.ts';
import type { Store } from '../store/index.ts';
import type { ScenarioTasks } from './tasks.ts';

/** The parts of the store that explanations need. */
export type ExplanationStore = Pick<Store, 'loadPlantModel' | 'findScenario' | 'scenarioState' | 'loadSchedule'>;

/** Explains plans on demand, in a worker thread of its own. */
export interface LateExplainer {
  /**
   * Why a plan is late and what relaxing single constraints would gain. Answers are kept for the newest plans asked for.
   * @throws `MW_PLAN_UNKNOWN` for what is no alternative, `MW_PLAN_INPUTS_GONE` where the plant's state that it was made
   *   from is no longer kept, or its master data have changed since
   */
  explain(planId: string): Promise<LateExplanation>;
  /** Ends the thread; what is open is rejected. */
  close(): Promise<void>;
}

const mostKept = 20;
const limitMs = 60_000;

/** Opens it; the thread starts with the first question. */
export function openLateExplainer(store: ExplanationStore): LateExplainer {
  const answers = new Map<string, Promise<LateExplanation>>();
  let pool: TaskPool | undefined;

  async function work(planId: string): Promise<LateExplanation> {
    const found = await store.findScenario(planId);
    if (!found) throw new MillwrightError('MW_PLAN_UNKNOWN', { planId });
    const { set, index } = found;
    const { plan } = set.scenarios[index]!;
    const [model, state, live] = await Promise.all([
      store.loadPlantModel(),
      store.scenarioState(set.requestId),
      store.loadSchedule(set.basePlanId),
    ]);
    if (!model || !state || !live) throw new MillwrightError('MW_PLAN_INPUTS_GONE', { planId });
    const task: ScenarioTasks['explain'][0] = {
      // What was live then may have been superseded since.
      input: { model, state, live: { ...live, status: 'published' }, request: { from: plan.from, ...set.request } },
      plan,
    };
    pool ??= openTaskPool('explain', workerUrl(import.meta.url), { size: 1 });
    const explanation = await pool.run<ScenarioTasks['explain'][1]>('explain', task, { limitMs });
    if (!explanation) throw new MillwrightError('MW_PLAN_INPUTS_GONE', { planId });
    return explanation;
  }

  return {
    explain(planId) {
      const known = answers.get(planId);
      if (known) return known;
      const answer = work(planId);
      answers.set(planId, answer);
      answer.catch(() => answers.delete(planId));
      const [oldest] = answers.keys();
      if (answers.size > mostKept && oldest !== undefined) answers.delete(oldest);
      return answer;
    },
    close: async () => pool?.close(),
  };
}
