/** A half-open stretch [start, end) on a number line, usually milliseconds since 1970 UTC. */
export interface Interval {
  start: number;
  end: number;
}

/** Sorts, drops empty ones and joins those that touch or overlap. */
export function mergeIntervals(list: readonly Interval[]): Interval[] {
  const sorted = list.filter((i) => i.end > i.start).sort((x, y) => x.start - y.start);
  const merged: Interval[] = [];
  for (const interval of sorted) {
    const last = merged.at(-1);
    if (last && interval.start <= last.end) last.end = Math.max(last.end, interval.end);
    else merged.push({ ...interval });
  }
  return merged;
}

/** What both lists cover. Both must be merged. */
export function intersectIntervals(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const common: Interval[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const start = Math.max(a[i]!.start, b[j]!.start);
    const end = Math.min(a[i]!.end, b[j]!.end);
    if (start < end) common.push({ start, end });
    if (a[i]!.end < b[j]!.end) i++;
    else j++;
  }
  return common;
}

/** What the first list covers and the second does not. Both must be merged. */
export function subtractIntervals(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const rest: Interval[] = [];
  for (const whole of a) {
    let start = whole.start;
    for (const hole of b) {
      if (hole.end <= start || hole.start >= whole.end) continue;
      if (hole.start > start) rest.push({ start, end: hole.start });
      start = Math.max(start, hole.end);
    }
    if (start < whole.end) rest.push({ start, end: whole.end });
  }
  return rest;
}

/** Sum of lengths, in the line's unit. The list must be merged. */
export function totalLength(list: readonly Interval[]): number {
  return list.reduce((sum, i) => sum + (i.end - i.start), 0);
}
