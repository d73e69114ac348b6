import type { Block, DocumentLocale, DocumentModel, SourcedValue, Text, ValueSource } from './document-model.ts';
import { valuesOf } from './document-model.ts';
import { valueFormat } from './format.ts';

/** A run of text as it is shown. */
export interface Run {
  text: string;
  /** Where it comes from; absent for words of the template. */
  source?: ValueSource;
  /** Changed against the previous plan: highlighted. */
  changed?: true;
}

/** What renderers draw, in reading order. */
export type Element =
  | { type: 'heading'; level: 1 | 2; runs: Run[] }
  | { type: 'paragraph'; role: 'header' | 'safety'; runs: Run[] }
  | { type: 'list'; ordered: boolean; items: Run[][] }
  | { type: 'table'; columns: Run[][]; rows: Run[][][] };

const words: Record<
  DocumentLocale,
  {
    document: string;
    revision: string;
    status: Record<DocumentModel['status'], string>;
    item: string;
    value: string;
    sources: string;
    sourceColumns: string[];
  }
> = {
  en: {
    document: 'Document ',
    revision: ', revision ',
    status: { draft: ', draft, not checked', review: ', checked, not yet approved' },
    item: 'Item',
    value: 'Value',
    sources: 'Where the values come from',
    sourceColumns: ['Value', 'Table', 'Row', 'Field'],
  },
  de: {
    document: 'Dokument ',
    revision: ', Fassung ',
    status: { draft: ', Entwurf, nicht geprüft', review: ', geprüft, noch nicht freigegeben' },
    item: 'Angabe',
    value: 'Wert',
    sources: 'Woher die Werte stammen',
    sourceColumns: ['Wert', 'Tabelle', 'Zeile', 'Feld'],
  },
};

/** Lays a document out: the one order and wording that every renderer draws and that checks compare with. */
export function layout(document: DocumentModel): Element[] {
  const format = valueFormat(document.locale, document.timeZone);
  const runs = (text: Text): Run[] => text.map((run) => toRun(run, format));
  return [
    ...document.blocks.flatMap((block) => layoutBlock(block, document, runs)),
    ...sourcesElements(document, format),
  ];
}

/** Every run that a document shows, in reading order. */
export function shownRuns(document: DocumentModel): Run[] {
  return layout(document).flatMap((element) => {
    switch (element.type) {
      case 'heading':
      case 'paragraph':
        return element.runs;
      case 'list':
        return element.items.flat();
      case 'table':
        return [...element.columns.flat(), ...element.rows.flat(2)];
    }
  });
}

function layoutBlock(block: Block, document: DocumentModel, runs: (text: Text) => Run[]): Element[] {
  if (block.type === 'title')
    return [
      { type: 'heading', level: 1, runs: runs(block.text) },
      { type: 'paragraph', role: 'header', runs: headerRuns(document) },
    ];
  const heading: Element = { type: 'heading', level: 2, runs: runs(block.heading) };
  switch (block.type) {
    case 'safety':
      return [heading, { type: 'paragraph', role: 'safety', runs: runs(block.text) }];
    case 'changes': {
      const items = block.items.map(({ label, before, after }) => [
        ...runs(label),
        { text: ': ' },
        ...runs(before),
        { text: ' → ' },
        ...runs(after).map((run): Run => ({ ...run, changed: true })),
      ]);
      return [heading, { type: 'list', ordered: false, items }];
    }
    case 'facts': {
      const { item, value } = words[document.locale];
      const rows = block.rows.map((row) => [runs(row.label), runs(row.value)]);
      return [heading, { type: 'table', columns: [[{ text: item }], [{ text: value }]], rows }];
    }
    case 'steps':
      return [heading, { type: 'list', ordered: true, items: block.items.map(runs) }];
    case 'table':
      return [
        heading,
        { type: 'table', columns: block.columns.map(runs), rows: block.rows.map((row) => row.map(runs)) },
      ];
  }
}

function headerRuns({ documentId, revision, status, locale }: DocumentModel): Run[] {
  const source = (field: string) => ({ table: 'work_directive', id: documentId, field });
  return [
    { text: words[locale].document },
    { text: documentId, source: source('document_id') },
    { text: words[locale].revision },
    { text: String(revision), source: source('revision') },
    { text: words[locale].status[status] },
  ];
}

function sourcesElements(document: DocumentModel, format: (value: SourcedValue) => string): Element[] {
  const { sources, sourceColumns } = words[document.locale];
  const distinct = new Map(valuesOf(document).map(({ value }) => [Object.values(value.source).join('\n'), value]));
  const rows = [...distinct.values()].map((value) => {
    const { source } = value;
    return [format(value), source.table, source.id, source.field].map((text): Run[] => [{ text, source }]);
  });
  return [
    { type: 'heading', level: 2, runs: [{ text: sources }] },
    { type: 'table', columns: sourceColumns.map((text) => [{ text }]), rows },
  ];
}

function toRun(run: Text[number], format: (value: SourcedValue) => string): Run {
  return typeof run === 'string' ? { text: run } : { text: format(run), source: run.source };
}
