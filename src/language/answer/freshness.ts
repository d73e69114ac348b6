import { intersectIntervals, mergeIntervals, totalLength, type Interval } from '../../kernel/index.ts';
import type { WorkCalendar } from '../../plant/index.ts';
import { shiftWindows } from '../time/period.ts';

/** From when to when the data reach, milliseconds since 1970 UTC. */
export interface DataExtent {
  from: number;
  to: number;
}

/**
 * How far the data cover a period: wholly, not its beginning, not its end, or so little of its end that they say
 * nothing of it.
 */
export type Freshness = 'fresh' | 'beginsLate' | 'endsEarly' | 'stale';

const quarterHourMs = 900_000;
const hourMs = 3_600_000;

/**
 * Judges the worked time of a period that lies outside the data. Stale: it lies wholly after the newest data, or more
 * than an hour and half of it does. Not covered at one end: more than a quarter of an hour and a tenth of it. Closed
 * days never make data stale.
 */
export function freshness(windows: readonly Interval[], data: DataExtent, calendar: WorkCalendar): Freshness {
  if (windows.every(({ start, end }) => start >= data.from && end <= data.to)) return 'fresh';
  const worked = mergeIntervals(shiftWindows(calendar, windows));
  const all = totalLength(worked);
  const within = (start: number, end: number) =>
    end > start ? totalLength(intersectIntervals(worked, [{ start, end }])) : 0;
  const [first, last] = [worked[0]?.start ?? 0, worked.at(-1)?.end ?? 0];
  const [before, after] = [within(first, data.from), within(data.to, last)];
  const isMuch = (missing: number) => missing > quarterHourMs && missing > all / 10;
  if (after > quarterHourMs && (after >= all || (after > hourMs && after > all / 2))) return 'stale';
  if (isMuch(after)) return 'endsEarly';
  return isMuch(before) ? 'beginsLate' : 'fresh';
}
