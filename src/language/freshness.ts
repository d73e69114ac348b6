import { intersectIntervals, mergeIntervals, totalLength, type Interval } from '../kernel/index.ts';
import type { WorkCalendar } from '../plant/index.ts';
import { shiftWindows } from './period.ts';

/** How well the data reach into a period. */
export type Freshness = 'fresh' | 'partial' | 'stale';

const quarterHourMs = 900_000;
const hourMs = 3_600_000;

/**
 * Judges worked time that lies after the newest data. Stale: none of a period is covered, or more than an hour and half
 * of it is not. Partial: more than a quarter of an hour and a tenth is not. Closed days never make data stale.
 */
export function freshness(windows: readonly Interval[], dataAsOf: number, calendar: WorkCalendar): Freshness {
  const worked = mergeIntervals(shiftWindows(calendar, windows));
  const end = Math.max(0, ...worked.map((window) => window.end));
  const uncovered = totalLength(intersectIntervals(worked, [{ start: dataAsOf, end: Math.max(end, dataAsOf) }]));
  const all = totalLength(worked);
  if (uncovered <= quarterHourMs) return 'fresh';
  if (uncovered >= all || (uncovered > hourMs && uncovered > all / 2)) return 'stale';
  return uncovered > all / 10 ? 'partial' : 'fresh';
}
