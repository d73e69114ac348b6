export { buildProblem } from './build-problem.ts';
export { Decoder, objectives, type Decoded } from './decoder.ts';
export { dispatch, dispatchRules, type DispatchRule } from './dispatch-rules.ts';
export type { Conflict, ConflictKind } from './infeasible.ts';
export { planKpis } from './kpis.ts';
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
export { toWorkSchedule, type ScheduleHeader } from './to-schedule.ts';
