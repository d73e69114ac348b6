import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { MillwrightError, type Clock } from '../../kernel/index.ts';
import type { BoardRole } from '../view.ts';
import { verifyPassword } from './passwords.ts';
import type { BoardPerson } from './people.ts';

/** Somebody who is logged in, or who stands at the demo plant's own machine. */
export interface SessionPerson {
  personId: string;
  role: BoardRole;
  authenticated: boolean;
}

/** One browser. `fresh` says that it has no cookie yet. */
export interface Visitor {
  cookie: string;
  fresh: boolean;
  person: SessionPerson | undefined;
}

interface Session {
  person: SessionPerson;
  startedAt: number;
  usedAt: number;
}

const cookieName = 'mw_board';
const sessionLimit = 500;
/** A session ends after half an hour without a request, and at the latest with a long shift. */
const idleMs = 30 * 60_000;
const longestMs = 12 * 3_600_000;

/** Who is who on the board: cookies, anti-forgery tokens and log-ins, all in memory and bounded. */
export class Sessions {
  #clock: Clock;
  #people: ReadonlyMap<string, BoardPerson>;
  #sessions = new Map<string, Session>();
  #secret = randomBytes(32);
  #limiter: LoginLimiter;

  constructor(clock: Clock, people: readonly BoardPerson[]) {
    this.#clock = clock;
    this.#people = new Map(people.map((person) => [person.personId, person]));
    this.#limiter = new LoginLimiter(clock);
  }

  /** Who sends this request. */
  visitor(request: IncomingMessage): Visitor {
    const cookie = readCookie(request);
    if (cookie === undefined) return { cookie: randomBytes(24).toString('base64url'), fresh: true, person: undefined };
    const session = this.#sessions.get(cookie);
    const now = this.#clock.now();
    if (session && (now - session.usedAt > idleMs || now - session.startedAt > longestMs)) {
      this.#sessions.delete(cookie);
      return { cookie, fresh: false, person: undefined };
    }
    if (session) session.usedAt = now;
    return { cookie, fresh: false, person: session?.person };
  }

  /** The token that a browser's POSTs must carry; bound to its cookie. */
  csrfToken(visitor: Visitor): string {
    return createHmac('sha256', this.#secret).update(visitor.cookie).digest('base64url');
  }

  /** Throws `MW_BOARD_FORGED` where the token is not the one that this browser was given. */
  checkToken(visitor: Visitor, token: string | string[] | undefined): void {
    const expected = Buffer.from(this.csrfToken(visitor));
    const given = Buffer.from(typeof token === 'string' ? token : '');
    if (visitor.fresh || given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new MillwrightError('MW_BOARD_FORGED');
  }

  /**
   * Logs in under a new cookie. Rejects with `MW_BOARD_LOGIN_FAILED`, the same for an unknown person and a wrong
   * password, or with `MW_BOARD_LOGIN_LIMIT` after too many of them.
   */
  async logIn(visitor: Visitor, address: string, personId: string, password: string): Promise<Visitor> {
    this.#limiter.check(address, personId);
    const person = this.#people.get(personId);
    if (!(await verifyPassword(password, person?.scrypt)) || !person) {
      this.#limiter.failed(address, personId);
      throw new MillwrightError('MW_BOARD_LOGIN_FAILED');
    }
    this.#limiter.succeeded(address, personId);
    this.logOut(visitor);
    const cookie = randomBytes(24).toString('base64url');
    const now = this.#clock.now();
    const session = { person: { personId, role: person.role, authenticated: true }, startedAt: now, usedAt: now };
    if (this.#sessions.size >= sessionLimit) this.#dropLeastUsed();
    this.#sessions.set(cookie, session);
    return { cookie, fresh: true, person: session.person };
  }

  /** Ends the visitor's session where there is one. */
  logOut(visitor: Visitor): void {
    this.#sessions.delete(visitor.cookie);
  }

  #dropLeastUsed(): void {
    let least: [string, Session] | undefined;
    for (const entry of this.#sessions) if (!least || entry[1].usedAt < least[1].usedAt) least = entry;
    if (least) this.#sessions.delete(least[0]);
  }
}

/**
 * The header that gives a browser its cookie. It names no path: it is only sent from `api/session` and its like, so
 * that a browser keeps it to the board's API wherever that is mounted (RFC 6265, 5.1.4).
 */
export function cookieHeader(visitor: Visitor, secure: boolean): string {
  return `${cookieName}=${visitor.cookie}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

function readCookie(request: IncomingMessage): string | undefined {
  return new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]{32})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1];
}

/** Failures that are free; from then on the wait doubles from one second to a quarter of an hour. */
const freeFailures = 4;
const freeFailuresOfAddress = 20;
const longestWaitMs = 15 * 60_000;
const limiterEntries = 5_000;

/** Slows down guessing: by address and person together, and, later, by address alone. */
class LoginLimiter {
  #clock: Clock;
  #failures = new Map<string, { count: number; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  check(address: string, personId: string): void {
    const now = this.#clock.now();
    for (const key of [address, `${address} ${personId}`]) {
      const until = this.#failures.get(key)?.until ?? 0;
      if (until > now) throw new MillwrightError('MW_BOARD_LOGIN_LIMIT', { seconds: Math.ceil((until - now) / 1_000) });
    }
  }

  failed(address: string, personId: string): void {
    this.#count(address, freeFailuresOfAddress);
    this.#count(`${address} ${personId}`, freeFailures);
  }

  succeeded(address: string, personId: string): void {
    this.#failures.delete(`${address} ${personId}`);
  }

  #count(key: string, free: number): void {
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const waitMs = count < free ? 0 : Math.min(longestWaitMs, 1_000 * 2 ** (count - free));
    this.#failures.delete(key);
    this.#failures.set(key, { count, until: this.#clock.now() + waitMs });
    if (this.#failures.size > limiterEntries) this.#failures.delete(this.#failures.keys().next().value ?? key);
  }
}
