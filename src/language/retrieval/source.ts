/** Where a text comes from. Only manuals and failure modes are written to instruct; the others are what happened. */
type SourceKind = 'work-order' | 'manual' | 'failure-mode' | 'measurement';

/** A text that advice may cite, whole. */
export interface SourceDocument {
  docId: string;
  kind: SourceKind;
  title: string;
  text: string;
  /** The machine that it is about; absent: any. */
  equipmentId?: string;
  /** Milliseconds since 1970 UTC. */
  date?: number;
  language?: 'en' | 'de';
}

/** A stretch of a document's text: `text` is `document.text.slice(start, end)`. */
export interface Span {
  start: number;
  end: number;
  text: string;
}

/** A stretch of a document that can be found. */
export interface Passage extends Span {
  passageId: string;
  docId: string;
  kind: SourceKind;
  /** Warns, or says how to make safe. */
  isSafety: boolean;
  equipmentId?: string;
  date?: number;
  language?: 'en' | 'de';
}
