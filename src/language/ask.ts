import type { Answer } from '../contracts/index.ts';
import type { PlantModel } from '../plant/index.ts';
import { answerReading, refusalAnswer } from './answer/answer.ts';
import { defaultCatalogue } from './catalogue/index.ts';
import { orderBookSql } from './sql/compile.ts';
import { buildGrammar, type Grammar } from './read/grammar.ts';
import { languageOf } from './read/intent.ts';
import { rememberAnswers, type GivenAnswer } from './answer/given-answers.ts';
import { resolveQuery, type GivenQuery } from './mcp/given-query.ts';
import { buildLexicon, type PlantValues } from './read/lexicon.ts';
import { checkCatalogue, type Catalogue } from './metric.ts';
import { readQuestion, type ReadContext, type Reading } from './read/parse.ts';
import type { AskPorts } from './ports.ts';
import { MillwrightError } from '../kernel/index.ts';
import { refuse, refusedForGood, type Refusal } from './answer/refusal.ts';
import { indexNames, type NameIndex } from './second/delexicalise.ts';
import { shippedJudge, type SecondJudge } from './second/judge.ts';
import { understand, type Understanding } from './understand.ts';
import { readVerified, verifyQuestion, type VerifiedQuestion } from './verified.ts';

/** A question and when it is asked. */
export interface Asked {
  text: string;
  /** `en…` or `de…`; without it the answer has the question's language. */
  language?: string;
  /** Milliseconds since 1970 UTC: the only clock of an answer. */
  now: number;
  /** Trace id of an answer that asked back: `text` may be the number of one of its choices. */
  replyTo?: string;
  /** Ends a language model's turn. */
  signal?: AbortSignal;
}

/** Settings beside the ports. */
export interface AskSettings {
  /** The plant's own KPI catalogue. */
  catalogue?: Catalogue;
  /** The plant's own words by id: `{ 'CNC-22': ['the big lathe'] }`. */
  synonyms?: Readonly<Record<string, readonly string[]>>;
}

/** Answers questions about one plant. */
export interface Ask {
  /**
   * Answers with a payload of `mw.answer.v1`; what is not understood comes back as a refusal by type. Rejects with what
   * the ports reject with.
   */
  answer(asked: Asked): Promise<Answer>;
  /** How a question is read, without running it. */
  read(asked: Asked): Promise<Reading>;
  /** What an answer was given to; undefined where it is no longer remembered. */
  given(traceId: string): GivenAnswer | undefined;
  /**
   * Makes a verified question of one that was answered or asked back about, for the caller to keep. `MW_ANSWER_FORGOTTEN`
   * where the answer is no longer remembered, `MW_READING_UNFIT` where the reading is none or leaves out what the
   * question names, and for a question that is refused whatever it is read as.
   * @param readAs the question in words that are read right, or the number of a choice; the answer's own reading without
   */
  verify(traceId: string, by: { personId: string; reason: string }, readAs?: string): Promise<VerifiedQuestion>;
  /** Answers a query that an agent put together itself; what it names is checked and refused as in a question. */
  query(given: GivenQuery, now: number): Promise<Answer>;
  /** The KPI catalogue that answers come from. */
  readonly catalogue: Catalogue;
}

/** What a question's words are compared with, and the master data it was made from. */
interface Knowledge {
  model: PlantModel;
  fingerprint: string;
  grammar: Grammar;
  names: NameIndex;
}

/**
 * Opens questions over a plant's database. Plant words are read once, and again when the master data have changed or
 * when a question names something that is not known yet.
 */
export function openAsk(ports: AskPorts, settings: AskSettings = {}): Ask {
  const catalogue = settings.catalogue ? checkCatalogue(settings.catalogue) : defaultCatalogue;
  const given = rememberAnswers();
  let judge: Promise<SecondJudge> | undefined;
  let known: Knowledge | undefined;

  async function learn(fresh: boolean): Promise<Knowledge | undefined> {
    const model = await ports.model();
    if (!model) return undefined;
    if (known?.model === model && !fresh) return known;
    const values = await plantValues(ports);
    const fingerprint = JSON.stringify([model, values]);
    if (known?.fingerprint === fingerprint) return (known = { ...known, model });
    const named = { ...model, calendar: ports.calendar ?? model.calendar };
    const grammar = buildGrammar(catalogue, buildLexicon(named, values, settings.synonyms));
    return (known = { model, fingerprint, grammar, names: indexNames(named, values.customers) });
  }

  const contextOf = (knowledge: Knowledge, { language, now }: Asked): ReadContext => ({
    grammar: knowledge.grammar,
    calendar: ports.calendar ?? knowledge.model.calendar,
    now,
    ...(language === undefined ? {} : { language }),
  });

  async function readWith(knowledge: Knowledge, asked: Asked): Promise<Understanding> {
    const { text, replyTo, signal } = asked;
    const chosen = replyTo === undefined ? undefined : given.choice(replyTo, text);
    if (chosen) return { reading: chosen.reading, source: 'chosen', choices: [] };
    const verified = new Map((await ports.verified?.())?.map((each) => [each.key, each]));
    const saved = readVerified(text, contextOf(knowledge, asked), verified);
    if (saved) return { reading: saved.reading, source: 'verified', choices: [], verifiedKey: saved.key };
    return understand(text, contextOf(knowledge, asked), {
      judge: await (judge ??= shippedJudge()),
      names: knowledge.names,
      ...(ports.modelReader ? { model: ports.modelReader } : {}),
      ...(signal ? { signal } : {}),
    });
  }

  /** Undefined in an empty store. */
  async function readAsked(asked: Asked): Promise<{ understood: Understanding; knowledge: Knowledge } | undefined> {
    const first = await learn(false);
    if (!first) return undefined;
    const understood = await readWith(first, asked);
    if (understood.reading.refusal?.type !== 'unknown_entity') return { understood, knowledge: first };
    const again = await learn(true);
    return again && again !== first
      ? { understood: await readWith(again, asked), knowledge: again }
      : { understood, knowledge: first };
  }

  function nothingKnown({ text, language }: Asked): Reading {
    const spoken = languageOf(text, text, language);
    const refusal = refuse('no_data', 'emptyStore', spoken);
    return { language: spoken, refusal, corrections: [], periodAssumed: false };
  }

  return {
    catalogue,
    async query(given, now) {
      const language = languageOf('', '', given.language ?? 'en');
      const question = JSON.stringify(given);
      const resolve = (knowledge: Knowledge | undefined) =>
        knowledge ? resolveQuery(given, knowledge.grammar, language) : refuse('no_data', 'emptyStore', language);
      let knowledge = await learn(false);
      let query = resolve(knowledge);
      if ('type' in query && query.type === 'unknown_entity') query = resolve((knowledge = await learn(true)));
      if ('type' in query || !knowledge) return refusalAnswer(question, query as Refusal);
      const context = { ...contextOf(knowledge, { text: '', now }), query: ports.query };
      return answerReading(question, { language, query, corrections: [], periodAssumed: false }, context);
    },
    async read(asked) {
      return (await readAsked(asked))?.understood.reading ?? nothingKnown(asked);
    },
    async answer(asked) {
      const read = await readAsked(asked);
      if (!read) return refusalAnswer(asked.text, nothingKnown(asked).refusal!);
      const { understood, knowledge } = read;
      const answer = await answerReading(asked.text, understood.reading, {
        ...contextOf(knowledge, asked),
        query: ports.query,
      });
      given.keep(answer.traceId, { asked, understood });
      const { source, confidence, choices } = understood;
      const text = choices.length > 0 ? numbered(understood) : answer.text;
      return { ...answer, text, source, ...(confidence === undefined || answer.refusal ? {} : { confidence }) };
    },
    given: (traceId) => given.find(traceId),
    async verify(traceId, by, readAs) {
      const answered = given.find(traceId);
      const knowledge = await learn(false);
      if (!answered || !knowledge) throw new MillwrightError('MW_ANSWER_FORGOTTEN', { traceId });
      const { asked, understood } = answered;
      const context = contextOf(knowledge, asked);
      const own = readQuestion(asked.text, context).refusal;
      if (own && refusedForGood.has(own.type)) throw new MillwrightError('MW_READING_UNFIT', { reason: own.detail });
      const reading =
        readAs === undefined
          ? understood.reading
          : (await readWith(knowledge, { ...asked, text: readAs, replyTo: traceId })).reading;
      if (!reading.query) throw new MillwrightError('MW_READING_UNFIT', { reason: reading.refusal?.detail ?? '' });
      const verified = verifyQuestion(asked.text, reading.query, context, by);
      if ('leftOut' in verified) throw new MillwrightError('MW_READING_UNFIT', { reason: verified.leftOut });
      return verified;
    },
  };
}

/** What is asked back, with the numbers that choose. */
function numbered({ reading, choices }: Understanding): string {
  const offers = choices.map(({ text }, i) => `${String(i + 1)}) ${text}`);
  return [reading.refusal?.detail ?? '', ...offers].join(' ');
}

/** Newest orders first; older ones are no longer known by name. */
async function plantValues(ports: AskPorts): Promise<PlantValues> {
  const { sql, parameters } = orderBookSql(ports.query.dialect);
  const rows = await ports.query(sql, parameters);
  const texts = (name: string) => [...new Set(rows.map((row) => row[name]))].filter((text) => typeof text === 'string');
  return { customers: texts('customer'), orders: texts('order') };
}
