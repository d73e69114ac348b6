import type { Lexicon } from './lexicon.ts';
import type { Catalogue, Metric } from '../metric.ts';
import { metricPhrases, type MetricPhrases } from './recognise.ts';
import type { WordList } from './spelling.ts';
import { timeVocabulary } from '../time/words.ts';
import * as vocabulary from './vocabulary.ts';

/** All that a question is read with: one per catalogue and plant. */
export interface Grammar {
  catalogue: Catalogue;
  lexicon: Lexicon;
  phrases: MetricPhrases;
  known: WordList;
  metric(id: string): Metric | undefined;
}

const structureWords: readonly Iterable<string>[] = [
  vocabulary.dimensionNouns.keys(),
  vocabulary.grainWords.keys(),
  vocabulary.superlatives.keys(),
  vocabulary.byWords,
  vocabulary.whichWords,
  vocabulary.trendWords,
  vocabulary.compareWords,
  vocabulary.comparativeWords,
  vocabulary.meanWords,
  vocabulary.orderWords.keys(),
  vocabulary.exceptWords,
  vocabulary.onlyWords,
  vocabulary.whyWords,
  vocabulary.consumingWords,
  vocabulary.shareWords,
  vocabulary.countWords,
  vocabulary.durationWords,
  vocabulary.spendingWords,
  vocabulary.efficiencyWords,
  vocabulary.listWords,
  vocabulary.partWords,
  vocabulary.wholeWords,
  vocabulary.peopleWords,
  vocabulary.forecastWords,
  vocabulary.writeVerbs,
  vocabulary.writeInfinitives,
  vocabulary.fillerWords,
  vocabulary.foreignWords,
].map((words) => [...words]);

/** Puts catalogue, plant words and the vocabulary of both languages together. */
export function buildGrammar(catalogue: Catalogue, lexicon: Lexicon): Grammar {
  const phrases = metricPhrases(catalogue);
  const parts = phrases.flatMap(({ phrase }) => phrase.parts);
  const metrics = new Map(catalogue.metrics.map((metric) => [metric.id, metric]));
  return {
    catalogue,
    lexicon,
    phrases,
    known: {
      words: new Set([
        ...structureWords.flatMap((words) => [...words]),
        ...timeVocabulary,
        ...lexicon.words,
        ...parts.flatMap((part) => ('word' in part ? [part.word] : [])),
      ]),
      empty: vocabulary.fillerWords,
      starts: [...new Set(parts.flatMap((part) => ('start' in part ? [part.start] : [])))],
    },
    metric: (id) => metrics.get(id),
  };
}
