import type { Grammar } from './grammar.ts';
import type { Lexicon } from './lexicon.ts';
import type { Language } from '../metric.ts';
import { meaningOf, type EntityMatch } from './recognise.ts';
import type { QueryFilter } from '../semantic-query.ts';
import { nearestWords } from './spelling.ts';
import { dimensions, type Dimension } from '../sql/views.ts';
import { dimensionNouns, exceptWords } from './vocabulary.ts';

/** Things of one dimension that a question is narrowed to. */
export interface Filter {
  dimension: Dimension;
  op: QueryFilter['op'];
  values: string[];
  /** The things of a name that several share: `the grinder GRIND-23` is that one. */
  sharedName?: readonly string[] | undefined;
  /** Whether they were named one by one, rather than by a name that they share. */
  isEnumerated: boolean;
}

/** What the named things mean beside a metric. */
export interface Linked {
  filters: Filter[];
  /** Dimensions that the metric cannot be narrowed by. */
  unsupported: Dimension[];
  /** Words that fit things of several dimensions, with those things' names. */
  ambiguous: { words: string; choices: string[] }[];
}

/**
 * Chooses a dimension for each named thing: the one whose noun stands beside it, else the only one that the
 * metrics have, else nothing is chosen and the words are ambiguous.
 */
export function linkEntities(
  entities: readonly EntityMatch[],
  tokens: readonly string[],
  supportedDimensions: readonly Dimension[],
  lexicon: Lexicon,
  language: Language,
): Linked {
  const linked: Linked = { filters: [], unsupported: [], ambiguous: [] };
  let excluded: EntityMatch | undefined;
  for (const entity of [...entities].sort((a, b) => a.at[0]! - b.at[0]!)) {
    const isExcluded = isExcepted(entity, excluded, tokens);
    if (isExcluded) excluded = entity;
    const supported = entity.meanings.filter((meaning) => supportedDimensions.includes(meaning.dimension));
    const hinted = [entity.at[0]! - 1, entity.at.at(-1)! + 1]
      .map((index) => dimensionNouns.get(tokens[index] ?? '')?.dimension)
      .flatMap((dimension) => (dimension === undefined ? [] : [meaningOf(entity, dimension)]))
      .find((meaning) => meaning !== undefined);
    const meaning = hinted ?? (supported.length === 1 ? supported[0] : undefined);
    if (meaning && supportedDimensions.includes(meaning.dimension))
      addFilter(linked.filters, meaning, isExcluded ? 'not_in' : 'in');
    else if (meaning || supported.length === 0) linked.unsupported.push((meaning ?? entity.meanings[0]!).dimension);
    else
      linked.ambiguous.push({
        words: entity.at.map((index) => tokens[index]).join(' '),
        choices: supported.flatMap(({ dimension, ids }) => ids.map((id) => lexicon.nameOf(dimension, id, language))),
      });
  }
  linked.filters.sort((a, b) => dimensions.indexOf(a.dimension) - dimensions.indexOf(b.dimension));
  return linked;
}

/** `all lines except line 2 and 3`: named after a word that leaves out, or joined to a thing that is. */
function isExcepted(entity: EntityMatch, excluded: EntityMatch | undefined, tokens: readonly string[]): boolean {
  const last = excluded?.at.at(-1);
  if (last !== undefined && tokens.slice(last + 1, entity.at[0]).every((token) => /^(and|und|or|oder)$/.test(token)))
    return true;
  let at = entity.at[0]! - 1;
  while (placeWords.test(tokens[at] ?? '') || dimensionNouns.has(tokens[at] ?? '')) at--;
  return exceptWords.has(tokens[at] ?? '');
}

function addFilter(
  filters: Filter[],
  { dimension, ids }: { dimension: Dimension; ids: readonly string[] },
  op: Filter['op'],
): void {
  const filter = filters.find((known) => known.dimension === dimension && known.op === op);
  if (!filter) {
    filters.push({
      dimension,
      op,
      values: [...ids],
      isEnumerated: false,
      ...(ids.length > 1 ? { sharedName: ids } : {}),
    });
    return;
  }
  const isShared = (list: readonly string[], of: readonly string[]) =>
    of.length > 1 && list.every((id) => of.includes(id));
  if (filter.sharedName && isShared(ids, filter.sharedName)) {
    Object.assign(filter, { values: [...ids], sharedName: undefined });
    return;
  }
  if (isShared(filter.values, ids)) return;
  const added = ids.filter((id) => !filter.values.includes(id));
  filter.values.push(...added);
  filter.isEnumerated ||= op === 'in' && added.length > 0;
}

/** A name that the plant does not know. */
export interface UnknownName {
  words: string;
  dimension?: Dimension;
  /** Known things to ask for instead. */
  choices: string[];
  /** Two or more known names are equally near. */
  isTie: boolean;
}

const placeWords = /^(on|for|at|of|in|from|the|auf|an|fuer|von|bei|im|am|der|die|das|dem|den|des)$/;

/**
 * Finds, among words that were not understood, one that must be a name: beside a dimension's noun, with a number in it,
 * or after a preposition of place. Gives the known names nearest to it.
 */
export function unknownName(
  tokens: readonly string[],
  unresolved: readonly string[],
  entities: readonly EntityMatch[],
  { lexicon, known }: Grammar,
  language: Language,
): UnknownName | undefined {
  const isOpen = (index: number) => unresolved.includes(tokens[index] ?? '');
  for (let index = 0; index < tokens.length; index++) {
    if (!isOpen(index)) continue;
    let end = index + 1;
    while (isOpen(end)) end++;
    const words = tokens.slice(index, end);
    const before = tokens[index - 1] ?? '';
    const noun = [index - 1, index, end]
      .filter((place) => !entities.some(({ at }) => at.includes(place)))
      .map((place) => dimensionNouns.get(tokens[place] ?? ''))
      .find((each) => each !== undefined);
    const isForeign = words.some((word) => /^[a-z]{2,}$/.test(word) && !known.words.has(word));
    const hasNumber = /^[a-z]+ (?:[a-z]+ )?\d/.test(words.join(' ')) && (isForeign || lexicon.words.has(words[0]!));
    const isNumber = /^\d+$/.test(words[0]!);
    const follows = isNumber ? entities.find(({ at }) => index > at.at(-1)! && index - at.at(-1)! <= 2) : undefined;
    if (follows)
      return nameChoices(`${tokens[follows.at[0]!]!} ${words[0]!}`, follows.meanings[0]!.dimension, lexicon, language);
    const isPlace = placeWords.test(before) && words.every((word) => /^[a-z]{3,}$/.test(word));
    if (!(isForeign && (noun || isPlace)) && !hasNumber && !(isNumber && noun)) continue;
    const named = noun && isNumber && noun === dimensionNouns.get(before) ? [before, ...words] : words;
    return nameChoices(named.join(' '), noun?.dimension, lexicon, language);
  }
  return undefined;
}

function nameChoices(
  words: string,
  dimension: Dimension | undefined,
  lexicon: Lexicon,
  language: Language,
): UnknownName {
  const spoken = (['machine', 'line', 'area', 'product', 'customer', 'order'] as const)
    .filter((known) => dimension === undefined || known === dimension)
    .flatMap((known) => (lexicon.known.get(known) ?? []).map((id) => lexicon.nameOf(known, id, language)));
  const compacted = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const byCompact = new Map(spoken.map((name) => [compacted(name), name]));
  const near = nearestWords(compacted(words), byCompact.keys(), 2).map((key) => byCompact.get(key)!);
  const all = dimension === undefined ? [] : (lexicon.known.get(dimension) ?? []);
  const choices = near.length > 0 ? near : all.map((id) => lexicon.nameOf(dimension!, id, language));
  return {
    words,
    choices: choices.slice(0, 8),
    isTie: near.length > 1 && !/\d/.test(words),
    ...(dimension ? { dimension } : {}),
  };
}
