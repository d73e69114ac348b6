import type { Explained } from './wait.ts';

/** Of the materials that an operation takes from stock, the one whose lot comes when it becomes ready, or last. */
export function decidingMaterial({ problem, plan, operation }: Explained): string {
  const ready = plan.ready[operation]!;
  let latest = -1;
  let at = -Infinity;
  for (let need = problem.needOffset[operation]!; need < problem.needOffset[operation + 1]!; need++) {
    const material = problem.needMaterial[need]!;
    const arrivals = problem.arrivalTime.subarray(problem.arrivalOffset[material], problem.arrivalOffset[material + 1]);
    const arrival = arrivals.includes(ready) ? Infinity : (arrivals.at(-1) ?? -Infinity);
    if (arrival > at || latest < 0) [latest, at] = [material, arrival];
  }
  return problem.materialIds[latest] ?? problem.jobOrderIds[operation]!;
}
