import type { SemanticQuery, Shape } from '../semantic-query.ts';
import { isGrain, type Dimension } from '../sql/views.ts';
import type { Opinion } from './judge.ts';

/** What the second judge says of a reading: the same, nothing, or something else. */
export type Verdict = 'agrees' | 'silent' | 'disagrees';

/**
 * Below `unlikely` a label is held to be wrong, above `likely` to be right; in between the judge has no opinion, and
 * neither has it of a question less than half of whose words it was trained on. Set on the development half of the
 * questions alone.
 */
const limits = {
  familiarity: 0.5,
  intent: { likely: 0.85 },
  metric: { unlikely: 0.2, likely: 0.5, surely: 0.9 },
  shape: { unlikely: 0.08, likely: 0.85 },
  group: { unlikely: 0.05, likely: 0.92 },
} as const;

/** Metrics that are one number under two names, or two views of the same records: naming either is no disagreement. */
const kin: readonly (readonly string[])[] = [
  ['quality', 'first_pass_yield'],
  ['reject_count', 'defect_count'],
  ['late_orders', 'order_status'],
];

/** Output by the hour or day is spoken of as the rate is. */
const overTime = ['output', 'throughput'];

/** Compares a reading with the second judge's opinion: what is asked, which metrics, which form, which groups. */
export function verdictOn(opinion: Opinion, query: SemanticQuery): Verdict {
  if (opinion.familiarity < limits.familiarity) return 'silent';
  const parts = [intentVerdict(opinion, query), metricVerdict(opinion, query), formVerdict(opinion, query)];
  if (parts.includes('disagrees')) return 'disagrees';
  return parts.includes('silent') ? 'silent' : 'agrees';
}

/** That a question is none counts only where the judge does not see the metric either. */
function intentVerdict({ intent, metrics }: Opinion, query: SemanticQuery): Verdict {
  if (intent.label === 'question') return 'agrees';
  const isMild = intent.label === 'outside' || intent.label === 'vague';
  if (isMild && query.metrics.every((id) => (metrics.get(id) ?? 0) >= limits.metric.likely)) return 'silent';
  return intent.probability >= limits.intent.likely ? 'disagrees' : 'silent';
}

function metricVerdict({ metrics }: Opinion, query: SemanticQuery): Verdict {
  const related = query.groupBy.some(isGrain) ? [...kin, overTime] : kin;
  const isKin = (a: string, b: string) => related.some((ids) => ids.includes(a) && ids.includes(b));
  const named = new Set(query.metrics.flatMap((id) => [id, ...related.filter((ids) => ids.includes(id)).flat()]));
  const ofReading = query.metrics.map((id) =>
    Math.max(
      ...[...named].filter((other) => other === id || isKin(id, other)).map((other) => metrics.get(other) ?? NaN),
    ),
  );
  const least = Math.min(...ofReading);
  // A metric of the plant's own, that the judge was never taught.
  if (Number.isNaN(least)) return 'silent';
  const rival = Math.max(...[...metrics].filter(([id]) => !named.has(id)).map(([, probability]) => probability));
  const isOther = least < limits.metric.unlikely && rival >= limits.metric.likely;
  if (isOther || (least < limits.metric.likely && rival >= limits.metric.surely)) return 'disagrees';
  return least >= limits.metric.likely && rival < limits.metric.likely ? 'agrees' : 'silent';
}

/** A course over time is a breakdown by time: the rows are the same. */
function isCut(shape: Shape): boolean {
  return shape === 'breakdown' || shape === 'trend';
}

function formVerdict({ shapes, groups }: Opinion, query: SemanticQuery): Verdict {
  const [shape, probability] = [...shapes].reduce((best, each) => (each[1] > best[1] ? each : best));
  const isOtherShape =
    query.metrics.length === 1 &&
    shape !== query.shape &&
    !(isCut(shape) && isCut(query.shape)) &&
    !(shape === 'top' && query.orderBy !== null) &&
    probability >= limits.shape.likely &&
    (shapes.get(query.shape) ?? 0) < limits.shape.unlikely;
  if (isOtherShape) return 'disagrees';
  const ofShift = 'shiftId' in query.period ? (['shift'] as const) : [];
  const known = new Set<Dimension>([...query.groupBy, ...query.filters.map(({ dimension }) => dimension), ...ofShift]);
  const missed = [...groups].some(([dimension, p]) => p >= limits.group.likely && !known.has(dimension));
  const invented = query.groupBy.some((dimension) => (groups.get(dimension) ?? 1) < limits.group.unlikely);
  return missed || (invented && query.shape !== 'trend') ? 'disagrees' : 'agrees';
}
