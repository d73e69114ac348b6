import { createHash } from 'node:crypto';
import { northfieldModel } from '../../demo/index.ts';
import {
  delexicalise,
  featuresOf,
  indexNames,
  judgeHeads,
  wordBit,
  wordBits,
  type JudgeWeights,
} from '../../language/index.ts';
import { packLinear, trainLinear } from '../../learning/index.ts';
import { makeSamples, sources } from './samples.ts';

const settings = { questions: 24_000, buckets: 8192, epochs: 4, rate: 0.3, smoothing: 0.02, seed: 1 } as const;

/** Digest of the phrases and settings that weights are trained from. */
export function sourcesDigest(): string {
  return createHash('sha256').update(JSON.stringify({ sources, settings })).digest('hex');
}

/** Trains the second judge; the same phrases and settings give the same weights. */
export function trainJudge(): JudgeWeights {
  const names = indexNames(northfieldModel(), ['Aqua Systems', 'Borg Pumps']);
  const heads = judgeHeads(Object.keys(sources.tongues[0]!.phrases));
  const [intents, metrics, shapes, groups] = heads.map(
    ({ labels }) =>
      (label: string) =>
        labels.indexOf(label),
  );
  const words = new Uint8Array(wordBits / 8);
  const examples = makeSamples(settings.questions, settings.seed).map((sample) => {
    const tokens = delexicalise(sample.text, names);
    if (!sample.hasSlip) for (const token of tokens) words[wordBit(token) >> 3]! |= 1 << (wordBit(token) & 7);
    return {
      features: featuresOf(tokens, settings.buckets),
      targets: [
        [intents!(sample.intent)],
        sample.metrics.map(metrics!),
        sample.shape === undefined ? [] : [shapes!(sample.shape)],
        sample.groups.map(groups!),
      ],
    };
  });
  const model = packLinear(trainLinear(examples, { ...settings, heads }));
  return { digest: sourcesDigest(), model, words: Buffer.from(words).toString('base64') };
}
