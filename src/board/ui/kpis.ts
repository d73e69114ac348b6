import type { KpiName, SpreadView } from '../view.ts';
import type { TextKey, Texts } from './text.ts';

/** How a KPI is shown, and which way is better. */
export interface KpiStyle {
  name: KpiName;
  label: TextKey;
  hint: TextKey;
  unit: TextKey | undefined;
  /** Shown value = value × factor. */
  factor: number;
  digits: number;
  lowerIsBetter: boolean;
}

function kpi(
  name: KpiName,
  unit: TextKey | undefined,
  factor: number,
  digits: number,
  lowerIsBetter: boolean,
): KpiStyle {
  return { name, label: `kpi.${name}`, hint: `kpi.${name}.hint`, unit, factor, digits, lowerIsBetter };
}

const perHour = 1 / 3_600;

/** Every KPI of a plan, in the order in which a planner asks for them. */
export const kpis: readonly KpiStyle[] = [
  kpi('lateOrders', undefined, 1, 1, true),
  kpi('weightedTardinessSeconds', 'unit.hours', perHour, 1, true),
  kpi('makespanSeconds', 'unit.hours', perHour, 1, true),
  kpi('changeovers', undefined, 1, 0, true),
  kpi('stability', 'unit.percent', 100, 0, false),
  kpi('workloadImbalance', 'unit.percent', 100, 0, true),
  kpi('onTimeShare', 'unit.percent', 100, 0, false),
  kpi('setupSeconds', 'unit.hours', perHour, 1, true),
  kpi('expectedScrap', undefined, 1, 0, true),
  kpi('oee', 'unit.percent', 100, 0, false),
];

/** The KPIs that have a column in the table. */
export const tableKpis: readonly KpiStyle[] = kpis.slice(0, 6);

/** A KPI by its name. */
export function kpiStyle(name: KpiName): KpiStyle {
  return kpis.find((style) => style.name === name)!;
}

/** A KPI's value as a number without its unit. */
export function kpiNumber(texts: Texts, style: KpiStyle, value: number): string {
  return texts.number(value * style.factor, style.digits);
}

/** A KPI's value with its unit. */
export function kpiValue(texts: Texts, style: KpiStyle, value: number): string {
  const number = kpiNumber(texts, style, value);
  return style.unit ? `${number} ${texts.t(style.unit)}` : number;
}

/** A spread in words: mean, and p10 to p90. */
export function kpiRange(texts: Texts, style: KpiStyle, { mean, p10, p90 }: SpreadView): string {
  return texts.t('kpi.range', {
    mean: kpiValue(texts, style, mean),
    p10: kpiNumber(texts, style, p10),
    p90: kpiNumber(texts, style, p90),
  });
}

/** Whether one value is better (1), worse (−1) or the same (0) as another, as far as the shown digits tell. */
export function compareKpi(style: KpiStyle, value: number, other: number): -1 | 0 | 1 {
  const scale = style.factor * 10 ** style.digits;
  const difference = Math.round(value * scale) - Math.round(other * scale);
  if (difference === 0) return 0;
  return difference < 0 === style.lowerIsBetter ? 1 : -1;
}
