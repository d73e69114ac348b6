import type { Feedback, VerifiedQuestions, VerifiedRequest } from '../../src/contracts/index.ts';
import { isoInstant } from '../../src/kernel/index.ts';
import type { VerifiedQuestion } from '../../src/language/index.ts';
import { wilsonLowerBound } from '../../src/statistics/index.ts';
import type { Store } from '../../src/store/index.ts';
import type { PlantQuestions } from '../shared/plant-questions.ts';

/** Marks that the agreement is told from. */
const newestMarks = 1000;

/** What people say of answers, and the questions that they have verified. */
export interface AnswerFeedback {
  /** Keeps a mark; saves the question as verified where that is asked for, and forgets it where its answer was wrong. */
  mark(this: void, feedback: Feedback, correlationId: string): Promise<void>;
  /** Forgets a verified question where asked to, and lists all. */
  list(this: void, request: VerifiedRequest, nodeId: string): Promise<VerifiedQuestions>;
}

/** Opens feedback on the answers to a plant's questions. */
export function openFeedback(store: Store, { ask, verifiedChanged }: PlantQuestions): AnswerFeedback {
  return {
    async mark({ verify, readAs, ...feedback }, correlationId) {
      const { subjectId, personId, reason, verdict } = feedback;
      const actor = { id: personId, correlationId };
      const given = ask.given(subjectId);
      const saved = verify ? await ask.verify(subjectId, { personId, reason }, readAs) : undefined;
      const data = given
        ? {
            question: given.asked.text,
            source: given.understood.source,
            query: given.understood.reading.query ?? null,
          }
        : {};
      await store.saveFeedback({ ...feedback, data }, actor);
      const wrongKey = verdict === 'disagree' ? given?.understood.verifiedKey : undefined;
      if (wrongKey !== undefined) await store.deleteVerifiedQuestion(wrongKey, actor);
      if (saved) {
        const { key, verifiedAt } = saved;
        await store.saveVerifiedQuestion({ key, body: { ...saved }, personId, reason, verifiedAt }, actor);
      }
      verifiedChanged();
    },
    async list({ operation, key, personId }, nodeId) {
      if (operation === 'delete' && key !== undefined) {
        await store.deleteVerifiedQuestion(key, { id: personId ?? nodeId });
        verifiedChanged();
      }
      const marks = await store.feedback('answer', newestMarks);
      const agreed = marks.filter(({ verdict }) => verdict === 'agree').length;
      const saved = (await store.verifiedQuestions()).map(({ body, ...row }) => {
        const { question, query } = body as unknown as VerifiedQuestion;
        return { ...row, question, query, verifiedAt: isoInstant(row.verifiedAt) };
      });
      return {
        questions: saved,
        agreement: { marked: marks.length, agreed, lowerBound: wilsonLowerBound(agreed, marks.length) },
      };
    },
  };
}
