import type { TableName } from './templates.ts';

/** What can be wrong in a file: keys below `form.faults` of the catalogue. */
export type FaultKind =
  | 'open-quote'
  | 'not-json'
  | 'not-xml'
  | 'document-type'
  | 'too-large'
  | 'no-table'
  | 'table-unknown'
  | 'table-repeated'
  | 'not-rows'
  | 'not-a-row'
  | 'not-a-cell'
  | 'not-a-definition'
  | 'deletion'
  | 'empty-table'
  | 'column-missing'
  | 'column-unknown'
  | 'column-repeated'
  | 'required'
  | 'not-an-id'
  | 'not-a-number'
  | 'not-a-whole-number'
  | 'not-a-count'
  | 'not-yes-or-no'
  | 'not-an-instant'
  | 'not-a-time'
  | 'not-a-date'
  | 'not-weekdays'
  | 'not-one-of'
  | 'repeated'
  | 'unknown-reference'
  | 'circle'
  | 'segment-unknown'
  | 'no-machine'
  | 'no-routing'
  | 'two-materials'
  | 'impossible';

/** What may be meant otherwise: keys below `form.hints` of the catalogue. */
export type HintKind =
  | 'unknown-family'
  | 'unused-family'
  | 'unknown-class'
  | 'unknown-qualification'
  | 'unused-qualification'
  | 'older-revision'
  | 'revision-changed'
  | 'element-skipped'
  | 'state-skipped';

/** A place in a file and what it is about. `found` and `expected` are parameters of the text. */
interface Finding<K> {
  kind: K;
  /** Absent where a file itself cannot be read. */
  table?: TableName;
  /** Name of the file, where it may hold several tables. */
  file?: string;
  /** From 1; 0: a row that is in the store already. */
  line: number;
  column?: string;
  found?: string;
  expected?: string;
}

/** What is wrong in a file; nothing is imported then. */
export type ImportFault = Finding<FaultKind>;

/** What an import takes as it is, although it may be a mistake. */
export type ImportHint = Finding<HintKind>;

/** At most so many faults are told of one table: whoever has more has chosen the wrong file. */
export const mostFaults = 50;
