import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { MillwrightError } from '../../kernel/index.ts';

/** scrypt parameters after OWASP's password storage guidance: 32 MiB of memory per check. */
const cost = { N: 2 ** 15, r: 8, p: 3 };
const keyBytes = 32;

/** Checks that may run at once, and those that may wait: each takes 32 MiB and a thread. */
const concurrent = 2;
const waiting = 20;

/**
 * A password's hash for the list of people: `scrypt$N$r$p$salt$key`, salt and key in base64url. Each call takes a new
 * salt.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost, keyBytes);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

interface ParsedHash {
  N: number;
  r: number;
  p: number;
  salt: Buffer;
  key: Buffer;
}

/** Reads a hash; undefined where it is none or its parameters are out of bounds (memory at most 128 MiB). */
export function parseHash(text: string): ParsedHash | undefined {
  const match = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([\w-]{16,})\$([\w-]{22,86})$/.exec(text);
  if (!match) return undefined;
  const [N = 0, r = 0, p = 0] = match.slice(1, 4).map(Number);
  const powerOfTwo = N >= 2 ** 14 && (N & (N - 1)) === 0;
  if (!powerOfTwo || r < 1 || p < 1 || p > 16 || N * r * 128 > 2 ** 27) return undefined;
  return { N, r, p, salt: Buffer.from(match[4] ?? '', 'base64url'), key: Buffer.from(match[5] ?? '', 'base64url') };
}

const nobody: ParsedHash = { ...cost, salt: randomBytes(16), key: randomBytes(keyBytes) };
let running = 0;
const queue: (() => void)[] = [];

/**
 * Whether a password fits a hash, compared in constant time. Without a hash (an unknown person) it takes as long and
 * says no. Rejects with `MW_QUEUE_FULL` when too many are being checked at once.
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const parsed = hash === undefined ? undefined : parseHash(hash);
  const { salt, key, ...parameters } = parsed ?? nobody;
  if (running >= concurrent) {
    if (queue.length >= waiting) throw new MillwrightError('MW_QUEUE_FULL', { queue: 'log-in', limit: waiting });
    await new Promise<void>((resolve) => queue.push(resolve));
  } else running++;
  try {
    const given = await derive(password, salt, parameters, key.length);
    return timingSafeEqual(given, key) && parsed !== undefined;
  } finally {
    const next = queue.shift();
    if (next) next();
    else running--;
  }
}

function derive(password: string, salt: Buffer, { N, r, p }: typeof cost, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, length, { N, r, p, maxmem: 2 ** 28 }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
