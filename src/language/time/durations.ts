import { patterns, readNumber } from './words.ts';

/** A bound on how long each stop lasted. */
export interface DurationBound {
  op: '>' | '>=' | '<' | '<=';
  minutes: number;
}

const LONGER = '(?:longer than|more than|over|above|exceeding|laenger als|mehr als|ueber|groesser als|groesser|> )';
const LEAST = '(?:at least|no less than|not less than|mindestens|min|wenigstens|>= |> = )';
const SHORTER = '(?:shorter than|less than|under|below|kuerzer als|weniger als|unter|< )';
const MOST = '(?:at most|up to|no more than|no longer than|not longer than|hoechstens|maximal|max|<= |< = )';
const NUMBER = patterns.number;
const UNIT = '(sec|secs|second|seconds|sekunden?|min|mins|minutes?|minuten?|h|hrs?|hours?|stunden?|std)';
const LENGTH = `(?:(?:half an hour|einer halben stunde|eine halbe stunde|halbe stunde)|${NUMBER} ?${UNIT})`;

const rules = [
  { op: '>', pattern: bound(`${LONGER} ?${LENGTH}`) },
  { op: '>=', pattern: bound(`${LEAST} ?${LENGTH}`) },
  { op: '<', pattern: bound(`${SHORTER} ?${LENGTH}`) },
  { op: '<=', pattern: bound(`${MOST} ?${LENGTH}`) },
  {
    op: '>=',
    pattern: bound(
      `(?:of )?${LENGTH} (?:or more|or longer|and more|or above|oder mehr|oder laenger|und mehr|und laenger)`,
    ),
  },
  { op: '<=', pattern: bound(`(?:of )?${LENGTH} (?:or less|or shorter|oder weniger|oder kuerzer)`) },
] as const;

function bound(source: string): RegExp {
  return new RegExp(
    `(?<![a-z0-9-])(?:(?:lasting|lasted|that lasted|which lasted|that were|of|with|die|von|mit|dauer|duration|dauerten|dauerte|gedauert haben)(?: was| were)? )*${source}(?: (?:long|lang|dauer|duration|dauerten|dauerte|gedauert haben|lasted))?(?![a-z0-9-])`,
    'g',
  );
}

/** Finds bounds on durations, `longer than 10 minutes`, in normalised text and takes them out. */
export function readDurations(text: string): { text: string; bounds: DurationBound[] } {
  const bounds: DurationBound[] = [];
  let rest = text;
  for (const { op, pattern } of rules)
    rest = rest.replace(pattern, (found, count: string | undefined, unit: string | undefined) => {
      const minutes = count === undefined || unit === undefined ? 30 : (readNumber(count) ?? NaN) * minutesOf(unit);
      if (!Number.isFinite(minutes)) return found;
      bounds.push({ op, minutes });
      return ' ⟨d⟩ ';
    });
  return { text: rest.replace(/\s+/g, ' ').trim(), bounds };
}

function minutesOf(unit: string): number {
  if (unit.startsWith('s') && unit !== 'std' && !unit.startsWith('stu')) return 1 / 60;
  return unit.startsWith('h') || unit.startsWith('st') ? 60 : 1;
}
