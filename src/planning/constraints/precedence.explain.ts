import { earliestAfter } from './precedence.ts';
import { earliestReasons, type EarliestReason } from '../problem.ts';
import type { LateReasonKind } from '../../plant/index.ts';
import type { Explained, Wait } from './wait.ts';

/** From when on an operation could go on, as far as what comes before it decides, and why not earlier. */
export interface Origin {
  /** Milliseconds relative to the plan's start. */
  time: number;
  waits: Wait[];
  /** The predecessor in the plan that decides; undefined where the input alone does. */
  predecessor: number | undefined;
}

const inputReasons: Record<Exclude<EarliestReason, 'plan-start'>, LateReasonKind> = {
  'frozen-horizon': 'frozen-horizon',
  release: 'release',
  material: 'material',
  predecessor: 'transport',
};

/** The predecessor whose end, transport and lag decide, or what of the input does. */
export function explainOrigin({ problem, plan, operation, machineId, alternative }: Explained): Origin {
  const input = problem.altEarliest[alternative]!;
  let time = input;
  let predecessor: number | undefined;
  for (let p = problem.predOffset[operation]!; p < problem.predOffset[operation + 1]!; p++) {
    const ready = earliestAfter(problem, p, operation, alternative, plan.setup[operation]!, plan.end, plan.machine);
    if (ready > time) [time, predecessor] = [ready, problem.pred[p]!];
  }
  if (predecessor !== undefined) {
    const from = Math.min(plan.end[predecessor]!, time);
    const transport: Wait = { reason: 'transport', subject: machineId, from, to: time, milliseconds: time - from };
    return { time, predecessor, waits: [transport] };
  }
  const why = earliestReasons[problem.altEarliestReason[alternative]!]!;
  if (why === 'plan-start') return { time, predecessor, waits: [] };
  const material = problem.materialIds[problem.peggedMaterial[operation]!];
  const subject = why === 'material' ? material : why === 'predecessor' ? machineId : problem.jobOrderIds[operation];
  return {
    time,
    predecessor,
    waits: [{ reason: inputReasons[why], subject: subject ?? machineId, from: 0, to: time, milliseconds: time }],
  };
}
