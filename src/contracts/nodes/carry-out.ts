import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import { configNode, defineNode } from './node-definition.ts';

/** Carries out what was signed, and nothing else. */
export const dispatchNode = defineNode({
  type: 'mw-dispatch',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 3,
  icon: 'mw-dispatch.svg',
  accepts: ['mw.approval.v1', 'mw.write-inhibit.v1'],
  outputLabels: ['planChange', 'staging', 'notification'],
  config: {
    store: configNode('mw-store'),
    /** Jobs that one publication may change. */
    changeLimit: Type.Integer({ default: 500, minimum: 1, maximum: 100_000, 'x-icon': 'hand-paper-o' }),
  },
});

/** Writes the work instructions of the jobs that a plan change touched. */
export const instructNode = defineNode({
  type: 'mw-instruct',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 1,
  icon: 'mw-instruct.svg',
  accepts: ['mw.plan-change.v1'],
  outputLabels: ['instruction'],
  config: { store: configNode('mw-store'), locale: { ...oneOf('en', 'de'), default: 'en', 'x-icon': 'language' } },
});

/** A plain question becomes a number with its definition, period and query. */
export const askNode = defineNode({
  type: 'mw-ask',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 1,
  icon: 'mw-ask.svg',
  accepts: ['mw.question.v1', 'mw.feedback.v1', 'mw.verified-request.v1'],
  outputLabels: ['answer'],
  config: {
    store: configNode('mw-store'),
    /** Reads what the package's own readings disagree on. */
    llm: configNode('mw-llm', { optional: true }),
    timeLimitSeconds: Type.Number({ default: 10, minimum: 1, maximum: 120, 'x-icon': 'clock-o' }),
  },
});
