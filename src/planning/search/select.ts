import { seededRandom } from '../../kernel/index.ts';
import type { Decoder } from '../decoder.ts';
import { differingShare, distinctShare } from '../places.ts';
import type { Problem, Solution } from '../problem.ts';
import { memberOf, type Archive, type Member } from './archive.ts';
import { dimensions, type Scale } from './scale.ts';

/** What is chosen: distinct plans, and where doing nothing and the repaired plan stand among them. */
export interface Selection {
  solutions: Solution[];
  nothing: number;
  repaired: number;
}

/** A plan that may be chosen. */
interface Candidate {
  member: Member;
  /** Objectives on the archive's scale. */
  at: Float64Array;
  /** What a planner compares plans by: late requests, and the objectives but the makespan. */
  compared: Float64Array;
  /** Sampled points of the objective space that it dominates, as bits. */
  covers: Uint32Array;
  /** Distance to the nearest chosen plan on the scale. */
  gap: number;
  /** Share of operations on which the nearest chosen plan differs. */
  difference: number;
  chosen: boolean;
}

const samples = 8192;
/** The hypervolume is measured against this point of the scale in every objective. */
const reference = 1.05;
/** Least distance on the scale between plans, relaxed from left to right, as long as they are distinct. */
const gaps = [0.25, 0.15, 0.1, 0.06, 0.03, 0.02, 0.012];
/** Least distance and least share of differing operations for what else is taken where distinct plans are too few. */
const leftovers: [number, number][] = [
  [0.01, 0.02],
  [0.002, 0],
  [0, 0],
];

/**
 * Chooses so many plans: doing nothing, the repaired plan and the best of each objective, unless it looks like one that is
 * chosen already; then, one after the other, the one that adds most hypervolume and stands apart. Plans that keep every wish go before those that miss one, and
 * non-dominated ones before the others, as long as they are distinct.
 */
export function selectAlternatives(
  archive: Archive,
  starts: { nothing: Solution; repaired: Solution },
  { count, seed }: { count: number; seed: number },
  problem: Problem,
  decoder: Decoder,
): Selection {
  const nothing = memberOf(problem, starts.nothing, decoder.decode(starts.nothing));
  const repaired = memberOf(problem, starts.repaired, decoder.decode(starts.repaired));
  const fixed = [nothing, repaired, ...archive.championMembers()];
  const points = samplePoints(seed);
  const candidates: Candidate[] = [];
  for (const member of [...fixed, ...archive.members()]) {
    if (candidates.some((known) => known.member.fingerprint === member.fingerprint)) continue;
    candidates.push(candidateOf(member, archive.scale, points));
  }
  const find = (member: Member) => candidates.findIndex((c) => c.member.fingerprint === member.fingerprint);
  const chooser = new Chooser(candidates);
  for (const member of [nothing, repaired]) chooser.choose(candidates[find(member)]!);
  for (const member of fixed.slice(2, Math.max(count, 2))) {
    const candidate = candidates[find(member)]!;
    if (candidate.gap >= gaps.at(-1)! && candidate.difference >= distinctShare) chooser.choose(candidate);
  }
  const groups = pools(candidates);
  const distinct = gaps.map((gap): [number, number] => [gap, distinctShare]);
  for (const levels of [distinct, leftovers]) for (const pool of groups) chooser.fill(pool, count, levels);
  const solutions = chooser.chosen.map(({ member }) => member.solution);
  const indexOf = (member: Member) => chooser.chosen.findIndex((c) => c.member.fingerprint === member.fingerprint);
  return { solutions, nothing: indexOf(nothing), repaired: indexOf(repaired) };
}

/** Candidates in groups, to be used up one after the other. */
function pools(candidates: readonly Candidate[]): Candidate[][] {
  const leastBreach = Math.min(...candidates.map((c) => c.member.breachSeconds));
  const keeping = candidates.filter((c) => c.member.breachSeconds <= leastBreach + 1);
  const missing = candidates.filter((c) => !keeping.includes(c));
  return [keeping, missing].flatMap((group) => {
    const front = group.filter((c) => !group.some((other) => dominates(other.compared, c.compared)));
    return [front, group.filter((c) => !front.includes(c))];
  });
}

/** Whether one is at least as good in every objective and better in one (smaller is better). */
function dominates(a: Float64Array, b: Float64Array): boolean {
  let better = false;
  for (let k = 0; k < a.length; k++) {
    if (a[k]! > b[k]!) return false;
    if (a[k]! < b[k]!) better = true;
  }
  return better;
}

class Chooser {
  readonly chosen: Candidate[] = [];
  private readonly candidates: readonly Candidate[];
  private readonly covered = new Uint32Array(samples / 32);

  constructor(candidates: readonly Candidate[]) {
    this.candidates = candidates;
  }

  choose(candidate: Candidate): void {
    if (candidate.chosen) return;
    candidate.chosen = true;
    this.chosen.push(candidate);
    for (let word = 0; word < this.covered.length; word++) this.covered[word]! |= candidate.covers[word]!;
    for (const other of this.candidates) {
      if (other.chosen) continue;
      other.gap = Math.min(other.gap, distance(other.at, candidate.at));
      other.difference = Math.min(other.difference, differingShare(other.member.places, candidate.member.places));
    }
  }

  /** Chooses from a pool until there are `count`, from wide apart to less so. */
  fill(pool: readonly Candidate[], count: number, levels: readonly (readonly [number, number])[]): void {
    for (const [gap, difference] of levels)
      while (this.chosen.length < count) {
        const best = this.bestOf(pool.filter((c) => !c.chosen && c.gap >= gap && c.difference >= difference));
        if (!best) break;
        this.choose(best);
      }
  }

  private bestOf(list: readonly Candidate[]): Candidate | undefined {
    let best: Candidate | undefined;
    let highest = -Infinity;
    for (const candidate of list) {
      let gain = 0;
      for (let word = 0; word < this.covered.length; word++)
        gain += bitCount(candidate.covers[word]! & ~this.covered[word]!);
      const score = gain / samples + 0.05 * Math.min(0.5, candidate.gap);
      if (score > highest) [best, highest] = [candidate, score];
    }
    return best;
  }
}

function candidateOf(member: Member, scale: Scale, points: Float64Array): Candidate {
  const at = Float64Array.from(member.values, (value, k) => scale.position(k, value));
  const [tardiness, changeovers, instability, , imbalance] = member.values;
  const covers = new Uint32Array(samples / 32);
  for (let s = 0; s < samples; s++) {
    let k = 0;
    while (k < dimensions && at[k]! <= points[s * dimensions + k]!) k++;
    if (k === dimensions) covers[s >> 5]! |= 1 << (s & 31);
  }
  return {
    member,
    at,
    compared: Float64Array.of(member.lateRequests, tardiness!, changeovers!, instability!, imbalance!),
    covers,
    gap: Infinity,
    difference: 1,
    chosen: false,
  };
}

function samplePoints(seed: number): Float64Array {
  const random = seededRandom(seed, 'planning/select');
  return Float64Array.from({ length: samples * dimensions }, () => reference * random.next());
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < dimensions; k++) sum += (a[k]! - b[k]!) ** 2;
  return Math.sqrt(sum);
}

function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
