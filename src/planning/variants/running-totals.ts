import type { Decoded } from '../decoder.ts';
import { isComparable, isKept, judge, lockBreach, type Totals } from '../measure.ts';
import type { Problem } from '../problem.ts';

/** What a plan adds up to, brought up to date operation by operation, with a copy of the kept plan's to go back to. */
export class RunningTotals {
  private readonly problem: Problem;
  private readonly plan: Decoded;
  private readonly placedAs: Uint16Array;
  private readonly now: Totals & { kept: number };
  private readonly before: Totals & { kept: number };
  private readonly requestEnd: Float64Array;
  private readonly keptRequestEnd: Float64Array;
  private readonly ofRequest: number[][];
  private readonly locked: number[] = [];
  private comparable = 0;

  /**
   * @param plan whose totals they are
   * @param placedAs alternative (relative index) of each operation's present place
   */
  constructor(problem: Problem, plan: Decoded, placedAs: Uint16Array) {
    this.problem = problem;
    this.plan = plan;
    this.placedAs = placedAs;
    const empty = () => ({ busy: new Float64Array(problem.machineIds.length), changeovers: 0, setupMs: 0, kept: 0 });
    this.now = empty();
    this.before = empty();
    this.requestEnd = new Float64Array(problem.requestIds.length);
    this.keptRequestEnd = new Float64Array(problem.requestIds.length);
    this.ofRequest = problem.requestIds.map(() => []);
    problem.requestOf.forEach((request, i) => {
      this.ofRequest[request]!.push(i);
      if (!isComparable(problem, i)) return;
      this.comparable++;
      if (problem.locked[i] === 1) this.locked.push(i);
    });
  }

  /** Those of the plan's fixed operations, and all requests' ends; the free operations are counted in afterwards. */
  begin(): void {
    const { problem, plan, now, requestEnd } = this;
    now.busy.set(problem.fixedBusy);
    now.changeovers = problem.fixedChangeovers;
    now.setupMs = problem.fixedSetupMs;
    now.kept = 0;
    requestEnd.fill(-Infinity);
    for (let i = 0; i < plan.end.length; i++) {
      const request = problem.requestOf[i]!;
      if (plan.end[i]! > requestEnd[request]!) requestEnd[request] = plan.end[i]!;
      if (problem.fixed[i] === 1 && isComparable(problem, i) && isKept(problem, plan, i)) now.kept++;
    }
  }

  /** Adds an operation, or takes it out. */
  count(operation: number, sign: 1 | -1): void {
    const { problem, plan, now } = this;
    const machine = plan.machine[operation]!;
    const setup = plan.setup[operation]!;
    if (plan.joined[operation] === 0) {
      const alternative = problem.altOffset[operation]! + this.placedAs[operation]!;
      now.busy[machine]! += sign * (setup + problem.altRun[alternative]!);
      now.setupMs += sign * setup;
      if (setup > 0 && this.familyBefore(operation, machine) !== problem.family[operation]) now.changeovers += sign;
    }
    if (isComparable(problem, operation) && isKept(problem, plan, operation)) now.kept += sign;
  }

  /** Writes objectives and figures into the plan. */
  judge(touched: readonly number[]): void {
    const { problem, plan, requestEnd, now } = this;
    for (const i of touched) {
      const request = problem.requestOf[i]!;
      let end = -Infinity;
      for (const other of this.ofRequest[request]!) if (plan.end[other]! > end) end = plan.end[other]!;
      requestEnd[request] = end;
    }
    let lockBreaches = 0;
    for (const i of this.locked) lockBreaches += lockBreach(problem, plan, i);
    const keptShare = this.comparable === 0 ? 1 : now.kept / this.comparable;
    judge(problem, plan, now, requestEnd, { keptShare, lockBreaches });
  }

  /** From now on these are the ones to go back to. */
  keepAll(): void {
    copyTotals(this.now, this.before);
    this.keptRequestEnd.set(this.requestEnd);
  }

  /** As `keepAll`, where only these operations have changed. */
  keep(touched: readonly number[]): void {
    copyTotals(this.now, this.before);
    for (const i of touched) {
      const request = this.problem.requestOf[i]!;
      this.keptRequestEnd[request] = this.requestEnd[request]!;
    }
  }

  /** Goes back, where only these operations have changed. */
  revert(touched: readonly number[]): void {
    copyTotals(this.before, this.now);
    for (const i of touched) {
      const request = this.problem.requestOf[i]!;
      this.requestEnd[request] = this.keptRequestEnd[request]!;
    }
  }

  private familyBefore(operation: number, machine: number): number {
    const { problem } = this;
    const before = this.plan.machineBefore[operation]!;
    return before >= 0 && problem.fixed[before] === 0 ? problem.family[before]! : problem.machineFamily[machine]!;
  }
}

function copyTotals(from: Totals & { kept: number }, to: Totals & { kept: number }): void {
  to.busy.set(from.busy);
  to.changeovers = from.changeovers;
  to.setupMs = from.setupMs;
  to.kept = from.kept;
}
