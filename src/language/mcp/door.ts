import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { monotonicMs } from '../../kernel/index.ts';

/** Shortest token that is taken: about 128 bits where it is random. */
export const shortestToken = 24;

/** Who may come in, and how often. */
export interface DoorSettings {
  /** Bearer token, at least 24 characters. */
  token: string;
  /** Host names, with port where it is not the usual one, that the server is called by; loopback always is one. */
  hosts: readonly string[];
  requestsPerMinute: number;
}

/** Why a request does not come in: status, and what is told. */
interface Rejection {
  status: 401 | 403 | 405 | 429;
  message: string;
  headers?: Record<string, string>;
}

/** The door of the server: every request passes it before anything of it is read. */
export interface Door {
  /** Undefined where the request may come in. */
  check(request: { method?: string | undefined; headers: IncomingHttpHeaders }): Rejection | undefined;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/;
/** Wrong tokens in a minute, from whomever, until they all wait. */
const mostWrong = 20;
const minuteMs = 60_000;

/**
 * Opens the door. The token is compared in constant time; a page of another site is turned away by `Host` and `Origin`, so
 * that no browser can be used as a bridge; requests and wrong tokens are counted by the minute.
 */
export function openDoor({ token, hosts, requestsPerMinute }: DoorSettings, now: () => number = monotonicMs): Door {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(token);
  const known = new Set(hosts.map((host) => host.trim().toLowerCase()).filter((host) => host !== ''));
  const isKnown = (host: string) => loopback.test(host) || known.has(host) || known.has(host.replace(/:\d+$/, ''));
  const taken = countByMinute(requestsPerMinute, now);
  const wrong = countByMinute(mostWrong, now);
  const wait = (message: string): Rejection => ({ status: 429, message, headers: { 'retry-after': '60' } });
  return {
    check({ method, headers }) {
      if (!isKnown((headers.host ?? '').toLowerCase())) return { status: 403, message: 'unknown host' };
      if (headers.origin !== undefined && !isOwn(headers.origin, isKnown))
        return { status: 403, message: 'foreign origin' };
      const given = /^Bearer (.{1,500})$/.exec(headers.authorization ?? '')?.[1] ?? '';
      if (!timingSafeEqual(digest(given), expected)) {
        // Whoever holds the token is let in even while others try.
        if (wrong.isFull()) return wait('too many wrong tokens');
        wrong.count();
        return { status: 401, message: 'wrong token', headers: { 'www-authenticate': 'Bearer' } };
      }
      if (method !== 'POST') return { status: 405, message: 'POST only', headers: { allow: 'POST' } };
      if (taken.isFull()) return wait('too many requests');
      taken.count();
      return undefined;
    },
  };
}

function isOwn(origin: string, isKnown: (host: string) => boolean): boolean {
  return URL.canParse(origin) && isKnown(new URL(origin).host.toLowerCase());
}

/** Counts within a running minute, which begins with the first one counted. */
function countByMinute(limit: number, now: () => number): { isFull: () => boolean; count: () => void } {
  let begun = -Infinity;
  let counted = 0;
  return {
    isFull: () => now() - begun < minuteMs && counted >= limit,
    count() {
      if (now() - begun >= minuteMs) [begun, counted] = [now(), 0];
      counted++;
    },
  };
}
