import { nextFit, openBetween, stretchAt } from '../calendars.ts';
import { toolLaidDownFor } from './tools.ts';
import type { Explained, Wait } from './wait.ts';

/**
 * What an operation's time from start to end (or until its successor goes on) consists of: setup, run time, and pauses
 * over closed time or while nobody qualified is at work.
 */
export function explainWork(at: Explained, until: number): Wait[] {
  const { problem, plan, operation, machineId } = at;
  const from = Math.max(0, plan.start[operation]!);
  const to = Math.max(from, until);
  const fixed = problem.fixed[operation] === 1;
  const machineClosed = closedBetween(at, from, to);
  const open = fixed
    ? to - from - machineClosed
    : openBetween(problem.calendars, problem.altCalendar[at.alternative]!, from, to);
  const setup = fixed
    ? Math.max(0, Math.min(open, plan.start[operation]! + plan.setup[operation]!))
    : plan.setup[operation]!;
  const setupShare = Math.min(open, setup);
  return [
    { reason: 'run-time', subject: machineId, from, to, milliseconds: open - setupShare },
    { reason: 'setup', subject: machineId, from, to, milliseconds: setupShare },
    ...closedOrUnattended(at, from, to, to - from - open),
  ];
}

/**
 * Why an operation does not start although everything that it needs has come and its machine is free: the machine is
 * closed, nobody qualified is at work, no stretch is long enough for work that may not pause, or people or tools
 * are busy.
 */
export function explainPlace(at: Explained): Wait[] {
  const { problem, plan, operation, alternative, machineId } = at;
  const from = plan.ready[operation]!;
  const to = plan.start[operation]!;
  const calendar = problem.altCalendar[alternative]!;
  const open = openBetween(problem.calendars, calendar, from, to);
  const work = plan.setup[operation]! + problem.altRun[alternative]!;
  const fit = problem.mayPause[operation] === 1 ? from : Math.min(to, nextFit(problem.calendars, calendar, from, work));
  const tooShort = openBetween(problem.calendars, calendar, from, fit);
  const shared = open - tooShort;
  return [
    ...closedOrUnattended(at, from, to, to - from - open),
    { reason: 'one-piece', subject: machineId, from, to: fit, milliseconds: tooShort },
    ...(shared > 0 ? [{ ...taken(at), from: fit, to, milliseconds: shared }] : []),
  ];
}

/** What an operation shares with others and had to wait for: a tool, or the operators. */
function taken(at: Explained): Pick<Wait, 'reason' | 'subject'> {
  const tool = toolLaidDownFor(at.problem, at.plan, at.operation);
  const qualified = qualification(at);
  if (tool === undefined && qualified !== undefined) return { reason: 'operator-busy', subject: qualified };
  return { reason: 'tool', subject: tool ?? at.machineId };
}

/** Milliseconds of a stretch during which the operation's machine is closed, whoever is there. */
export function closedBetween({ problem, machine }: Explained, from: number, to: number): number {
  return to - from - openBetween(problem.calendars, problem.machineCalendar[machine]!, from, to);
}

/** From the first to the last closed instant of a stretch. */
export function closedSpan({ problem, machine }: Explained, from: number, to: number): { from: number; to: number } {
  const { calendars } = problem;
  const calendar = problem.machineCalendar[machine]!;
  const last = calendars.offset[calendar + 1]!;
  const first = stretchAt(calendars, calendar, from);
  const opened = first < last && calendars.start[first]! <= from;
  const final = stretchAt(calendars, calendar, to - 1);
  const stillOpen = final < last && calendars.start[final]! < to;
  return { from: opened ? calendars.end[first]! : from, to: stillOpen ? calendars.start[final]! : to };
}

/** Time without work, divided by whether the machine is closed or only nobody qualified is there. */
function closedOrUnattended(at: Explained, from: number, to: number, idle: number): Wait[] {
  if (idle <= 0) return [];
  const qualified = qualification(at);
  const closed = qualified === undefined ? idle : Math.min(idle, closedBetween(at, from, to));
  return [
    { reason: 'machine-closed', subject: at.machineId, ...closedSpan(at, from, to), milliseconds: closed },
    { reason: 'no-operator', subject: qualified ?? at.machineId, from, to, milliseconds: idle - closed },
  ];
}

function qualification({ problem, operation }: Explained): string | undefined {
  return problem.qualificationIds[problem.qualificationOf[operation]!];
}
