import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { MillwrightError, toMillwrightError, type Check, type ErrorCode } from '../../kernel/index.ts';
import type { RefusalView } from '../view.ts';

const bodyLimitBytes = 64 * 1024;
const bodyLimitMs = 10_000;

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

/** Puts the headers on a response that keep a page to itself. */
export function secure(response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
}

/** Whether the request came over TLS, here or at a proxy before us. */
export function isHttps(request: IncomingMessage): boolean {
  return request.socket instanceof TLSSocket || request.headers['x-forwarded-proto'] === 'https';
}

/** What proxies add to a request. */
const proxyHeader = /^(forwarded|via|x-(forwarded|real|client|original|cluster)-.*)$/;

/** Whether the request came from this very machine: its address and the name it was called by; no proxy between. */
export function isLoopback(request: IncomingMessage): boolean {
  const { host = '' } = request.headers;
  const direct = !Object.keys(request.headers).some((name) => proxyHeader.test(name));
  const address = /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(request.socket.remoteAddress ?? '');
  return direct && address && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);
}

/** Throws `MW_BOARD_FORGED` where a page of another origin sent the request. */
export function checkOrigin(request: IncomingMessage): void {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  const foreignOrigin = origin !== undefined && hostOf(origin) !== host?.toLowerCase();
  if (foreignOrigin || (site !== undefined && site !== 'same-origin')) throw new MillwrightError('MW_BOARD_FORGED');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** Reads a JSON body of at most 64 KiB that keeps its schema; throws `MW_PAYLOAD_INVALID` with the place of the fault. */
export async function readJson<T>(request: IncomingMessage, contract: string, check: Check): Promise<T> {
  const refuse = (found: string, expected: string) =>
    new MillwrightError('MW_PAYLOAD_INVALID', { contract, pointer: '/', found, expected });
  const tooLarge = () => refuse('a larger or slower body', `at most ${bodyLimitBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) throw tooLarge();
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw refuse('another content type', 'application/json');
  const body = hasBody(request) ? request.body : parse(await readText(request, tooLarge), refuse);
  if (hasBody(request) && Buffer.byteLength(JSON.stringify(body)) > bodyLimitBytes) throw tooLarge();
  const problem = check(body);
  if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract, ...problem });
  return body as T;
}

/** Where the editor shares the server's root, its own parser has read the body before it gets here. */
function hasBody(request: IncomingMessage): request is IncomingMessage & { body: unknown } {
  return request.readableEnded && 'body' in request;
}

function parse(text: string, refuse: (found: string, expected: string) => MillwrightError): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('no JSON', 'JSON');
  }
}

function readText(request: IncomingMessage, refusal: () => MillwrightError): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      settle();
    };
    const timer = setTimeout(() => finish(() => reject(refusal())), bodyLimitMs);
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyLimitBytes) chunks.push(chunk);
      else finish(() => reject(refusal()));
    });
    request.on('end', () => finish(() => resolve(Buffer.concat(chunks).toString('utf8'))));
    request.on('close', () => finish(() => reject(new MillwrightError('MW_ABORTED', { what: 'request' }))));
    request.on('error', () => finish(() => reject(new MillwrightError('MW_ABORTED', { what: 'request' }))));
  });
}

/** Sends JSON; what the browser holds already is answered with 304. */
export function sendJson(request: IncomingMessage, response: ServerResponse, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('cache-control', 'private, no-cache');
  response.setHeader('vary', 'accept-encoding, cookie');
  if (request.method === 'GET') {
    response.setHeader('etag', etag);
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
  }
  if (body.length < 2_048 || !acceptsGzip(request)) {
    response.writeHead(200, { 'content-length': body.length }).end(body);
    return;
  }
  const zipped = gzipSync(body, { level: 4 });
  response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': zipped.length }).end(zipped);
}

/** Whether the browser takes gzip. */
export function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
}

const statusOf: Partial<Record<ErrorCode, number>> = {
  MW_PAYLOAD_INVALID: 400,
  MW_REASON_MISSING: 400,
  MW_BOARD_TIME_INVALID: 400,
  MW_BOARD_LOGIN_FAILED: 401,
  MW_BOARD_FORGED: 403,
  MW_BOARD_READ_ONLY: 403,
  MW_APPROVAL_ROLE: 403,
  MW_APPROVAL_UNAUTHENTICATED: 403,
  MW_PLAN_UNKNOWN: 404,
  MW_RECORD_UNKNOWN: 404,
  MW_BOARD_METHOD: 405,
  MW_APPROVAL_STALE: 409,
  MW_PLAN_DECIDED: 409,
  MW_PLAN_INPUTS_GONE: 409,
  MW_STORE_CONFLICT: 409,
  MW_BOARD_LOGIN_LIMIT: 429,
  MW_QUEUE_FULL: 503,
};

/** Sends the refusal of a request; what is not meant for people outside becomes `MW_INTERNAL` without its cause. */
export function sendError(response: ServerResponse, thrown: unknown): { status: number } {
  const error = toMillwrightError(thrown);
  const status = statusOf[error.code] ?? 500;
  const refusal: RefusalView =
    error.code === 'MW_INTERNAL'
      ? { code: error.code, params: { reason: '' } }
      : { code: error.code, params: error.params };
  if (response.headersSent) response.destroy();
  else {
    const body = JSON.stringify(refusal);
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(error.code === 'MW_BOARD_LOGIN_LIMIT' ? { 'retry-after': String(error.params.seconds) } : {}),
      ...(error.code === 'MW_PAYLOAD_INVALID' ? { connection: 'close' } : {}),
    });
    response.end(body);
  }
  return { status };
}
