import { isoInstant, type Interval } from '../../kernel/index.ts';
import type { PlantModel } from '../../plant/index.ts';

const day = 86_400_000;

/**
 * Adds up how long each person is counted on by local date and by week (Monday to Sunday), whatever for, and says in
 * words where that is more than the person may work.
 */
export function findExcessHours(model: PlantModel, presence: ReadonlyMap<string, readonly Interval[]>): string[] {
  const limited = model.persons.filter((p) => p.mostHoursPerDay !== undefined || p.mostHoursPerWeek !== undefined);
  if (limited.length === 0) return [];
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: model.calendar.timeZone });
  const dateOf = (instant: number) => format.format(instant);
  const findings: string[] = [];
  for (const { personId, mostHoursPerDay = Infinity, mostHoursPerWeek = Infinity } of limited) {
    const byDate = new Map<string, number>();
    for (const stretch of presence.get(personId) ?? [])
      for (let { start } = stretch; start < stretch.end;) {
        const date = dateOf(start);
        const end = lastOf(dateOf, date, start, stretch.end);
        byDate.set(date, (byDate.get(date) ?? 0) + (end - start) / 3_600_000);
        start = end;
      }
    const byWeek = new Map<string, number>();
    for (const [date, hours] of byDate) {
      const monday = mondayOf(date);
      byWeek.set(monday, (byWeek.get(monday) ?? 0) + hours);
      if (hours > mostHoursPerDay + 1e-6) findings.push(tooLong(personId, hours, `on ${date}`, mostHoursPerDay));
    }
    for (const [monday, hours] of byWeek)
      if (hours > mostHoursPerWeek + 1e-6)
        findings.push(tooLong(personId, hours, `in the week of ${monday}`, mostHoursPerWeek));
  }
  return findings;
}

/** Where a local date ends within [start, end), to the millisecond, by bisection: at most one midnight is in between. */
function lastOf(dateOf: (instant: number) => string, date: string, start: number, end: number): number {
  let inside = start;
  let outside = Math.min(end, start + day);
  if (dateOf(outside - 1) === date) return outside;
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (dateOf(middle) === date) inside = middle;
    else outside = middle;
  }
  return outside;
}

function mondayOf(date: string): string {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const weekday = (new Date(midnight).getUTCDay() + 6) % 7;
  return isoInstant(midnight - weekday * day).slice(0, 10);
}

function tooLong(personId: string, hours: number, when: string, most: number): string {
  return `${personId} is counted on for ${String(Math.round(hours * 100) / 100)} h ${when}, but may work ${String(most)} h`;
}
