import { probabilities, trainLinear } from '../../learning/index.ts';
import { SearchIndex } from './search-index.ts';
import { termsOf, type Meanings } from './terms.ts';
import { textFeatureCount, textFeatures } from './text-features.ts';

/** A text whose failure mode is known. */
export interface LabelledText {
  text: string;
  label: string;
}

/** A label with its share. */
interface LabelShare {
  label: string;
  share: number;
}

/** Says which failure modes a text may be about. */
export interface ModeClassifier {
  /** Labels with their probabilities, the likeliest first. */
  suggest(text: string): LabelShare[];
  /** Labels of the most similar texts, the most similar first. */
  similar(text: string, limit: number): LabelShare[];
}

/** Most labels that are told apart; texts of rarer ones teach nothing. */
const mostLabels = 100;
const training = { epochs: 20, rate: 0.3, smoothing: 0.1, seed: 1 };
/** Texts that vote. */
const neighbours = 12;
/** What the votes weigh beside the linear classifier's probabilities. */
const voteWeight = 0.25;
/** Votes that all labels share by how frequent they are. */
const priorVotes = 0.5;

/**
 * Learns failure modes from labelled texts: a linear classifier's probabilities with the votes of the most similar texts.
 * Both and their weight were chosen by cross-validation on observations of `fmc`: each makes errors that the other does
 * not.
 */
export function openModeClassifier(given: readonly LabelledText[], meanings: Meanings): ModeClassifier {
  const labels = commonLabels(given);
  const examples = given.filter(({ label }) => labels.includes(label));
  const index = new SearchIndex(meanings);
  examples.forEach(({ text }, i) => {
    index.put({ docId: String(i), kind: 'work-order', title: '', text });
  });
  const featuresOf = (text: string) => textFeatures(termsOf(text, meanings));
  const model = trainLinear(
    examples.map(({ text, label }) => ({ features: featuresOf(text), targets: [[labels.indexOf(label)]] })),
    { heads: [{ name: 'mode', kind: 'one', labels }], buckets: textFeatureCount, ...training },
  );
  const prior = new Map<string, number>();
  for (const { label } of examples) prior.set(label, (prior.get(label) ?? 0) + 1 / examples.length);

  const similar = (text: string, limit: number): LabelShare[] =>
    index.search(text, { limit }).map(({ passage, score }) => ({
      label: examples[Number(passage.docId)]!.label,
      share: score,
    }));
  return {
    similar,
    suggest(text) {
      const hits = similar(text, neighbours);
      const best = hits[0]?.share ?? 1;
      const votes = new Map([...prior].map(([label, share]) => [label, priorVotes * share]));
      for (const { label, share } of hits) votes.set(label, votes.get(label)! + (share / best) ** 2);
      const sum = [...votes.values()].reduce((a, b) => a + b, 0);
      const likely = probabilities(model, featuresOf(text));
      return labels
        .map((label, i) => ({
          label,
          share: (1 - voteWeight) * likely[i]! + (voteWeight * votes.get(label)!) / sum,
        }))
        .sort((a, b) => b.share - a.share);
    },
  };
}

function commonLabels(examples: readonly LabelledText[]): string[] {
  const counts = new Map<string, number>();
  for (const { label } of examples) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostLabels)
    .map(([label]) => label);
}
