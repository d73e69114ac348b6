import { coverageSql } from '../sql/compile.ts';
import { describePeriod, localTime } from '../time/describe-period.ts';
import { formatValue, understoodText, type Telling } from './describe.ts';
import { freshness, type DataExtent } from './freshness.ts';
import type { Metric } from '../metric.ts';
import type { QueryPort, SqlRow } from '../ports.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { SemanticQuery } from '../semantic-query.ts';
import { kpiView } from '../sql/views.ts';
import { numeratorOf, periodKeys, type QueryWindows } from '../sql/windows.ts';

/** What may be told: the number, where there is one, and what to know about it. */
export type Judgement = { value: number | string | undefined; warnings: string[] };

/**
 * Decides whether a query's rows may be told. Rejects with what the port rejects with.
 */
export async function judge(
  telling: Telling,
  rows: readonly SqlRow[],
  extent: DataExtent | undefined,
  port: QueryPort,
): Promise<Judgement | Refusal> {
  const { query, metric, time, calendar, language } = telling;
  const about = understoodText(telling);
  const noData = refuse('no_data', 'noData', language, [about]);
  if (extent === undefined) return noData;
  const { end } = time.period;
  const windows =
    query.period.kind === 'now'
      ? [{ start: end - presentMs, end }]
      : [...time.period.windows, ...(time.compareTo?.windows ?? [])];
  const age = time.period.isWhole ? 'fresh' : freshness(windows, extent, calendar);
  if (age === 'stale')
    return refuse('stale_data', 'stale', language, [localTime(extent.to, calendar.timeZone, language), about]);
  const warnings = age === 'fresh' ? [] : [extentWarning(age, extent, telling)];
  if (query.shape === 'list') {
    const isNothing = rows.length === 0 && (await isUntold(query, metric, time, port));
    return isNothing ? noData : { value: listValue(rows), warnings };
  }
  if (recordsOf(rows) === 0 && !(await isCovered(query, metric, time, port))) return noData;
  const value = valueOf(telling, rows);
  if (value === undefined && metric.denominator && query.groupBy.length === 0)
    return refuse('no_data', 'undefinedRatio', language, [
      metric.name[language],
      describePeriod(query.period, time.period, calendar.timeZone, language),
    ]);
  const odd = [value, ...rows.map((row) => row['value'])].find((each) => isOutside(each, metric));
  if (typeof odd === 'number') return refuse('no_data', 'implausible', language, [formatValue(odd, metric, language)]);
  return { value, warnings };
}

/** What is asked of the present is judged by the data of so long a time. */
const presentMs = 8 * 3_600_000;

/** An empty list says that there is none, but not of one order by name, and not where nothing was recorded. */
async function isUntold(query: SemanticQuery, metric: Metric, time: QueryWindows, port: QueryPort): Promise<boolean> {
  if (query.filters.some(({ dimension }) => dimension === 'order')) return true;
  return !(await isCovered(query, metric, time, port));
}

function extentWarning(age: 'beginsLate' | 'endsEarly', extent: DataExtent, { calendar, language }: Telling): string {
  const time = localTime(age === 'beginsLate' ? extent.from : extent.to, calendar.timeZone, language);
  if (age === 'beginsLate') return language === 'de' ? `Daten erst ab ${time}.` : `Data only from ${time} on.`;
  return language === 'de' ? `Daten nur bis ${time}.` : `Data only until ${time}.`;
}

/** Nothing found is zero only where the machines were recorded at all; the order book is always whole. */
async function isCovered(query: SemanticQuery, metric: Metric, time: QueryWindows, port: QueryPort): Promise<boolean> {
  if (metric.denominator) return false;
  const { view } = numeratorOf(metric, query);
  if (kpiView(view).latest.length === 0) return true;
  const { sql, parameters } = coverageSql(query, view === 'kpi_count' ? 'kpi_state' : view, time, port.dialect);
  const [row] = await port(sql, parameters);
  return Number(row?.['covered'] ?? 0) === 1;
}

function isOutside(value: unknown, { bounds }: Metric): boolean {
  const slack = 1e-6 * Math.max(1, Math.abs(bounds.max));
  return typeof value === 'number' && (value < bounds.min - slack || value > bounds.max + slack);
}

/** The one number: of the period asked for, of the first group in a ranking, else over all groups. */
function valueOf({ query, metric }: Telling, rows: readonly SqlRow[]): number | undefined {
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const [first] = rows;
  if (!first) return metric.denominator || query.shape === 'top' ? undefined : 0;
  if (query.compareTo)
    return query.groupBy.length > 0
      ? undefined
      : (number(rows.find((row) => row['period'] === periodKeys.asked)?.['value']) ??
          (metric.denominator ? undefined : 0));
  if (query.groupBy.length === 0) return number(first['value']) ?? (metric.denominator ? undefined : 0);
  if (query.shape === 'top') return number(first['value']);
  const numerator = number(first['total_numerator']);
  const denominator = metric.denominator ? number(first['total_denominator']) : 1;
  if (numerator === undefined || !denominator) return undefined;
  return (metric.scale * numerator) / denominator;
}

/** The state of one order, else how many records there are. */
function listValue(rows: readonly SqlRow[]): number | string {
  const state = rows.length === 1 ? rows[0]?.['order_state'] : undefined;
  return typeof state === 'string' ? state : recordsOf(rows);
}

/** How many records an answer rests on. */
export function recordsOf(rows: readonly SqlRow[]): number {
  const [first] = rows;
  const total = first?.['total_records'];
  if (typeof total === 'number') return total;
  return rows.reduce((sum, row) => sum + Number(row['records'] ?? 0), 0);
}
