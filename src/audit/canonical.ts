import { createHash } from 'node:crypto';
import { MillwrightError } from '../kernel/index.ts';

/**
 * The canonical text of a JSON value (RFC 8785, JSON Canonicalization Scheme): properties sorted by UTF-16 code
 * units, numbers as ECMAScript writes them, no spaces. Equal data gives equal text. Properties that are undefined
 * are left out, as `JSON.stringify` does. Throws `MW_VALUE_NOT_JSON`, with the JSON pointer, for what JSON cannot
 * hold: NaN, infinities, BigInt, lone surrogates, functions, dates and other objects that are not plain.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '');
}

/** SHA-256 of a value's canonical text in UTF-8, lower-case hex. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}

function write(value: unknown, pointer: string): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw notJson(pointer, 'a lone surrogate');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw notJson(pointer, String(value));
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map((item, i) => write(item, `${pointer}/${i}`)).join(',')}]`;
      return writeObject(value, pointer);
    default:
      throw notJson(pointer, typeof value);
  }
}

function writeObject(value: object, pointer: string): string {
  // Plain objects of any realm: a function node's objects come from a context of their own.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw notJson(pointer, `an object of class ${value.constructor.name}`);
  const parts: string[] = [];
  for (const [key, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (item === undefined) continue;
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    parts.push(`${write(key, at)}:${write(item, at)}`);
  }
  return `{${parts.join(',')}}`;
}

function notJson(pointer: string, found: string): MillwrightError {
  return new MillwrightError('MW_VALUE_NOT_JSON', { pointer: pointer || '/', found });
}
