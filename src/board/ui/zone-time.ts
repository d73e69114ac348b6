const minute = 60_000;
const hour = 60 * minute;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** An instant (milliseconds UTC) on the clocks of a zone, `YYYY-MM-DDTHH:mm`. */
export function wallTime(instant: number, timeZone: string): string {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  const part = Object.fromEntries(formatter.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${part.year ?? ''}-${part.month ?? ''}-${part.day ?? ''}T${part.hour ?? ''}:${part.minute ?? ''}`;
}

/**
 * The instant at which a zone's clocks show a time, milliseconds UTC. NaN for a text that is no time and for the hour
 * that is left out when clocks go forward; the first of the two when they go back.
 */
export function instantOf(wall: string, timeZone: string): number {
  const asUtc = Date.parse(`${wall.slice(0, 16)}:00Z`);
  if (Number.isNaN(asUtc)) return NaN;
  const offsetAt = (instant: number) => Date.parse(`${wallTime(instant, timeZone)}:00Z`) - floorToMinute(instant);
  const candidates = [offsetAt(asUtc - 24 * hour), offsetAt(asUtc + 24 * hour)].map((offset) => asUtc - offset);
  const fitting = candidates.filter((instant) => wallTime(instant, timeZone) === wall.slice(0, 16));
  return fitting.length > 0 ? Math.min(...fitting) : NaN;
}

function floorToMinute(instant: number): number {
  return Math.floor(instant / minute) * minute;
}

/** Marks of a time axis: instants, and whether a new day begins there. */
export interface Tick {
  at: number;
  day: boolean;
}

const stepsMinutes = [5, 15, 30, 60, 120, 180, 360, 720, 1440];

/**
 * Ticks in [from, to] at round times on the zone's clocks (days, and parts of days counted from midnight), at most
 * `most` of them besides the days' own; whole days are thinned to `most` as well.
 */
export function zoneTicks(from: number, to: number, timeZone: string, most: number): Tick[] {
  const spanMinutes = (to - from) / minute;
  const step = stepsMinutes.find((candidate) => spanMinutes / candidate <= most) ?? 1440;
  const ticks: Tick[] = [];
  for (let day = from - 26 * hour; day <= to + 26 * hour; day += 24 * hour) {
    const date = wallTime(day, timeZone).slice(0, 10);
    for (let at = 0; at < 1440; at += step) {
      const clock = `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
      const instant = instantOf(`${date}T${clock}`, timeZone);
      if (instant >= from && instant <= to) ticks.push({ at: instant, day: at === 0 });
    }
  }
  const sorted = ticks
    .sort((a, b) => a.at - b.at)
    .filter((tick, index, all) => index === 0 || tick.at !== all[index - 1]!.at);
  const every = step === 1440 ? Math.max(1, Math.ceil(sorted.length / most)) : 1;
  return sorted.filter((_tick, index) => index % every === 0);
}
