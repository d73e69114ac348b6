import { createHash } from 'node:crypto';
import { MillwrightError } from '../kernel/index.ts';

/**
 * The canonical text of a JSON value (RFC 8785, JSON Canonicalization Scheme): properties sorted by UTF-16 code
 * units, numbers as ECMAScript writes them, no spaces. Equal data gives equal text. Properties that are undefined
 * are left out, as `JSON.stringify` does. Throws `MW_VALUE_NOT_JSON`, with the JSON pointer, for what JSON cannot
 * hold: NaN, infinities, BigInt, lone surrogates, functions, dates and other objects that are not plain.
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

/** SHA-256 of a value's canonical text in UTF-8, lower-case hex. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}

/** @param path keys and places that lead to the value */
function write(value: unknown, path: (string | number)[]): string {
  switch (typeof value) {
    case 'string':
      return quoted(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw notJson(path, String(value));
      // As JSON, which knows no negative zero either.
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value, path) : writeObject(value, path);
    default:
      throw notJson(path, typeof value);
  }
}

function quoted(text: string, path: readonly (string | number)[]): string {
  if (!text.isWellFormed()) throw notJson(path, 'a lone surrogate');
  return JSON.stringify(text);
}

function writeArray(items: readonly unknown[], path: (string | number)[]): string {
  let text = '';
  for (let i = 0; i < items.length; i++) {
    path.push(i);
    text += (i === 0 ? '' : ',') + write(items[i], path);
    path.pop();
  }
  return `[${text}]`;
}

function writeObject(value: object, path: (string | number)[]): string {
  // Plain objects of any realm: a function node's objects come from a context of their own.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw notJson(path, `an object of class ${value.constructor.name}`);
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) continue;
    path.push(key);
    text += `${text === '' ? '' : ','}${quoted(key, path)}:${write(item, path)}`;
    path.pop();
  }
  return `{${text}}`;
}

function notJson(path: readonly (string | number)[], found: string): MillwrightError {
  const pointer = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return new MillwrightError('MW_VALUE_NOT_JSON', { pointer: pointer || '/', found });
}
