import type { ConfigOf, llmNode } from '../../src/contracts/index.ts';
import type { LanguageModelSettings } from '../../src/llm/index.ts';

/** Calls that may wait for their turn. */
const queueLimit = 20;

/** The settings of a language model, out of a node's configuration and its key. */
export function modelSettings(config: ConfigOf<typeof llmNode>, apiKey: string | undefined): LanguageModelSettings {
  const { kind, baseUrl, model, apiVersion, embeddingModel } = config;
  return {
    endpoint: {
      kind,
      baseUrl,
      model,
      ...(apiKey ? { apiKey } : {}),
      ...(kind === 'azure' ? { apiVersion } : {}),
      ...(embeddingModel === '' ? {} : { embeddingModel }),
    },
    egress: config.egress,
    budget: {
      tokensPerDay: config.tokensPerDay,
      costPerDay: config.costPerDay,
      inputPricePerMillion: config.inputPricePerMillion,
      outputPricePerMillion: config.outputPricePerMillion,
    },
    concurrency: config.concurrency,
    queueLimit,
    limitMs: config.limitSeconds * 1000,
    maxTokens: config.maxTokens,
  };
}
