import type { Metric } from '../metric.ts';
import type { Recognised } from './recognise.ts';
import { compareWords } from './vocabulary.ts';

/** Words that join the members of an enumeration. */
const conjunctions = /^(and|und|sowie|plus)$/;

const articles =
  /^(the|a|an|how|much|many|what|was|were|die|der|das|den|dem|wie|viel|viele|wieviel|our|its|auch|also|number|of|anzahl)$/;

/** Whether words are a conjunction, with articles at most. */
export function areJoining(words: readonly string[]): boolean {
  return words.some((word) => conjunctions.test(word)) && words.every((w) => conjunctions.test(w) || articles.test(w));
}

/**
 * Whether several metrics are asked for side by side. They share all that is said beside them only where it stands on
 * one side: "OEE of line 2 and downtime of line 3" is no such question; a sum of two counts is none either.
 */
export function isEnumeration({ tokens, metrics, entities }: Recognised, meant: readonly Metric[]): boolean {
  const things = new Set(entities.flatMap(({ at }) => at));
  const isThing = (index: number) => things.has(index) || tokens[index]!.startsWith('⟨');
  const gaps = metrics.slice(1).map((metric, i) => range(metrics[i]!.at.at(-1)! + 1, metric.at[0]!));
  const isGap = (gap: readonly number[]) => {
    const words = gap.filter((index) => !isThing(index)).map((index) => tokens[index]!);
    const joins = words.some((word) => conjunctions.test(word) || compareWords.has(word));
    return (words.length === 0 || joins) && !words.some((word) => /^(or|oder)$/.test(word));
  };
  const isSum = tokens.some((token) => /^(total|sum|summe|together|zusammen|combined|insgesamt|gesamt)$/.test(token));
  const sameUnit = new Set(meant.map(({ unit }) => unit.en)).size === 1;
  if (!gaps.every(isGap) || (isSum && sameUnit)) return false;
  return !gaps.flat().some(isThing) || !range(metrics.at(-1)!.at.at(-1)! + 1, tokens.length).some(isThing);
}

/** Whether a conjunction puts a metric and a plant thing side by side, as in `stops and breakdowns`. */
export function joinsThing({ tokens, metrics, entities }: Recognised): boolean {
  return metrics.some((metric) =>
    entities.some((entity) => {
      const [first, second] = metric.at[0]! < entity.at[0]! ? [metric, entity] : [entity, metric];
      return areJoining(tokens.slice(first.at.at(-1)! + 1, second.at[0]));
    }),
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
