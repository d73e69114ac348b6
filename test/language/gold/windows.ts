import { DateTime } from 'luxon';
import type { Tables } from './tables.ts';

/** A stretch of time, milliseconds since 1970 UTC, half-open. */
export type Window = readonly [start: number, end: number];

/** A stretch with the name of the group that it belongs to. */
export interface NamedWindow {
  key: string;
  window: Window;
}

const dayMs = 86_400_000;

/** The worked shifts of a stretch, cut to it. */
export function workedShifts({ zone, shifts }: Tables, [from, to]: Window): NamedWindow[] {
  const found: NamedWindow[] = [];
  let date = DateTime.fromMillis(from - 2 * dayMs, { zone }).startOf('day');
  for (; date.toMillis() < to; date = date.plus({ days: 1 }))
    for (const { shift, start, end, weekdays } of shifts) {
      if (!weekdays.includes(date.weekday)) continue;
      const last = end > start ? date : date.plus({ days: 1 });
      const window = [Math.max(from, at(date, start)), Math.min(to, at(last, end))] as const;
      if (window[1] > window[0]) found.push({ key: shift, window });
    }
  return found;
}

/** A stretch cut at 06:00 of days, weeks (Mondays) and months, or at full hours, each piece named by its start. */
export function pieces({ zone }: Tables, [from, to]: Window, grain: string): NamedWindow[] {
  const found: NamedWindow[] = [];
  for (let start = from; start < to;) {
    const [key, next] = grain === 'hour' ? hourOf(start, zone) : productionUnit(start, zone, grain);
    const end = Math.min(next, to);
    found.push({ key, window: [start, end] });
    start = end;
  }
  return found;
}

/** The parts that two lists of stretches share. */
export function common(some: readonly Window[], others: readonly Window[]): Window[] {
  return some.flatMap(([a, b]) =>
    others.map(([c, d]): Window => [Math.max(a, c), Math.min(b, d)]).filter(([start, end]) => end > start),
  );
}

/** Adjoining stretches as one. */
export function merged(windows: readonly Window[]): Window[] {
  const found: [number, number][] = [];
  for (const [start, end] of windows.toSorted((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

function hourOf(instant: number, zone: string): [string, number] {
  const hour = DateTime.fromMillis(instant, { zone }).startOf('hour');
  const isTwice = hour.getPossibleOffsets().length > 1;
  return [hour.toFormat(isTwice ? 'yyyy-MM-dd HH:mm ZZ' : 'yyyy-MM-dd HH:mm'), hour.toMillis() + 3_600_000];
}

function productionUnit(instant: number, zone: string, grain: string): [string, number] {
  const local = DateTime.fromMillis(instant, { zone });
  const day = (local.hour < 6 ? local.minus({ days: 1 }) : local).startOf('day');
  const unit = grain as 'day' | 'week' | 'month' | 'quarter';
  const first = day.startOf(unit);
  const format = { day: 'yyyy-MM-dd', week: "kkkk-'W'WW", month: 'yyyy-MM', quarter: "yyyy-'Q'q" }[unit];
  return [first.toFormat(format), at(first.plus({ [unit]: 1 }), '06:00')];
}

function at(day: DateTime, time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.set({ hour, minute, second: 0, millisecond: 0 }).toMillis();
}
