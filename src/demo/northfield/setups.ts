import type { SetupMatrix } from '../../plant/index.ts';
import type { MachineClass } from './equipment.ts';

/** Minutes that a change of family takes where nothing else is said, by machine class. */
const usualMinutes: Record<MachineClass, number> = {
  saw: 25,
  cnc: 60,
  mill: 45,
  grind: 50,
  deburr: 15,
  wash: 10,
  press: 30,
  asm: 40,
  test: 25,
  pack: 10,
};

/** What makes a change quicker or longer than usual, as a factor: shared fixtures, or a whole new chuck. */
const factors: Record<string, Record<string, number>> = {
  housing: { impeller: 1.2, shaft: 1.4, bracket: 0.8, 'pump-1': 1, 'pump-2': 1.1 },
  impeller: { housing: 1.2, shaft: 0.7, bracket: 1.1 },
  shaft: { housing: 1.5, impeller: 0.7, bracket: 1.2 },
  bracket: { housing: 0.8, impeller: 1.1, shaft: 1.3 },
  'pump-1': { 'pump-2': 0.6, housing: 1 },
  'pump-2': { 'pump-1': 0.5, housing: 1.1 },
};

/** Setup matrices by machine class: a change within a family takes no time. */
export function setupMatrices(): SetupMatrix[] {
  return Object.entries(usualMinutes).map(([equipmentClassId, minutes]) => ({
    equipmentClassId,
    defaultSeconds: minutes * 60,
    seconds: Object.fromEntries(
      Object.entries(factors).map(([from, row]) => [
        from,
        Object.fromEntries(Object.entries(row).map(([to, factor]) => [to, Math.round(minutes * 60 * factor)])),
      ]),
    ),
  }));
}
