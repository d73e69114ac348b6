import { earliestAfter } from './precedence.ts';
import { transportTime } from './transport.ts';
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
export function explainOrigin({ problem, plan, operation, machine, machineId, alternative }: Explained): Origin {
  const input = problem.altEarliest[alternative]!;
  let time = input;
  let deciding = -1;
  for (let p = problem.predOffset[operation]!; p < problem.predOffset[operation + 1]!; p++) {
    const ready = earliestAfter(problem, p, operation, alternative, plan.setup[operation]!, plan.end, plan.machine);
    if (ready > time) [time, deciding] = [ready, p];
  }
  if (deciding >= 0) {
    const predecessor = problem.pred[deciding]!;
    const from = Math.min(plan.end[predecessor]!, time);
    const transport = transportTime(problem, plan.machine[predecessor]!, machine);
    const what: Pick<Wait, 'reason' | 'subject'> =
      problem.lagMin[deciding]! > transport
        ? { reason: 'lag', subject: problem.jobOrderIds[predecessor]! }
        : { reason: 'transport', subject: machineId };
    return { time, predecessor, waits: [{ ...what, from, to: time, milliseconds: time - from }] };
  }
  const why = earliestReasons[problem.altEarliestReason[alternative]!]!;
  if (why === 'plan-start') return { time, predecessor: undefined, waits: [] };
  const material = problem.materialIds[problem.peggedMaterial[operation]!];
  const subject = why === 'material' ? material : why === 'predecessor' ? machineId : problem.jobOrderIds[operation];
  return {
    time,
    predecessor: undefined,
    waits: [{ reason: inputReasons[why], subject: subject ?? machineId, from: 0, to: time, milliseconds: time }],
  };
}
