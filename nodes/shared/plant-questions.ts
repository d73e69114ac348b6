import { monotonicMs, type MillwrightError } from '../../src/kernel/index.ts';
import {
  openAsk,
  openModelReader,
  readOwnCatalogue,
  type Ask,
  type QueryPort,
  type VerifiedQuestion,
} from '../../src/language/index.ts';
import type { LlmService } from '../mw-llm/mw-llm.ts';
import type { StoreService } from '../mw-store/mw-store.ts';

/** Master data and verified questions are read again after this long. */
const knownAgeMs = 30_000;
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

/** Questions over one store. */
export interface PlantQuestions {
  ask: Ask;
  /** The verified questions have changed: they are read again for the next question. */
  verifiedChanged(this: void): void;
}

/** Opens questions over the store that a node has chosen; `MW_CONFIG_INVALID` where its site's KPI catalogue is wrong. */
export function openPlantQuestions({
  store: { store, site, questions },
  llm,
  limitMs,
  onModelProblem,
}: QuestionSources): PlantQuestions {
  const model = keep(() => store.loadPlantModel());
  const verified = keep(async () =>
    (await store.verifiedQuestions()).map(({ body }) => body as unknown as VerifiedQuestion),
  );
  const query: QueryPort = (sql, parameters) => questions.query(sql, parameters, { limitMs });
  const reading = { limitMs: limitMs * modelShare, ...(onModelProblem ? { onProblem: onModelProblem } : {}) };
  const ask = openAsk(
    {
      calendar: site.calendar,
      query: Object.assign(query, { dialect: questions.dialect }),
      model: model.read,
      verified: verified.read,
      ...(llm ? { modelReader: openModelReader(llm.model, reading) } : {}),
    },
    readOwnCatalogue(site.kpiCatalogue),
  );
  return { ask, verifiedChanged: verified.forget };
}

/** What was read a moment ago; a failed reading is not kept. */
function keep<T>(load: () => Promise<T>) {
  let kept: { readAt: number; value: Promise<T> } | undefined;
  const forget = () => (kept = undefined);
  return {
    forget,
    read: () => {
      if (kept && monotonicMs() - kept.readAt <= knownAgeMs) return kept.value;
      const value = load();
      kept = { readAt: monotonicMs(), value };
      value.catch(forget);
      return value;
    },
  };
}
