import type { Answer } from '../contracts/index.ts';
import type { PlantModel } from '../plant/index.ts';
import { answerReading, refusalAnswer } from './answer.ts';
import { defaultCatalogue } from './catalogue/index.ts';
import { orderBookSql } from './compile.ts';
import { buildGrammar, type Grammar } from './grammar.ts';
import { languageOf } from './intent.ts';
import { buildLexicon, type PlantValues } from './lexicon.ts';
import { checkCatalogue, type Catalogue } from './metric.ts';
import { readQuestion, type Reading } from './parse.ts';
import type { AskPorts } from './ports.ts';
import { refuse } from './refusal.ts';

/** A question and when it is asked. */
export interface Asked {
  text: string;
  /** `en…` or `de…`; without it the answer has the question's language. */
  language?: string;
  /** Milliseconds since 1970 UTC: the only clock of an answer. */
  now: number;
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
}

/** What a question's words are compared with, and the master data it was made from. */
interface Knowledge {
  model: PlantModel;
  fingerprint: string;
  grammar: Grammar;
}

/**
 * Opens questions over a plant's database. Plant words are read once, and again when the master data have changed or
 * when a question names something that is not known yet.
 */
export function openAsk(ports: AskPorts, settings: AskSettings = {}): Ask {
  const catalogue = settings.catalogue ? checkCatalogue(settings.catalogue) : defaultCatalogue;
  let known: Knowledge | undefined;

  async function learn(fresh: boolean): Promise<Knowledge | undefined> {
    const model = await ports.model();
    if (!model) return undefined;
    if (known?.model === model && !fresh) return known;
    const values = await plantValues(ports);
    const fingerprint = JSON.stringify([model, values]);
    if (known?.fingerprint === fingerprint) return (known = { ...known, model });
    const grammar = buildGrammar(
      catalogue,
      buildLexicon({ ...model, calendar: ports.calendar ?? model.calendar }, values, settings.synonyms),
    );
    return (known = { model, fingerprint, grammar });
  }

  async function understand(asked: Asked): Promise<{ reading: Reading; knowledge: Knowledge } | undefined> {
    const first = await learn(false);
    if (!first) return undefined;
    const reading = readWith(first, asked);
    if (reading.refusal?.type !== 'unknown_entity') return { reading, knowledge: first };
    const again = await learn(true);
    return again && again !== first
      ? { reading: readWith(again, asked), knowledge: again }
      : { reading, knowledge: first };
  }

  const calendarOf = (knowledge: Knowledge) => ports.calendar ?? knowledge.model.calendar;
  const readWith = (knowledge: Knowledge, { text, language, now }: Asked) =>
    readQuestion(text, {
      grammar: knowledge.grammar,
      calendar: calendarOf(knowledge),
      now,
      ...(language === undefined ? {} : { language }),
    });

  return {
    async read(asked) {
      const understood = await understand(asked);
      if (understood) return understood.reading;
      const language = languageOf(asked.text, asked.text, asked.language);
      const refusal = refuse('no_data', 'emptyStore', language);
      return { language, refusal, corrections: [], periodAssumed: false };
    },
    async answer(asked) {
      const understood = await understand(asked);
      if (!understood) {
        const language = languageOf(asked.text, asked.text, asked.language);
        return refusalAnswer(asked.text, refuse('no_data', 'emptyStore', language));
      }
      const { knowledge, reading } = understood;
      return answerReading(asked.text, reading, {
        grammar: knowledge.grammar,
        calendar: calendarOf(knowledge),
        query: ports.query,
        now: asked.now,
      });
    },
  };
}

/** Newest orders first; older ones are no longer known by name. */
async function plantValues(ports: AskPorts): Promise<PlantValues> {
  const { sql, parameters } = orderBookSql();
  const rows = await ports.query(sql, parameters);
  const texts = (name: string) => [...new Set(rows.map((row) => row[name]))].filter((text) => typeof text === 'string');
  return { customers: texts('customer'), orders: texts('order') };
}
