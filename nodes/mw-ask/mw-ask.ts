import type { NodeAPI } from 'node-red';
import { askNode, type Answer, type Feedback, type Question, type VerifiedRequest } from '../../src/contracts/index.ts';
import { withDeadline, type MillwrightError } from '../../src/kernel/index.ts';
import type { LlmService } from '../mw-llm/mw-llm.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import type { SimpleForm } from '../shared/door.ts';
import { openPlantQuestions } from '../shared/plant-questions.ts';
import { localise } from '../shared/text.ts';
import { registerNode } from '../shared/wrapper.ts';
import { openFeedback } from './feedback.ts';

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: askNode,
    simpleForm: ({ payload }) => simpleForm(payload),
    create: async ({ RED: red, node, use, config, emit, status, text, signal }) => {
      const store = await use<StoreService>(config.store, 'store');
      const llm = config.llm === '' ? undefined : await use<LlmService>(config.llm, 'llm');
      const limitMs = config.timeLimitSeconds * 1000;
      const missed: MillwrightError[] = [];
      const onModelProblem = (error: MillwrightError) => missed.push(error);
      const questions = openPlantQuestions({ store, llm, limitMs, onModelProblem });
      const feedback = openFeedback(store.store, questions);
      return {
        async handle(message) {
          status('working');
          if (message.type === 'mw.feedback.v1') {
            await feedback.mark(message.payload as Feedback, message.mw.correlationId);
            status('ok', text('status.marked'));
            emit(0, message.payload, { type: 'mw.feedback.v1' }, message);
            return;
          }
          if (message.type === 'mw.verified-request.v1') {
            const list = await feedback.list(message.payload as VerifiedRequest, node.id);
            status('ok', String(list.questions.length));
            emit(0, list, { type: 'mw.verified-questions.v1' }, message);
            return;
          }
          missed.length = 0;
          const asked = { ...(message.payload as Question), now: store.clock.now(), signal };
          const found = await withDeadline('ask', questions.ask.answer(asked), limitMs, signal);
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

/** A text is a question; an object with a verdict is what a person says of an answer. */
function simpleForm(payload: unknown): ReturnType<SimpleForm> {
  if (typeof payload === 'string') return { type: 'mw.question.v1', payload: { text: payload } };
  const isVerdict = typeof payload === 'object' && payload !== null && 'verdict' in payload;
  return isVerdict ? { type: 'mw.feedback.v1', payload: { subjectType: 'answer', ...payload } } : undefined;
}

/** An answer that was found without the language model says so. */
function withWarnings(answer: Answer, more: string[]): Answer {
  return more.length === 0 ? answer : { ...answer, warnings: [...(answer.warnings ?? []), ...more] };
}
