import type { LateReasonKind } from '../../plant/index.ts';
import type { Decoded } from '../decoder.ts';
import { alternativeOn, type Problem } from '../problem.ts';

/** What an operation spends time on or waits for, as the constraint that is to blame explains it. */
export interface Wait {
  reason: LateReasonKind;
  subject: string;
  /** The operation that has the machine until then. */
  by?: number;
  /** Milliseconds relative to the plan's start. */
  from: number;
  to: number;
  /** How much of the stretch is due to this. */
  milliseconds: number;
}

/** An operation of a finished plan, as the explanations look at it. */
export interface Explained {
  problem: Problem;
  plan: Decoded;
  operation: number;
  machine: number;
  machineId: string;
  /** Its alternative on that machine (absolute index). */
  alternative: number;
}

/** Looks at one operation of a finished plan. */
export function explained(problem: Problem, plan: Decoded, operation: number): Explained {
  const machine = plan.machine[operation]!;
  const alternative = alternativeOn(problem, operation, machine);
  return { problem, plan, operation, machine, machineId: problem.machineIds[machine]!, alternative };
}
