import { seededRandom, type Random } from '../../kernel/index.ts';
import { englishFrames, germanFrames, type Frames } from './frames.ts';
import { outside } from './outside.ts';
import { englishForms, englishPhrases } from './phrases-en.ts';
import { germanForms, germanPhrases } from './phrases-de.ts';
import { listOf, type MetricPhrases } from './phrases.ts';

/** A made-up question and what it asks for. */
export interface Sample {
  text: string;
  intent: string;
  metrics: readonly string[];
  /** Absent where the intent is no question. */
  shape?: string;
  groups: readonly string[];
  /** A letter was mistyped. */
  hasSlip?: boolean;
}

interface Tongue {
  frames: Frames;
  phrases: MetricPhrases;
  forms: typeof englishForms;
  outside: (intent: keyof typeof outside) => string;
}

const tongues: readonly Tongue[] = [
  { frames: englishFrames, phrases: englishPhrases, forms: englishForms, outside: (intent) => outside[intent][0] },
  { frames: germanFrames, phrases: germanPhrases, forms: germanForms, outside: (intent) => outside[intent][1] },
];

/** Everything that the samples are made from: its digest says which phrases a model was trained on. */
export const sources = { tongues: tongues.map(({ frames, phrases, forms }) => ({ frames, phrases, forms })), outside };

/** How often each form of question is drawn. */
const shares: readonly (readonly [kind: Kind, share: number])[] = [
  ['asks', 0.25],
  ['value', 0.22],
  ['breakdown', 0.08],
  ['enumeration', 0.03],
  ['trend', 0.05],
  ['grain', 0.06],
  ['top', 0.08],
  ['compareTimes', 0.05],
  ['compareThings', 0.04],
  ['several', 0.1],
  ['forms', 0.04],
];
type Kind =
  | 'asks'
  | 'value'
  | 'breakdown'
  | 'enumeration'
  | 'trend'
  | 'grain'
  | 'top'
  | 'compareTimes'
  | 'compareThings'
  | 'several'
  | 'forms';

/** Makes `questions` questions and half as many other requests; the same seed makes the same. */
export function makeSamples(questions: number, seed: number): Sample[] {
  const random = seededRandom(seed, 'judge');
  const metrics = Object.keys(englishPhrases);
  const samples: Sample[] = [];
  for (let i = 0; i < questions; i++) samples.push(question(metrics[i % metrics.length]!, random));
  const intents = Object.keys(outside) as (keyof typeof outside)[];
  const weights = { outside: 0.5, vague: 0.1, write: 0.15, people: 0.12, forecast: 0.13 };
  for (const intent of intents)
    for (let i = 0; i < (questions / 2) * weights[intent]; i++) samples.push(other(intent, metrics, random));
  return samples.map((sample) => {
    const text = withSlip(sample.text, random);
    return text === sample.text ? sample : { ...sample, text, hasSlip: true };
  });
}

function question(metric: string, random: Random): Sample {
  const tongue = random.pick(tongues);
  const { frames } = tongue;
  const noun = (id: string) => random.pick(listOf(tongue.phrases[id]!.nouns));
  const of = (shape: string, frame: string, groups: readonly string[] = [], metrics = [metric]): Sample => ({
    text: dress(fill(frame, tongue, random).replaceAll('N', noun(metric)), frames, random),
    intent: 'question',
    metrics,
    shape,
    groups,
  });
  switch (kindOf(random)) {
    case 'asks':
      return of(usualShape(metric), random.pick(listOf(tongue.phrases[metric]!.asks)));
    case 'value':
      return of(usualShape(metric), random.pick(frames.value));
    case 'breakdown': {
      const [frame, dimension] = withNoun(random.pick(frames.breakdown), frames, random);
      return of('breakdown', frame, [dimension]);
    }
    case 'enumeration': {
      const asks = listOf(tongue.phrases[metric]!.asks).filter((ask) => ask.includes('WHO'));
      if (asks.length > 0 && random.next() < 0.5) {
        const [frame, dimension] = withPair(random.pick(asks).replaceAll('WHO', `A ${frames.and} B`), frames, random);
        return of('breakdown', frame, [dimension]);
      }
      const [frame, dimension] = withPair(random.pick(frames.enumeration), frames, random);
      return of('breakdown', frame, [dimension]);
    }
    case 'trend':
      return of('trend', random.pick(frames.trend));
    case 'grain': {
      const [grain, clauses] = random.pick(frames.grains);
      return of('trend', random.pick(listOf(clauses)), [grain]);
    }
    case 'top': {
      const [frame, dimension] = withNoun(random.pick(frames.top), frames, random);
      return of('top', frame, [dimension]);
    }
    case 'compareTimes':
      return of('compare', random.pick(frames.compareTimes));
    case 'compareThings': {
      const [frame, dimension] = withPair(random.pick(frames.compareThings), frames, random);
      return of('compare', frame, [dimension]);
    }
    case 'several': {
      const [second, third] = others(metric, tongue, random);
      const raw = random.pick(frames.several);
      const [frame, dimension] = withNoun(raw, frames, random);
      const groups = raw.includes('DIM') ? [dimension] : [];
      const named = raw.includes('L') ? [metric, second, third] : [metric, second];
      const text = frame.replaceAll('M', noun(second)).replaceAll('L', noun(third));
      return of(groups.length > 0 ? 'breakdown' : 'value', text, groups, named);
    }
    case 'forms': {
      const [id, shape, groups, clauses] = random.pick(tongue.forms);
      return of(shape, random.pick(listOf(clauses)), listOf(groups), [id]);
    }
  }
}

function others(metric: string, { phrases }: Tongue, random: Random): [string, string] {
  const [second, third] = random.shuffle(Object.keys(phrases).filter((id) => id !== metric));
  return [second!, third!];
}

/** Orders and machines are shown, not added up. */
function usualShape(metric: string): string {
  return metric === 'order_status' || metric === 'machine_state' ? 'list' : 'value';
}

function other(intent: keyof typeof outside, metrics: readonly string[], random: Random): Sample {
  const tongue = random.pick(tongues);
  const noun = () => random.pick(listOf(tongue.phrases[random.pick(metrics)]!.nouns));
  const frame = fill(random.pick(listOf(tongue.outside(intent))), tongue, random);
  const text = frame.replaceAll('N', noun()).replaceAll('M', noun());
  return { text: dress(text, tongue.frames, random), intent, metrics: [], groups: [] };
}

function kindOf(random: Random): Kind {
  let at = random.next();
  for (const [kind, share] of shares) if ((at -= share) < 0) return kind;
  return 'value';
}

function withNoun(frame: string, { nouns }: Frames, random: Random): [string, string] {
  const [dimension, one, many] = random.pick(nouns);
  return [frame.replaceAll('DIMS', many).replaceAll('DIM', one), dimension];
}

function withPair(frame: string, { pairs }: Frames, random: Random): [string, string] {
  const [dimension, a, b] = random.pick(pairs);
  return [frame.replace(/\bA\b/g, a).replace(/\bB\b/g, b), dimension];
}

/** Fills places, actors and times; a time and a place are often left out. */
function fill(frame: string, { frames }: Tongue, random: Random): string {
  return frame
    .replace(/@/g, () => (random.next() < 0.45 ? '' : random.pick(frames.places)))
    .replace(/\bWHO\b/g, () => random.pick(frames.actors))
    .replace(/\bWHEN\b/g, () => (random.next() < 0.25 ? '' : random.pick(frames.times)));
}

function dress(text: string, { openings, closings }: Frames, random: Random): string {
  return `${random.pick(openings)} ${text} ${random.pick(closings)}`.replace(/\s+/g, ' ').trim();
}

/** One question in five has a slip of the pen: two letters swapped, one left out or one doubled. */
function withSlip(text: string, random: Random): string {
  if (random.next() > 0.2) return text;
  const at = 1 + random.int(Math.max(1, text.length - 2));
  if (!/^[a-zäöü]{3}$/.test(text.slice(at - 1, at + 2))) return text;
  const [a, b] = [text[at]!, text[at + 1]!];
  return text.slice(0, at) + random.pick([b + a, b, a + a + b]) + text.slice(at + 2);
}
