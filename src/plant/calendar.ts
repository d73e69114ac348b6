import { DateTime, IANAZone } from 'luxon';
import { MillwrightError, type Interval } from '../kernel/index.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A shift as a plant speaks of it: local wall-clock times, possibly past midnight. */
export interface ShiftDefinition {
  shiftId: string;
  name: string;
  /** Local time, `HH:mm`. */
  start: string;
  /** Local time, `HH:mm`; not after `start` means the next day. */
  end: string;
  /** ISO weekdays (1 Monday … 7 Sunday) on which it begins. */
  weekdays: number[];
}

/** A site's shift calendar (IEC 62264 work calendar). */
export interface WorkCalendar {
  /** IANA zone, for example `Europe/Berlin`. */
  timeZone: string;
  shifts: ShiftDefinition[];
  /** Local dates `YYYY-MM-DD` on which no shift begins. */
  holidays: string[];
}

/** One worked shift in time. It belongs to the production day on which it began. */
export interface ShiftInstance extends Interval {
  shiftId: string;
  name: string;
  /** Production day, `YYYY-MM-DD` in the site's zone. */
  productionDay: string;
}

/** Throws `MW_TIME_ZONE_UNKNOWN` or `MW_CALENDAR_INVALID` where a calendar cannot be used. */
export function checkCalendar(calendar: WorkCalendar): void {
  if (!IANAZone.isValidZone(calendar.timeZone))
    throw new MillwrightError('MW_TIME_ZONE_UNKNOWN', { zone: calendar.timeZone });
  const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
  for (const shift of calendar.shifts) {
    if (!isTime(shift.start) || !isTime(shift.end))
      throw new MillwrightError('MW_CALENDAR_INVALID', { reason: `shift ${shift.shiftId} needs times HH:mm` });
    if (shift.weekdays.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
      throw new MillwrightError('MW_CALENDAR_INVALID', { reason: `shift ${shift.shiftId} needs weekdays 1 to 7` });
  }
}

/**
 * The worked shifts that overlap [from, to), in order of start; instants in milliseconds UTC. Wall-clock times
 * are kept across daylight saving, so a night shift may last seven or nine hours.
 */
export function shiftsBetween(calendar: WorkCalendar, from: number, to: number): ShiftInstance[] {
  const zone = calendar.timeZone;
  const worked: ShiftInstance[] = [];
  const lastDay = DateTime.fromMillis(to, { zone }).startOf('day');
  let day = DateTime.fromMillis(from, { zone }).startOf('day').minus({ days: 1 });
  let next = day.plus({ days: 1 });
  let today = clockOn(day, next);
  while (day <= lastDay) {
    const dayAfter = next.plus({ days: 1 });
    const tomorrow = clockOn(next, dayAfter);
    const productionDay = day.toISODate() ?? '';
    for (const shift of calendar.holidays.includes(productionDay) ? [] : calendar.shifts) {
      if (!shift.weekdays.includes(day.weekday)) continue;
      const start = today(shift.start);
      const end = (shift.end <= shift.start ? tomorrow : today)(shift.end);
      if (start < to && end > from)
        worked.push({ start, end, shiftId: shift.shiftId, name: shift.name, productionDay });
    }
    [day, next, today] = [next, dayAfter, tomorrow];
  }
  return worked.sort((a, b) => a.start - b.start);
}

/** The production day an instant belongs to, `YYYY-MM-DD`: days begin with the first shift's start. */
export function productionDayOf(calendar: WorkCalendar, instant: number): string {
  const local = DateTime.fromMillis(instant, { zone: calendar.timeZone });
  const day = local < atTime(local, dayStart(calendar)) ? local.minus({ days: 1 }) : local;
  return day.toISODate() ?? '';
}

/** Local wall-clock time at which a production day begins: the start of the shift listed first, else midnight. */
export function dayStart(calendar: WorkCalendar): string {
  return calendar.shifts[0]?.start ?? '00:00';
}

/** Reads a day's wall-clock times; on one of 24 hours each is as long after midnight as it says. */
function clockOn(day: DateTime, next: DateTime): (time: string) => number {
  const midnight = day.toMillis();
  if (day.hour !== 0 || day.minute !== 0 || next.toMillis() - midnight !== 24 * hour)
    return (time) => atTime(day, time).toMillis();
  return (time) => {
    const [hours, minutes] = time.split(':').map(Number);
    return midnight + (hours ?? 0) * hour + (minutes ?? 0) * minute;
  };
}

function atTime(day: DateTime, time: string): DateTime {
  const [hour, minute] = time.split(':').map(Number);
  return day.set({ hour: hour ?? 0, minute: minute ?? 0, second: 0, millisecond: 0 });
}
