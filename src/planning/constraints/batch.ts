import type { Decoded } from '../decoder.ts';
import type { Problem } from '../problem.ts';

/**
 * Whether an operation joins the load of the operation before it on a batch machine: both are of one setup family,
 * take equally long and need the same qualification and tools; all its parts find room; it is ready when the load starts; and
 * the load does not pause where the operation must not.
 * @param plan holds the place of the operation before
 * @param before operation before it on the machine
 * @param beforeAlternative that one's alternative there
 * @param ready when the operation could start if its machine were free
 */
export function joinsLoad(
  problem: Problem,
  plan: Pick<Decoded, 'start' | 'end' | 'setup' | 'fill'>,
  operation: number,
  alternative: number,
  before: number,
  beforeAlternative: number,
  ready: number,
): boolean {
  if (ready > plan.start[before]!) return false;
  const { family, qualificationOf, toolSetOf, altRun, mayPause } = problem;
  if (family[before] !== family[operation] || qualificationOf[before] !== qualificationOf[operation]) return false;
  const run = altRun[alternative]!;
  if (altRun[beforeAlternative] !== run || toolSetOf[before] !== toolSetOf[operation]) return false;
  if (plan.fill[before]! + problem.parts[operation]! > problem.batchCapacity[problem.altMachine[alternative]!]!)
    return false;
  return mayPause[operation] === 1 || plan.end[before]! - plan.start[before]! === plan.setup[before]! + run;
}

/**
 * Parts in a load that an operation begins; what takes several loads one after the other leaves no room in any. 0 on
 * a machine that works part by part.
 */
export function fillOfNewLoad(problem: Problem, operation: number, machine: number): number {
  return Math.min(problem.batchCapacity[machine]!, problem.parts[operation]!);
}
