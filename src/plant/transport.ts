import { ancestry, type Equipment } from './equipment.ts';
import type { PlantModel } from './plant-model.ts';

/** The production line of a machine; a machine on no line is a line of its own. */
export function lineOf(equipment: readonly Equipment[], equipmentId: string): string {
  return ancestry(equipment, equipmentId).find((e) => e.level === 'ProductionLine')?.equipmentId ?? equipmentId;
}

/** How many milliseconds parts are on their way from one line to another, by the ids of the lines; 0 within a line. */
export function transportMsBetween(
  model: Pick<PlantModel, 'transportSeconds' | 'transportTimes'>,
): (fromLineId: string, toLineId: string) => number {
  const usual = Math.round(model.transportSeconds * 1000);
  const others = new Map<string, Map<string, number>>();
  for (const { fromLineId, toLineId, seconds } of model.transportTimes ?? []) {
    const targets = others.get(fromLineId) ?? new Map<string, number>();
    others.set(fromLineId, targets.set(toLineId, Math.round(seconds * 1000)));
  }
  return (from, to) => (from === to ? 0 : (others.get(from)?.get(to) ?? usual));
}
