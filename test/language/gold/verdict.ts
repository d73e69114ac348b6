import type { AskedLine } from './asking.ts';
import { goldsOf, type GoldQuestion, type GoldReading } from './question.ts';
import { expectedOf, type Expected, type Values } from './reference.ts';
import type { Tables } from './tables.ts';
import { common, merged, workedShifts, type Window } from './windows.ts';

/**
 * What became of a question: `right`; `wrong`, answered but by none of the readings that are right; `refused`, although
 * there is an answer; `declined`, rightly not answered.
 */
export interface Verdict {
  question: GoldQuestion;
  outcome: 'right' | 'wrong' | 'refused' | 'declined';
  /** Whether it should have been answered. */
  isAnswerable: boolean;
  /** A refusal's type fits, where one was due. */
  isRefusalFitting: boolean;
  /** Of a wrong one: what differs from the usual reading. */
  why: string;
  milliseconds: number;
}

/** Judges an answer by value and rows, metric and period; the words of an answer do not count. */
export function judge(question: GoldQuestion, line: AskedLine, tables: Tables): Verdict {
  const golds = goldsOf(question);
  const allowed = golds.flatMap((gold) => ('refusal' in gold ? gold.refusal : []));
  const readings = golds.filter((gold) => 'metrics' in gold);
  const expected = readings.map((gold) => ({ gold, expected: expectedOf(gold, tables) }));
  const [usual] = expected;
  const isUndefined = usual !== undefined && isEmpty(usual.expected);
  if (usual && (isUndefined || isNone(usual.expected))) allowed.push('no_data');
  const isAnswerable = !('refusal' in golds[0]!) && !isUndefined;
  const base = { question, isAnswerable, milliseconds: line.milliseconds };
  const { refusal } = line;
  if (refusal !== null) {
    const isRefusalFitting = allowed.includes(refusal);
    const outcome = !isAnswerable || isRefusalFitting ? 'declined' : 'refused';
    return { ...base, outcome, isRefusalFitting, why: outcome === 'refused' ? refusal : '' };
  }
  const problems = expected.map((each) => problemOf(each.gold, each.expected, line, tables));
  const isRight = problems.includes('');
  return {
    ...base,
    outcome: isRight ? 'right' : 'wrong',
    isRefusalFitting: false,
    why: isRight ? '' : (problems[0] ?? 'must not be answered'),
  };
}

/** Nothing there to tell: every ratio is without a whole. */
function isEmpty({ values, records }: Expected): boolean {
  return !records && Object.values(values).every((value) => value === null);
}

/** No record, or no group with anything in it. */
function isNone({ groups, records }: Expected): boolean {
  return records?.size === 0 || groups?.size === 0;
}

function problemOf(gold: GoldReading, expected: Expected, line: AskedLine, tables: Tables): string {
  return (
    metricProblem(gold, line) ||
    periodProblem(gold, expected, line, tables) ||
    (gold.shape === 'list'
      ? listProblem(expected, line)
      : expected.compared
        ? comparisonProblem(gold, expected, line)
        : expected.groups
          ? groupsProblem(gold, expected.groups, line)
          : valueProblem(gold, expected.values, line))
  );
}

function metricProblem({ metrics, shape, groupBy, filters }: GoldReading, { understood }: AskedLine): string {
  const told = understood?.metrics ?? [];
  if (shape === 'list') return '';
  const same = (id: string) =>
    told.includes(id) || ((groupBy.includes('defect') || 'defect' in filters) && told.includes('defect_count'));
  return metrics.every(same) && told.length === metrics.length ? '' : `metric ${told.join('+')}`;
}

function periodProblem(
  gold: GoldReading,
  { period, comparedPeriod }: Expected,
  { understood, period: told }: AskedLine,
  tables: Tables,
): string {
  if (gold.anyPeriod) return '';
  if (gold.metrics[0] === 'order_status') return '';
  if (!told) return 'no period';
  const shiftIds = understood?.filters.find(({ dimension }) => dimension === 'shift')?.values;
  const window = (stretch: { from: string; to: string }): Window => [Date.parse(stretch.from), Date.parse(stretch.to)];
  const same = (one: Window, other: Window) =>
    (one[0] === other[0] && one[1] === other[1]) ||
    JSON.stringify(inShifts(one, gold.filters['shift'], tables)) ===
      JSON.stringify(inShifts(other, shiftIds ?? gold.filters['shift'], tables));
  if (!same(period, window(told))) return `period ${told.from} to ${told.to}`;
  if (!comparedPeriod) return '';
  const compared = understood?.compareTo;
  return compared && same(comparedPeriod, window(compared))
    ? ''
    : `compared with ${JSON.stringify(compared ?? 'nothing')}`;
}

function inShifts(window: Window, shiftIds: readonly string[] | undefined, tables: Tables): readonly Window[] {
  if (!shiftIds) return [window];
  const shifts = workedShifts(tables, window).filter(({ key }) => shiftIds.includes(key));
  return merged(
    common(
      [window],
      shifts.map((shift) => shift.window),
    ),
  );
}

function valueProblem({ metrics }: GoldReading, values: Values, { value, rows }: AskedLine): string {
  const [row] = rows;
  const wrong = metrics.find((id, n) => {
    const told = metrics.length === 1 ? value : (row?.[id] ?? (n === 0 ? value : null));
    return !isSame(told, values[id] ?? null);
  });
  return wrong === undefined ? '' : `value ${String(value)} not ${JSON.stringify(values)}`;
}

function comparisonProblem({ metrics: [id = ''], groupBy }: GoldReading, expected: Expected, line: AskedLine): string {
  if (groupBy.length > 0) return '';
  const of = (period: string) => line.rows.find((row) => row['period'] === period)?.['value'] ?? null;
  const [asked, compared] = [expected.values[id] ?? null, expected.compared?.[id] ?? null];
  return isSame(of('asked'), asked) && isSame(of('compared-with'), compared)
    ? ''
    : `values ${JSON.stringify(line.rows)} not ${String(asked)}, ${String(compared)}`;
}

function groupsProblem(gold: GoldReading, groups: Map<string, Values>, line: AskedLine): string {
  const { metrics, groupBy } = gold;
  const told = new Map<string, unknown[]>();
  for (const row of line.rows) {
    const key = groupBy.map((dimension) => String(row[dimension])).join('|');
    told.set(key, metrics.length === 1 ? [row['value']] : metrics.map((id) => row[id]));
  }
  for (const [key, values] of told) {
    const right = groups.get(key);
    if (!metrics.every((id, n) => isSame(values[n], right?.[id] ?? null)))
      return `${key} is ${JSON.stringify(values)} not ${JSON.stringify(right)}`;
  }
  if (gold.shape === 'top') return rankingProblem(gold, groups, [...told.keys()]);
  const missing = [...groups.keys()].find((key) => !told.has(key));
  return missing === undefined || line.rows.length === 200 ? '' : `without ${missing}`;
}

/** The first ranks are right; groups with nothing in them may take part, as the least or after all others. */
function rankingProblem(
  { metrics: [id = ''], order, limit }: GoldReading,
  groups: Map<string, Values>,
  told: string[],
): string {
  const value = (key: string) => groups.get(key)?.[id] ?? 0;
  const some = told.filter((key) => groups.has(key));
  const ranked = [...groups.keys()].toSorted((a, b) => (order === 'asc' ? value(a) - value(b) : value(b) - value(a)));
  if (groups.size > 0 && told.length === 0) return 'no ranks';
  if (limit !== undefined && (told.length > limit || told.length < Math.min(limit, ranked.length)))
    return `${String(told.length)} ranks`;
  if (order === 'desc' && told.findIndex((key) => !groups.has(key)) !== -1 && some.length < ranked.length)
    return 'nothing ranks before something';
  const wrong = (limit === undefined ? some.slice(0, 1) : some).find(
    (key, n) => !isSame(value(key), value(ranked[n] ?? '')),
  );
  return wrong === undefined ? '' : `${wrong} out of rank`;
}

/** The records' ids; of none their number will do. */
function listProblem({ records = new Set() }: Expected, { rows, value }: AskedLine): string {
  if (records.size === 0 && value === 0) return '';
  const told = rows.map((row) => {
    const [order, machine, start] = [row['order'], row['machine'], row['start_ms'] ?? row['start']];
    if (typeof order === 'string') return order;
    return `${String(machine)}@${String(typeof start === 'string' ? Date.parse(start) : start)}`;
  });
  const wrong = told.find((id) => !records.has(id));
  if (wrong !== undefined) return `${wrong} is not asked for`;
  const expected = Math.min(200, records.size);
  return new Set(told).size === expected ? '' : `${String(told.length)} of ${String(expected)} records`;
}

/** Equal but for rounding of sums; a ratio without a whole equals nothing told, and none of a thing equals zero. */
function isSame(told: unknown, right: number | null): boolean {
  if (typeof told !== 'number') return (told ?? null) === null && (right === null || right === 0);
  return Math.abs(told - (right ?? 0)) <= 1e-6 * Math.max(1, Math.abs(right ?? 0));
}
