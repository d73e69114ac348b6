import type { Random } from '../../kernel/index.ts';
import { awaitedAfter } from '../constraints/maximum-lag.ts';
import { earliestAfter } from '../constraints/precedence.ts';
import type { Decoded } from '../decoder.ts';
import { boundKinds } from '../ready-time.ts';
import { alternativeOn, type Problem } from '../problem.ts';

const machineBusy = boundKinds.indexOf('machine-busy');
const byLoad = boundKinds.indexOf('load');
const byPredecessor = boundKinds.indexOf('predecessor');
const byMaximumLag = boundKinds.indexOf('maximum-lag');

/** What is read of a plan to find who waits for a machine in it. */
export type WaitingPlan = Pick<Decoded, 'ready' | 'start' | 'end' | 'setup' | 'machine' | 'machineBefore' | 'bound'>;

/** Chains longer than this are walked no further. */
const longest = 60;

/**
 * Finds the operations that hold a work request up: from its last one back over what decides each start, a busy
 * machine, a load that is not complete or a predecessor. Only moves on such a chain can make the request earlier (Nowicki and Smutnicki 1996).
 */
export class CriticalChains {
  private readonly problem: Problem;
  private readonly ends: Float64Array;
  private readonly lastOf: Int32Array;
  private readonly lateness: Float64Array;
  private total = 0;

  constructor(problem: Problem) {
    this.problem = problem;
    this.ends = new Float64Array(problem.requestIds.length);
    this.lastOf = new Int32Array(problem.requestIds.length);
    this.lateness = new Float64Array(problem.requestIds.length);
  }

  /** Reads a plan; call it whenever the plan has changed. */
  read(plan: Pick<Decoded, 'end'>): void {
    const { problem, ends, lastOf } = this;
    ends.fill(-Infinity);
    for (let i = 0; i < plan.end.length; i++) {
      const request = problem.requestOf[i]!;
      if (plan.end[i]! > ends[request]!) {
        ends[request] = plan.end[i]!;
        lastOf[request] = i;
      }
    }
    this.total = 0;
    for (let r = 0; r < ends.length; r++) {
      this.lateness[r] = Math.max(0, ends[r]! - problem.due[r]!) * problem.weight[r]!;
      this.total += this.lateness[r]!;
    }
  }

  /**
   * Draws a late request (more likely the more it costs, or the one that ends last) and returns the operations on its
   * chain that wait for their machine or the load that they share; empty where none does.
   */
  waiting(plan: WaitingPlan, random: Random): number[] {
    const { problem } = this;
    const found: number[] = [];
    let at = this.lastOf[this.draw(random)]!;
    for (let step = 0; step < longest; step++) {
      if (problem.fixed[at] === 1) break;
      if (plan.bound[at] === machineBusy || plan.bound[at] === byLoad) {
        const before = plan.machineBefore[at]!;
        if (before < 0 || problem.fixed[before] === 1) break;
        found.push(at);
        at = before;
      } else if (plan.bound[at] === byPredecessor) at = this.decidingPredecessor(plan, at);
      else if (plan.bound[at] === byMaximumLag) {
        const awaited = awaitedAfter(problem, at, plan);
        const before = plan.machineBefore[awaited]!;
        if (plan.bound[awaited] === byMaximumLag) at = awaited;
        else if (before < 0 || problem.fixed[before] === 1 || plan.end[before]! < plan.ready[awaited]!) break;
        else {
          found.push(awaited);
          at = before;
        }
      } else break;
    }
    return found;
  }

  private draw(random: Random): number {
    if (this.total > 0 && random.next() < 0.85) {
      let left = random.next() * this.total;
      for (let r = 0; r < this.lateness.length; r++) {
        left -= this.lateness[r]!;
        if (left < 0) return r;
      }
    }
    let last = 0;
    for (let r = 1; r < this.ends.length; r++) if (this.ends[r]! > this.ends[last]!) last = r;
    return last;
  }

  private decidingPredecessor(plan: Pick<Decoded, 'end' | 'setup' | 'machine'>, operation: number): number {
    const { problem } = this;
    const alternative = alternativeOn(problem, operation, plan.machine[operation]!);
    const setup = plan.setup[operation]!;
    let latest = -Infinity;
    let deciding = operation;
    for (let p = problem.predOffset[operation]!; p < problem.predOffset[operation + 1]!; p++) {
      const there = earliestAfter(problem, p, operation, alternative, setup, plan.end, plan.machine);
      if (there > latest) [latest, deciding] = [there, problem.pred[p]!];
    }
    return deciding;
  }
}
