import type { Metric } from '../metric.ts';
import type { PeriodSpec } from './period.ts';
import type { Filter } from '../read/link.ts';
import type { Structure } from '../read/structure.ts';
import type { TimeReading } from './dates.ts';

/** The period of a question and the one it is compared with. */
export interface AskedPeriod {
  period: PeriodSpec;
  compareTo: PeriodSpec | null;
  /** The question named none. */
  isAssumed: boolean;
}

/** Why there is none. */
export type AskedPeriodProblem = 'future' | 'ambiguous' | 'uncomparable';

/**
 * Puts a question's times together. One time is the period; of two the one after the comparing word is compared with;
 * a shift named without a time is the running or the last one; no time at all is the metric's own default.
 */
export function askedPeriod(
  tokens: readonly string[],
  times: readonly TimeReading[],
  structure: Structure,
  shiftFilter: Filter | undefined,
  metrics: readonly Metric[],
): AskedPeriod | AskedPeriodProblem {
  const named = tokens.flatMap((token, index) => {
    const reading = times[Number(/^⟨t(\d+)⟩$/.exec(token)?.[1] ?? NaN)];
    return reading === undefined ? [] : [{ index, reading }];
  });
  if (named.some(({ reading }) => reading === 'future')) return 'future';
  const specs = named.flatMap(({ index, reading }) => (typeof reading === 'string' ? [] : [{ index, spec: reading }]));
  if (specs.length < named.length || specs.length > 2) return 'ambiguous';
  const [first, second] = specs;
  const before: PeriodSpec | null = structure.before ? { kind: 'before' } : null;
  if (first && second) {
    if (before) return 'ambiguous';
    return twoTimes(tokens, first, second, structure);
  }
  if (first) return oneTime(tokens, first, before, structure, metrics);
  if (structure.before?.unit) {
    return { period: { kind: 'unit', unit: structure.before.unit, back: 1 }, compareTo: before, isAssumed: false };
  }
  if (before) return 'uncomparable';
  const isMixed = metrics.some(isPresent) && !metrics.every(isPresent);
  if (isMixed && metrics.some((metric) => metric.numerator.view === 'kpi_order')) return 'ambiguous';
  return { period: assumedPeriod(shiftFilter, metrics), compareTo: null, isAssumed: true };
}

function isPresent(metric: Metric): boolean {
  return metric.defaultPeriod === 'now';
}

function assumedPeriod(shiftFilter: Filter | undefined, metrics: readonly Metric[]): PeriodSpec {
  const [shiftId, ...others] = shiftFilter?.values ?? [];
  if (shiftId !== undefined && others.length === 0) return { kind: 'latestShift', shiftId };
  return metrics.every(isPresent) ? { kind: 'now' } : { kind: 'unit', unit: 'day', back: 0 };
}

function oneTime(
  tokens: readonly string[],
  { index, spec }: { index: number; spec: PeriodSpec },
  before: PeriodSpec | null,
  structure: Structure,
  metrics: readonly Metric[],
): AskedPeriod | AskedPeriodProblem {
  const isRightNow = spec.kind === 'now' && !metrics.every(isPresent);
  if (isRightNow) return { period: { kind: 'unit', unit: 'day', back: 0 }, compareTo: before, isAssumed: true };
  const onlyCompared = before === null && isCompared(tokens, index, structure);
  if (!onlyCompared) return { period: spec, compareTo: before, isAssumed: false };
  if (spec.kind !== 'unit' || spec.back === 0) return 'uncomparable';
  return { period: { ...spec, back: 0 }, compareTo: spec, isAssumed: true };
}

function twoTimes(
  tokens: readonly string[],
  first: { index: number; spec: PeriodSpec },
  second: { index: number; spec: PeriodSpec },
  structure: Structure,
): AskedPeriod | AskedPeriodProblem {
  const between = tokens.slice(first.index + 1, second.index);
  const areJoined = between.length === 1 && /^(and|und|or|oder)$/.test(between[0]!);
  if (structure.comparing.length === 0 && !areJoined) return 'ambiguous';
  const firstIsOther = isCompared(tokens, first.index, structure) && !isCompared(tokens, second.index, structure);
  const swap = firstIsOther && !areJoined && !/^(compare|vergleiche?)$/.test(tokens[structure.comparing[0]!] ?? '');
  const [period, compareTo] = swap ? [second.spec, first.spec] : [first.spec, second.spec];
  if (compareTo.kind === 'since') return 'ambiguous';
  const isSame = JSON.stringify(period) === JSON.stringify(compareTo);
  return { period, compareTo: isSame ? { kind: 'before' } : compareTo, isAssumed: false };
}

/** Whether a time stands right after a word that compares: `than last week`, `compared with last week`. */
function isCompared(tokens: readonly string[], index: number, { comparing }: Structure): boolean {
  let at = index - 1;
  while (/^(to|with|the|that|of|in|mit|zu|zum|zur|der|die|dem|den|von|vom|im|am)$/.test(tokens[at] ?? '')) at--;
  return comparing.includes(at);
}
