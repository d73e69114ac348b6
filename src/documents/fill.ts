import { MillwrightError } from '../kernel/index.ts';
import type { Block, SourcedValue, Text } from './document-model.ts';

/** Values by the name that templates use; undefined where the plant data holds none. */
export type NamedValues = Record<string, SourcedValue | undefined>;

/** What a cell shows where there is no value. */
const noValue = '–';

/**
 * Puts values into a template's words: `{{name}}` becomes the value of that name. `MW_INSTRUCTION_INVALID` (rule
 * `value-missing`) where there is none.
 */
export function fill(words: string, values: NamedValues, documentId: string): Text {
  return replace(words, (name) => {
    const value = values[name];
    if (value) return value;
    throw new MillwrightError('MW_INSTRUCTION_INVALID', {
      documentId,
      rule: 'value-missing',
      pointer: `{{${name}}}`,
      found: 'nothing',
      expected: 'a value',
    });
  });
}

/** A table block with a row for each set of values, or none where there are no rows. */
export function fillRows(
  template: { heading: string; columns: string[]; cells: string[] },
  rows: readonly NamedValues[],
  documentId: string,
): Block[] {
  if (rows.length === 0) return [];
  const text = (words: string) => fill(words, {}, documentId);
  return [
    {
      type: 'table',
      heading: text(template.heading),
      columns: template.columns.map(text),
      rows: rows.map((values) => template.cells.map((cell) => replace(cell, (name) => values[name] ?? noValue))),
    },
  ];
}

function replace(words: string, valueOf: (name: string) => SourcedValue | string): Text {
  return words
    .split(/(\{\{\w+\}\})/)
    .filter((part) => part !== '')
    .map((part) => (/^\{\{\w+\}\}$/.test(part) ? valueOf(part.slice(2, -2)) : part));
}
