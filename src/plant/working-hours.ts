import { DateTime } from 'luxon';
import type { Interval } from '../kernel/index.ts';
import type { Person } from './plant-model.ts';

const hour = 3_600_000;

/** A local day. */
interface LocalDay extends Interval {
  /** Start of its ISO week (Monday), which names the week. */
  week: number;
}

/** The local days of a time zone that cover [from, to); 23 or 25 hours long where clocks change. */
export function localDays(timeZone: string, from: number, to: number): LocalDay[] {
  const days: LocalDay[] = [];
  let day = DateTime.fromMillis(from, { zone: timeZone }).startOf('day');
  let week = day.startOf('week').toMillis();
  while (day.toMillis() < to) {
    const next = day.plus({ days: 1 }).startOf('day');
    if (day.weekday === 1) week = day.toMillis();
    days.push({ start: day.toMillis(), end: next.toMillis(), week });
    day = next;
  }
  return days;
}

/**
 * What a person's limits of working time leave of the stretches at work: the first hours of each local day and of each
 * ISO week, those before the plan included. The stretches must be merged and lie within the days.
 */
export function withinWorkingHours(
  stretches: readonly Interval[],
  { mostHoursPerDay = Infinity, mostHoursPerWeek = Infinity }: Pick<Person, 'mostHoursPerDay' | 'mostHoursPerWeek'>,
  days: readonly LocalDay[],
): Interval[] {
  const kept: Interval[] = [];
  let at = 0;
  let week = NaN;
  let leftInWeek = 0;
  for (const day of days) {
    if (day.week !== week) [week, leftInWeek] = [day.week, Math.round(mostHoursPerWeek * hour)];
    let left = Math.min(leftInWeek, Math.round(mostHoursPerDay * hour));
    while (at < stretches.length && stretches[at]!.end <= day.start) at++;
    for (let next = at; next < stretches.length && stretches[next]!.start < day.end; next++) {
      const start = Math.max(stretches[next]!.start, day.start);
      const end = Math.min(stretches[next]!.end, day.end, start + left);
      if (end <= start) continue;
      left -= end - start;
      leftInWeek -= end - start;
      if (kept.at(-1)?.end === start) kept.at(-1)!.end = end;
      else kept.push({ start, end });
    }
  }
  return kept;
}
