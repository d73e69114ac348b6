import { DateTime } from 'luxon';
import { Type, type Static } from 'typebox';
import type { Interval } from '../../kernel/index.ts';
import type { Grain } from '../sql/views.ts';
import { dayStart, productionDayOf, shiftsBetween, type ShiftInstance, type WorkCalendar } from '../../plant/index.ts';

const strict = { additionalProperties: false };
const isoDate = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' });
const clockTime = Type.String({ pattern: '^([01]\\d|2[0-4]):[0-5]\\d$' });

function words<const T extends string[]>(...list: T) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: list });
}

/**
 * A period as it was said. `unit` with `back` 0 is the running one and ends now, with 1 the last completed one,
 * and so on; with −1 the next, which only due dates have. `last` counts worked shifts, calendar days (today among them), weeks of seven such days, calendar
 * months, or elapsed minutes or hours. `latestShift` is the running one of that name, else the last. `dates` are production days, both included. `now` is the present state.
 */
export const PeriodSpec = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('unit'),
      unit: words('shift', 'day', 'week', 'month', 'quarter', 'year'),
      back: Type.Integer({ minimum: -10, maximum: 1000 }),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('last'),
      unit: words('minute', 'hour', 'shift', 'day', 'week', 'month'),
      n: Type.Integer({ minimum: 1, maximum: 10_000 }),
      /** Counts only shifts of this id. */
      shiftId: Type.Optional(Type.String()),
    },
    strict,
  ),
  Type.Object(
    { kind: Type.Literal('namedShift'), shiftId: Type.String(), back: Type.Integer({ minimum: 0, maximum: 100 }) },
    strict,
  ),
  Type.Object({ kind: Type.Literal('latestShift'), shiftId: Type.String() }, strict),
  Type.Object({ kind: Type.Literal('dates'), from: isoDate, to: isoDate }, strict),
  Type.Object({ kind: Type.Literal('since'), from: isoDate, time: Type.Optional(clockTime) }, strict),
  Type.Object({ kind: Type.Literal('clock'), date: isoDate, from: clockTime, to: clockTime }, strict),
  Type.Object({ kind: Type.Literal('now') }, strict),
  /** Only to compare with: the stretch of the same kind just before. */
  Type.Object({ kind: Type.Literal('before') }, strict),
]);
export type PeriodSpec = Static<typeof PeriodSpec>;

/** A period in instants (milliseconds UTC), and the worked shifts that it is made of, where it is made of shifts. */
export interface ResolvedPeriod extends Interval {
  /** Stretches that count; more than one where shifts were counted over a gap. */
  windows: Interval[];
  /** Reaches beyond now to its own end. */
  isWhole?: boolean;
  /** Worked shifts, where the period is one or several of them. */
  shifts?: ShiftInstance[];
}

/** Why a period cannot be resolved. */
export type PeriodProblem = 'future' | 'none' | 'invalid';

const dayMs = 86_400_000;

/** How far back worked shifts are looked for: over a works holiday, and at most some years. */
const searchMs = 45 * dayMs;
const longestSearchMs = 1_100 * dayMs;

const elapsedMs = { minute: 60_000, hour: 3_600_000 } as const;

/** A production day's start in milliseconds UTC; the day of `date` itself, whatever the weekday. */
function productionDayStart(calendar: WorkCalendar, date: string): number {
  const [hour, minute] = dayStart(calendar).split(':').map(Number);
  return DateTime.fromISO(date, { zone: calendar.timeZone })
    .set({ hour: hour ?? 0, minute: minute ?? 0, second: 0, millisecond: 0 })
    .toMillis();
}

/** The production day of an instant as a calendar date in the site's zone. */
export function productionDate(calendar: WorkCalendar, now: number): DateTime {
  return DateTime.fromISO(productionDayOf(calendar, now), { zone: calendar.timeZone });
}

/**
 * Turns what was said into instants. Days, weeks (from Monday), months, quarters and years begin with the first
 * shift's start in the site's zone, across daylight saving; a running period ends now.
 */
export function resolvePeriod(
  spec: PeriodSpec,
  calendar: WorkCalendar,
  now: number,
  base?: { spec: PeriodSpec; period: ResolvedPeriod },
): ResolvedPeriod | PeriodProblem {
  const today = productionDate(calendar, now);
  const startOf = (day: DateTime) => productionDayStart(calendar, day.toISODate() ?? '');
  switch (spec.kind) {
    case 'now':
      return whole(0, now, now);
    case 'unit': {
      if (spec.unit === 'shift') return shiftBack(calendar, now, spec.back);
      const first = today.startOf(spec.unit).minus({ [spec.unit]: spec.back });
      return whole(startOf(first), startOf(first.plus({ [spec.unit]: 1 })), now);
    }
    case 'last':
      if (spec.unit === 'shift') return lastShifts(calendar, now, spec.n, spec.shiftId);
      if (spec.unit === 'minute' || spec.unit === 'hour') return whole(now - spec.n * elapsedMs[spec.unit], now, now);
      return whole(startOf(firstOfLast(today, spec.unit, spec.n)), now, now);
    case 'namedShift': {
      if (spec.back > 0) return oneShift(completedShifts(calendar, now, spec.back, spec.shiftId).at(-spec.back), now);
      const running = runningShifts(calendar, now).find((shift) => shift.shiftId === spec.shiftId);
      return oneShift(running, now);
    }
    case 'latestShift': {
      const running = resolvePeriod({ kind: 'namedShift', shiftId: spec.shiftId, back: 0 }, calendar, now);
      return typeof running === 'object'
        ? running
        : resolvePeriod({ ...spec, kind: 'namedShift', back: 1 }, calendar, now);
    }
    case 'dates': {
      const from = DateTime.fromISO(spec.from, { zone: calendar.timeZone });
      const to = DateTime.fromISO(spec.to, { zone: calendar.timeZone });
      if (!from.isValid || !to.isValid || to < from) return 'invalid';
      return whole(startOf(from), startOf(to.plus({ days: 1 })), now);
    }
    case 'since': {
      const from = spec.time ? atLocal(calendar, spec.from, spec.time) : productionDayStart(calendar, spec.from);
      return Number.isNaN(from) ? 'invalid' : whole(from, now, now);
    }
    case 'clock': {
      const from = atLocal(calendar, spec.date, spec.from);
      const sameDay = atLocal(calendar, spec.date, spec.to);
      const to = sameDay > from ? sameDay : atLocal(calendar, spec.date, spec.to, 1);
      return whole(from, to, now);
    }
    case 'before':
      return base ? before(base.spec, base.period, calendar, now) : 'invalid';
  }
}

/**
 * A running or coming day, week, month … or dates up to their own end, for what is known ahead (due dates); undefined
 * for other periods.
 */
export function periodAhead(spec: PeriodSpec, calendar: WorkCalendar, now: number): ResolvedPeriod | undefined {
  const startOf = (day: DateTime) => productionDayStart(calendar, day.toISODate() ?? '');
  const between = (first: DateTime, next: DateTime): ResolvedPeriod | undefined => {
    const [start, end] = [startOf(first), startOf(next)];
    return end > start && end > now ? { start, end, windows: [{ start, end }], isWhole: true } : undefined;
  };
  if (spec.kind === 'unit' && spec.unit !== 'shift' && spec.back <= 0) {
    const first = productionDate(calendar, now)
      .startOf(spec.unit)
      .minus({ [spec.unit]: spec.back });
    return between(first, first.plus({ [spec.unit]: 1 }));
  }
  if (spec.kind !== 'dates') return undefined;
  const [first, last] = [spec.from, spec.to].map((date) => DateTime.fromISO(date, { zone: calendar.timeZone }));
  return first!.isValid && last!.isValid ? between(first!, last!.plus({ days: 1 })) : undefined;
}

/** Shifts that overlap a period, cut to it; of one kind where an id is given. */
export function shiftWindows(
  calendar: WorkCalendar,
  windows: readonly Interval[],
  shiftIds?: readonly string[],
): ShiftInstance[] {
  return windows.flatMap((window) =>
    shiftsBetween(calendar, window.start, window.end)
      .filter((shift) => !shiftIds || shiftIds.includes(shift.shiftId))
      .map((shift) => ({ ...shift, start: Math.max(shift.start, window.start), end: Math.min(shift.end, window.end) }))
      .filter((shift) => shift.end > shift.start),
  );
}

/** Cuts windows at the calendar's hours, production days, weeks or months; each piece is named by its start. */
export function cutWindows(
  calendar: WorkCalendar,
  windows: readonly Interval[],
  grain: Grain,
  limit: number,
): (Interval & { label: string })[] {
  const pieces: (Interval & { label: string })[] = [];
  for (const window of windows) {
    let start = window.start;
    while (start < window.end && pieces.length <= limit) {
      const [label, next] = grainAt(calendar, start, grain);
      const end = Math.min(next, window.end);
      pieces.push({ start, end, label });
      start = end;
    }
  }
  return pieces;
}

function grainAt(calendar: WorkCalendar, at: number, grain: Grain): [string, number] {
  if (grain === 'hour') {
    const { minute, second, millisecond } = DateTime.fromMillis(at, { zone: calendar.timeZone });
    const begin = at - ((minute * 60 + second) * 1000 + millisecond);
    const local = DateTime.fromMillis(begin, { zone: calendar.timeZone });
    const isTwice = local.getPossibleOffsets().length > 1;
    return [local.toFormat(isTwice ? 'yyyy-MM-dd HH:mm ZZ' : 'yyyy-MM-dd HH:mm'), begin + elapsedMs.hour];
  }
  const first = productionDate(calendar, at).startOf(grain);
  const next = productionDayStart(calendar, first.plus({ [grain]: 1 }).toISODate() ?? '');
  const label = grain === 'day' ? first.toISODate() : first.toFormat(grain === 'week' ? "kkkk-'W'WW" : 'yyyy-MM');
  return [label ?? '', next];
}

function whole(start: number, end: number, now: number): ResolvedPeriod | PeriodProblem {
  if (Number.isNaN(start) || Number.isNaN(end)) return 'invalid';
  if (start >= now) return 'future';
  const cut = { start, end: Math.min(end, now) };
  return cut.end > cut.start ? { ...cut, windows: [cut] } : 'none';
}

function oneShift(shift: ShiftInstance | undefined, now: number): ResolvedPeriod | PeriodProblem {
  if (!shift) return 'none';
  const cut = { ...shift, end: Math.min(shift.end, now) };
  if (cut.end <= cut.start) return 'none';
  return { start: cut.start, end: cut.end, windows: [{ start: cut.start, end: cut.end }], shifts: [cut] };
}

/** Worked shifts that are over, oldest first; at least the last `n` of them where there are so many. */
function completedShifts(calendar: WorkCalendar, now: number, n: number, shiftId?: string): ShiftInstance[] {
  const reach = Math.min(longestSearchMs, searchMs + n * 2 * dayMs);
  return shiftsBetween(calendar, now - reach, now)
    .filter((shift) => shift.end <= now && (shiftId === undefined || shift.shiftId === shiftId))
    .sort((a, b) => a.end - b.end);
}

function runningShifts(calendar: WorkCalendar, now: number): ShiftInstance[] {
  return shiftsBetween(calendar, now - 1, now + 1).filter((shift) => shift.start <= now && shift.end > now);
}

function shiftBack(calendar: WorkCalendar, now: number, back: number): ResolvedPeriod | PeriodProblem {
  if (back === 0) return oneShift(runningShifts(calendar, now).at(-1), now);
  return oneShift(completedShifts(calendar, now, back).at(-back), now);
}

function lastShifts(calendar: WorkCalendar, now: number, n: number, shiftId?: string): ResolvedPeriod | PeriodProblem {
  const shifts = completedShifts(calendar, now, n, shiftId).slice(-n);
  const [first, last] = [shifts[0], shifts.at(-1)];
  if (!first || !last || shifts.length < n) return 'none';
  return { start: first.start, end: last.end, windows: shifts.map(({ start, end }) => ({ start, end })), shifts };
}

function firstOfLast(today: DateTime, unit: 'day' | 'week' | 'month', n: number): DateTime {
  if (unit === 'month') return today.minus({ months: n }).plus({ days: 1 });
  return today.minus({ days: (unit === 'week' ? 7 * n : n) - 1 });
}

function atLocal(calendar: WorkCalendar, date: string, time: string, addDays = 0): number {
  const [hour, minute] = time.split(':').map(Number);
  return DateTime.fromISO(date, { zone: calendar.timeZone })
    .plus({ days: addDays })
    .set({ hour: hour ?? 0, minute: minute ?? 0 })
    .toMillis();
}

function before(
  spec: PeriodSpec,
  period: ResolvedPeriod,
  calendar: WorkCalendar,
  now: number,
): ResolvedPeriod | PeriodProblem {
  switch (spec.kind) {
    case 'unit':
    case 'namedShift':
      return resolvePeriod({ ...spec, back: spec.back + 1 }, calendar, now);
    case 'latestShift':
      return oneShift(completedShifts(calendar, period.start, 1, spec.shiftId).at(-1), now);
    case 'last': {
      if (spec.unit === 'shift') return lastShifts(calendar, period.start, spec.n, spec.shiftId);
      if (spec.unit === 'minute' || spec.unit === 'hour')
        return whole(period.start - spec.n * elapsedMs[spec.unit], period.start, now);
      return daysBefore(calendar, period, { [`${spec.unit}s`]: spec.n }, now);
    }
    case 'dates':
      return daysBefore(calendar, period, lengthOf(spec.from, spec.to), now);
    case 'clock':
      return resolvePeriod(
        { ...spec, date: DateTime.fromISO(spec.date).minus({ days: 1 }).toISODate() ?? '' },
        calendar,
        now,
      );
    default:
      return 'invalid';
  }
}

/** The stretch of so many production days that ends where a period begins. */
function daysBefore(
  calendar: WorkCalendar,
  period: ResolvedPeriod,
  length: Record<string, number>,
  now: number,
): ResolvedPeriod | PeriodProblem {
  const first = productionDate(calendar, period.start).minus(length);
  return whole(productionDayStart(calendar, first.toISODate() ?? ''), period.start, now);
}

/** Whole calendar months count as months, anything else as days. */
function lengthOf(from: string, to: string): Record<string, number> {
  const [first, next] = [DateTime.fromISO(from), DateTime.fromISO(to).plus({ days: 1 })];
  const unit = first.day === 1 && next.day === 1 ? 'months' : 'days';
  return { [unit]: Math.round(next.diff(first, unit).as(unit)) };
}
