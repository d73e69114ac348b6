export { type CalibrationReport } from './calibration.ts';
export { openLateExplainer, type LateExplainer } from './explain.ts';
export { mergeRequests, openScenarioQueue, type ScenarioQueue } from './queue.ts';
export type { PlanProgress, PlanRequest } from './request.ts';
export {
  openScenarioService,
  type ScenarioService,
  type ScenarioServiceOptions,
  type ScenarioStore,
} from './service.ts';
