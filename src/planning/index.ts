export { buildProblem } from './build-problem.ts';
export { changedJobs } from './changes.ts';
export { checkPlan, planChecker, type CheckResult, type PlanChecker } from './checker/check-plan.ts';
export { Decoder, objectives, type Decoded } from './decoder.ts';
export { dispatch, dispatchRules, type DispatchRule } from './dispatch-rules.ts';
export { explainLate } from './explain-late.ts';
export type { Conflict, ConflictKind } from './infeasible.ts';
export { planKpis } from './kpis.ts';
export { labelOf, type PlanLabel } from './labels.ts';
export type { Problem, Solution } from './problem.ts';
export { doNothing, repairLivePlan } from './repair.ts';
export type { PlanningRequest } from './request.ts';
export {
  searchAlternatives,
  type Alternative,
  type SearchOptions,
  type SearchProgress,
  type SearchResult,
} from './search/search.ts';
export { stagingNeeds } from './staging.ts';
export { toWorkSchedule, type ScheduleHeader } from './to-schedule.ts';
