import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import { defineNode } from './node-definition.ts';

/** A name as an endpoint gives it to its models; empty where there is none. */
const ModelName = Type.String({ default: '', maxLength: 200, pattern: '^[^\\u0000-\\u001f]*$' });

/** A language model behind an OpenAI-compatible endpoint, and what it may be told. */
export const llmNode = defineNode({
  type: 'mw-llm',
  kind: 'config',
  version: 1,
  inputs: 0,
  outputs: 0,
  icon: 'mw-llm.svg',
  label: 'model',
  config: {
    kind: { ...oneOf('openai', 'azure'), default: 'openai', 'x-icon': 'server' },
    baseUrl: Type.String({
      default: 'http://127.0.0.1:11434/v1',
      pattern: '^https?://[^\\s@]+$',
      minLength: 1,
      maxLength: 500,
      'x-icon': 'globe',
    }),
    /** Of Azure the name of the deployment. */
    model: Type.String({ ...ModelName, minLength: 1, 'x-icon': 'comments-o' }),
    apiVersion: Type.String({ default: '2024-10-21', maxLength: 40, pattern: '^[\\w.-]*$', 'x-icon': 'calendar' }),
    embeddingModel: Type.String({ ...ModelName, 'x-icon': 'arrows', 'x-hint': true }),
    egress: {
      ...oneOf('auto', 'nothing', 'catalogue', 'aggregates', 'full'),
      default: 'auto',
      'x-icon': 'shield',
    },
    limitSeconds: Type.Number({ default: 20, minimum: 1, maximum: 120, 'x-icon': 'clock-o' }),
    maxTokens: Type.Integer({ default: 800, minimum: 50, maximum: 32_000, 'x-icon': 'scissors' }),
    concurrency: Type.Integer({ default: 1, minimum: 1, maximum: 2, 'x-icon': 'exchange' }),
    /** 0: no limit. */
    tokensPerDay: Type.Integer({ default: 500_000, minimum: 0, maximum: 1e9, 'x-icon': 'tachometer' }),
    /** In the currency of the prices; 0: no limit. */
    costPerDay: Type.Number({ default: 0, minimum: 0, maximum: 1e6, 'x-icon': 'money' }),
    inputPricePerMillion: Type.Number({ default: 0, minimum: 0, maximum: 1e6, 'x-icon': 'sign-in' }),
    outputPricePerMillion: Type.Number({ default: 0, minimum: 0, maximum: 1e6, 'x-icon': 'sign-out' }),
  },
  credentials: { apiKey: { type: 'password' } },
});
