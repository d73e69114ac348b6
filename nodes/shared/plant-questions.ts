import { monotonicMs, type MillwrightError } from '../../src/kernel/index.ts';
import { openAsk, openModelReader, type Ask } from '../../src/language/index.ts';
import type { PlantModel } from '../../src/plant/index.ts';
import type { LlmService } from '../mw-llm/mw-llm.ts';
import type { StoreService } from '../mw-store/mw-store.ts';

/** Master data are read again after this long. */
const modelAgeMs = 30_000;
/** A language model's share of the time of an answer: the query needs the rest. */
const modelShare = 0.7;

/** What a plant's questions are answered with. */
export interface QuestionSources {
  store: StoreService;
  /** Reads what the package's own two readings disagree on. */
  llm?: LlmService | undefined;
  /** Milliseconds for one answer. */
  limitMs: number;
  /** Hears why the language model was of no use; the question is answered without it. */
  onModelProblem?: (error: MillwrightError) => void;
}

/** Opens questions over the store that a node has chosen. */
export function openPlantQuestions({ store: { store, site }, llm, limitMs, onModelProblem }: QuestionSources): Ask {
  let model: { readAt: number; value: Promise<PlantModel | undefined> } | undefined;
  const reading = { limitMs: limitMs * modelShare, ...(onModelProblem ? { onProblem: onModelProblem } : {}) };
  return openAsk({
    calendar: site.calendar,
    query: (sql, parameters) => store.query(sql, parameters, { limitMs }),
    model: () => {
      if (!model || monotonicMs() - model.readAt > modelAgeMs)
        model = { readAt: monotonicMs(), value: store.loadPlantModel() };
      return model.value;
    },
    ...(llm ? { modelReader: openModelReader(llm.model, reading) } : {}),
  });
}
