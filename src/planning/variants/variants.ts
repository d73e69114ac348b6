import { lower, mostRounds, raiseTooEarly } from '../constraints/maximum-lag.ts';
import { copyFigures, copyPlan, emptyPlan, type Decoded, type Decoder } from '../decoder.ts';
import type { Problem, Solution } from '../problem.ts';
import { Agenda } from './agenda.ts';
import { Claims } from './claims.ts';
import { MovedOperations } from './moved.ts';
import { Places } from './places.ts';
import { ResourceIndex } from './resource-index.ts';
import { RunningTotals } from './running-totals.ts';
import { Sequences } from './sequences.ts';

/**
 * In a plan of more free operations than `largePlan`, a variant that changes more than `farReaching` of them is given
 * up: in the same CPU time more of the near ones are tried, and the alternatives of 5,000 and 20,000 operations
 * dominate 1.3 to 2.3 times the volume (test/bench/rich, measured in November 2026).
 */
export const largePlan = 2000;
const farReaching = 300;

/**
 * Builds variants of a plan as the decoder would, but looks only at the operations that a change reaches (bounded
 * propagation): from what moved, in order, to what follows it on machine and routing, to what looks for people or tools at
 * the same time, and to what claims the same material, for as long as something changes.
 */
export class Variants {
  /** The plan that variants depart from. */
  readonly kept: Decoded;
  private readonly problem: Problem;
  private readonly decoder: Decoder;
  /** The variant; differs from the kept plan only for the operations in `touched`. */
  private readonly out: Decoded;
  private readonly solution: Solution;
  private trial: Solution;
  private quickest: Uint8Array | undefined;
  /** Place of each free operation in the order: of the kept solution, and of the variant. */
  private readonly keptPosition: Int32Array;
  private readonly position: Int32Array;
  private readonly machines: Sequences;
  /** Machine in whose sequence an operation is, −1 where it waits for one. */
  private readonly sequencedOn: Int32Array;
  /** Alternative (relative index) of each operation's present place. */
  private readonly placedAs: Uint16Array;
  private readonly resources: ResourceIndex;
  private readonly claims: Claims;
  private readonly agenda: Agenda;
  /** The place that is being decided, −1 where none is. */
  private placing = -1;
  /** By operation of a block that is being placed: raised earliest starts. */
  private readonly earliest: Float64Array;
  /** Stretch of time at which each operation looked for its place; longer than from ready to end only in a block. */
  private readonly lookedFrom: Float64Array;
  private readonly lookedTo: Float64Array;
  private readonly keptFrom: Float64Array;
  private readonly keptTo: Float64Array;
  private readonly moves: MovedOperations;
  private readonly farthest: number;
  private readonly totals: RunningTotals;
  private readonly places: Places;
  private readonly touched: number[] = [];
  private readonly isTouched: Uint8Array;
  /** Operations whose place or machine was changed by hand. */
  private readonly loose: number[] = [];
  private readonly isLoose: Uint8Array;
  private readonly moved: number[] = [];
  /** Range of the order in which the variant differs; empty where none is pending. */
  private first = 0;
  private last = -1;

  constructor(problem: Problem, decoder: Decoder) {
    const n = problem.jobOrderIds.length;
    this.problem = problem;
    this.decoder = decoder;
    this.kept = emptyPlan(problem);
    this.out = emptyPlan(problem);
    const free = problem.fixed.reduce((count, fixed) => count + 1 - fixed, 0);
    this.solution = { order: new Int32Array(free), choice: new Uint16Array(n), hold: new Uint8Array(n) };
    this.trial = this.solution;
    this.keptPosition = new Int32Array(n).fill(-1);
    this.position = new Int32Array(n).fill(-1);
    this.machines = new Sequences(problem.machineIds.length, this.position);
    this.sequencedOn = new Int32Array(n).fill(-1);
    this.placedAs = new Uint16Array(n);
    this.earliest = new Float64Array(n).fill(-Infinity);
    this.lookedFrom = new Float64Array(n);
    this.lookedTo = new Float64Array(n);
    this.keptFrom = new Float64Array(n);
    this.keptTo = new Float64Array(n);
    this.resources = new ResourceIndex(problem, {
      plan: this.out,
      lookedFrom: this.lookedFrom,
      lookedTo: this.lookedTo,
      position: this.position,
      placedAs: this.placedAs,
    });
    this.claims = new Claims(problem, this.position);
    this.agenda = new Agenda(free);
    this.moves = new MovedOperations(free);
    this.farthest = free > largePlan ? farReaching : Infinity;
    this.totals = new RunningTotals(problem, this.out, this.placedAs);
    const { out, machines, position, placedAs, resources, claims, earliest } = this;
    this.places = new Places(problem, { plan: out, machines, position, placedAs, resources, claims, earliest });
    this.isTouched = new Uint8Array(n);
    this.isLoose = new Uint8Array(n);
  }

  /** Decodes a solution; where it is complete, variants depart from it from now on. */
  stand(solution: Solution): Decoded {
    const { out, position, totals } = this;
    this.settle();
    const plan = this.decoder.decode(solution);
    if (!plan.complete) return plan;
    copyPlan(plan, out);
    copyPlan(plan, this.kept);
    this.solution.order.set(solution.order);
    this.solution.choice.set(solution.choice);
    this.solution.hold.set(solution.hold);
    this.placedAs.set(solution.choice);
    this.lookedFrom.set(out.ready);
    this.lookedTo.set(out.end);
    this.trial = this.solution;
    this.machines.clear();
    this.resources.clear();
    this.claims.clear();
    totals.begin();
    solution.order.forEach((i, at) => {
      position[i] = at;
      this.machines.append(out.machine[i]!, i);
      this.sequencedOn[i] = out.machine[i]!;
      this.resources.add(i);
      this.claims.append(i);
      totals.count(i, 1);
    });
    this.keptPosition.set(position);
    this.standInBlocks();
    totals.keepAll();
    return out;
  }

  /**
   * Builds the plan of a variant of the kept solution, as `decode` would. It stays until the next one unless `keep`
   * is called.
   * @param quickest operations (1) that take the alternative on which they end first; the choice is written into
   *   the variant
   * @returns not complete where some operation finds no place, or where a large plan would change too far
   */
  vary(trial: Solution, quickest?: Uint8Array): Decoded {
    this.revert();
    const { out, agenda } = this;
    out.complete = true;
    out.failedAt = -1;
    this.trial = trial;
    this.quickest = quickest;
    if (!this.findRange()) return out;
    this.loosen();
    for (let at = agenda.next(); at >= 0; at = agenda.next()) {
      this.placing = at;
      const operation = trial.order[at]!;
      const placed = this.problem.blockNext[operation]! < 0 ? this.place(operation) : this.placeBlock(operation);
      if (!placed || this.touched.length > this.farthest) {
        out.complete = false;
        agenda.clear();
        return out;
      }
    }
    this.totals.judge(this.touched);
    return out;
  }

  /** Keeps the variant that was built last, so that others depart from it. It must be complete. */
  keep(): void {
    const { solution, trial, kept, out } = this;
    for (const i of this.touched) {
      copyPlace(out, kept, i);
      this.keptFrom[i] = this.lookedFrom[i]!;
      this.keptTo[i] = this.lookedTo[i]!;
    }
    copyFigures(out, kept);
    for (let at = this.first; at <= this.last; at++) {
      const i = trial.order[at]!;
      solution.order[at] = i;
      solution.choice[i] = trial.choice[i]!;
      solution.hold[i] = trial.hold[i]!;
      this.keptPosition[i] = at;
    }
    this.claims.keep();
    this.totals.keep(this.touched);
    this.settle();
  }

  /** Nothing is pending any more. */
  private settle(): void {
    for (const i of this.touched) this.isTouched[i] = 0;
    for (const i of this.loose) this.isLoose[i] = 0;
    this.touched.length = this.loose.length = this.moved.length = 0;
    this.first = 0;
    this.last = -1;
    this.placing = -1;
    this.trial = this.solution;
  }

  /** Back to the kept plan. */
  private revert(): void {
    const { out, kept, position, machines, solution } = this;
    if (this.last < 0) return;
    for (const i of this.touched) this.resources.remove(i);
    for (const i of this.touched) {
      copyPlace(kept, out, i);
      this.lookedFrom[i] = this.keptFrom[i]!;
      this.lookedTo[i] = this.keptTo[i]!;
      this.placedAs[i] = solution.choice[i]!;
    }
    copyFigures(kept, out);
    for (const i of this.loose) if (this.sequencedOn[i]! >= 0) machines.remove(this.sequencedOn[i]!, i);
    for (const i of this.moved) this.claims.remove(i);
    for (let at = this.first; at <= this.last; at++) position[solution.order[at]!] = at;
    for (const i of this.loose) {
      machines.insert(kept.machine[i]!, i);
      this.sequencedOn[i] = kept.machine[i]!;
    }
    for (const i of this.moved) this.claims.insert(i);
    this.claims.revert();
    for (const i of this.touched) this.resources.add(i);
    this.totals.revert(this.touched);
    this.settle();
  }

  /** Where the variant differs; false where it does nowhere. */
  private findRange(): boolean {
    const { trial, solution, quickest } = this;
    const same = (at: number) => {
      const i = trial.order[at]!;
      return (
        solution.order[at] === i &&
        trial.choice[i] === solution.choice[i] &&
        trial.hold[i] === solution.hold[i] &&
        quickest?.[i] !== 1
      );
    };
    let first = 0;
    let last = trial.order.length - 1;
    while (first <= last && same(first)) first++;
    while (last >= first && same(last)) last--;
    if (first > last) return false;
    this.first = first;
    this.last = last;
    return true;
  }

  /** Takes what was moved or given another machine out of its sequence and puts it back in its new place. */
  private loosen(): void {
    const { trial, solution, quickest, problem, machines, position, keptPosition, out } = this;
    const { first, last } = this;
    this.moves.forEach(trial.order, first, last, keptPosition, (i) => {
      this.moved.push(i);
      this.loosenOne(i);
    });
    const held: number[] = [];
    for (let at = first; at <= last; at++) {
      const i = trial.order[at]!;
      if (quickest?.[i] === 1 || trial.choice[i] !== solution.choice[i]) this.loosenOne(i);
      else if (trial.hold[i] !== solution.hold[i]) held.push(i);
    }
    const followers: number[] = [];
    for (const i of this.loose) {
      const rank = machines.remove(out.machine[i]!, i);
      this.sequencedOn[i] = -1;
      const next = machines.list(out.machine[i]!)[rank];
      if (next !== undefined) followers.push(next);
    }
    for (const i of this.moved) this.claims.remove(i);
    for (let at = first; at <= last; at++) position[trial.order[at]!] = at;
    for (const i of this.moved) this.claims.insert(i);
    for (const i of followers) this.look(i);
    for (const i of held) this.look(i);
    for (const i of this.loose) {
      this.look(i);
      if (quickest?.[i] === 1) continue;
      const machine = problem.altMachine[problem.altOffset[i]! + trial.choice[i]!]!;
      this.sequence(i, machine);
    }
    this.claims.recount((i) => this.look(i));
    for (const i of this.moved)
      this.resources.forEachNear(i, out.start[i]!, out.end[i]!, (other) => {
        if (keptPosition[other]! < keptPosition[i]! !== position[other]! < position[i]!) this.look(other);
      });
  }

  private loosenOne(operation: number): void {
    if (this.isLoose[operation] === 1) return;
    this.isLoose[operation] = 1;
    this.loose.push(operation);
  }

  /** Puts an operation into a machine's sequence; the one behind it must be looked at. */
  private sequence(operation: number, machine: number): void {
    const rank = this.machines.insert(machine, operation);
    this.sequencedOn[operation] = machine;
    const next = this.machines.list(machine)[rank + 1];
    if (next !== undefined) this.look(next);
  }

  /** Has an operation's place decided anew, unless it is decided already or just now; a block's is its first one's. */
  private look(operation: number): void {
    const at = this.position[this.problem.blockFirst[operation]!]!;
    if (at > this.placing) this.agenda.add(at);
  }

  /** Decides one operation's times anew and notes whom that concerns; false where it finds no place. */
  private place(operation: number): boolean {
    const { problem, out, trial, resources, placing, agenda, places, totals } = this;
    const hold = trial.hold[operation] === 1;
    resources.lookAs(operation);
    if (this.sequencedOn[operation]! < 0) {
      trial.choice[operation] = places.quickestAlternative(operation, hold);
      this.sequence(operation, problem.altMachine[problem.altOffset[operation]! + trial.choice[operation]]!);
    }
    const alternative = problem.altOffset[operation]! + trial.choice[operation]!;
    const machine = problem.altMachine[alternative]!;
    const before = places.beforeOn(machine, operation);
    if (!places.find(operation, alternative, before, hold)) {
      out.complete = false;
      out.failedAt = operation;
      return false;
    }
    const { ready, bound, setup, start, end, fill, joined } = places.found;
    const machineBefore = before >= 0 ? before : problem.fixedLast[machine]!;
    const [wasStart, wasEnd, wasMachine] = [out.start[operation]!, out.end[operation]!, out.machine[operation]!];
    const calendarStays = trial.choice[operation] === this.placedAs[operation];
    const sameTimes = start === wasStart && end === wasEnd && calendarStays;
    if (
      sameTimes &&
      ready === out.ready[operation] &&
      setup === out.setup[operation] &&
      bound === out.bound[operation] &&
      machineBefore === out.machineBefore[operation] &&
      joined === out.joined[operation] &&
      fill === out.fill[operation]
    )
      return true;
    this.touch(operation);
    const shares = problem.poolOffset[operation]! < problem.poolOffset[operation + 1]!;
    const loadChanges = joined !== out.joined[operation];
    const load = loadChanges || start !== wasStart || fill !== out.fill[operation];
    resources.remove(operation);
    totals.count(operation, -1);
    out.ready[operation] = ready;
    out.start[operation] = start;
    out.end[operation] = end;
    out.setup[operation] = setup;
    out.machine[operation] = machine;
    out.bound[operation] = bound;
    out.machineBefore[operation] = machineBefore;
    out.joined[operation] = joined;
    out.fill[operation] = fill;
    this.placedAs[operation] = trial.choice[operation]!;
    this.lookedFrom[operation] = ready;
    this.lookedTo[operation] = end;
    resources.add(operation);
    totals.count(operation, 1);
    if (shares && (!sameTimes || loadChanges)) {
      if (start < wasEnd && wasStart < end)
        resources.concern(operation, Math.min(start, wasStart), Math.max(end, wasEnd), placing, agenda);
      else {
        resources.concern(operation, wasStart, wasEnd, placing, agenda);
        resources.concern(operation, start, end, placing, agenda);
      }
    }
    const batch = problem.batchCapacity[machine]! > 0;
    if (end !== wasEnd || machine !== wasMachine || (batch && load)) this.concern(operation, machine);
    return true;
  }

  /** As the decoder's; every member notes the whole stretch of time at which it looked in any round. */
  private placeBlock(first: number): boolean {
    const { problem, out, trial, earliest } = this;
    const { blockNext } = problem;
    const looked: { from: number; to: number }[] = [];
    lower(problem, first, earliest);
    let placed = false;
    for (let round = 0; round < mostRounds && !placed; round++) {
      for (let i = first, k = 0; i >= 0; i = blockNext[i]!, k++) {
        if (!this.place(i)) return false;
        const { from, to } = (looked[k] ??= { from: Infinity, to: -Infinity });
        looked[k] = { from: Math.min(from, out.ready[i]!), to: Math.max(to, out.end[i]!) };
      }
      placed = !raiseTooEarly(problem, first, out, trial.choice, earliest);
    }
    out.failedAt = placed ? -1 : first;
    for (let i = first, k = 0; i >= 0; i = blockNext[i]!, k++) this.noteLooked(i, looked[k]!.from, looked[k]!.to);
    return placed;
  }

  private noteLooked(operation: number, from: number, to: number): void {
    const { lookedFrom, lookedTo, resources } = this;
    if (lookedFrom[operation] === from && lookedTo[operation] === to) return;
    this.touch(operation);
    resources.remove(operation);
    lookedFrom[operation] = from;
    lookedTo[operation] = to;
    resources.add(operation);
  }

  /** Finds out, for the plan it stands on, at which stretches of time the blocks looked. */
  private standInBlocks(): void {
    const { problem, solution, agenda } = this;
    solution.order.forEach((operation, at) => {
      if (problem.blockNext[operation]! < 0 || problem.blockFirst[operation] !== operation) return;
      this.placing = at;
      this.placeBlock(operation);
    });
    agenda.clear();
    this.keptFrom.set(this.lookedFrom);
    this.keptTo.set(this.lookedTo);
    this.settle();
  }

  private touch(operation: number): void {
    if (this.isTouched[operation] === 1) return;
    this.isTouched[operation] = 1;
    this.touched.push(operation);
  }

  /** What follows an operation on its machine and in its routing must be looked at. */
  private concern(operation: number, machine: number): void {
    const { problem } = this;
    const list = this.machines.list(machine);
    const next = list[this.machines.rank(machine, this.position[operation]!) + 1];
    if (next !== undefined) this.look(next);
    for (let s = problem.succOffset[operation]!; s < problem.succOffset[operation + 1]!; s++) {
      const successor = problem.succ[s]!;
      if (problem.fixed[successor] === 0) this.look(successor);
    }
  }
}

function copyPlace(from: Decoded, to: Decoded, operation: number): void {
  to.ready[operation] = from.ready[operation]!;
  to.start[operation] = from.start[operation]!;
  to.end[operation] = from.end[operation]!;
  to.setup[operation] = from.setup[operation]!;
  to.machine[operation] = from.machine[operation]!;
  to.bound[operation] = from.bound[operation]!;
  to.machineBefore[operation] = from.machineBefore[operation]!;
  to.joined[operation] = from.joined[operation]!;
  to.fill[operation] = from.fill[operation]!;
}
