import type { AzureOpenAI, OpenAI } from 'openai';
import { hash32, lazyImport, MillwrightError, monotonicMs, seededRandom, sleep } from '../kernel/index.ts';
import { simplerDialect, usualDialect, type Dialect } from './dialect.ts';
import type { Endpoint } from './endpoint.ts';
import { failureOf, type Failure, type HttpProblem } from './failure.ts';
import { readModels, readReply, readVectors, type ChatReply, type ListedModel } from './replies.ts';
import type { Tokens } from './budget.ts';

/** One turn of a conversation. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string | ({ type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } })[];
}

/** One question to a model. */
export interface ChatRequest {
  messages: readonly ChatMessage[];
  /** The form of the answer; enforced only where the endpoint does so. */
  schema?: { name: string; schema: object };
  maxTokens: number;
}

/** How a call may use its time. */
export interface CallLimits {
  signal: AbortSignal;
  /** Monotonic milliseconds at which the caller gives up: no pause reaches beyond it. */
  until: number;
}

/** The wire to one endpoint. All calls reject with errors of ours; see `failureOf`. */
export interface Wire {
  chat(request: ChatRequest, limits: CallLimits): Promise<ChatReply>;
  /** One vector for each text. */
  embed(texts: readonly string[], limits: CallLimits): Promise<{ vectors: Float32Array[]; tokens?: Tokens }>;
  models(limits: CallLimits): Promise<ListedModel[]>;
  /** What the endpoint was found to take so far. */
  readonly dialect: Dialect;
  /** Attempts beyond the first. */
  readonly retries: number;
}

const mostAttempts = 3;
const firstPauseMs = 400;
const mostAnswerBytes = 8_000_000;
/** What an answer is asked to be reproducible by. */
const seed = 7;

/** Says of an error from a wire whether it is the endpoint's fault, and what pause it asked for. */
export function faultOf(thrown: unknown): number | undefined {
  const failure = thrown instanceof MillwrightError ? failures.get(thrown) : undefined;
  return failure?.isFault ? (failure.waitMs ?? 0) : undefined;
}

const failures = new WeakMap<MillwrightError, Failure>();

/**
 * Opens the wire to an endpoint; the client library is loaded with the first call. Redirects are not followed: what was
 * meant for one address never travels to another.
 */
export function openWire(endpoint: Endpoint): Wire {
  const random = seededRandom(hash32(endpoint.baseUrl + String(monotonicMs())), 'llm');
  let dialect = usualDialect;
  let retries = 0;
  let client: Promise<OpenAI> | undefined;

  async function load(): Promise<OpenAI> {
    const library = await lazyImport('openai', () => import('openai'));
    const common = {
      // Servers within the plant ask for no key, the library does.
      apiKey: endpoint.apiKey ?? 'none',
      organization: null,
      project: null,
      maxRetries: 0,
      logLevel: 'off',
      fetch: boundedFetch,
    } as const;
    const base = endpoint.baseUrl.replace(/\/+$/, '');
    if (endpoint.kind === 'openai') return new library.OpenAI({ ...common, baseURL: base });
    const azure: AzureOpenAI = new library.AzureOpenAI({
      ...common,
      baseURL: `${base}/openai`,
      deployment: endpoint.model,
      apiVersion: endpoint.apiVersion ?? '',
    });
    return azure;
  }

  /** Tries again after passing failures, with a pause that varies or the one that was asked for. */
  async function call<T>(work: (client: OpenAI) => Promise<T>, { signal, until }: CallLimits): Promise<T> {
    const ready = await (client ??= load());
    for (let attempt = 1; ; attempt++) {
      try {
        return await work(ready);
      } catch (thrown) {
        if (signal.aborted) throw new MillwrightError('MW_ABORTED', { what: 'language model' });
        if (thrown instanceof MillwrightError) throw thrown;
        const failure = failureOf(problemOf(thrown), endpoint);
        failures.set(failure.error, failure);
        const pause = failure.waitMs ?? firstPauseMs * 2 ** (attempt - 1) * (0.5 + random.next() / 2);
        if (!failure.isPassing || attempt >= mostAttempts || monotonicMs() + pause >= until) throw failure.error;
        retries++;
        await sleep(pause, signal);
      }
    }
  }

  function complete(ready: OpenAI, request: ChatRequest, tried: Dialect, signal: AbortSignal): Promise<unknown> {
    const { messages, schema, maxTokens } = request;
    const format =
      schema && tried.structured === 'schema'
        ? { response_format: { type: 'json_schema', json_schema: { ...schema, strict: true } } }
        : {};
    const sampling = tried.sampling ? { temperature: 0, seed } : {};
    const body = { model: endpoint.model, messages, stream: false, [tried.limit]: maxTokens, ...sampling, ...format };
    return ready.chat.completions.create(body as never, { signal, timeout: 600_000 });
  }

  /** A request that is called wrong is sent again more simply; what worked is kept for the next ones. */
  async function completeInSomeDialect(ready: OpenAI, request: ChatRequest, signal: AbortSignal): Promise<unknown> {
    let tried = dialect;
    for (;;) {
      try {
        const reply = await complete(ready, request, tried, signal);
        dialect = request.schema ? tried : { ...tried, structured: dialect.structured };
        return reply;
      } catch (thrown) {
        const { status, text } = problemOf(thrown);
        const isCalledWrong = status === 400 || status === 422 || status === 501;
        const simpler = isCalledWrong && !signal.aborted ? simplerDialect(tried, text) : undefined;
        if (!simpler) throw thrown;
        tried = simpler;
      }
    }
  }

  return {
    get dialect() {
      return dialect;
    },
    get retries() {
      return retries;
    },
    chat: (request, limits) =>
      call(async (ready) => readReply(await completeInSomeDialect(ready, request, limits.signal), endpoint), limits),
    embed: (texts, limits) =>
      call(async (ready) => {
        // Left out, the library asks for base64, which some servers answer wrongly.
        const body = { model: endpoint.embeddingModel ?? '', input: [...texts], encoding_format: 'float' as const };
        return readVectors(await ready.embeddings.create(body, { signal: limits.signal }), texts.length, endpoint);
      }, limits),
    models: (limits) =>
      call(async (ready) => readModels((await ready.models.list({ signal: limits.signal })).data, endpoint), limits),
  };
}

/** Fetches without following redirects, and ends an answer that grows beyond all measure. */
async function boundedFetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  let bytes = 0;
  const bound = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > mostAnswerBytes) controller.error(new RangeError('answer too large'));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body?.pipeThrough(bound) ?? null, { status, statusText, headers });
}

function problemOf(thrown: unknown): HttpProblem {
  const { status, headers, code, message, cause } = thrown as {
    status?: number;
    headers?: Headers;
    code?: string | null;
    message?: string;
    cause?: unknown;
  };
  const inner = innermost(cause);
  const retryAfterMs = headers ? waitOf(headers) : undefined;
  const found = code ?? inner?.code;
  return {
    text: [message, inner?.message].filter(Boolean).join(': '),
    ...(status === undefined ? {} : { status }),
    ...(thrown instanceof SyntaxError || thrown instanceof RangeError ? { isUnreadable: true } : {}),
    ...(found ? { code: found } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function innermost(cause: unknown): { code?: string; message?: string } | undefined {
  let found = cause as { code?: string; message?: string; cause?: unknown } | undefined;
  for (let depth = 0; depth < 5 && found?.cause; depth++) found = found.cause;
  return found;
}

/** `retry-after-ms`, else `retry-after` in seconds or as a date. */
function waitOf(headers: Headers): number | undefined {
  const millis = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (millis >= 0) return millis;
  const text = headers.get('retry-after') ?? '';
  const seconds = Number(text || NaN);
  if (seconds >= 0) return seconds * 1000;
  const wait = Date.parse(text) - Date.parse(headers.get('date') ?? '');
  return wait >= 0 ? wait : undefined;
}
