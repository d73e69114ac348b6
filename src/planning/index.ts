export { buildProblem } from './build-problem.ts';
export { Decoder, objectives, type Decoded } from './decoder.ts';
export { dispatch, dispatchRules, type DispatchRule } from './dispatch-rules.ts';
export type { Conflict, ConflictKind } from './infeasible.ts';
export { copySolution, type PlanningRequest, type Problem, type Solution } from './problem.ts';
export { doNothing, repairLivePlan } from './repair.ts';
export { toWorkSchedule, type ScheduleHeader } from './to-schedule.ts';
