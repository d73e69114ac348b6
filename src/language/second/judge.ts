import { hash32 } from '../../kernel/index.ts';
import { probabilities, unpackLinear, type LinearModel, type PackedLinear } from '../../learning/index.ts';
import type { Shape } from '../semantic-query.ts';
import type { Dimension } from '../sql/views.ts';
import { delexicalise, type NameIndex } from './delexicalise.ts';
import { featuresOf } from './features.ts';
import type { JudgedIntent } from './labels.ts';

export type { JudgedIntent };

/** What is shipped: the model, the words that it was trained on, and the digest of what it was trained from. */
export interface JudgeWeights {
  digest: string;
  model: PackedLinear;
  /** Set bits at the hashes of known words, base64. */
  words: string;
}

/** What the second judge makes of a question, all numbers probabilities. */
export interface Opinion {
  intent: { label: JudgedIntent; probability: number; question: number };
  metrics: ReadonlyMap<string, number>;
  shapes: ReadonlyMap<Shape, number>;
  groups: ReadonlyMap<Dimension, number>;
  /** Share of the question's words that it was trained on. */
  familiarity: number;
}

/** Reads a question on its own, with words of its own. */
export interface SecondJudge {
  opinion(text: string, names: NameIndex): Opinion;
}

/** Bits of the known words. */
export const wordBits = 1 << 16;

/** Where a word's bit stands. */
export function wordBit(word: string): number {
  return hash32(word) % wordBits;
}

/** Opens a judge from its weights. */
function openJudge(weights: JudgeWeights): SecondJudge {
  const model = unpackLinear(weights.model);
  const words = Buffer.from(weights.words, 'base64');
  const knows = (word: string) => (words[wordBit(word) >> 3]! & (1 << (wordBit(word) & 7))) !== 0;
  return {
    opinion(text, names) {
      const tokens = delexicalise(text, names);
      const spoken = tokens.filter((token) => /^[a-z]/.test(token));
      const [intents, metrics, shapes, groups] = byLabel(
        model,
        probabilities(model, featuresOf(tokens, model.buckets)),
      );
      const label = [...intents!].reduce((best, each) => (each[1] > best[1] ? each : best));
      return {
        intent: {
          label: label[0] as JudgedIntent,
          probability: label[1],
          question: intents!.get('question') ?? 0,
        },
        metrics: metrics!,
        shapes: shapes! as ReadonlyMap<Shape, number>,
        groups: groups! as ReadonlyMap<Dimension, number>,
        familiarity: spoken.length === 0 ? 0 : spoken.filter(knows).length / spoken.length,
      };
    },
  };
}

function byLabel({ heads }: LinearModel, scores: Float32Array): Map<string, number>[] {
  let from = 0;
  return heads.map(({ labels }) => {
    const start = from;
    from += labels.length;
    return new Map(labels.map((label, i) => [label, scores[start + i]!]));
  });
}

/** The judge that ships with the package; read at the first question. */
export async function shippedJudge(): Promise<SecondJudge> {
  const { default: weights } = await import('./weights.json', { with: { type: 'json' } });
  return openJudge(weights as JudgeWeights);
}
