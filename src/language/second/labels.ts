import type { Head } from '../../learning/index.ts';
import { dimensions } from '../sql/views.ts';

/** What a request is: a question that a number answers, or one of what is refused. */
const intents = ['question', 'outside', 'vague', 'write', 'people', 'forecast'] as const;

/** An intent as the second judge sees it. */
export type JudgedIntent = (typeof intents)[number];

/** Forms of an answer, as in the semantic query. */
const judgedShapes = ['value', 'breakdown', 'trend', 'top', 'compare', 'list'] as const;

/** What the second judge decides, in this order, for metrics of these ids. */
export function judgeHeads(metricIds: readonly string[]): [intent: Head, metric: Head, shape: Head, group: Head] {
  return [
    { name: 'intent', kind: 'one', labels: intents },
    { name: 'metric', kind: 'any', labels: metricIds },
    { name: 'shape', kind: 'one', labels: judgedShapes },
    { name: 'group', kind: 'any', labels: dimensions },
  ];
}
