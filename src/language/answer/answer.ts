import { isoInstant, uuidv7 } from '../../kernel/index.ts';
import type { Answer } from '../../contracts/index.ts';
import type { WorkCalendar } from '../../plant/index.ts';
import { chartOf } from './chart.ts';
import { compileQuery, extentSql, type BoundSql } from '../sql/compile.ts';
import { describePeriod } from '../time/describe-period.ts';
import { answerText, understoodText, type Telling } from './describe.ts';
import type { DataExtent } from './freshness.ts';
import type { Grammar } from '../read/grammar.ts';
import { judge, recordsOf, type Judgement } from './judge.ts';
import type { Language, Metric } from '../metric.ts';
import type { PeriodProblem } from '../time/period.ts';
import type { QueryPort, SqlRow } from '../ports.ts';
import type { Reading } from '../read/parse.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { SemanticQuery } from '../semantic-query.ts';
import { kpiView, type KpiViewName } from '../sql/views.ts';
import { numeratorOf, queryWindows } from '../sql/windows.ts';

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
    text: [refusal.detail, ...(refusal.choices && !tellsNames(refusal) ? [refusal.choices.join(' · ')] : [])].join(' '),
    refusal,
  };
}

/** The sentence names what there is already. */
function tellsNames({ type, detail }: Refusal): boolean {
  return type === 'unknown_entity' && detail.includes('; ');
}

/**
 * Runs a reading and writes the answer (`mw.answer.v1`). The number comes from SQL alone; no data, data that are too
 * old, a ratio without a whole and a value outside the metric's bounds are refused by type; of several metrics one
 * without data says so beside the others. Rejects with what the query port rejects with.
 */
export async function answerReading(question: string, reading: Reading, context: AnswerContext): Promise<Answer> {
  const { query, language } = reading;
  const metrics = (query?.metrics ?? []).flatMap((id) => context.grammar.metric(id) ?? []);
  if (!query || metrics.length === 0)
    return refusalAnswer(question, reading.refusal ?? refuse('out_of_scope', 'outOfScope', language));
  const told: MetricAnswer[] = [];
  for (const metric of metrics) {
    const time = queryWindows(query, metric, context.calendar, context.now);
    if (typeof time === 'string') return refusalAnswer(question, timeRefusal(time, metric, language));
    const { lexicon } = context.grammar;
    told.push(await answerMetric({ query, metric, time, lexicon, calendar: context.calendar, language }, context));
  }
  const [first] = told as [MetricAnswer];
  const known = { ...knownOf(first, reading), understood: understoodText(first.telling, metrics) };
  const refusals = told.flatMap(({ outcome }) => ('type' in outcome ? [outcome] : []));
  const decisive = refusals.find(({ type }) => type !== 'no_data') ?? (refusals.length === told.length && refusals[0]);
  if (decisive) return refusalAnswer(question, decisive, known);
  const { value } = valueOf(first);
  const rows = (told.length === 1 ? first.rows : mergedRows(told)).slice(0, mostRows);
  const charted = told.map(({ telling }) => ({ telling, column: told.length === 1 ? 'value' : telling.metric.id }));
  const chart = chartOf(charted, rows);
  return {
    question,
    ...known,
    rows,
    ...(chart ? { chart } : {}),
    ...(value === undefined ? {} : { value }),
    unit: first.telling.metric.unit[language],
    values: told.map((each) => ({ ...describedMetric(each), ...valueOf(each) })),
    warnings: [...new Set([...known.warnings, ...told.flatMap(warningsOfOutcome)])],
    text: told.map(sentenceOf).join(' '),
  };
}

/** One metric of a query, run and judged. */
interface MetricAnswer {
  telling: Telling;
  statement: BoundSql;
  rows: SqlRow[];
  extent: DataExtent | undefined;
  outcome: Judgement | Refusal;
}

async function answerMetric(telling: Telling, context: AnswerContext): Promise<MetricAnswer> {
  const { query, metric, time } = telling;
  const statement = compileQuery(query, metric, time, context.now, context.query.dialect);
  const [rows, extent] = await Promise.all([run(context.query, statement), extentOf(query, metric, context)]);
  return { telling, statement, rows, extent, outcome: await judge(telling, rows, extent, context.query) };
}

function valueOf({ outcome }: MetricAnswer): { value?: number | string; detail?: string } {
  if ('type' in outcome) return { detail: outcome.detail };
  return outcome.value === undefined ? {} : { value: outcome.value };
}

function describedMetric({ telling: { metric, language }, statement, rows }: MetricAnswer) {
  return {
    metric: metric.id,
    name: metric.name[language],
    unit: metric.unit[language],
    definition: metric.definition[language],
    sql: statement.sql,
    parameters: statement.parameters,
    sampleSize: recordsOf(rows),
  };
}

function sentenceOf({ telling, rows, outcome }: MetricAnswer): string {
  return 'type' in outcome ? outcome.detail : answerText(telling, outcome.value, rows);
}

function warningsOfOutcome({ outcome }: MetricAnswer): string[] {
  return 'type' in outcome ? [outcome.detail] : outcome.warnings;
}

/** One row for each group, with the value of each metric by its id. */
function mergedRows(told: readonly MetricAnswer[]): SqlRow[] {
  const merged = new Map<string, SqlRow>();
  for (const { telling, rows } of told) {
    const names = [...new Set([...telling.time.columns, ...telling.query.groupBy])];
    for (const row of rows) {
      const key = JSON.stringify(names.map((name) => row[name]));
      const known = merged.get(key) ?? Object.fromEntries(names.map((name) => [name, row[name]]));
      merged.set(key, { ...known, [telling.metric.id]: row['value'] });
    }
  }
  return [...merged.values()];
}

function run(query: QueryPort, statement: BoundSql): Promise<SqlRow[]> {
  return query(statement.sql, statement.parameters);
}

function viewsOf(query: SemanticQuery, metric: Metric): KpiViewName[] {
  const parts = [numeratorOf(metric, query), ...(metric.denominator ? [metric.denominator] : [])];
  return [...new Set(parts.map((part) => part.view))];
}

/** What all views of a metric cover together, at most until now; the order book is always whole. */
async function extentOf(query: SemanticQuery, metric: Metric, context: AnswerContext): Promise<DataExtent | undefined> {
  const views = viewsOf(query, metric);
  const statement = extentSql(views, context.query.dialect);
  if (!statement) return { from: 0, to: context.now };
  const [row] = await run(context.query, statement);
  const read = (column: string) => Number(row?.[column] ?? NaN);
  const aged = views.filter((name) => kpiView(name).latest.length > 0);
  const newest = aged.map((name) => {
    const times = kpiView(name).latest.map((_, n) => read(`${name}_to_${n}`));
    return Math.max(...times.filter((time) => !Number.isNaN(time)));
  });
  const from = Math.max(...aged.map((name) => read(`${name}_from`)));
  const to = Math.min(context.now, ...newest);
  return Number.isFinite(from) && Number.isFinite(to) ? { from, to } : undefined;
}

function knownOf(
  { telling, statement, rows, extent }: MetricAnswer,
  reading: Reading,
): Omit<Answer, 'question' | 'text'> & { warnings: string[] } {
  const { query, metric, time, language } = telling;
  return {
    understood: understoodText(telling),
    period: {
      start: isoInstant(time.period.start),
      end: isoInstant(time.period.end),
      label: periodText(telling),
    },
    definition: metric.definition[language],
    sql: statement.sql,
    parameters: statement.parameters,
    rows: rows.slice(0, mostRows),
    ...(extent === undefined ? {} : { dataAsOf: isoInstant(extent.to) }),
    sampleSize: recordsOf(rows),
    filters: query.filters.map(({ dimension, op, values }) => ({ dimension, op, values })),
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

function periodText({ query, time, calendar, language }: Telling): string {
  return describePeriod(query.period, time.period, calendar.timeZone, language);
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
