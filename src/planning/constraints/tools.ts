import type { PlantModel } from '../../plant/index.ts';
import type { Conflicts } from '../infeasible.ts';
import type { OpenOperation } from '../operations.ts';
import type { PoolProfile, Problem } from '../problem.ts';

/** The tools that can run short, as pools of their copies. */
export interface ToolPools {
  toolIds: string[];
  profiles: PoolProfile[];
  /** By operation: indices into `profiles`, rising. */
  using: number[][];
}

/**
 * Counts the copies of each tool. One of which there are always as many copies as operations that can need it at the
 * same time is left out: it costs nothing. A tool that the plant does not have, or has no copy of, is a conflict for
 * all that waits for it; what is running has its tools.
 */
export function toolPools(model: PlantModel, operations: readonly OpenOperation[], conflicts: Conflicts): ToolPools {
  const users = new Map<string, OpenOperation[]>();
  for (const operation of operations)
    for (const toolId of new Set(operation.segment.toolIds)) {
      const list = users.get(toolId);
      if (list) list.push(operation);
      else users.set(toolId, [operation]);
    }
  const copies = new Map((model.tools ?? []).map((tool) => [tool.toolId, tool.copies]));
  const pools: ToolPools = { toolIds: [], profiles: [], using: operations.map(() => []) };
  for (const toolId of [...users.keys()].sort()) {
    const list = users.get(toolId)!;
    const there = copies.get(toolId) ?? 0;
    if (there < 1)
      for (const { jobOrder, running } of list)
        if (!running) conflicts.add('tool-missing', jobOrder.jobOrderId, toolId);
    if (there >= mostAtOnce(model, list)) continue;
    pools.toolIds.push(toolId);
    pools.profiles.push({ time: Float64Array.of(-Infinity), free: Int16Array.of(there) });
  }
  const poolOf = new Map(pools.toolIds.map((toolId, pool) => [toolId, pool]));
  operations.forEach(({ segment }, i) => {
    const own = [...new Set(segment.toolIds)].flatMap((toolId) => poolOf.get(toolId) ?? []);
    if (own.length > 0) pools.using[i] = own.sort((a, b) => a - b);
  });
  return pools;
}

/** A number for each different set of tools, by operation. */
export function toolSets(operations: readonly OpenOperation[]): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(operations, ({ segment }) => {
    const key = JSON.stringify([...new Set(segment.toolIds)].sort());
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  });
}

/** The tool that another operation lays down at the very instant at which one starts: what it has waited for. */
export function toolLaidDownFor(
  { pool, poolOffset, heldFrom, toolIds }: Problem,
  { start, end }: { start: Float64Array; end: Float64Array },
  operation: number,
): string | undefined {
  const poolsOf = (i: number) => pool.subarray(poolOffset[i], poolOffset[i + 1]).filter((p) => p >= heldFrom);
  const wanted = poolsOf(operation);
  if (wanted.length === 0) return undefined;
  for (let other = 0; other < end.length; other++) {
    if (other === operation || end[other] !== start[operation]) continue;
    const shared = poolsOf(other).find((p) => wanted.includes(p));
    if (shared !== undefined) return toolIds[shared - heldFrom];
  }
  return undefined;
}

/** How many of some operations can be under way together: one on each machine, on a batch machine any number. */
function mostAtOnce(model: PlantModel, operations: readonly OpenOperation[]): number {
  const machines = new Set(operations.flatMap(({ segment }) => segment.equipment.map((e) => e.equipmentId)));
  const batch = model.equipment.some((e) => e.batchCapacity !== undefined && machines.has(e.equipmentId));
  if (batch) return operations.length;
  const running = operations.filter((operation) => operation.running);
  const occupied = new Set(running.map((operation) => operation.jobOrder.equipmentId));
  return Math.min(operations.length, machines.size + running.length - occupied.size);
}
