import { isoInstant, uuidv7 } from '../kernel/index.ts';
import type { Answer } from '../contracts/index.ts';
import type { WorkCalendar } from '../plant/index.ts';
import { compileQuery, coverageSql, latestSql, type BoundSql } from './compile.ts';
import { describePeriod, localTime } from './describe-period.ts';
import { answerText, formatValue, understoodText, type Telling } from './describe.ts';
import { freshness } from './freshness.ts';
import type { Grammar } from './grammar.ts';
import type { Language, Metric } from './metric.ts';
import type { PeriodProblem } from './period.ts';
import type { QueryPort, SqlRow } from './ports.ts';
import type { Reading } from './parse.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { SemanticQuery } from './semantic-query.ts';
import { kpiView, type KpiViewName } from './views.ts';
import { numeratorOf, periodKeys, queryWindows, type QueryWindows } from './windows.ts';

/** What a query runs against. */
export interface AnswerContext {
  grammar: Grammar;
  calendar: WorkCalendar;
  query: QueryPort;
  /** Milliseconds since 1970 UTC. */
  now: number;
}

/** Most rows that an answer carries. */
const mostRows = 200;

/** A refusal as an answer, with what was understood before it. */
export function refusalAnswer(question: string, refusal: Refusal, known: Partial<Answer> = {}): Answer {
  return {
    question,
    understood: '',
    definition: '',
    sql: '',
    parameters: [],
    rows: [],
    sampleSize: 0,
    filters: [],
    traceId: uuidv7(),
    ...known,
    text: [refusal.detail, ...(refusal.choices ? [refusal.choices.join(' · ')] : [])].join(' '),
    refusal,
  };
}

/**
 * Runs a reading and writes the answer (`mw.answer.v1`). The number comes from SQL alone; no data, data that are too
 * old, a ratio without a whole and a value outside the metric's bounds are refused by type. Rejects with what the
 * query port rejects with.
 */
export async function answerReading(question: string, reading: Reading, context: AnswerContext): Promise<Answer> {
  const { query, language } = reading;
  const metric = query && context.grammar.metric(query.metric);
  if (!query || !metric)
    return refusalAnswer(question, reading.refusal ?? refuse('out_of_scope', 'outOfScope', language));
  const time = queryWindows(query, metric, context.calendar, context.now);
  if (typeof time === 'string') return refusalAnswer(question, timeRefusal(time, metric, language));
  const telling: Telling = {
    query,
    metric,
    time,
    lexicon: context.grammar.lexicon,
    calendar: context.calendar,
    language,
  };
  const statement = compileQuery(query, metric, time, context.now);
  const [rows, dataAsOf] = await Promise.all([run(context.query, statement), newestData(query, metric, context)]);
  const known = knownOf(telling, reading, statement, rows, dataAsOf, context);
  const outcome = await judge(telling, rows, dataAsOf, context);
  if ('type' in outcome) return refusalAnswer(question, outcome, known);
  return {
    question,
    ...known,
    ...(outcome.value === undefined ? {} : { value: outcome.value }),
    unit: metric.unit[language],
    warnings: [...known.warnings, ...outcome.warnings],
    text: answerText(telling, outcome.value, rows),
  };
}

function run(query: QueryPort, statement: BoundSql): Promise<SqlRow[]> {
  return query(statement.sql, statement.parameters);
}

function viewsOf(query: SemanticQuery, metric: Metric): KpiViewName[] {
  const parts = [numeratorOf(metric, query), ...(metric.denominator ? [metric.denominator] : [])];
  return [...new Set(parts.map((part) => part.view))];
}

/** The newest record of the emptiest view, at most now; the order book is always as of now. */
async function newestData(query: SemanticQuery, metric: Metric, context: AnswerContext): Promise<number | undefined> {
  const views = viewsOf(query, metric);
  const statement = latestSql(views);
  if (!statement) return context.now;
  const [row] = await run(context.query, statement);
  const newest = views
    .filter((name) => kpiView(name).latest.length > 0)
    .map((name) => Math.max(...kpiView(name).latest.map((column) => Number(row?.[`${name}_${column}`] ?? -Infinity))));
  const least = Math.min(...newest);
  return Number.isFinite(least) ? Math.min(least, context.now) : undefined;
}

function knownOf(
  { query, metric, time, language, ...telling }: Telling,
  reading: Reading,
  statement: BoundSql,
  rows: readonly SqlRow[],
  dataAsOf: number | undefined,
  { calendar }: AnswerContext,
): Omit<Answer, 'question' | 'text'> & { warnings: string[] } {
  return {
    understood: understoodText({ query, metric, time, language, ...telling }),
    period: {
      start: isoInstant(time.period.start),
      end: isoInstant(time.period.end),
      label: periodText({ query, metric, time, language, ...telling }),
    },
    definition: metric.definition[language],
    sql: statement.sql,
    parameters: statement.parameters,
    rows: rows.slice(0, mostRows),
    ...(dataAsOf === undefined ? {} : { dataAsOf: isoInstant(dataAsOf) }),
    sampleSize: recordsOf(rows),
    filters: query.filters.map(({ dimension, values }) => ({ dimension, values })),
    traceId: uuidv7(),
    warnings: warningsOf(reading, language),
  };
}

function warningsOf({ corrections, periodAssumed, query }: Reading, language: Language): string[] {
  const read = corrections.map(({ from, to }) =>
    language === 'de' ? `„${from}“ als „${to}“ gelesen.` : `“${from}” was read as “${to}”.`,
  );
  const isAssumed = periodAssumed && query?.period.kind !== 'now';
  const assumed = language === 'de' ? 'Kein Zeitraum genannt.' : 'No period was named.';
  return isAssumed ? [...read, assumed] : read;
}

function recordsOf(rows: readonly SqlRow[]): number {
  const [first] = rows;
  const total = first?.['total_records'];
  if (typeof total === 'number') return total;
  return rows.reduce((sum, row) => sum + Number(row['records'] ?? 0), 0);
}

function periodText({ query, time, calendar, language }: Telling): string {
  return describePeriod(query.period, time.period, calendar.timeZone, language);
}

type Judgement = { value: number | string | undefined; warnings: string[] };

async function judge(
  telling: Telling,
  rows: readonly SqlRow[],
  dataAsOf: number | undefined,
  context: AnswerContext,
): Promise<Judgement | Refusal> {
  const { query, metric, time, language } = telling;
  const about = understoodText(telling);
  const zone = context.calendar.timeZone;
  const noData = refuse('no_data', 'noData', language, [about]);
  if (dataAsOf === undefined) return noData;
  const views = viewsOf(query, metric).filter((name) => kpiView(name).latest.length > 0);
  const windows = [...time.period.windows, ...(time.compareTo?.windows ?? [])];
  const age = views.length === 0 ? 'fresh' : freshness(windows, dataAsOf, context.calendar);
  const newest = localTime(dataAsOf, zone, language);
  if (age === 'stale') return refuse('stale_data', 'stale', language, [newest, about]);
  const warnings =
    age === 'partial' ? [language === 'de' ? `Daten nur bis ${newest}.` : `Data only until ${newest}.`] : [];
  if (query.shape === 'list') return rows.length === 0 ? noData : { value: listValue(rows), warnings };
  if (recordsOf(rows) === 0 && !(await isCovered(query, metric, time, context.query))) return noData;
  const value = valueOf(telling, rows);
  if (value === undefined && metric.denominator && query.groupBy.length === 0)
    return refuse('no_data', 'undefinedRatio', language, [metric.name[language], periodText(telling)]);
  const odd = [value, ...rows.map((row) => row['value'])].find((each) => isOutside(each, metric));
  if (typeof odd === 'number') return refuse('no_data', 'implausible', language, [formatValue(odd, metric, language)]);
  return { value, warnings };
}

/** Nothing found is zero only where the machines were recorded at all; the order book is always whole. */
async function isCovered(query: SemanticQuery, metric: Metric, time: QueryWindows, port: QueryPort): Promise<boolean> {
  if (metric.denominator) return false;
  const { view } = numeratorOf(metric, query);
  if (kpiView(view).latest.length === 0) return true;
  const [row] = await run(port, coverageSql(query, view === 'kpi_count' ? 'kpi_state' : view, time));
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

function timeRefusal(problem: PeriodProblem | 'tooFine', metric: Metric, language: Language): Refusal {
  switch (problem) {
    case 'future':
      return refuse('forecast_not_supported', 'forecast', language);
    case 'tooFine':
      return refuse('out_of_scope', 'tooFine', language);
    case 'invalid':
      return refuse('ambiguous', 'whichPeriod', language);
    case 'none':
      return refuse('no_data', 'noPeriod', language, [metric.name[language]]);
  }
}
