import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import { configNode, defineNode } from './node-definition.ts';

/** A file or folder; relative ones lie in the Node-RED user directory. Empty: none. */
const path = (icon: string) => Type.String({ default: '', maxLength: 500, 'x-icon': icon, 'x-hint': true });

/** Maintenance advice in which every sentence can be traced. */
export const adviseNode = defineNode({
  type: 'mw-advise',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 2,
  icon: 'mw-advise.svg',
  accepts: ['mw.event.v1', 'mw.question.v1', 'mw.back-test-request.v1', 'mw.cancel.v1'],
  outputLabels: ['advice', 'progress'],
  config: {
    store: configNode('mw-store'),
    /** Words the explanations and finds by meaning. */
    llm: configNode('mw-llm', { optional: true }),
    /** Manuals: Markdown, text, PDF. */
    folder: path('folder-open-o'),
    /** CSV. */
    failureModes: path('table'),
    /** CSV of short forms with what they mean. */
    abbreviations: path('font'),
    /** Equipment whose records may be used, with all below it; empty: all. */
    scope: Type.String({ default: '', maxLength: 200, 'x-icon': 'sitemap', 'x-hint': true }),
    /** Of advice on events; a question is answered in its own language. */
    locale: { ...oneOf('en', 'de'), default: 'en', 'x-icon': 'language' },
    timeLimitSeconds: Type.Number({ default: 30, minimum: 1, maximum: 300, 'x-icon': 'clock-o' }),
  },
});
