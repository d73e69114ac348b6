import { dimensionName } from '../read/dimension-names.ts';
import type { Telling } from './describe.ts';
import type { Language } from '../metric.ts';
import type { SqlRow } from '../ports.ts';
import { isGrain } from '../sql/views.ts';
import { periodKeys } from '../sql/windows.ts';

/** Most points of one series. */
const mostPoints = 200;

/** One metric of an answer as its rows hold it: `column` is where its values stand. */
export interface Charted {
  telling: Telling;
  column: string;
}

/**
 * An ECharts option for an answer with groups or two periods: bars for groups, a line for a course over time, one
 * series for each metric, period or second group. Plain data only: no function, no HTML. Undefined for a single number
 * and for a list.
 */
export function chartOf(charted: readonly Charted[], rows: readonly SqlRow[]): object | undefined {
  const { query, time, metric, language } = charted[0]!.telling;
  const dimensions = [...query.groupBy].sort((a, b) => Number(isGrain(b)) - Number(isGrain(a)));
  const columns: string[] = [...dimensions, ...(time.columns.includes('period') ? ['period'] : [])];
  const [axis, second] = columns;
  if (axis === undefined || query.shape === 'list' || rows.length === 0) return undefined;
  const categories = unique(rows.map((row) => row[axis])).slice(0, mostPoints);
  const seconds = second === undefined ? [undefined] : unique(rows.map((row) => row[second]));
  const isCourse = dimensions[0] !== undefined && isGrain(dimensions[0]);
  const name = (column: string, key: unknown) => keyName(column, key, charted[0]!.telling);
  const series = charted.flatMap(({ telling, column }) =>
    seconds.map((key) => ({
      type: isCourse ? 'line' : 'bar',
      name: [
        ...(charted.length > 1 || key === undefined ? [telling.metric.name[language]] : []),
        ...(key === undefined || second === undefined ? [] : [name(second, key)]),
      ].join(' · '),
      data: categories.map((category) => {
        const row = rows.find((each) => each[axis] === category && (second === undefined || each[second] === key));
        const value = row?.[column];
        return typeof value === 'number' ? value : null;
      }),
    })),
  );
  return {
    title: { text: charted.map(({ telling }) => telling.metric.name[language]).join(', ') },
    tooltip: { trigger: 'axis' },
    ...(series.length > 1 ? { legend: {} } : {}),
    xAxis: {
      type: 'category',
      name: axis === 'period' ? '' : dimensionName(dimensions[0]!, language),
      data: categories.map((category) => name(axis, category)),
    },
    yAxis: { type: 'value', name: charted.length === 1 ? metric.unit[language] : '' },
    series,
  };
}

function unique(values: readonly unknown[]): unknown[] {
  return [...new Set(values)];
}

function keyName(column: string, key: unknown, { query, lexicon, language }: Telling): string {
  if (column === 'period') return periodNames[key === periodKeys.comparedWith ? 'other' : 'asked'][language];
  const dimension = query.groupBy.find((each) => each === column);
  if (typeof key !== 'string' || key === '') return language === 'de' ? 'ohne Angabe' : 'not stated';
  return dimension === undefined || isGrain(dimension) ? key : lexicon.nameOf(dimension, key, language);
}

const periodNames: Record<'asked' | 'other', Record<Language, string>> = {
  asked: { en: 'asked', de: 'gefragt' },
  other: { en: 'compared with', de: 'Vergleich' },
};
