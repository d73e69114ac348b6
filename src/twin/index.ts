export { openPlantProcess, type ProcessOptions } from './plant-process.ts';
export type { PlantProcess, ProcessEvent, SimulationResult, StopLaw, TwinParameters } from './types.ts';
