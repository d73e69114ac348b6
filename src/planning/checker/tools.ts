import type { PlantModel } from '../../plant/index.ts';
import { at, type Findings } from './findings.ts';
import type { Task } from './tasks.ts';

/** An operation that finds no copy of a tool left when it starts. */
export interface ToolShortage {
  id: string;
  toolId: string;
}

/**
 * Walks through the starts of the operations that need a tool, each holding a copy until its end, pauses included.
 * A load of a batch machine holds each of its tools once. What is running has its tools, whatever the plant's list
 * says; of equal starts the first given gets the copy.
 */
export function findToolShortages(model: PlantModel, tasks: readonly Task[]): ToolShortage[] {
  const copies = new Map((model.tools ?? []).map((tool) => [tool.toolId, tool.copies]));
  const inOrder = [...tasks].sort((a, b) => a.entry.start - b.entry.start);
  const batches = new Set(model.equipment.filter((e) => e.batchCapacity !== undefined).map((e) => e.equipmentId));
  const loads = new Set<string>();
  const held = new Map<string, number[]>();
  const shortages: ToolShortage[] = [];
  for (const { id, entry, segment, running } of inOrder)
    for (const toolId of new Set(segment.toolIds)) {
      if (batches.has(entry.equipmentId)) {
        const load = JSON.stringify([toolId, entry.equipmentId, entry.start, entry.end]);
        if (loads.has(load)) continue;
        loads.add(load);
      }
      const ends = (held.get(toolId) ?? []).filter((end) => end > entry.start);
      if (!running && ends.length >= (copies.get(toolId) ?? 0)) shortages.push({ id, toolId });
      held.set(toolId, [...ends, entry.end]);
    }
  return shortages;
}

/** Every tool is in no more operations at once than there are copies of it. */
export function checkTools(model: PlantModel, tasks: readonly Task[], findings: Findings): void {
  const startOf = new Map(tasks.map((task) => [task.id, task.entry.start]));
  for (const { id, toolId } of findToolShortages(model, tasks))
    findings.add(`${id} finds no ${toolId} left at ${at(startOf.get(id)!)}`);
}
