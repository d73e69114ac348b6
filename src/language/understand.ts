import { wilsonLowerBound } from '../statistics/index.ts';
import { choicesFor, type Choice } from './answer/clarify.ts';
import { readQuestion, type ReadContext, type Reading } from './read/parse.ts';
import type { ModelReader } from './ports.ts';
import { refuse, type RefusalText, type RefusalType } from './answer/refusal.ts';
import type { NameIndex } from './second/delexicalise.ts';
import type { JudgedIntent, Opinion, SecondJudge } from './second/judge.ts';
import { verdictOn, type Verdict } from './second/verdict.ts';

/** How a question was understood, and by whom. */
export interface Understanding {
  reading: Reading;
  /** Who decided: the rules alone, with the second judge, a language model, or a person. */
  source: 'rules' | 'rules+judge' | 'model' | 'chosen' | 'verified';
  /** At least so many of such readings were right on the development questions; absent where it was never measured. */
  confidence?: number;
  /** What is offered where it asks back. */
  choices: Choice[];
  /** The verified question that it is, where it is one. */
  verifiedKey?: string;
}

/** Who reads a question beside the rules. */
export interface Readers {
  judge: SecondJudge;
  names: NameIndex;
  model?: ModelReader;
  signal?: AbortSignal;
}

/** Right readings (metrics, form and groups) on the development half of the questions, by what the judge said. */
const measured = { agrees: { right: 127, of: 129 }, silent: { right: 31, of: 31 } } as const;

/** The lower Wilson bound of that share: few questions prove little. */
function confidenceOf(verdict: Exclude<Verdict, 'disagrees'>): number {
  const { right, of } = measured[verdict];
  return Number(wilsonLowerBound(right, of).toFixed(3));
}

/** From this probability on, the second judge names the kind of a refusal that the rules could not name. */
const surely = 0.8;

/**
 * Reads a question twice, by rules and by the second judge. Where both come to the same, or the judge has no opinion of
 * words that the rules understood to the last, the reading stands. Where they differ a language model decides, if there
 * is one, and else the asker, among at most three complete questions; so it is with what the judge finds vague. What the
 * rules refuse as a request to change something, about people, about the future or about things that the plant does not
 * have stays refused.
 */
export async function understand(text: string, context: ReadContext, readers: Readers): Promise<Understanding> {
  const reading = readQuestion(text, context);
  const opinion = readers.judge.opinion(text, readers.names);
  if (reading.query) {
    const verdict = verdictOn(opinion, reading.query);
    if (verdict !== 'disagrees')
      return {
        reading,
        source: verdict === 'agrees' ? 'rules+judge' : 'rules',
        confidence: confidenceOf(verdict),
        choices: [],
      };
  }
  const type = reading.refusal?.type ?? 'ambiguous';
  if (type !== 'ambiguous' && type !== 'out_of_scope') return { reading, source: 'rules', choices: [] };
  const refused = reading.query ? undefined : judgedRefusal(reading, opinion);
  if (refused) return { reading: refused, source: 'rules+judge', choices: [] };
  const { label } = opinion.intent;
  const isForModel = reading.query !== undefined || type === 'ambiguous' || label === 'question' || label === 'vague';
  const byModel = isForModel ? await readers.model?.read(text, context, readers.signal) : undefined;
  if (byModel) return { reading: byModel, source: 'model', choices: [] };
  return askBack(text, reading, opinion, context);
}

/** The rules only know that they do not understand; the judge may know what it is. */
function judgedRefusal({ language, corrections, refusal }: Reading, { intent }: Opinion): Reading | undefined {
  const named = judgedRefusals[intent.label];
  if (!named || intent.probability < surely || refusal?.type !== 'out_of_scope') return undefined;
  return { language, corrections, periodAssumed: false, refusal: refuse(named.type, named.text, language) };
}

const judgedRefusals: Partial<Record<JudgedIntent, { type: RefusalType; text: RefusalText }>> = {
  write: { type: 'write_request', text: 'write' },
  people: { type: 'not_permitted', text: 'people' },
  forecast: { type: 'forecast_not_supported', text: 'forecast' },
};

function askBack(text: string, reading: Reading, opinion: Opinion, context: ReadContext): Understanding {
  const choices = choicesFor(text, reading, opinion, context);
  const texts = choices.map((choice) => choice.text);
  const refusal = reading.query
    ? refuse('ambiguous', 'whichReading', reading.language, [], texts)
    : { ...reading.refusal!, ...(texts.length > 0 ? { choices: texts } : {}) };
  const { language, corrections } = reading;
  return { reading: { language, corrections, periodAssumed: false, refusal }, source: 'rules', choices };
}
