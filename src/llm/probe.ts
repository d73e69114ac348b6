import { MillwrightError, toMillwrightError } from '../kernel/index.ts';
import type { CallLimits, ChatMessage } from './client.ts';
import { firstJsonObject } from './first-json.ts';
import type { Endpoint } from './endpoint.ts';
import type { MeteredWire } from './metered.ts';

/** What an endpoint can do, as far as it let itself be asked. */
export interface Capabilities {
  /** Models that it lists; empty where it lists none. */
  models: string[];
  /** Whether the configured model is among them; true where none are listed. */
  isListed: boolean;
  /** A schema is kept to whatever the model would say, taken without effect, or refused. */
  schema: 'enforced' | 'accepted' | 'rejected';
  vision: boolean;
  /** Length of its vectors, where a model for embeddings is configured and answers. */
  embeddingLength?: number;
  /** Tokens that fit into one conversation, where it tells. */
  contextTokens?: number;
}

/** A white picture of one pixel. */
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4////fwAJ+wP9CNHoHgAAAABJRU5ErkJggg==';
const colour = {
  name: 'colour',
  schema: {
    type: 'object',
    properties: { colour: { type: 'string', enum: ['red'] } },
    required: ['colour'],
    additionalProperties: false,
  },
};
const askColour: ChatMessage[] = [
  { role: 'user', content: 'Which colour is a clear sky? Answer with JSON: {"colour": "blue"}' },
];
/** Enough for models that think before they answer. */
const maxTokens = 200;

/**
 * Asks an endpoint what it can do, with two or three short calls: the schema allows only what the prompt does not ask
 * for, so that an answer that keeps to it was forced to. Rejects with what the first call fails with.
 */
export async function probeEndpoint(wire: MeteredWire, endpoint: Endpoint, limits: CallLimits): Promise<Capabilities> {
  const listed = await listedModels(wire, limits);
  const schema = await schemaSupport(wire, limits);
  const vision = await takes(() => wire.chat({ messages: askPicture, maxTokens: 1 }, limits));
  const length = endpoint.embeddingModel ? await embeddingLength(wire, limits) : undefined;
  const own = listed.find(({ id }) => id === endpoint.model);
  return {
    models: listed.map(({ id }) => id),
    isListed: listed.length === 0 || own !== undefined || endpoint.kind === 'azure',
    schema,
    vision,
    ...(length === undefined ? {} : { embeddingLength: length }),
    ...(own?.contextTokens === undefined ? {} : { contextTokens: own.contextTokens }),
  };
}

const askPicture: ChatMessage[] = [
  {
    role: 'user',
    content: [
      { type: 'text', text: 'Which colour is this?' },
      { type: 'image_url', image_url: { url: pixel } },
    ],
  },
];

/** Some endpoints list no models; a wrong address, a refused log-in and silence are reported. */
async function listedModels(wire: MeteredWire, limits: CallLimits) {
  try {
    return await wire.models(limits);
  } catch (thrown) {
    const { code } = toMillwrightError(thrown);
    if (code === 'MW_LLM_MODEL_UNKNOWN' || code === 'MW_LLM_FAILED' || code === 'MW_LLM_ANSWER_INVALID') return [];
    throw thrown;
  }
}

async function schemaSupport(wire: MeteredWire, limits: CallLimits): Promise<Capabilities['schema']> {
  const { text } = await wire.chat({ messages: askColour, schema: colour, maxTokens }, limits);
  if (wire.dialect.structured === 'prompt') return 'rejected';
  const answer = firstJsonObject(text) as { colour?: unknown } | undefined;
  return answer?.colour === 'red' ? 'enforced' : 'accepted';
}

async function embeddingLength(wire: MeteredWire, limits: CallLimits): Promise<number | undefined> {
  let length: number | undefined;
  await takes(async () => {
    length = (await wire.embed(['probe'], limits))[0]?.length;
  });
  return length;
}

async function takes(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    if (thrown instanceof MillwrightError && thrown.code === 'MW_ABORTED') throw thrown;
    return false;
  }
}
