import type { NodeAPI } from 'node-red';
import {
  adviseNode,
  type BackTestRequest,
  type Cancel,
  type PlantEvent,
  type Progress,
  type Question,
} from '../../src/contracts/index.ts';
import { MillwrightError, monotonicMs, parseInstant, uuidv7, withDeadline } from '../../src/kernel/index.ts';
import { backTest, languageOfText, type AdviceQuestion } from '../../src/language/index.ts';
import type { LlmService } from '../mw-llm/mw-llm.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import type { Admitted, SimpleForm } from '../shared/door.ts';
import { offerCaseSearch } from '../shared/case-search.ts';
import { openPlantAdvice } from '../shared/plant-advice.ts';
import { registerNode } from '../shared/wrapper.ts';
import { assetOf } from './asset.ts';

/** Progress messages at most so often. */
const progressPeriodMs = 500;
/** Closed cases that the simple form replays. */
const usualCases = 300;
/** Events that a fitter can do something about; others pass by. */
const advisedKinds = ['machine-down', 'quality-drift', 'maintenance-due', 'quality-hold'];

/** A question as text, or `back-test`. */
const simpleForm: SimpleForm = ({ payload }) => {
  if (payload === 'back-test')
    return { type: 'mw.back-test-request.v1', payload: { requestId: uuidv7(), cases: usualCases } };
  return typeof payload === 'string' ? { type: 'mw.question.v1', payload: { text: payload } } : undefined;
};

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: adviseNode,
    simpleForm,
    // A back-test takes a while: advice and its cancellation do not wait for it.
    inbox: { concurrency: 10 },
    create: async ({ use, config, emit, status, text, logger, signal, guard }) => {
      const store = await use<StoreService>(config.store, 'store');
      const llm = config.llm === '' ? undefined : await use<LlmService>(config.llm, 'llm');
      const userDir = RED.settings.userDir ?? process.cwd();
      const { advisor, ports, model } = openPlantAdvice({ ...config, store, llm, logger, userDir });
      guard(() =>
        advisor.prepare().catch((thrown: unknown) => {
          if (!signal.aborted) throw thrown;
        }),
      )();
      const withdrawSearch = offerCaseSearch(config.store, (query, limit) => advisor.searchCases(query, limit));
      let running: { requestId: string; stop: AbortController } | undefined;

      async function questionOf({ type, payload, message }: Admitted): Promise<AdviceQuestion | undefined> {
        const at = store.clock.now();
        if (type === 'mw.question.v1') {
          const { text: question, language } = payload as Question;
          const asset = assetOf(await model(), question, message.topic);
          return { asset, at, question, language: languageOfText(question, language) };
        }
        const { eventId = uuidv7(), kind, subject, start, evidence } = payload as PlantEvent;
        if (!advisedKinds.includes(kind)) return undefined;
        const event = { eventId, kind, start: parseInstant(start), evidence };
        return { asset: subject, at, language: config.locale, event };
      }

      async function replay({ requestId, cases }: BackTestRequest, cause: Admitted): Promise<void> {
        if (running) throw new MillwrightError('MW_QUEUE_FULL', { queue: 'back-test', limit: 1 });
        const stop = new AbortController();
        running = { requestId, stop };
        let toldAt = -Infinity;
        const onProgress = (done: number, total: number) => {
          if (done < total && monotonicMs() - toldAt < progressPeriodMs) return;
          toldAt = monotonicMs();
          status('working', `${Math.floor((100 * done) / Math.max(1, total))} %`);
          const progress: Progress = { requestId, done, total };
          emit(1, progress, { type: 'mw.progress.v1', subject: requestId }, cause);
        };
        try {
          const options = {
            requestId,
            cases,
            language: config.locale,
            onProgress,
            signal: AbortSignal.any([signal, stop.signal]),
          };
          const result = await backTest(advisor, ports, options);
          status('ok', text('status.replayed', { percent: String(Math.round(100 * result.top3.share)) }));
          emit(0, result, { type: 'mw.back-test.v1', subject: requestId }, cause);
        } finally {
          running = undefined;
        }
      }

      return {
        async handle(message) {
          if (message.type === 'mw.back-test-request.v1') return replay(message.payload as BackTestRequest, message);
          if (message.type === 'mw.cancel.v1') {
            if (running?.requestId === (message.payload as Cancel).requestId) running.stop.abort();
            return;
          }
          const question = await questionOf(message);
          if (!question) return;
          status('working');
          const work = advisor.advise(question, { signal });
          const advice = await withDeadline('advice', work, config.timeLimitSeconds * 1000, signal);
          const count = advice.candidateModes.length;
          if (count > 0) status('ok', text('status.candidates', { count: String(count) }));
          else status('idle', text('status.none'));
          emit(0, advice, { type: 'mw.advice.v1', subject: advice.asset }, message);
        },
        close() {
          withdrawSearch();
          return advisor.close();
        },
      };
    },
  });
}
