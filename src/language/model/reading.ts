import { MillwrightError, toMillwrightError } from '../../kernel/index.ts';
import { redact, type LanguageModel } from '../../llm/index.ts';
import {
  choiceInstruction,
  choiceSchema,
  choiceSlots,
  namedPeriods,
  type MaskedQuestion,
  type ModelChoice,
} from './choice.ts';
import { prepareQuestion, readPrepared, type PreparedQuestion, type ReadContext, type Reading } from '../read/parse.ts';
import type { PeriodSpec } from '../time/period.ts';
import { wordPlainly, type Wording } from './plain-wording.ts';
import type { ModelReader } from '../ports.ts';
import { recognise, type EntityMatch, type Recognised } from '../read/recognise.ts';
import { refuse, refusedForGood, type RefusalType } from '../answer/refusal.ts';
import type { SemanticQuery } from '../semantic-query.ts';
import { readStructure } from '../read/structure.ts';
import { readNumber } from '../time/words.ts';

/** Raised with every change of the instruction or of what the choice means. */
const promptVersion = '1';

/** What rules refuse is refused: no model is asked about it. A name that the plant does not know stays unknown. */
const final: ReadonlySet<RefusalType> = new Set([...refusedForGood, 'unknown_entity']);

/** Words that turn a condition round: a choice has no place for them. */
const exceptions = new Set(
  'not no without except excluding exclude other than nicht kein keine keinen ohne ausser ausgenommen andere anderen'.split(
    ' ',
  ),
);

/** How a model is used for readings. */
export interface ModelReadingOptions {
  limitMs?: number;
  /** Hears why the model was of no use; the question is answered without it. */
  onProblem?: (error: MillwrightError) => void;
}

/**
 * Reads questions with a language model. The model sees the catalogue and the question with placeholders for things and
 * times, and chooses among ids and placeholders. Its choice is worded in the parser's own vocabulary and read by the
 * parser, so that it passes all its checks; what the parser reads must be what was chosen, with every thing and time
 * that the question names, or there is no reading.
 */
export function openModelReader(model: LanguageModel, { limitMs, onProblem }: ModelReadingOptions = {}): ModelReader {
  return {
    async read(text, context, signal) {
      const question = prepareQuestion(redact(text), context);
      const own = readPrepared(question, context);
      if (own.refusal && final.has(own.refusal.type)) return own;
      const { grammar } = context;
      const found = recognise(question.tokens, grammar.phrases, grammar.lexicon);
      const { limit } = readStructure(
        found.tokens,
        found.used,
        found.entities,
        grammar.catalogue.metrics,
        grammar.lexicon,
      );
      const masked = hasOpenNumber(found, limit) ? undefined : mask(question, found);
      if (!masked) return undefined;
      try {
        const { value } = await model.fill<ModelChoice>({
          name: 'read_question',
          version: promptVersion,
          instruction: choiceInstruction,
          slots: choiceSlots(grammar.catalogue, masked.question),
          schema: choiceSchema(grammar.catalogue, masked.question),
          people: [...grammar.lexicon.personPhrases],
          ...(signal ? { signal } : {}),
          ...(limitMs === undefined ? {} : { limitMs }),
        });
        return readChoice(value, masked, { question, found, limit, context });
      } catch (thrown) {
        const error = toMillwrightError(thrown);
        if (signal?.aborted) throw error;
        onProblem?.(error);
        return undefined;
      }
    },
  };
}

/** A question with placeholders, and what each stands for. */
interface Masked {
  question: MaskedQuestion;
  things: ReadonlyMap<string, EntityMatch>;
  times: ReadonlyMap<string, number>;
}

/** What a choice is read with. */
interface ChoiceContext {
  question: PreparedQuestion;
  found: Recognised;
  /** How many of the first are asked for. */
  limit: number | undefined;
  context: ReadContext;
}

/**
 * Puts placeholders for things and times; undefined where the question says what a choice cannot:
 * an exception, or a time that can be read in two ways.
 */
function mask({ tokens, times }: PreparedQuestion, { entities }: Recognised): Masked | undefined {
  if (times.some((time) => typeof time === 'string') || tokens.some((token) => exceptions.has(token))) return undefined;
  const things = new Map<string, EntityMatch>();
  const timePlaces = new Map<string, number>();
  const at = new Map<number, string>();
  for (const entity of [...entities].sort((a, b) => a.at[0]! - b.at[0]!)) {
    const placeholder = `⟨${entity.meanings[0]!.dimension}${String(things.size + 1)}⟩`;
    things.set(placeholder, entity);
    for (const index of entity.at) at.set(index, '');
    at.set(entity.at[0]!, placeholder);
  }
  tokens.forEach((token, index) => {
    const time = /^⟨t(\d+)⟩$/.exec(token)?.[1];
    if (time === undefined) return;
    timePlaces.set(`⟨time${String(Number(time) + 1)}⟩`, Number(time));
    at.set(index, `⟨time${String(Number(time) + 1)}⟩`);
  });
  const text = tokens.flatMap((token, index) => at.get(index) ?? token).filter((token) => token !== '');
  const dimensions = new Map([...things].map(([name, { meanings }]) => [name, meanings.map((one) => one.dimension)]));
  const question = { text: text.join(' '), things: dimensions, times: [...timePlaces.keys()] };
  return { question, things, times: timePlaces };
}

/** Reads a choice; undefined where it leaves something out, or cannot be worded so that the parser reads the same. */
function readChoice(
  choice: ModelChoice,
  masked: Masked,
  { question, found, limit, context }: ChoiceContext,
): Reading | undefined {
  const { language } = question;
  const refused = { language, corrections: question.corrections, periodAssumed: false };
  if (choice.answerable === 'out_of_scope')
    return { ...refused, refusal: refuse('out_of_scope', 'outOfScope', language) };
  if (choice.answerable === 'unclear' || !namesAll(choice, masked)) return undefined;
  const { grammar } = context;
  const times: PreparedQuestion['times'] = [...question.times];
  const tokenOf = (chosen: string): string | undefined => {
    const place = masked.times.get(chosen);
    if (place !== undefined) return `⟨t${String(place)}⟩`;
    const named = (namedPeriods as Record<string, PeriodSpec | undefined>)[chosen];
    return named && `⟨t${String(times.push(named) - 1)}⟩`;
  };
  const period = tokenOf(choice.period);
  const compareTo = choice.compareTo === 'the_period_before' ? 'before' : tokenOf(choice.compareTo);
  const wording: Wording = {
    metricIds: choice.metrics,
    things: [...masked.things.values()],
    ...(period === undefined ? {} : { period }),
    ...(compareTo === undefined ? {} : { compareTo }),
    groupBy: choice.groupBy,
    ...(choice.ranking === 'none' ? {} : { ranking: choice.ranking }),
    ...(limit === undefined ? {} : { limit }),
    form: choice.form === 'trend' || choice.form === 'list' || choice.form === 'compare' ? choice.form : 'plain',
  };
  const tokens = wordPlainly(wording, found, grammar);
  if (!tokens) return undefined;
  const reading = readPrepared({ ...question, text: tokens.join(' '), tokens, times }, context);
  return !reading.query || isAsChosen(reading.query, choice) ? reading : undefined;
}

/** Whether a choice has a place for every thing and every time that the question names. */
function namesAll({ things, period, compareTo }: ModelChoice, masked: Masked): boolean {
  const named = new Set(things);
  return (
    [...masked.things.keys()].every((placeholder) => named.has(placeholder)) &&
    [...masked.times.keys()].every((placeholder) => placeholder === period || placeholder === compareTo)
  );
}

/** A number outside of names and times that counts nothing: a condition that a choice would leave out. */
function hasOpenNumber({ tokens, used }: Recognised, limit: number | undefined): boolean {
  return tokens.some((token, index) => {
    const number = used.has(index) || token.startsWith('⟨') ? undefined : readNumber(token);
    return (
      (number !== undefined && number !== 1 && number !== limit) ||
      (!used.has(index) && /^[^⟨]*\d/.test(token) && number === undefined)
    );
  });
}

/** Whether the parser read what was chosen. */
function isAsChosen(query: SemanticQuery, { metrics, groupBy, form, ranking }: ModelChoice): boolean {
  const isOneNumber = (shape: string) => shape === 'value' || shape === 'breakdown';
  return (
    query.metrics.join() === metrics.join() &&
    groupBy.every((dimension) => query.groupBy.includes(dimension)) &&
    (query.shape === form || (isOneNumber(query.shape) && isOneNumber(form) && ranking === 'none'))
  );
}
