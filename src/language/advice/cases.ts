import type { FailureMode } from '../retrieval/failure-modes.ts';
import { recognisedBy } from '../retrieval/failure-modes.ts';
import { addressesModel } from '../retrieval/safety-words.ts';
import { SearchIndex } from '../retrieval/search-index.ts';
import { foldedWords, termsOf, type Meanings } from '../retrieval/terms.ts';

/** What somebody wrote about a machine, or a work order. */
export interface WorkRecord {
  entryId: string;
  equipmentId: string;
  /** Milliseconds since 1970 UTC. */
  at: number;
  language: 'en' | 'de';
  text: string;
  /** Reason of the stop that it was written after, where there was one. */
  reason?: string;
}

/** A record as advice counts it. */
export interface Case extends WorkRecord {
  docId: string;
  /** Failure mode that the text is about; absent where that is not clear. */
  code?: string;
  /** Says what was done, not only what was seen. */
  isClosed: boolean;
  /** Talks to a language model: it is kept, and counts for nothing. */
  isSuspicious: boolean;
}

/** Id of a record as a document. */
export function recordId(entryId: string): string {
  return `work-order/${entryId}`;
}

/** Words of what was done. */
const remedies = new Set(
  'replaced cleaned adjusted reset corrected restarted refilled aligned repaired tightened welded lubricated nachgefuellt eingegeben repariert gestartet ausgerichtet nachgezogen geschweisst freigegeben'.split(
    ' ',
  ),
);
/** Words of what is still to be done. */
const intentions = new Set(
  'plan planned order informed observe monitor watch beobachten bestellen einplanen planen informiert vorerst'.split(
    ' ',
  ),
);

/** Whether a record says what was done. */
function isClosing(text: string, meanings: Meanings): boolean {
  if (foldedWords(text).some((word) => intentions.has(word))) return false;
  return termsOf(text, meanings).some((term) => remedies.has(term));
}

/** Least score for each word of a text at which it is about a failure mode, and how far ahead of the next it must be. */
const leastPerWord = 2;
const leastLead = 1.2;

/** Tells which failure mode of the plant's table a record is about. */
export class CaseReader {
  private readonly index: SearchIndex;
  private readonly meanings: Meanings;

  constructor(modes: ReadonlyMap<string, readonly FailureMode[]>, meanings: Meanings) {
    this.meanings = meanings;
    this.index = new SearchIndex(meanings);
    for (const [code, rows] of modes)
      this.index.put({ docId: code, kind: 'failure-mode', title: code, text: recognisedBy(rows) });
  }

  /** How well a text fits each failure mode, the best first. */
  matches(text: string): { code: string; score: number }[] {
    return this.index.search(text, { limit: 10 }).map(({ passage, score }) => ({ code: passage.docId, score }));
  }

  /** The mode that a text is clearly about. */
  modeOf(text: string): string | undefined {
    const [best, next] = this.matches(text);
    const words = foldedWords(text).length;
    if (!best || best.score < leastPerWord * words) return undefined;
    return next && best.score < leastLead * next.score ? undefined : best.code;
  }

  read(record: WorkRecord): Case {
    const code = this.modeOf(record.text);
    return {
      ...record,
      docId: recordId(record.entryId),
      ...(code === undefined ? {} : { code }),
      isClosed: isClosing(record.text, this.meanings),
      isSuspicious: addressesModel(record.text),
    };
  }
}
