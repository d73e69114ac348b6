import { createHash } from 'node:crypto';
import { MillwrightError } from '../kernel/index.ts';

/**
 * The canonical text of a JSON value (RFC 8785, JSON Canonicalization Scheme): properties sorted by UTF-16 code
 * units, numbers as ECMAScript writes them, no spaces. Equal data gives equal text. Properties that are undefined
 * are left out, as `JSON.stringify` does. Throws `MW_VALUE_NOT_JSON`, with the JSON pointer, for what JSON cannot
 * hold: NaN, infinities, BigInt, lone surrogates, functions, dates and other objects that are not plain.
 */
export function canonicalJson(value: unknown): string {
  return new CanonicalWriter().write(value);
}

/** SHA-256 of a value's canonical text in UTF-8, lower-case hex. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}

/** Printable ASCII without quotation mark and backslash: what stands in JSON as it is. */
const plain = /^[ !#-[\]-~]*$/;

class CanonicalWriter {
  /** Keys and places that lead to the present value. */
  private readonly path: (string | number)[] = [];
  /** The properties of the last object as they stood and in order: lists hold many objects of one form. */
  private given: readonly string[] = [];
  private inOrder: readonly string[] = [];

  write(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return this.quoted(value);
      case 'number':
        if (!Number.isFinite(value)) throw this.notJson(String(value));
        // As JSON, which knows no negative zero either.
        return String(value);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'object':
        if (value === null) return 'null';
        return Array.isArray(value) ? this.writeArray(value) : this.writeObject(value);
      default:
        throw this.notJson(typeof value);
    }
  }

  private quoted(text: string): string {
    if (plain.test(text)) return `"${text}"`;
    if (!text.isWellFormed()) throw this.notJson('a lone surrogate');
    return JSON.stringify(text);
  }

  private writeArray(items: readonly unknown[]): string {
    let text = '';
    for (let i = 0; i < items.length; i++) {
      this.path.push(i);
      text += (i === 0 ? '' : ',') + this.write(items[i]);
      this.path.pop();
    }
    return `[${text}]`;
  }

  private writeObject(value: object): string {
    // Plain objects of any realm: a function node's objects come from a context of their own.
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      throw this.notJson(`an object of class ${value.constructor.name}`);
    let text = '';
    for (const key of this.sortedKeys(value)) {
      const item = (value as Record<string, unknown>)[key];
      if (item === undefined) continue;
      this.path.push(key);
      text += `${text === '' ? '' : ','}${this.quoted(key)}:${this.write(item)}`;
      this.path.pop();
    }
    return `{${text}}`;
  }

  private sortedKeys(value: object): readonly string[] {
    const keys = Object.keys(value);
    const { given } = this;
    if (keys.length !== given.length || keys.some((key, i) => key !== given[i])) {
      this.given = keys;
      this.inOrder = keys.toSorted();
    }
    return this.inOrder;
  }

  private notJson(found: string): MillwrightError {
    const pointer = this.path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return new MillwrightError('MW_VALUE_NOT_JSON', { pointer: pointer || '/', found });
  }
}
