import type { Hit, SearchIndex } from './search-index.ts';
import { addressesModel, severityOf, waivesProtection } from './safety-words.ts';
import type { Passage } from './source.ts';
import { fuseRankings, type VectorIndex } from './vectors.ts';

/** What is looked for. */
export interface Retrieval {
  query: string;
  /** The query's vector where there is an endpoint for embeddings. */
  vector?: ArrayLike<number>;
  /** Who may not see a passage never has it ranked. */
  allow: (passage: Passage) => boolean;
  /** Manuals in this language go before others. */
  language: 'en' | 'de';
}

/** Slots by kind: a thousand work orders cannot crowd out one warning. */
const slots = { cases: 12, manuals: 3, safety: 3 };

/** The most similar records of what happened. */
export function findCases(
  index: SearchIndex,
  vectors: VectorIndex,
  wanted: Retrieval,
  limit: number = slots.cases,
): Hit[] {
  return ranked(index, vectors, wanted, limit, ({ kind }) => kind === 'work-order');
}

/** What the manuals say about it, warnings left out: they have slots of their own. */
export function findManuals(index: SearchIndex, vectors: VectorIndex, wanted: Retrieval): Hit[] {
  return inLanguage(index, wanted.language, (fits) =>
    ranked(index, vectors, wanted, slots.manuals, (passage) => isManual(passage) && !passage.isSafety && fits(passage)),
  );
}

/**
 * Warnings: those about it, and general ones of the manuals as far as there is room; what they choose comes in the order of
 * danger (ANSI Z535.6: danger, warning, caution), and within that as the manuals have it.
 */
export function findSafety(index: SearchIndex, vectors: VectorIndex, wanted: Retrieval): Passage[] {
  return inLanguage(index, wanted.language, (fits) => {
    const sound = (passage: Passage) => isManual(passage) && isSoundSafety(passage) && fits(passage);
    const near = ranked(index, vectors, wanted, slots.safety, sound).map(({ passage }) => passage);
    const general = [...index.all()].filter(
      (passage) => sound(passage) && wanted.allow(passage) && !near.includes(passage),
    );
    const places = new Map([...index.all()].map((passage, place) => [passage, place]));
    return [...near, ...general]
      .slice(0, slots.safety)
      .sort((a, b) => severityOf(a.text) - severityOf(b.text) || places.get(a)! - places.get(b)!);
  });
}

function isManual({ kind, text }: Passage): boolean {
  return kind === 'manual' && !addressesModel(text);
}

/** A warning that asks for protection; one that would lift it is none. */
function isSoundSafety({ isSafety, text }: Passage): boolean {
  return isSafety && !waivesProtection(text);
}

/** In the reader's language or in none that is known; in another where there are no such manuals. */
function inLanguage<T>(
  index: SearchIndex,
  language: 'en' | 'de',
  find: (fits: (passage: Passage) => boolean) => T[],
): T[] {
  const isOwn = (passage: { language?: 'en' | 'de' }) => (passage.language ?? language) === language;
  return find(index.documents('manual').some(isOwn) ? isOwn : () => true);
}

function ranked(
  index: SearchIndex,
  vectors: VectorIndex,
  { query, vector, allow }: Retrieval,
  limit: number,
  only: (passage: Passage) => boolean,
): Hit[] {
  const isOpen = (passage: Passage) => only(passage) && allow(passage);
  const byWords = index.search(query, { limit: vector ? 4 * limit : limit, allow: isOpen });
  if (!vector || vectors.size === 0) return byWords;
  const byMeaning = vectors.nearest(vector, 4 * limit, (key) => {
    const passage = index.passage(key);
    return passage !== undefined && isOpen(passage);
  });
  return fuseRankings([byWords.map(({ passage }) => passage.passageId), byMeaning])
    .slice(0, limit)
    .map(({ key, score }) => ({ passage: index.passage(key)!, score }));
}
