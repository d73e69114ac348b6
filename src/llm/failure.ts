import { MillwrightError } from '../kernel/index.ts';
import { shownAddress, withVersion, type Endpoint } from './endpoint.ts';
import { redact } from './redact.ts';

/** What a call to an endpoint failed with, as far as its client library tells. */
export interface HttpProblem {
  /** Absent where no answer came. */
  status?: number;
  /** What the endpoint said, or why there was no answer. */
  text: string;
  /** There was an answer that cannot be read. */
  isUnreadable?: boolean;
  /** The endpoint's own error code, or that of the connection. */
  code?: string;
  /** What the endpoint asked to wait. */
  retryAfterMs?: number;
}

/** A failure with its place in the table of errors. */
export interface Failure {
  error: MillwrightError;
  /** Another attempt may succeed. */
  isPassing: boolean;
  /** Counts against the endpoint. */
  isFault: boolean;
  /** What the endpoint asked to wait. */
  waitMs?: number;
}

const certificateCode = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY|SSL|TLS/;

/** Turns a failed call into an error of ours, and says whether to try again. Texts are cut and cleaned of secrets. */
export function failureOf(problem: HttpProblem, endpoint: Endpoint): Failure {
  const { status, code = '' } = problem;
  const address = shownAddress(endpoint.baseUrl);
  const reason = redact(problem.text).slice(0, 200);
  const wait = problem.retryAfterMs === undefined ? {} : { waitMs: problem.retryAfterMs };
  const fail = (error: MillwrightError, isPassing = false): Failure => ({ error, isPassing, isFault: true, ...wait });
  if (problem.isUnreadable) return fail(invalidAnswer(endpoint, reason));
  if (status === undefined) {
    if (certificateCode.test(code))
      return fail(new MillwrightError('MW_LLM_UNTRUSTED', { endpoint: address, reason: code }));
    return fail(new MillwrightError('MW_LLM_UNREACHABLE', { endpoint: address, reason: code || reason }), true);
  }
  if (status === 401 || status === 403)
    return fail(new MillwrightError('MW_LLM_LOGIN_REFUSED', { endpoint: address, status }));
  if (status === 404) return fail(notFound(endpoint, address, `${code} ${problem.text}`));
  if (status === 429) {
    const seconds = Math.ceil((problem.retryAfterMs ?? 0) / 1000);
    const isSpent = code === 'insufficient_quota';
    return fail(new MillwrightError('MW_LLM_RATE_LIMITED', { endpoint: address, seconds }), !isSpent);
  }
  const isPassing = (status >= 500 && status !== 501) || status === 408 || status === 409;
  const error = new MillwrightError('MW_LLM_FAILED', { endpoint: address, status, reason });
  return { error, isPassing, isFault: isPassing, ...wait };
}

function notFound(endpoint: Endpoint, address: string, text: string): MillwrightError {
  const suggestion = endpoint.kind === 'openai' ? withVersion(endpoint.baseUrl) : undefined;
  if (/model|deployment/i.test(text) || suggestion === undefined)
    return new MillwrightError('MW_LLM_MODEL_UNKNOWN', { endpoint: address, model: endpoint.model });
  return new MillwrightError('MW_LLM_ADDRESS', { endpoint: address, suggestion });
}

/** An answer that cannot be used. */
export function invalidAnswer(endpoint: Endpoint, reason: string): MillwrightError {
  return new MillwrightError('MW_LLM_ANSWER_INVALID', {
    endpoint: shownAddress(endpoint.baseUrl),
    reason: redact(reason).slice(0, 200),
  });
}
