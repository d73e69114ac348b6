import { MillwrightError } from '../../src/kernel/index.ts';
import type { PlantModel } from '../../src/plant/index.ts';

/**
 * The machine that a question is about: one that it names, with or without hyphen, else the last part of the topic that
 * is one. `MW_MACHINE_UNNAMED` where there is none, or where the question names several.
 */
export function assetOf(model: PlantModel | undefined, text: string, topic: unknown): string {
  if (!model) throw new MillwrightError('MW_PLANT_UNKNOWN');
  const machines = model.equipment.filter(({ level }) => level === 'WorkUnit').map(({ equipmentId }) => equipmentId);
  const plain = (word: string) => word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const words = text.split(/[\s,;:.!?()"]+/).map(plain);
  const named = machines.filter((machine) => words.includes(plain(machine)));
  const parts = typeof topic === 'string' ? topic.split('/').map(plain) : [];
  const [only, ...others] = named.length > 0 ? named : machines.filter((machine) => parts.includes(plain(machine)));
  if (only === undefined || others.length > 0)
    throw new MillwrightError('MW_MACHINE_UNNAMED', { examples: machines.slice(0, 3).join(', ') });
  return only;
}
