import type { Random } from '../../kernel/index.ts';
import type { Decoded } from '../decoder.ts';
import { placesOf } from '../places.ts';
import { copySolution, type Problem, type Solution } from '../problem.ts';
import { dimensions, Scale } from './scale.ts';
import { evenScalarisation, type Scalarisation } from './scalarisation.ts';

/** A plan in the archive. */
export interface Member {
  solution: Solution;
  values: Float64Array;
  breachSeconds: number;
  lateRequests: number;
  /** What tells its operations' places apart, see `placesOf`. */
  places: Int32Array;
  /** Equal plans have equal fingerprints. */
  fingerprint: number;
}

/** Keeps a copy of a plan as a member. */
export function memberOf(problem: Problem, solution: Solution, plan: Decoded): Member {
  return {
    solution: copySolution(solution),
    values: plan.objectives.slice(),
    breachSeconds: plan.breachSeconds,
    lateRequests: plan.lateRequests,
    places: placesOf(problem, plan),
    fingerprint: fingerprintOf(plan),
  };
}

/** Cells by objective: tardiness, changeovers and instability span the regions, the others split them further. */
const bins = [16, 12, 12, 4, 4];
/** So many of the objectives span the regions that the search is drawn to. */
export const spanning = 3;
/** The scale is laid anew when the best of an objective moves by this share. */
const relayStep = 0.02;

/**
 * The archive of alternatives: the best plan of each KPI cell, and the best of each objective. The same offers in
 * the same order give the same archive.
 */
export class Archive {
  readonly scale: Scale;
  private readonly problem: Problem;
  private cells = new Map<number, Member>();
  private readonly champions: (Member | undefined)[] = Array.from({ length: dimensions }, () => undefined);
  private readonly even: Scalarisation;
  /** How often each region was the target. */
  private readonly visits = new Map<number, number>();
  private moved = 0;

  constructor(problem: Problem, scale: Scale, userWeights: Float64Array) {
    this.problem = problem;
    this.scale = scale;
    this.even = evenScalarisation(scale, userWeights);
  }

  get size(): number {
    return this.cells.size;
  }

  /** Takes a complete plan in where it is the best of its cell or of an objective; says whether it did. */
  offer(solution: Solution, plan: Decoded): boolean {
    this.moved += this.scale.improve(plan.objectives);
    if (this.moved > relayStep) this.relay();
    const cell = this.cellOf(plan.objectives);
    const there = this.cells.get(cell);
    const better = !there || this.isBetter(plan.objectives, plan.breachSeconds, there);
    const wins = this.champions.map((_, k) => this.beatsChampion(plan, k));
    if (!better && !wins.includes(true)) return false;
    const member = memberOf(this.problem, solution, plan);
    if (better) this.cells.set(cell, member);
    wins.forEach((wins, k) => {
      if (wins) this.champions[k] = member;
    });
    return true;
  }

  /** Everything in it, each plan once. */
  members(): Member[] {
    const all = [...this.championMembers(), ...this.cells.values()];
    const seen = new Set<number>();
    return all.filter(({ fingerprint }) => !seen.has(fingerprint) && seen.add(fingerprint));
  }

  /** The best plan of each objective. */
  championMembers(): Member[] {
    return this.champions.filter((member) => member !== undefined);
  }

  /**
   * A point of the scale in the region that is filled and visited least, among a few drawn from the regions that
   * have plans and those beside them.
   */
  leastFilledTarget(random: Random): Float64Array {
    const filled = new Map<number, number>();
    for (const cell of this.cells.keys()) {
      const region = cell % regions;
      filled.set(region, (filled.get(region) ?? 0) + 1);
    }
    const known = [...filled.keys()];
    let best = -1;
    let lowest = Infinity;
    for (let draw = 0; draw < 8; draw++) {
      const region = random.next() < 0.5 ? random.pick(known) : neighbour(random.pick(known), random);
      const load = 2 * (this.visits.get(region) ?? 0) + (filled.get(region) ?? 0);
      if (load < lowest) [best, lowest] = [region, load];
    }
    this.visits.set(best, (this.visits.get(best) ?? 0) + 1);
    const target = new Float64Array(dimensions);
    coordinates(best).forEach((bin, k) => (target[k] = fromBin(k, bin + random.next())));
    return target;
  }

  /** The member that a scalarisation likes best. */
  bestFor(scalarisation: Scalarisation): Member {
    return bestOf([...this.cells.values()], scalarisation);
  }

  /** That member, or the best of a few drawn ones, so that others get their turn. */
  parentFor(scalarisation: Scalarisation, random: Random): Member {
    const list = [...this.cells.values()];
    if (random.next() < 0.6) return bestOf(list, scalarisation);
    return bestOf(
      Array.from({ length: 6 }, () => random.pick(list)),
      scalarisation,
    );
  }

  private beatsChampion(plan: Decoded, k: number): boolean {
    const champion = this.champions[k];
    if (!champion) return true;
    const breach = plan.breachSeconds - champion.breachSeconds;
    const gain = champion.values[k]! - plan.objectives[k]!;
    if (breach !== 0) return breach < 0;
    if (gain !== 0) return gain > 0;
    return this.isBetter(plan.objectives, plan.breachSeconds, champion);
  }

  private isBetter(values: Float64Array, breachSeconds: number, than: Member): boolean {
    return this.even(values, breachSeconds) < this.even(than.values, than.breachSeconds);
  }

  private cellOf(values: Float64Array): number {
    let cell = 0;
    for (let k = dimensions - 1; k >= 0; k--) cell = cell * bins[k]! + toBin(k, this.scale.position(k, values[k]!));
    return cell;
  }

  private relay(): void {
    const members = [...this.cells.values()];
    this.moved = 0;
    this.cells = new Map();
    for (const member of members) {
      const cell = this.cellOf(member.values);
      const there = this.cells.get(cell);
      if (!there || this.isBetter(member.values, member.breachSeconds, there)) this.cells.set(cell, member);
    }
  }
}

const regions = bins.slice(0, spanning).reduce((a, b) => a * b, 1);

/** Bins are finer towards the best, where planners choose. */
function toBin(k: number, position: number): number {
  return Math.min(bins[k]! - 1, Math.floor(Math.sqrt(Math.max(0, position)) * bins[k]!));
}

function fromBin(k: number, bin: number): number {
  return (bin / bins[k]!) ** 2;
}

function coordinates(region: number): number[] {
  let rest = region;
  return bins.slice(0, spanning).map((size) => {
    const bin = rest % size;
    rest = Math.floor(rest / size);
    return bin;
  });
}

function neighbour(region: number, random: Random): number {
  const at = coordinates(region);
  const k = random.int(spanning);
  at[k] = Math.max(0, Math.min(bins[k]! - 1, at[k]! + (random.next() < 0.7 ? -1 : 1)));
  return at.reduceRight((sum, bin, i) => sum * bins[i]! + bin, 0);
}

function bestOf(list: readonly Member[], scalarisation: Scalarisation): Member {
  let best = list[0]!;
  let lowest = Infinity;
  for (const member of list) {
    const cost = scalarisation(member.values, member.breachSeconds);
    if (cost < lowest) [best, lowest] = [member, cost];
  }
  return best;
}

/** 53 bits over machines and starts: two FNV-like mixes side by side. */
function fingerprintOf(plan: Decoded): number {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < plan.start.length; i++) {
    const start = plan.start[i]!;
    const low = start | 0;
    const high = Math.floor(start / 4294967296) | 0;
    a = Math.imul(a ^ low, 0x01000193) ^ plan.machine[i]!;
    b = Math.imul(b ^ (low + Math.imul(high, 31)), 0x85ebca6b) ^ (b >>> 13) ^ (plan.machine[i]! + i);
  }
  return (a >>> 0) * 2097152 + (b >>> 11);
}
