import type { DowntimeReason } from '../plant/index.ts';
import type { Job } from './layout.ts';
import type { StopLaw } from './types.ts';
import type { Draws, StopDraw } from './variation.ts';

/** A machine while it is simulated. Instants in milliseconds since 1970 UTC. */
export interface Machine {
  index: number;
  equipmentId: string;
  sequence: Job[];
  /** Place of the next job in the sequence. */
  next: number;
  current: Job | undefined;
  working: boolean;
  /** Since when the present stretch of work lasts, and when its calendar closes. */
  since: number;
  closes: number;
  family: string | undefined;
  downUntil: number;
  downReason: DowntimeReason | undefined;
  downSince: number;
  /** Whether it is known on the shop floor when the stop will end. */
  endKnown: boolean;
  stops: ComingStop[];
  /** Milliseconds worked, setup included. */
  busy: number;
  /** Events of an older version are void. */
  version: number;
  /** To be looked at when the instant is settled. */
  noticed: boolean;
  waitsFor: 'nothing' | 'operator';
}

/** The next stop by one law: so much run time away. */
interface ComingStop {
  law: StopLaw;
  /** Stops drawn so far. */
  drawn: number;
  next: StopDraw;
  runLeft: number;
}

/** A machine at the beginning, with nothing done yet. */
export function idleMachine(
  index: number,
  equipmentId: string,
  sequence: Job[],
  family: string | undefined,
  at: number,
  stops: ComingStop[],
): Machine {
  return {
    index,
    equipmentId,
    sequence,
    next: 0,
    current: undefined,
    working: false,
    since: at,
    closes: Infinity,
    family,
    downUntil: -Infinity,
    downReason: undefined,
    downSince: at,
    endKnown: false,
    stops,
    busy: 0,
    version: 0,
    noticed: false,
    waitsFor: 'nothing',
  };
}

/** The job a machine does or is to do next. */
export function jobAt(machine: Machine): Job | undefined {
  if (machine.current) return machine.current;
  while (machine.sequence[machine.next] && machine.sequence[machine.next]!.status !== 'waiting') machine.next++;
  return machine.sequence[machine.next];
}

/** Stops a machine from an instant on. */
export function putDown(
  machine: Machine,
  reason: DowntimeReason,
  from: number,
  until: number,
  endKnown: boolean,
): void {
  machine.downUntil = until;
  machine.downReason = reason;
  machine.downSince = from;
  machine.endKnown = endKnown;
}

/** The n-th stop of a machine by a law, counted from 0. */
export function drawStop(draws: Draws, equipmentId: string, law: StopLaw, n: number): ComingStop {
  const next = draws.stopOf(equipmentId, law, n);
  return { law, drawn: n + 1, next, runLeft: next.runMs };
}
