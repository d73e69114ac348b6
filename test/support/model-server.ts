import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Servers that call themselves compatible with OpenAI's, each with the differences that matter to us. */
type ServerStyle = 'openai' | 'azure' | 'ollama' | 'llama.cpp' | 'vllm' | 'lm-studio';

/** What goes wrong with one chat request. */
export type Quirk =
  | 'none'
  | 'schema-ignored'
  | 'no-response-format'
  | 'no-max-tokens'
  | 'no-temperature'
  | 'hang'
  | 'cut-off'
  | 'cut-off-inside'
  | 'refusal'
  | 'wrong-language'
  | 'prose'
  | 'thinking'
  | 'rate-limit'
  | 'rate-limit-soon'
  | 'rate-limit-late'
  | 'quota'
  | 'error-500'
  | 'slow'
  | 'huge'
  | 'html'
  | 'half-json'
  | 'no-choices'
  | 'no-usage'
  | 'redirect'
  | 'drop';

/** A chat request as it arrived. */
interface SeenRequest {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: {
    model?: string;
    messages?: { role: string; content: unknown }[];
    response_format?: { type?: string; json_schema?: { name?: string; strict?: boolean; schema?: Schema } };
    input?: string[];
    encoding_format?: string;
    [key: string]: unknown;
  };
}

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
  items?: Schema;
}

/** How the server behaves. */
export interface ModelServerOptions {
  style?: ServerStyle;
  /** One for each chat request in turn; the last one stays. */
  quirks?: Quirk[];
  /** What the model would say; a server that enforces schemas forces it into shape. */
  answer?: (request: SeenRequest) => string | object;
  model?: string;
  key?: string;
  /** Vectors on the wire: as asked for, or always in base64. */
  base64?: boolean;
  /** Certificate and key of a server with TLS. */
  tls?: { cert: string; key: string };
  /** Where `redirect` leads. */
  elsewhere?: string;
}

/** A model's server on loopback. */
export interface ModelServer {
  /** With `/v1`, except of Azure. */
  readonly url: string;
  readonly origin: string;
  readonly chats: SeenRequest[];
  readonly embeddings: SeenRequest[];
  close(): Promise<void>;
}

const contentOf = (text: string) => (text.length > 0 ? text : '{}');

/** Starts a server that imitates one of the known ones, with its quirks. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const { style = 'openai', model = 'test-model', key, tls } = options;
  const quirks = [...(options.quirks ?? ['none'])];
  const chats: SeenRequest[] = [];
  const embeddings: SeenRequest[] = [];
  const base = style === 'azure' ? `/openai/deployments/${model}` : '/v1';

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const body = await bodyOf(request);
    const seen: SeenRequest = { path: request.url ?? '', headers: request.headers, body };
    if (key !== undefined && !hasKey(seen, style, key)) {
      error(response, 401, 'Incorrect API key provided: sk-secret0123456789abcdef.', 'invalid_api_key');
      return;
    }
    // llama.cpp's server answers with and without the version, the others only with it.
    const path = style === 'llama.cpp' && !url.pathname.startsWith('/v1') ? `/v1${url.pathname}` : url.pathname;
    if (path === '/v1/models' && style !== 'azure') json(response, 200, { object: 'list', data: [listed()] });
    else if (path === `${base}/chat/completions`) {
      chats.push(seen);
      await chat(seen, response);
    } else if (path === `${base}/embeddings`) {
      embeddings.push(seen);
      embed(seen, response);
    } else response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
  }

  function listed(): object {
    if (style === 'vllm') return { id: model, object: 'model', max_model_len: 8192 };
    if (style === 'llama.cpp') return { id: model, object: 'model', meta: { n_ctx_train: 4096 } };
    return { id: model, object: 'model' };
  }

  async function chat(seen: SeenRequest, response: ServerResponse): Promise<void> {
    const quirk = quirks.length > 1 ? quirks.shift() : quirks[0];
    const { body } = seen;
    if (body.model !== model && style !== 'llama.cpp') {
      error(response, 404, `model "${String(body.model)}" not found, try pulling it first`, 'model_not_found');
      return;
    }
    const format = body.response_format;
    const schema = format?.json_schema?.schema;
    if (style === 'lm-studio' && format?.type === 'json_object') {
      error(response, 400, "'response_format.type' must be 'json_schema' or 'text'");
      return;
    }
    if ((style === 'openai' || style === 'azure') && schema) {
      const problem = format.json_schema?.strict === true ? strictProblem(schema) : 'strict is missing';
      if (problem) {
        error(response, 400, `Invalid schema for response_format: ${problem}`, 'invalid_request_error');
        return;
      }
    }
    if (await misbehave(quirk, seen, response)) return;
    const wanted = options.answer?.(seen) ?? {};
    const isEnforced = schema !== undefined && quirk !== 'schema-ignored';
    const text = typeof wanted === 'string' ? wanted : JSON.stringify(isEnforced ? forced(schema, wanted) : wanted);
    const told = quirk === 'prose' ? `Sure, {here} is it:\n\`\`\`json\n${text}\n\`\`\`\nHope {this} helps!` : text;
    const content = quirk === 'thinking' ? `<think>maybe {"metric": 1}?</think>${told}` : told;
    if (quirk === 'slow') await drip(response, completion(content));
    else json(response, 200, completion(contentOf(content), { usage: quirk !== 'no-usage' }));
  }

  /** What is no answer; says whether it was one of those. */
  async function misbehave(
    quirk: Quirk | undefined,
    { body }: SeenRequest,
    response: ServerResponse,
  ): Promise<boolean> {
    switch (quirk) {
      case 'no-response-format':
        if (!body.response_format) return false;
        error(response, 400, 'Unrecognized request argument supplied: response_format');
        return true;
      case 'no-max-tokens':
        if (body['max_tokens'] === undefined) return false;
        error(
          response,
          400,
          "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
          'unsupported_parameter',
        );
        return true;
      case 'no-temperature':
        if (body['temperature'] === undefined) return false;
        error(response, 400, "Unsupported value: 'temperature' does not support 0.", 'unsupported_value');
        return true;
      case 'hang':
        return true;
      case 'cut-off':
        json(response, 200, completion('Well, the first thing to consider is', { finish: 'length' }));
        return true;
      case 'cut-off-inside':
        json(response, 200, completion('{"metric": "out', { finish: 'length' }));
        return true;
      case 'refusal':
        json(response, 200, completion(null, { refusal: 'I cannot help with that.' }));
        return true;
      case 'wrong-language':
        json(response, 200, completion('Die Ausschussquote betrug in der letzten Schicht drei Prozent.'));
        return true;
      case 'rate-limit':
        error(response, 429, 'Rate limit reached', 'rate_limit_exceeded');
        return true;
      case 'rate-limit-soon':
        error(response, 429, 'Rate limit reached', 'rate_limit_exceeded', {
          'retry-after-ms': '150',
          'retry-after': '1',
        });
        return true;
      case 'rate-limit-late':
        error(response, 429, 'Rate limit reached', 'rate_limit_exceeded', { 'retry-after': '120' });
        return true;
      case 'quota':
        error(response, 429, 'You exceeded your current quota', 'insufficient_quota');
        return true;
      case 'error-500':
        error(response, 500, 'CUDA out of memory');
        return true;
      case 'huge':
        await flood(response);
        return true;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Please log in</body></html>');
        return true;
      case 'half-json':
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": [{"mess');
        return true;
      case 'no-choices':
        json(response, 200, { error: 'no slot available' });
        return true;
      case 'redirect':
        response.writeHead(307, { location: options.elsewhere ?? '/' }).end();
        return true;
      case 'drop':
        response.destroy();
        return true;
      default:
        return false;
    }
  }

  function embed({ body }: SeenRequest, response: ServerResponse): void {
    if (style === 'llama.cpp') {
      error(response, 501, 'This server does not support embeddings. Start it with `--embeddings`');
      return;
    }
    const data = (body.input ?? []).map((text, index) => {
      const vector = Float32Array.from([text.length, text.charCodeAt(0) || 0, 0.5]);
      const inBase64 = options.base64 === true || body.encoding_format !== 'float';
      const embedding = inBase64 ? Buffer.from(vector.buffer).toString('base64') : [...vector];
      return { object: 'embedding', index, embedding };
    });
    // In any order: the index says which is which.
    json(response, 200, { object: 'list', data: data.reverse(), usage: { prompt_tokens: 3 * data.length } });
  }

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch(() => response.destroy());
  };
  const server: Server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `${tls ? 'https' : 'http'}://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url: style === 'azure' ? origin : `${origin}/v1`,
    origin,
    chats,
    embeddings,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function hasKey({ headers }: SeenRequest, style: ServerStyle, key: string): boolean {
  return style === 'azure' ? headers['api-key'] === key : headers.authorization === `Bearer ${key}`;
}

async function bodyOf(request: IncomingMessage): Promise<SeenRequest['body']> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : (JSON.parse(text) as SeenRequest['body']);
}

function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function error(
  response: ServerResponse,
  status: number,
  message: string,
  code?: string,
  headers?: Record<string, string>,
) {
  json(response, status, { error: { message, type: 'error', ...(code ? { code } : {}) } }, headers);
}

function completion(
  content: string | null,
  { finish = 'stop', refusal, usage = true }: { finish?: string; refusal?: string; usage?: boolean } = {},
): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'test-model',
    choices: [
      { index: 0, finish_reason: finish, message: { role: 'assistant', content, ...(refusal ? { refusal } : {}) } },
    ],
    ...(usage ? { usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 } } : {}),
  };
}

/** A letter now and then: each resets an idle limit, none ends the answer. */
async function drip(response: ServerResponse, body: object): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  for (const letter of JSON.stringify(body)) {
    if (response.destroyed) return;
    response.write(letter);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  response.end();
}

async function flood(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.on('error', () => undefined);
  response.write('{"choices": [{"message": {"content": "');
  const chunk = 'x'.repeat(1_000_000);
  for (let sent = 0; sent < 100 && !response.destroyed; sent++)
    if (!response.write(chunk)) await new Promise((resolve) => setTimeout(resolve, 1));
  response.end('"}}]}');
}

/** What OpenAI's strict mode would complain of. */
function strictProblem(schema: Schema): string | undefined {
  const types = [schema.type].flat();
  if (types.includes('object')) {
    const names = Object.keys(schema.properties ?? {});
    if (schema.additionalProperties !== false) return 'additionalProperties must be false';
    if (names.some((name) => !schema.required?.includes(name))) return 'every property must be required';
  }
  for (const known of ['$ref', 'oneOf', 'allOf', 'not', 'patternProperties'])
    if (known in schema) return `${known} is not permitted`;
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])];
  return inner.map(strictProblem).find((problem) => problem !== undefined);
}

/** A value as a grammar would force it: what does not fit becomes the first thing that does. */
function forced(schema: Schema, value: unknown): unknown {
  if (schema.enum) return schema.enum.includes(value) ? value : schema.enum[0];
  switch ([schema.type].flat()[0]) {
    case 'object': {
      const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, one]) => [name, forced(one, given[name])]),
      );
    }
    case 'array':
      return Array.isArray(value) ? value.map((one) => forced(schema.items ?? {}, one)) : [];
    case 'string':
      return typeof value === 'string' ? value : '';
    case 'boolean':
      return value === true;
    case 'number':
    case 'integer':
      return typeof value === 'number' ? value : 0;
    default:
      return value;
  }
}
