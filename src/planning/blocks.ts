import { topologicalOrder } from './order.ts';
import type { Problem } from './problem.ts';

/**
 * Joins the free operations that maximum lags tie together into blocks, in place: a block stands in one piece in the
 * order and is placed as a whole. Blocks that would have to come both before and after one another are one block.
 */
export function linkBlocks(problem: Problem): void {
  const { pred, predOffset, lagMax, blockFirst, blockNext } = problem;
  const n = problem.jobOrderIds.length;
  const leader = Int32Array.from({ length: n }, (_, i) => i);
  function find(i: number): number {
    while (leader[i] !== i) i = leader[i] = leader[leader[i]!]!;
    return i;
  }
  let linked = false;
  for (let i = 0; i < n; i++)
    for (let p = predOffset[i]!; p < predOffset[i + 1]!; p++)
      if (lagMax[p]! < Infinity) {
        leader[find(i)] = find(pred[p]!);
        linked = true;
      }
  if (!linked) return;
  const order = topologicalOrder(problem, new Float64Array(n));
  for (const group of circles(successorsOfGroups(problem, order, find))) {
    const first = find(group[0]!);
    for (const other of group) leader[find(other)] = first;
  }
  const last = new Int32Array(n).fill(-1);
  for (const operation of order) {
    const group = find(operation);
    if (last[group]! >= 0) {
      blockNext[last[group]!] = operation;
      blockFirst[operation] = blockFirst[last[group]!]!;
    }
    last[group] = operation;
  }
}

/** By leader of a group: the leaders of the groups that must come after it. */
function successorsOfGroups(
  { pred, predOffset, fixed }: Problem,
  order: Int32Array,
  find: (operation: number) => number,
): Map<number, number[]> {
  const successors = new Map<number, number[]>();
  for (const operation of order) {
    const group = find(operation);
    if (!successors.has(group)) successors.set(group, []);
    for (let p = predOffset[operation]!; p < predOffset[operation + 1]!; p++) {
      const before = pred[p]!;
      if (fixed[before] === 0 && find(before) !== group) successors.get(find(before))!.push(group);
    }
  }
  return successors;
}

/** Groups of nodes that lie on circles with one another (strongly connected components, Tarjan 1972, without recursion). */
function circles(successors: ReadonlyMap<number, readonly number[]>): number[][] {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const found: number[][] = [];
  for (const root of successors.keys()) {
    if (index.has(root)) continue;
    const path = [{ node: root, next: 0 }];
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { node } = step;
      if (!index.has(node)) {
        low.set(node, index.size);
        index.set(node, index.size);
        open.push(node);
        isOpen.add(node);
      }
      const after = successors.get(node)![step.next++];
      if (after !== undefined) {
        if (!index.has(after)) path.push({ node: after, next: 0 });
        else if (isOpen.has(after)) low.set(node, Math.min(low.get(node)!, index.get(after)!));
        continue;
      }
      path.pop();
      const above = path.at(-1)?.node;
      if (above !== undefined) low.set(above, Math.min(low.get(above)!, low.get(node)!));
      if (low.get(node) !== index.get(node)) continue;
      const group = open.splice(open.indexOf(node));
      for (const member of group) isOpen.delete(member);
      if (group.length > 1) found.push(group);
    }
  }
  return found;
}
