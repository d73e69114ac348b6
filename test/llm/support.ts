import { openLanguageModel, type LanguageModel, type LanguageModelSettings, type Task } from '../../src/llm/index.ts';
import type { ModelServer } from '../support/model-server.ts';

type Parts = Partial<Omit<LanguageModelSettings, 'endpoint'>> & {
  endpoint?: Partial<LanguageModelSettings['endpoint']>;
};

/** A model at a test's server, with short limits. */
export function modelAt(server: Pick<ModelServer, 'url'>, { endpoint, ...more }: Parts = {}): LanguageModel {
  return openLanguageModel({
    endpoint: { kind: 'openai', baseUrl: server.url, model: 'test-model', ...endpoint },
    egress: 'auto',
    budget: { tokensPerDay: 0, costPerDay: 0, inputPricePerMillion: 0, outputPricePerMillion: 0 },
    concurrency: 2,
    queueLimit: 4,
    limitMs: 3_000,
    maxTokens: 300,
    ...more,
  });
}

/** A small task: which metric a question is about. */
export const metricTask: Task = {
  name: 'metric',
  version: '1',
  instruction: 'Choose the metric.',
  slots: [{ id: 'question', tells: 'catalogue', text: 'how much junk on ⟨line1⟩' }],
  schema: {
    type: 'object',
    properties: { metric: { type: 'string', enum: ['output', 'reject_rate'] } },
    required: ['metric'],
    additionalProperties: false,
  },
};
