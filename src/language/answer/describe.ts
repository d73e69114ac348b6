import type { WorkCalendar } from '../../plant/index.ts';
import { dayName, describePeriod, localTime } from '../time/describe-period.ts';
import { dimensionName } from '../read/dimension-names.ts';
import type { Lexicon } from '../read/lexicon.ts';
import type { Language, Metric } from '../metric.ts';
import type { SqlRow } from '../ports.ts';
import type { QueryFilter, SemanticQuery } from '../semantic-query.ts';
import { isGrain, timeDimensions, type Dimension } from '../sql/views.ts';
import { periodKeys, type QueryWindows } from '../sql/windows.ts';

/** What an answer is written from. */
export interface Telling {
  query: SemanticQuery;
  metric: Metric;
  time: QueryWindows;
  lexicon: Lexicon;
  calendar: WorkCalendar;
  language: Language;
}

/** A number as people of the language write it, with the metric's decimals. */
function formatNumber(value: number, metric: Metric, language: Language): string {
  const digits = { minimumFractionDigits: metric.decimals, maximumFractionDigits: metric.decimals };
  return new Intl.NumberFormat(language === 'de' ? 'de-DE' : 'en-GB', digits).format(value);
}

/** A value with its unit. */
export function formatValue(value: number, metric: Metric, language: Language): string {
  const unit = metric.unit[language];
  const number = formatNumber(value, metric, language);
  return `${number} ${number === '1' ? (singular[unit] ?? unit) : unit}`;
}

/** What one of a counted unit is called. */
const singular: Record<string, string> = {
  parts: 'part',
  orders: 'order',
  'job orders': 'job order',
  stops: 'stop',
  changeovers: 'changeover',
  machines: 'machine',
  inspections: 'inspection',
  Teile: 'Teil',
  Aufträge: 'Auftrag',
  Arbeitsgänge: 'Arbeitsgang',
  Stillstände: 'Stillstand',
  Rüstvorgänge: 'Rüstvorgang',
  Maschinen: 'Maschine',
  Prüfungen: 'Prüfung',
};

/** The question as it was understood, in words; of several metrics each is named. */
export function understoodText(telling: Telling, metrics: readonly Metric[] = [telling.metric]): string {
  const { query, time, calendar, language } = telling;
  const zone = calendar.timeZone;
  const groups = query.groupBy.map((dimension) => dimensionName(dimension, language)).join(', ');
  const compared =
    query.compareTo && time.compareTo ? describePeriod(query.compareTo, time.compareTo, zone, language) : '';
  const words = language === 'de' ? { by: 'nach', against: 'verglichen mit' } : { by: 'by', against: 'compared with' };
  return [
    metrics.map((each) => each.name[language]).join(', '),
    ...query.filters.map((filter) => filterText(filter, telling)),
    describePeriod(query.period, time.period, zone, language),
    ...(groups === '' ? [] : [`${words.by} ${groups}`]),
    ...(compared === '' ? [] : [`${words.against} ${compared}`]),
  ].join('; ');
}

function filterText({ dimension, op, values }: QueryFilter, { lexicon, language }: Telling): string {
  const listed = values.map((id) => lexicon.nameOf(dimension, id, language)).join(', ');
  const names = op === 'in' ? listed : `${op === 'not_in' ? (language === 'de' ? 'ohne' : 'without') : op} ${listed}`;
  const isNumberedName = dimension === 'line' || dimension === 'shift' || dimension === 'area';
  return isNumberedName ? names : `${dimensionName(dimension, language)} ${names}`;
}

/** One sentence with the number. */
export function answerText(telling: Telling, value: number | string | undefined, rows: readonly SqlRow[]): string {
  const { query, metric, language } = telling;
  const subject = [metric.name[language], ...query.filters.map((filter) => filterText(filter, telling))].join(', ');
  const period = describePeriod(query.period, telling.time.period, telling.calendar.timeZone, language);
  const body =
    query.shape === 'list'
      ? listBody(telling, rows)
      : query.groupBy.length > 0
        ? groupsBody(telling, value, rows)
        : query.compareTo
          ? comparisonBody(telling, rows)
          : typeof value === 'number'
            ? formatValue(value, metric, language)
            : (value ?? '–');
  return `${subject}: ${body} (${period}).`;
}

/** Most groups that a sentence names: of a course in time the newest, else the first. */
const namedGroups = 5;

function groupsBody(telling: Telling, value: number | string | undefined, rows: readonly SqlRow[]): string {
  const { query, metric, language } = telling;
  const isTrend = query.shape === 'trend';
  const named = isTrend ? rows.slice(-namedGroups) : rows.slice(0, namedGroups);
  const shown = named.map((row) => `${groupName(row, telling)} ${valueOf(row, telling)}`).join(', ');
  const isCut = rows.length > namedGroups;
  const isTotal = typeof value === 'number' && query.shape !== 'top' && query.compareTo === null;
  const total = isTotal ? `; ${language === 'de' ? 'gesamt' : 'overall'} ${formatValue(value, metric, language)}` : '';
  const nothing = language === 'de' ? 'keine' : 'none';
  return `${isCut && isTrend ? '… ' : ''}${shown === '' ? nothing : shown}${isCut && !isTrend ? ' …' : ''}${total}`;
}

function groupName(row: SqlRow, { query, time, lexicon, language }: Telling): string {
  const ofPeriod = time.columns.includes('period') ? [periodName(row['period'], language)] : [];
  const names = query.groupBy.map((dimension) => thingName(dimension, row[dimension], lexicon, language));
  return [...names, ...ofPeriod].join(' · ');
}

function thingName(dimension: Dimension, id: unknown, lexicon: Lexicon, language: Language): string {
  if (typeof id !== 'string' || id === '') return language === 'de' ? 'ohne Angabe' : 'not stated';
  const isCalendar = timeDimensions.includes(dimension) && isGrain(dimension);
  if (dimension === 'day') return dayName(id, language);
  return isCalendar ? id : lexicon.nameOf(dimension, id, language);
}

function periodName(key: unknown, language: Language): string {
  if (key === periodKeys.comparedWith) return language === 'de' ? 'Vergleich' : 'compared with';
  return language === 'de' ? 'gefragt' : 'asked';
}

function valueOf(row: SqlRow, { metric, language }: Telling): string {
  const value = row['value'];
  return typeof value === 'number' ? formatValue(value, metric, language) : '–';
}

function comparisonBody(telling: Telling, rows: readonly SqlRow[]): string {
  const { query, metric, time, calendar, language } = telling;
  const find = (key: string) => rows.find((row) => row['period'] === key);
  const [asked, other] = [find(periodKeys.asked), find(periodKeys.comparedWith)];
  const [now, before] = [asked?.['value'], other?.['value']];
  const label =
    query.compareTo && time.compareTo
      ? describePeriod(query.compareTo, time.compareTo, calendar.timeZone, language)
      : '';
  const difference =
    typeof now === 'number' && typeof before === 'number'
      ? `, ${language === 'de' ? 'Differenz' : 'difference'} ${now >= before ? '+' : '−'}${formatNumber(Math.abs(now - before), metric, language)}`
      : '';
  const against = language === 'de' ? 'gegenüber' : 'against';
  const text = (row: SqlRow | undefined) => (row ? valueOf(row, telling) : '–');
  return `${text(asked)} ${against} ${text(other)} (${label})${difference}`;
}

function listBody({ calendar, language }: Telling, rows: readonly SqlRow[]): string {
  const total = Number(rows[0]?.['total_records'] ?? 0);
  const shown = rows.slice(0, namedGroups).map((row) => {
    const names = Object.entries(row).flatMap(([name, value]) => {
      if (value === null || name === 'total_records') return [];
      if (name.endsWith('_ms'))
        return [`${timeName(name, language)} ${localTime(Number(value), calendar.timeZone, language)}`];
      return [typeof value === 'number' ? listedNumber(name, value) : typeof value === 'string' ? value : '–'];
    });
    return names.join(' ');
  });
  if (shown.length === 0) return language === 'de' ? 'keine' : 'none';
  return `${shown.join('; ')}${total > namedGroups ? ` … (${String(total)})` : ''}`;
}

function listedNumber(name: string, value: number): string {
  return name === 'duration_min' ? `(${value.toFixed(1)} min)` : String(value);
}

const timeNames: Record<string, Record<Language, string>> = {
  due_ms: { en: 'due', de: 'fällig' },
  completed_ms: { en: 'completed', de: 'fertig' },
  start_ms: { en: 'from', de: 'von' },
  end_ms: { en: 'to', de: 'bis' },
  at_ms: { en: 'at', de: 'um' },
  started_ms: { en: 'started', de: 'begonnen' },
};

function timeName(column: string, language: Language): string {
  return timeNames[column]?.[language] ?? column;
}
