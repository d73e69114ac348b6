import type { DowntimeReason, MachineRejects } from '../plant/index.ts';
import { closesAt, nextOpen, openBetween, type Calendar } from './calendar.ts';
import type { StopLaw, TwinParameters } from './types.ts';
import { keyOf, type Draws } from './draws.ts';
import { factorOf, prepareLaw, weibullLaw, type PreparedLaw } from './variation.ts';

/** What a machine that does not work waits for; also places in `Machine.time`. */
export const conditions = { starved: 0, operator: 1, blocked: 2, down: 3, setup: 4, busy: 5 } as const;
type Waiting = 0 | 1 | 2 | 3;

/** A machine while it is simulated. Operations by index, −1 for none; instants in milliseconds since 1970 UTC. */
export interface Machine {
  readonly index: number;
  readonly equipmentId: string;
  calendar: Calendar;
  /** The open stretch of its own calendar that it waited in last. */
  ownFrom: number;
  ownUntil: number;
  /** The open stretch of some calendar at which it was looked at last. */
  openIn: Calendar;
  openFrom: number;
  openUntil: number;
  sequence: Int32Array;
  /** Place of the next operation in the sequence. */
  next: number;
  /** Stations of several machines that it belongs to. */
  shared: number[];
  current: number;
  /** Operation that it is to do next, as it was when the instant was settled. */
  candidate: number;
  working: boolean;
  /** What is left of the operation that it does, milliseconds. */
  setupLeft: number;
  runLeft: number;
  /** Operation that has no place yet for what this machine has finished. */
  blockedBy: number;
  /** Since when the present stretch of work or of waiting lasts. */
  since: number;
  /** When the present stretch of work ends, and when its calendar closes. */
  stretchEnd: number;
  closes: number;
  family: string | undefined;
  downUntil: number;
  downReason: DowntimeReason | undefined;
  downSince: number;
  /** Whether it is known on the shop floor when the stop will end. */
  endKnown: boolean;
  stops: ComingStop[];
  law: PreparedLaw;
  setupFactor: number;
  changeoverFactors: TwinParameters['changeoverFactors'];
  /** By material. */
  runFactors: Record<string, number> | undefined;
  rejects: MachineRejects | undefined;
  /** To be looked at when the instant is settled. */
  noticed: boolean;
  condition: Waiting;
  /** Milliseconds by `conditions`. */
  readonly time: Float64Array;
  /** Active periods begun, and whether it has waited since the last one. */
  activePeriods: number;
  hasWaited: boolean;
}

/** The next stop by one law: so much run time away. */
interface ComingStop {
  law: StopLaw;
  runLaw: PreparedLaw;
  key: number;
  /** Stops drawn so far. */
  drawn: number;
  repairMs: number;
  runLeft: number;
}

/** A machine with nothing to do. */
export function idleMachine(index: number, equipmentId: string, calendar: Calendar): Machine {
  return {
    index,
    equipmentId,
    calendar,
    ownFrom: Infinity,
    ownUntil: -Infinity,
    openIn: calendar,
    openFrom: Infinity,
    openUntil: -Infinity,
    sequence: new Int32Array(0),
    next: 0,
    shared: [],
    current: -1,
    candidate: -1,
    working: false,
    setupLeft: 0,
    runLeft: 0,
    blockedBy: -1,
    since: 0,
    stretchEnd: Infinity,
    closes: Infinity,
    family: undefined,
    downUntil: -Infinity,
    downReason: undefined,
    downSince: 0,
    endKnown: false,
    stops: [],
    law: prepareLaw({ kind: 'lognormal', variation: 0 }),
    setupFactor: 1,
    changeoverFactors: undefined,
    runFactors: undefined,
    rejects: undefined,
    noticed: false,
    condition: conditions.starved,
    time: new Float64Array(6),
    activePeriods: 0,
    hasWaited: true,
  };
}

/** Back to an instant at which nothing has been done yet. */
export function resetMachine(machine: Machine, family: string | undefined, at: number): void {
  machine.next = 0;
  machine.current = -1;
  machine.working = false;
  machine.blockedBy = -1;
  machine.since = at;
  machine.family = family;
  machine.downUntil = -Infinity;
  machine.downReason = undefined;
  machine.downSince = at;
  machine.endKnown = false;
  machine.condition = conditions.starved;
  machine.time.fill(0);
  machine.activePeriods = 0;
  machine.hasWaited = true;
}

/** Reads what parameters say of a machine; stops that are drawn stay as long as there is a law for their reason. */
export function varyMachine(machine: Machine, parameters: TwinParameters, draws: Draws): void {
  const { equipmentId } = machine;
  machine.law = prepareLaw(
    parameters.runLaws?.[equipmentId] ?? { kind: 'lognormal', variation: parameters.runVariation },
  );
  machine.setupFactor = parameters.setupFactors?.[equipmentId] ?? 1;
  machine.changeoverFactors = parameters.changeoverFactors;
  machine.runFactors = parameters.runFactors?.[equipmentId];
  machine.rejects = parameters.rejects[equipmentId];
  machine.stops = (parameters.stops[equipmentId] ?? []).map((law) => {
    const known = machine.stops.find((own) => own.law.reason === law.reason);
    const runLaw = weibullLaw(law.shape ?? 1);
    if (known) return { ...known, law, runLaw };
    const key = keyOf(`stop/${equipmentId}/${law.reason}`);
    const stop: ComingStop = { law, runLaw, key, drawn: 0, repairMs: 0, runLeft: 0 };
    drawStop(stop, draws);
    return stop;
  });
}

/** Draws a machine's first stops of a replication. */
export function firstStops({ stops }: Machine, draws: Draws): void {
  for (const stop of stops) {
    stop.drawn = 0;
    drawStop(stop, draws);
  }
}

/** Draws the next stop by a law: after so much run time, for so long. */
export function drawStop(stop: ComingStop, draws: Draws): void {
  const { law, runLaw, key } = stop;
  const n = 2 * stop.drawn++;
  stop.runLeft = wholeMilliseconds(law.meanRunSecondsBetween * factorOf(runLaw, draws, key, n));
  stop.repairMs = wholeMilliseconds(law.medianSeconds * Math.exp(law.sigma * draws.normal(key, n + 1)));
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

/** Books the time that a machine has waited since the last look at it. */
export function bookWaiting(machine: Machine, now: number): void {
  if (now === machine.since) return;
  const { since } = machine;
  const open = since >= machine.ownFrom && now <= machine.ownUntil ? now - since : openSince(machine, now);
  machine.since = now;
  if (!(open > 0)) return;
  machine.time[machine.condition]! += open;
  if (machine.condition !== conditions.down) machine.hasWaited = true;
}

/** Open milliseconds since a machine waits, and the stretch in which it waits now. */
function openSince(machine: Machine, now: number): number {
  const { calendar, since } = machine;
  const from = nextOpen(calendar, since);
  if (from > since) return openBetween(calendar, since, now);
  machine.ownFrom = since;
  machine.ownUntil = closesAt(calendar, since);
  return now <= machine.ownUntil ? now - since : openBetween(calendar, since, now);
}

/** Whether a calendar is open at an instant; what was found last is looked at first. */
export function isOpenAt(machine: Machine, calendar: Calendar, instant: number): boolean {
  if (calendar === machine.openIn && instant >= machine.openFrom && instant < machine.openUntil) return true;
  if (nextOpen(calendar, instant) > instant) return false;
  machine.openIn = calendar;
  machine.openFrom = instant;
  machine.openUntil = closesAt(calendar, instant);
  return true;
}

/** Milliseconds worked so far, setup included. */
export function workedMs({ time }: Machine): number {
  return time[conditions.setup]! + time[conditions.busy]!;
}

/** An active period begins where the machine has waited before. */
export function noteActive(machine: Machine): void {
  if (!machine.hasWaited) return;
  machine.hasWaited = false;
  machine.activePeriods++;
}

function wholeMilliseconds(seconds: number): number {
  return Math.max(1, Math.round(seconds * 1000));
}
