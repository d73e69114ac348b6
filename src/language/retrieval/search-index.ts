import MiniSearch from 'minisearch';
import { passagesOf } from './passages.ts';
import type { Passage, SourceDocument } from './source.ts';
import { termsOf, type Meanings } from './terms.ts';

/** A passage with how well it fits. */
export interface Hit {
  passage: Passage;
  score: number;
}

/** How a search is narrowed. */
export interface SearchOptions {
  limit: number;
  /** Who may not see a passage never has it ranked. */
  allow?: (passage: Passage) => boolean;
}

/** Most passages that are kept; beyond it the oldest records of what happened go first. */
const mostPassages = 100_000;
/** Longest question, in terms. */
const mostTerms = 60;

/**
 * Finds passages by their words (BM25 with fuzzy and prefix matching), short forms and German words by what they stand
 * for. Documents come and go one by one; memory is bounded by the number of passages.
 */
export class SearchIndex {
  private readonly engine: MiniSearch<{ id: string; text: string }>;
  private readonly passages = new Map<string, Passage>();
  private readonly byDocument = new Map<string, { document: SourceDocument; passageIds: string[] }>();
  private readonly meanings: Meanings;

  constructor(meanings: Meanings) {
    this.meanings = meanings;
    this.engine = new MiniSearch({
      fields: ['text'],
      tokenize: (text) => text.split(' '),
      processTerm: (term) => term,
    });
  }

  /** The document of an id, as it was put in. */
  document(docId: string): SourceDocument | undefined {
    return this.byDocument.get(docId)?.document;
  }

  /** Every document of a kind, in the order in which they came. */
  documents(kind: SourceDocument['kind']): SourceDocument[] {
    return [...this.byDocument.values()].map(({ document }) => document).filter((document) => document.kind === kind);
  }

  /** Puts a document in, in place of an earlier one of its id. */
  put(document: SourceDocument): void {
    this.remove(document.docId);
    const passages = passagesOf(document);
    this.byDocument.set(document.docId, { document, passageIds: passages.map(({ passageId }) => passageId) });
    for (const passage of passages) {
      this.passages.set(passage.passageId, passage);
      this.engine.add({ id: passage.passageId, text: termsOf(passage.text, this.meanings).join(' ') });
    }
    while (this.passages.size > mostPassages) if (!this.removeOldest()) break;
  }

  remove(docId: string): void {
    const held = this.byDocument.get(docId);
    if (!held) return;
    this.byDocument.delete(docId);
    for (const passageId of held.passageIds) {
      this.passages.delete(passageId);
      this.engine.discard(passageId);
    }
  }

  /** Ids of a document's passages. */
  passagesOf(docId: string): readonly string[] {
    return this.byDocument.get(docId)?.passageIds ?? [];
  }

  /** A passage that is still there. */
  passage(passageId: string): Passage | undefined {
    return this.passages.get(passageId);
  }

  /** All passages, for other ways of finding them. */
  *all(): IterableIterator<Passage> {
    yield* this.passages.values();
  }

  /** The passages that fit best, the best first. */
  search(query: string, { limit, allow }: SearchOptions): Hit[] {
    const terms = termsOf(query, this.meanings).slice(0, mostTerms);
    if (terms.length === 0) return [];
    const found = this.engine.search(terms.join(' '), {
      fuzzy: 0.2,
      prefix: true,
      ...(allow ? { filter: ({ id }) => allow(this.passages.get(id as string)!) } : {}),
    });
    return found.slice(0, limit).map(({ id, score }) => ({ passage: this.passages.get(id as string)!, score }));
  }

  private removeOldest(): boolean {
    for (const [docId, { document }] of this.byDocument)
      if (document.kind === 'work-order' || document.kind === 'measurement') {
        this.remove(docId);
        return true;
      }
    return false;
  }
}
