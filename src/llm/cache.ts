import { createHash } from 'node:crypto';

/** Keeps the newest values by key, the one unused for longest leaving first. */
export interface Cache<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
}

/** Opens a cache of at most so many values. */
export function openCache<T>(limit: number): Cache<T> {
  const values = new Map<string, T>();
  return {
    get(key) {
      const value = values.get(key);
      if (value === undefined) return undefined;
      values.delete(key);
      values.set(key, value);
      return value;
    },
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      const [oldest] = values.keys();
      if (values.size > limit && oldest !== undefined) values.delete(oldest);
    },
  };
}

/** A key that two different lists of parts do not share. */
export function cacheKey(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
