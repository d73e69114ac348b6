export { calibrate, leastCount, type CalibrationProposal } from './calibrate.ts';
export { findDrift, type Drift, type DriftReport } from './drift.ts';
export { observe, type JobRecord, type Observations, type PlantHistory } from './observations.ts';
export {
  defaultTwinParameters,
  subjectKey,
  withAccepted,
  type AcceptedLaw,
  type LearnedSubject,
} from './parameters.ts';
export { openPlantProcess, type ProcessOptions } from './plant-process.ts';
export { distributionsOf, joinReplications, kpisOf, summaryOf, type Replications } from './replications.ts';
export { openSimulator, simulatePlan, type SimulationOptions, type Simulator } from './simulate.ts';
export type { PlantProcess, ProcessEvent, SimulationResult, StopLaw, TwinParameters, Watched } from './types.ts';
export { whatIf } from './what-if.ts';
