import type { Lexicon } from './lexicon.ts';
import type { Metric } from '../metric.ts';
import type { EntityMatch } from './recognise.ts';
import { readNumber } from '../time/words.ts';
import { timeDimensions, type Dimension } from '../sql/views.ts';
import {
  byWords,
  comparativeWords,
  compareWords,
  consumingWords,
  countWords,
  dimensionNouns,
  durationWords,
  efficiencyWords,
  exceptWords,
  fillerWords,
  isDueWord,
  onlyWords,
  grainWords,
  listWords,
  partWords,
  seeWords,
  meanWords,
  orderWords,
  shareWords,
  spendingWords,
  superlatives,
  trendWords,
  whichWords,
  wholeWords,
  whyWords,
  type DimensionNoun,
  type Superlative,
} from './vocabulary.ts';

/** What a question asks for, beside metric, things and times. */
export interface Structure {
  groupBy: Dimension[];
  superlative?: Superlative;
  /** How many of the best are asked for. */
  limit?: number;
  asksWhich: boolean;
  asksTrend: boolean;
  asksList: boolean;
  asksShare: boolean;
  /** A number of things is asked for: `how many`. */
  asksCount: boolean;
  /** Records are asked for rather than their number: `show me`. */
  asksToSee: boolean;
  /** `Which orders`. */
  asksOrders: boolean;
  /** The order of the rows, where it is said. */
  order?: 'asc' | 'desc';
  /** Positions of words that compare. */
  comparing: number[];
  /** The stretch just before is compared with; `unit` where the question names it alone (week on week). */
  before?: { unit?: 'shift' | 'day' | 'week' | 'month' };
  /** A dimension's noun in the singular that nothing explains: "on the line". */
  bareNouns: Dimension[];
  /** The things themselves are to be counted, which a metric of something else does not do. */
  counted?: Dimension;
  unresolved: string[];
}

/** A question's tokens while they are read. */
interface Reader {
  tokens: readonly string[];
  used: Set<number>;
  /** Tokens that name plant things. */
  named: ReadonlySet<number>;
  result: Structure;
}

/** Reads grouping, ranking, comparison and course from the tokens that are left, and gives back what is not understood. */
export function readStructure(
  tokens: readonly string[],
  alreadyUsed: ReadonlySet<number>,
  entities: readonly EntityMatch[],
  metrics: readonly Metric[],
  lexicon: Lexicon,
): Structure {
  const reader: Reader = {
    tokens,
    used: new Set(alreadyUsed),
    named: new Set(entities.flatMap((entity) => entity.at)),
    result: {
      groupBy: [],
      asksWhich: false,
      asksTrend: false,
      asksList: false,
      asksShare: false,
      asksCount: tokens.some((token) => countWords.has(token)),
      asksToSee: tokens.some((token) => seeWords.has(token)),
      asksOrders: false,
      comparing: [],
      bareNouns: [],
      unresolved: [],
    },
  };
  tokens.forEach((token, index) => token.startsWith('⟨') && reader.used.add(index));
  takeWholePhrases(reader, lexicon);
  takeHints(reader, entities);
  takeBefore(reader);
  takeOrder(reader, metrics);
  takeSuperlatives(reader);
  takeGroups(reader, metrics);
  takeWords(reader, metrics);
  takeBareNouns(reader, metrics);
  takeFillers(reader, metrics);
  return reader.result;
}

function freeNoun(reader: Reader, index: number): DimensionNoun | undefined {
  return reader.used.has(index) ? undefined : dimensionNouns.get(reader.tokens[index] ?? '');
}

function group(reader: Reader, dimension: Dimension): void {
  if (!reader.result.groupBy.includes(dimension)) reader.result.groupBy.push(dimension);
}

function takeWholePhrases(reader: Reader, lexicon: Lexicon): void {
  for (let from = 0; from < reader.tokens.length; from++)
    for (let to = from + 1; to <= reader.tokens.length; to++) {
      if (reader.used.has(to - 1)) break;
      if (!lexicon.wholePhrases.has(reader.tokens.slice(from, to).join(' '))) continue;
      for (let index = from; index < to; index++) reader.used.add(index);
    }
}

/** `machine CNC-22`, `in the Machining area`: the noun beside a thing says what the thing is. */
function takeHints(reader: Reader, entities: readonly EntityMatch[]): void {
  for (const { meanings, at } of entities)
    for (const neighbour of [at[0]! - 1, at[0]! - 2, at.at(-1)! + 1]) {
      const noun = freeNoun(reader, neighbour);
      const isNear =
        neighbour !== at[0]! - 2 || /^(the|der|die|das|dem|den|no|nr|number|nummer)$/.test(reader.tokens[at[0]! - 1]!);
      if (noun && isNear && meanings.some((meaning) => meaning.dimension === noun.dimension)) {
        reader.used.add(neighbour);
        if (neighbour === at[0]! - 2) reader.used.add(neighbour + 1);
      }
    }
}

/** `than the week before`, `davor`, `week on week`. */
function takeBefore(reader: Reader): void {
  const { tokens, used, result } = reader;
  tokens.forEach((token, index) => {
    if (used.has(index)) return;
    const unit = dimensionNouns.get(token)?.dimension;
    const next = tokens[index + 1] ?? '';
    if (unit && timeDimensions.includes(unit) && /^(before|davor|zuvor|vorher)$/.test(next))
      take(reader, index, index + 1);
    else if (unit && unit !== 'hour' && /^(on|over|zu)$/.test(next) && tokens[index + 2] === token) {
      take(reader, index, index + 1, index + 2);
      result.before = { unit: unit as 'shift' | 'day' | 'week' | 'month' };
      return;
    } else if (/^(davor|zuvor|vorher|before|beforehand)$/.test(token)) take(reader, index);
    else return;
    result.before ??= {};
  });
}

/** `highest first`, `sorted descending`, `pareto`, `by type`. */
function takeOrder(reader: Reader, metrics: readonly Metric[]): void {
  const { tokens, used, result } = reader;
  const kind = (['reason', 'defect'] as const).find((dimension) =>
    metrics.every((m) => m.dimensions.includes(dimension)),
  );
  tokens.forEach((token, index) => {
    if (used.has(index)) return;
    const superlative = superlatives.get(token);
    const isFirst = /^(first|zuerst)$/.test(tokens[index + 1] ?? '') && superlative !== undefined;
    const order = orderWords.get(token);
    if (isFirst && superlative !== 'best' && superlative !== 'worst') {
      result.order = superlative === 'high' ? 'desc' : 'asc';
      take(reader, index, index + 1);
    } else if (order) {
      result.order = order;
      take(reader, index);
      if (token === 'pareto' && kind && !tokens.some((word) => dimensionNouns.has(word))) group(reader, kind);
    } else if (/^(sorted|sort|sortiert|sortiere|geordnet|ordered)$/.test(token)) take(reader, index);
    else if (kind && /^(types?|kinds?|art|arten|typ|typen)$/.test(token)) {
      const before = tokens[index - 1] ?? '';
      if (!byWords.has(before) && !whichWords.has(before)) return;
      group(reader, kind);
      take(reader, index, index - 1);
    }
  });
}

function take(reader: Reader, ...indices: number[]): void {
  for (const index of indices) reader.used.add(index);
}

function takeSuperlatives(reader: Reader): void {
  const { tokens, used, result } = reader;
  tokens.forEach((token, index) => {
    const meaning = used.has(index) ? undefined : superlatives.get(token);
    if (!meaning) return;
    take(reader, index);
    if (!result.superlative || meaning !== 'high') result.superlative = meaning;
    if (/^haupt(grund|ursache)/.test(token)) group(reader, 'reason');
    for (const neighbour of [index + 1, index - 1]) {
      const limit = used.has(neighbour) ? undefined : readCount(tokens[neighbour]);
      if (limit === undefined || result.limit !== undefined) continue;
      result.limit = limit;
      take(reader, neighbour);
    }
  });
}

function readCount(token: string | undefined): number | undefined {
  if (token === undefined || /^(a|an|one|ein|eine|einer|einem|einen|zero|null)$/.test(token)) return undefined;
  const count = readNumber(token);
  return count !== undefined && count >= 1 && count <= 200 ? count : undefined;
}

/** `by line and shift`, `per machine`, `which machines`, `welche Linie`. */
function takeGroups(reader: Reader, metrics: readonly Metric[]): void {
  const { tokens, used, result } = reader;
  tokens.forEach((token, index) => {
    if (used.has(index)) return;
    if (byWords.has(token)) {
      if (!freeNoun(reader, index + 1)) return;
      take(reader, index);
      for (let at = index + 1; freeNoun(reader, at); at += /^(and|und)$/.test(tokens[at + 1] ?? '') ? 2 : 1) {
        group(reader, freeNoun(reader, at)!.dimension);
        take(reader, at);
        if (/^types?$/.test(tokens[at + 1] ?? '')) take(reader, at + 1);
      }
    } else if (whichWords.has(token)) {
      if (
        /^(fehlern?|defects?)$/.test(tokens[index + 1] ?? '') &&
        metrics.every((m) => m.dimensions.includes('defect'))
      ) {
        result.asksWhich = true;
        if (/^(welcher|defect)$/.test(token === 'welcher' ? token : (tokens[index + 1] ?? ''))) result.limit ??= 1;
        group(reader, 'defect');
        take(reader, index, index + 1);
        return;
      }
      const limit = readCount(tokens[index + 1]);
      const at = limit === undefined ? index + 1 : index + 2;
      const noun = dimensionNouns.get(tokens[at] ?? '');
      if (!noun || reader.named.has(at)) return;
      result.asksWhich = true;
      const one = noun.isPlural ? undefined : 1;
      const asked = result.limit ?? limit ?? one;
      if (asked !== undefined) result.limit = asked;
      group(reader, noun.dimension);
      result.asksOrders ||= noun.dimension === 'order';
      for (let i = index; i <= at; i++) take(reader, i);
    } else {
      if (/^(day|week|hour|month|shift)$/.test(token) && tokens[index + 1] === 'by' && tokens[index + 2] === token) {
        group(reader, dimensionNouns.get(token)!.dimension);
        take(reader, index, index + 1, index + 2);
        return;
      }
      if (whyWords.has(token) && metrics.every((metric) => metric.dimensions.includes('reason'))) {
        group(reader, 'reason');
        take(reader, index);
        return;
      }
      const grain = grainWords.get(token);
      if (!grain || freeNoun(reader, index)) return;
      take(reader, index);
      group(reader, grain);
    }
  });
}

/** Words that are understood beside these metrics only. */
function takeWords(reader: Reader, metrics: readonly Metric[]): void {
  const { tokens, used, result } = reader;
  const isTime = (metric: Metric) => /^(s|min|h)$/.test(metric.unit.en);
  const isOrders = metrics.every((metric) => metric.numerator.view === 'kpi_order');
  tokens.forEach((token, index) => {
    if (used.has(index)) return;
    if (trendWords.has(token) || (token === 'over' && tokens[index + 1] === 'time')) {
      result.asksTrend = true;
      take(reader, index, ...(token === 'over' ? [index + 1] : []));
    } else if (/^(between|zwischen)$/.test(token) && isThingOrTime(reader, index + 1) && result.comparing.length > 0) {
      take(reader, index);
    } else if ((onlyWords.has(token) || exceptWords.has(token)) && isBeforeThing(reader, index)) {
      take(reader, index);
    } else if (compareWords.has(token) || comparativeWords.has(token)) {
      result.comparing.push(index);
      take(reader, index);
    } else if (listWords.has(token)) {
      result.asksList = true;
      take(reader, index);
    } else if (shareWords.has(token) && metrics.every((m) => m.unit.en === '%' || m.shareMetric !== undefined)) {
      result.asksShare = true;
      take(reader, index);
    } else if (
      (durationWords.has(token) && metrics.some(isTime)) ||
      (countWords.has(token) && !metrics.every(isTime)) ||
      (spendingWords.has(token) && metrics.some(isTime) && tokens.some((word) => durationWords.has(word))) ||
      (efficiencyWords.has(token) && metrics.every(({ iso22400 }) => /OEE|Effectiveness/.test(iso22400 ?? ''))) ||
      (meanWords.has(token) && metrics.every((metric) => metric.denominator !== undefined)) ||
      (partWords.has(token) && metrics.some((metric) => metric.numerator.view === 'kpi_count')) ||
      (consumingWords.has(token) && metrics.every((metric) => metric.numerator.view === 'kpi_energy')) ||
      (token === 'due' && tokens[index + 1] === 'to') ||
      (isOrders && (isDueWord(token) || /^(delivered|delivery|deliver|geliefert|ausgeliefert|raus)$/.test(token)))
    )
      take(reader, index);
  });
}

function takeBareNouns(reader: Reader, metrics: readonly Metric[]): void {
  const { tokens, result } = reader;
  tokens.forEach((_, index) => {
    const noun = freeNoun(reader, index);
    if (!noun) return;
    const isRanked = result.superlative !== undefined;
    if (timeDimensions.includes(noun.dimension) && noun.dimension !== 'shift' && !isRanked) return;
    const limit = readCount(tokens[index - 1]);
    if (isRanked && limit !== undefined && !reader.used.has(index - 1)) {
      result.limit ??= limit;
      take(reader, index - 1);
    }
    if (isCounted(reader, index) && !metrics.every((metric) => countsThemselves(metric, noun.dimension))) {
      result.counted = noun.dimension;
      take(reader, index);
      return;
    }
    take(reader, index);
    if (isWhole(reader, index)) return;
    if (isRanked && !noun.isPlural) result.limit ??= 1;
    if (noun.isPlural || isRanked) group(reader, noun.dimension);
    else result.bareNouns.push(noun.dimension);
  });
}

/** `how many machines`, `Anzahl der Kunden`: what is counted are the things themselves. */
function isCounted({ tokens }: Reader, index: number): boolean {
  const before = tokens.slice(Math.max(0, index - 3), index).join(' ');
  return /(^| )(how many|number of|count of|wie viele|wieviele|anzahl(?: der| von)?)(?: different| verschiedene)?$/.test(
    before,
  );
}

function countsThemselves({ numerator }: Metric, dimension: Dimension): boolean {
  if (dimension === 'order') return numerator.view === 'kpi_order';
  return dimension === 'machine' && numerator.view === 'kpi_state' && numerator.measure === 'open';
}

/** `of all machines` narrows nothing and asks for one number. */
function isWhole({ tokens }: Reader, index: number): boolean {
  return [tokens[index - 1], tokens[index - 2]].some((token) =>
    /^(all|alle|aller|allen|saemtliche|saemtlicher)$/.test(token ?? ''),
  );
}

function isThingOrTime({ named, tokens }: Reader, index: number): boolean {
  return named.has(index) || (tokens[index] ?? '').startsWith('⟨t');
}

/** Whether a plant thing is named right after a word, with a preposition and its noun at most. */
function isBeforeThing({ tokens, named }: Reader, index: number): boolean {
  let at = index + 1;
  while (
    !named.has(at) &&
    (/^(on|in|of|for|the|auf|an|der|die|den|dem|das|fuer|von|im|am|bei)$/.test(tokens[at] ?? '') ||
      dimensionNouns.has(tokens[at] ?? ''))
  )
    at++;
  return named.has(at);
}

/** Prepositions that say more of a time than that it is meant. */
const bounding = /^(to|until|till|bis|before|after|vor|nach|by|ab|since|seit|through|thru)$/;

/** `can line 2 make`, `should we make`, `do we need`: not what happened; `can you tell me` is courtesy. */
function isSupposed(tokens: readonly string[], index: number, metrics: readonly Metric[]): boolean {
  const token = tokens[index]!;
  const [before, next, after] = [tokens[index - 1] ?? '', tokens[index + 1] ?? '', tokens[index + 2] ?? ''];
  if (/^(can|could|should|would|koennen|koennte|kann)$/.test(token)) {
    const isCourteous =
      /^(you|u|i|du|ich|sie|ihr|man|mir|jemand|somebody|someone)$/.test(next) ||
      /^(i|you|wir|ich)$/.test(before) ||
      (/^(we|wir)$/.test(next) && /^(see|get|look|know|mal|bitte|please)$/.test(after)) ||
      (/^(we|wir)$/.test(next) && after === 'have' && /^(the|a|an)$/.test(tokens[index + 3] ?? '')) ||
      (before === 'we' && /^(like|see|get|have|know)$/.test(next));
    return !isCourteous;
  }
  if (token === 'if')
    return !/^(you|possible)$/.test(next) && !/^(know|wondering|wonder|tell|check|see|me)$/.test(before);
  if (token === 'but') return !/^(only|just|for|please|by|also)$/.test(next);
  const isNeeded = /^(need|brauchen|gebraucht)$/.test(token) && metrics.some(({ unit }) => unit.en === 'parts');
  return isNeeded && /\b(how m|wie ?viel)/.test(tokens.slice(0, index).join(' '));
}

function takeFillers(reader: Reader, metrics: readonly Metric[]): void {
  const { tokens, used, result } = reader;
  tokens.forEach((token, index) => {
    const isBound = bounding.test(token) && (tokens[index + 1] ?? '').startsWith('⟨t');
    const isRankedBy = token === 'nach' && used.has(index + 1) && !reader.named.has(index + 1);
    const isWhere = /^(wo|where)$/.test(token) && index === 0 && reader.result.groupBy.length > 0;
    if ((isRankedBy && !tokens[index + 1]!.startsWith('⟨')) || isWhere) return;
    if (!used.has(index) && isSupposed(tokens, index, metrics)) result.unresolved.push(token);
    else if (isBound && !used.has(index) && !result.comparing.some((at) => at < index)) result.unresolved.push(token);
    else if (!used.has(index) && !fillerWords.has(token) && !wholeWords.has(token) && !whichWords.has(token))
      result.unresolved.push(token);
  });
}
