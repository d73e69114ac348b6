import type { NodeAPI } from 'node-red';
import { askNode, type Answer } from '../../src/contracts/index.ts';
import { withDeadline, type MillwrightError } from '../../src/kernel/index.ts';
import type { LlmService } from '../mw-llm/mw-llm.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import { openPlantQuestions } from '../shared/plant-questions.ts';
import { localise } from '../shared/text.ts';
import { registerNode } from '../shared/wrapper.ts';

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: askNode,
    simpleForm: ({ payload }) =>
      typeof payload === 'string' ? { type: 'mw.question.v1', payload: { text: payload } } : undefined,
    create: async ({ RED: red, use, config, emit, status, text, signal }) => {
      const store = await use<StoreService>(config.store, 'store');
      const llm = config.llm === '' ? undefined : await use<LlmService>(config.llm, 'llm');
      const limitMs = config.timeLimitSeconds * 1000;
      const missed: MillwrightError[] = [];
      const onModelProblem = (error: MillwrightError) => missed.push(error);
      const ask = openPlantQuestions({ store, llm, limitMs, onModelProblem });
      return {
        async handle(message) {
          status('working');
          missed.length = 0;
          const { text: question, language } = message.payload as { text: string; language?: string };
          const asked = {
            text: question,
            now: store.clock.now(),
            signal,
            ...(language === undefined ? {} : { language }),
          };
          const found = await withDeadline('ask', ask.answer(asked), limitMs, signal);
          const answer = withWarnings(
            found,
            missed.map((error) => localise(red, error).message),
          );
          if (answer.refusal) status('idle', text('status.refused'));
          else status('ok', [answer.value, answer.unit].filter((part) => part !== undefined).join(' '));
          emit(0, answer, { type: 'mw.answer.v1', subject: answer.traceId }, message);
        },
      };
    },
  });
}

/** An answer that was found without the language model says so. */
function withWarnings(answer: Answer, more: string[]): Answer {
  return more.length === 0 ? answer : { ...answer, warnings: [...(answer.warnings ?? []), ...more] };
}
