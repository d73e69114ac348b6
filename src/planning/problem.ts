import type { Calendars } from './calendars.ts';

/** The steps of a pool of people or tools: `free[i]` from `time[i]` on; the fixed operations are already deducted. */
export interface PoolProfile {
  time: Float64Array;
  free: Int16Array;
}

/**
 * A scheduling problem on typed arrays; plain data that travels to workers. Operations, machines, requests and
 * families are indices; times are integer milliseconds relative to `from` (origin). Alternatives of operation `i`
 * are `altOffset[i] … altOffset[i+1]-1`, its predecessors `predOffset[i] … predOffset[i+1]-1`, and so on.
 */
export interface Problem {
  from: number;
  frozenUntil: number;
  /** SHA-256 of the canonical input. */
  digest: string;
  baseScheduleId: string | undefined;
  jobOrderIds: string[];
  machineIds: string[];
  requestIds: string[];
  requestOf: Int32Array;
  due: Float64Array;
  /** 1 / priority. */
  weight: Float64Array;
  mustBeOnTime: Uint8Array;
  altOffset: Int32Array;
  altMachine: Int32Array;
  /** Run time without setup. */
  altRun: Float64Array;
  /** By alternative, of the parts still to make: standard time, share that is good, scrap on average. */
  altStandard: Float64Array;
  altGood: Float64Array;
  altScrap: Float64Array;
  altCalendar: Int32Array;
  /** Earliest start from release, pegged materials, completed predecessors and the frozen horizon. */
  altEarliest: Float64Array;
  /** Which of those decides, see `EarliestReason`. */
  altEarliestReason: Uint8Array;
  /** Parts still to make, by operation. */
  parts: Float64Array;
  /** Parts that each machine treats at once, 0 where it works part by part. */
  batchCapacity: Float64Array;
  calendars: Calendars;
  /** Calendar of each machine when nobody is needed. */
  machineCalendar: Int32Array;
  /** Calendar of each machine's planned busy time, see `plannedBusyTime`. */
  busyCalendar: Int32Array;
  predOffset: Int32Array;
  pred: Int32Array;
  /** By predecessor (index into `pred`): it starts at least so long after that one's end, transport meanwhile. */
  lagMin: Float64Array;
  /** By predecessor: it starts at most so long after that one's end, Infinity for none; holds between free operations. */
  lagMax: Float64Array;
  /** Operations that had better start by an instant, because of a maximum lag behind what is over or fixed. */
  latestOf: Int32Array;
  latestStart: Float64Array;
  /**
   * Free operations that maximum lags tie together are a block: its first operation (itself, where it is alone), and
   * the next one in it, −1 for none.
   */
  blockFirst: Int32Array;
  blockNext: Int32Array;
  /** By predecessor: parts go on in transfers of so many; 0 where all go on at once. */
  transfer: Float64Array;
  succOffset: Int32Array;
  succ: Int32Array;
  lineOf: Int32Array;
  lineIds: string[];
  /** Milliseconds from line `a` to line `b`: `transport[a × lineIds.length + b]`. */
  transport: Float64Array;
  family: Int32Array;
  familyCount: number;
  /** Setup matrix of each machine, −1 for none. */
  matrixOf: Int32Array;
  /** `setup[(matrix × (familyCount + 1) + from) × familyCount + to]`; from = familyCount means unknown. */
  setup: Float64Array;
  /** Parts of each operation, those made before the plan included. */
  quantity: Float64Array;
  mayPause: Uint8Array;
  qualificationIds: string[];
  /** −1 where it runs unattended. */
  qualificationOf: Int32Array;
  /** What operation `i` shares with others: pools `pool[poolOffset[i]] … pool[poolOffset[i+1]-1]`, rising. */
  poolOffset: Int32Array;
  pool: Int32Array;
  /** Pools of people, needed while an operation works; from `heldFrom` on tools, held while it pauses too. */
  pools: PoolProfile[];
  heldFrom: number;
  /** The tools that can run short: pool `heldFrom + k` is `toolIds[k]`. */
  toolIds: string[];
  /** Operations with the same number need the same tools. */
  toolSetOf: Int32Array;
  materialIds: string[];
  /** Material whose pegged lots decide `altEarliest`, −1 for none. */
  peggedMaterial: Int32Array;
  /** What operation `i` claims of materials in stock: `needOffset[i] … needOffset[i+1]-1`. */
  needOffset: Int32Array;
  needMaterial: Int32Array;
  needQuantity: Float64Array;
  /** Material `m` arrives at `arrivalTime[arrivalOffset[m] …]`; `arrivalTotal` is what has come by then. */
  arrivalOffset: Int32Array;
  arrivalTime: Float64Array;
  arrivalTotal: Float64Array;
  /** By material: what the fixed operations claim. */
  fixedClaims: Float64Array;
  /** Running or kept in the frozen horizon: not decided by the search. */
  fixed: Uint8Array;
  running: Uint8Array;
  fixedStart: Float64Array;
  fixedEnd: Float64Array;
  fixedSetup: Float64Array;
  /** Calendar in which each fixed operation works, and its run time that is left. */
  fixedCalendar: Int32Array;
  fixedRun: Float64Array;
  /** Machine-ready time and family after the fixed operations. */
  machineReady: Float64Array;
  machineFamily: Int32Array;
  /** Last fixed operation on each machine, −1 for none. */
  fixedLast: Int32Array;
  /** Busy time of the fixed operations from the plan's start on. */
  fixedBusy: Float64Array;
  fixedChangeovers: number;
  fixedSetupMs: number;
  /** Alternative (relative index) and start in the live plan; −1 and NaN where it has none. */
  liveAlternative: Int32Array;
  liveStart: Float64Array;
  liveMachine: Int32Array;
  locked: Uint8Array;
  /** Machine of each fixed operation. */
  fixedMachine: Int32Array;
}

/** Why an operation cannot start earlier, as far as the input alone decides it. */
export const earliestReasons = ['plan-start', 'frozen-horizon', 'release', 'material', 'predecessor'] as const;
export type EarliestReason = (typeof earliestReasons)[number];

/** What the search decides: an order of the free operations, a machine for each, and which keep their live start. */
export interface Solution {
  /** Free operations, each after its predecessors, those of a block next to one another and in its order. */
  order: Int32Array;
  /** Chosen alternative (relative index) by operation. */
  choice: Uint16Array;
  /** 1: not before the live plan's start. */
  hold: Uint8Array;
}

/** A deep copy. */
export function copySolution(s: Solution): Solution {
  return { order: s.order.slice(), choice: s.choice.slice(), hold: s.hold.slice() };
}

/** The alternative of an operation on a machine, an index into `altMachine`; its last one where it has none there. */
export function alternativeOn(problem: Problem, operation: number, machine: number): number {
  let alternative = problem.altOffset[operation]!;
  while (problem.altMachine[alternative] !== machine && alternative + 1 < problem.altOffset[operation + 1]!)
    alternative++;
  return alternative;
}
