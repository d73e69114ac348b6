/** Where a value stands in the plant's database. */
export interface ValueSource {
  /** Table, as in the store's schema. */
  table: string;
  /** Key of the row; parts of a compound key are joined by `/`. */
  id: string;
  field: string;
}

/** Languages that documents exist in. */
export type DocumentLocale = 'en' | 'de';

/**
 * A value of plant data in a document. Nobody types one: it is read from its source and formatted where it is shown.
 * `text` carries ids and names; a `duration` is in seconds; an `instant` is ISO 8601 in UTC.
 */
export type SourcedValue =
  | { kind: 'text'; value: string; source: ValueSource }
  | { kind: 'quantity'; value: number; unit: string; source: ValueSource }
  | { kind: 'duration'; value: number; unit: 's'; source: ValueSource }
  | { kind: 'instant'; value: string; source: ValueSource };

/** A run of text: words of the template, which hold no digit, and values. */
export type Text = (string | SourcedValue)[];

/** A change against the previous plan, shown highlighted. */
export interface ShownChange {
  label: Text;
  before: Text;
  after: Text;
}

/** One block of a document. */
export type Block =
  | { type: 'title'; text: Text }
  | { type: 'safety'; heading: Text; text: Text }
  | { type: 'changes'; heading: Text; items: ShownChange[] }
  | { type: 'facts'; heading: Text; rows: { label: Text; value: Text }[] }
  | { type: 'steps'; heading: Text; items: Text[] }
  | { type: 'table'; heading: Text; columns: Text[]; rows: Text[][] };

/** A document as data: what is stored, checked and signed. Rendered text is made from it and never kept. */
export interface DocumentModel {
  documentId: string;
  kind: 'work-instruction';
  jobOrderId: string;
  revision: number;
  locale: DocumentLocale;
  timeZone: string;
  /** `review` once the checks have passed; a person approves. */
  status: 'draft' | 'review';
  authorKind: 'template';
  planId: string;
  /** Absent for a plan that nobody had to sign: the first one of a plant. */
  approvalId?: string;
  blocks: Block[];
}

/** A run of text with where it stands in its document. */
export interface TextAt {
  /** JSON pointer. */
  pointer: string;
  text: Text;
}

/** Every run of text of a document in reading order. */
export function textsOf({ blocks }: Pick<DocumentModel, 'blocks'>): TextAt[] {
  return blocks.flatMap((block, i) => textsOfBlock(block, `/blocks/${String(i)}`));
}

/** Every value of a document in reading order, with its pointer. */
export function valuesOf(document: Pick<DocumentModel, 'blocks'>): { pointer: string; value: SourcedValue }[] {
  return textsOf(document).flatMap(({ pointer, text }) =>
    text.flatMap((run, i) => (typeof run === 'string' ? [] : [{ pointer: `${pointer}/${String(i)}`, value: run }])),
  );
}

function textsOfBlock(block: Block, at: string): TextAt[] {
  if (block.type === 'title') return [{ pointer: `${at}/text`, text: block.text }];
  const heading = { pointer: `${at}/heading`, text: block.heading };
  switch (block.type) {
    case 'safety':
      return [heading, { pointer: `${at}/text`, text: block.text }];
    case 'changes':
      return [heading, ...block.items.flatMap((item, i) => inOrder(item, `${at}/items/${String(i)}`))];
    case 'facts':
      return [heading, ...block.rows.flatMap((row, i) => inOrder(row, `${at}/rows/${String(i)}`))];
    case 'steps':
      return [heading, ...inOrder(block.items, `${at}/items`)];
    case 'table':
      return [
        heading,
        ...inOrder(block.columns, `${at}/columns`),
        ...block.rows.flatMap((row, i) => inOrder(row, `${at}/rows/${String(i)}`)),
      ];
  }
}

function inOrder(texts: object, at: string): TextAt[] {
  return Object.entries(texts).map(([key, text]: [string, Text]) => ({ pointer: `${at}/${key}`, text }));
}
