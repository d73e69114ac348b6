export { calibrateStops, defaultTwinParameters } from './calibrate.ts';
export { openPlantProcess, type ProcessOptions } from './plant-process.ts';
export { openSimulator, simulatePlan, type SimulationOptions, type Simulator } from './simulate.ts';
export type { PlantProcess, ProcessEvent, SimulationResult, StopLaw, TwinParameters } from './types.ts';
export { whatIf } from './what-if.ts';
