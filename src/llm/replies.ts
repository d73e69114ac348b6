import type { Tokens } from './budget.ts';
import type { Endpoint } from './endpoint.ts';
import { invalidAnswer } from './failure.ts';

/** What came back. */
export interface ChatReply {
  text: string;
  finish: 'complete' | 'cut-off' | 'declined';
  /** As the endpoint counted them, where it does. */
  tokens?: Tokens;
}

/** A model as an endpoint lists it. */
export interface ListedModel {
  id: string;
  /** Tokens that fit into one conversation, where the endpoint tells. */
  contextTokens?: number;
}

/** Reads a chat completion; throws `MW_LLM_ANSWER_INVALID` where it is none. */
export function readReply(completion: unknown, endpoint: Endpoint): ChatReply {
  const { choices, usage } = (completion ?? {}) as {
    choices?: ({ message?: { content?: unknown; refusal?: unknown } | null; finish_reason?: unknown } | null)[];
    usage?: { prompt_tokens?: unknown; completion_tokens?: unknown } | null;
  };
  const choice = Array.isArray(choices) ? choices[0] : undefined;
  if (!choice?.message) throw invalidAnswer(endpoint, 'no chat completion');
  const { content, refusal } = choice.message;
  const isDeclined = (typeof refusal === 'string' && refusal !== '') || choice.finish_reason === 'content_filter';
  const input = Number(usage?.prompt_tokens);
  const output = Number(usage?.completion_tokens);
  return {
    text: typeof content === 'string' ? content : '',
    finish: isDeclined ? 'declined' : choice.finish_reason === 'length' ? 'cut-off' : 'complete',
    ...(input >= 0 && output >= 0 ? { tokens: { input, output } } : {}),
  };
}

/** Reads one vector for each of so many texts, all of one length; throws `MW_LLM_ANSWER_INVALID`. */
export function readVectors(
  response: unknown,
  count: number,
  endpoint: Endpoint,
): { vectors: Float32Array[]; tokens?: Tokens } {
  const { data, usage } = (response ?? {}) as {
    data?: ({ index?: number; embedding?: unknown } | null)[];
    usage?: { prompt_tokens?: number } | null;
  };
  if (!Array.isArray(data) || data.length !== count) throw invalidAnswer(endpoint, 'another number of vectors');
  const inOrder = [...data].sort((a, b) => (a?.index ?? 0) - (b?.index ?? 0));
  const vectors = inOrder.map((entry) => vectorOf(entry?.embedding));
  const length = vectors[0]?.length ?? 0;
  if (vectors.some((vector) => vector.length !== length || length === 0 || !vector.every(Number.isFinite)))
    throw invalidAnswer(endpoint, 'vectors that are no lists of numbers of one length');
  const input = Number(usage?.prompt_tokens);
  return { vectors, ...(input >= 0 ? { tokens: { input, output: 0 } } : {}) };
}

/** Numbers, or their bytes in base64, which some servers send unasked. */
function vectorOf(embedding: unknown): Float32Array {
  if (typeof embedding === 'string') {
    const bytes = new Uint8Array(Buffer.from(embedding, 'base64'));
    return new Float32Array(bytes.buffer, 0, Math.floor(bytes.byteLength / 4));
  }
  return Array.isArray(embedding) ? Float32Array.from(embedding as number[]) : new Float32Array();
}

/** Reads a list of models; throws `MW_LLM_ANSWER_INVALID` where it is none. */
export function readModels(data: unknown, endpoint: Endpoint): ListedModel[] {
  if (!Array.isArray(data)) throw invalidAnswer(endpoint, 'no list of models');
  return (data as (Record<string, unknown> | null)[]).slice(0, 1000).flatMap((model) => {
    if (typeof model?.['id'] !== 'string') return [];
    const meta = (model['meta'] ?? {}) as Record<string, unknown>;
    const told = [model['max_model_len'], model['context_length'], model['loaded_context_length'], meta['n_ctx_train']];
    const contextTokens = told.find((tokens) => typeof tokens === 'number' && tokens > 0) as number | undefined;
    return [{ id: model['id'], ...(contextTokens === undefined ? {} : { contextTokens }) }];
  });
}
