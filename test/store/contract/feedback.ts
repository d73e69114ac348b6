import assert from 'node:assert/strict';
import type { StoreForTest } from './open-for-test.ts';
import { hour, now } from '../plant.ts';

export function feedbackAndVerifiedQuestions(open: StoreForTest): void {
  describe('feedback and verified questions', () => {
    const held = open();
    const by = { id: 'SUP-1', role: 'supervisor', authenticated: true };

    it('keeps what people say of answers, newest first, with an audit entry each', async () => {
      const { store, clock } = held;
      const first = {
        subjectType: 'answer',
        subjectId: 'T-1',
        verdict: 'agree',
        reason: 'counted',
        personId: 'P-1',
      } as const;
      const second = { ...first, subjectId: 'T-2', verdict: 'disagree', correctedValue: 4.5, personId: 'P-2' } as const;
      await store.saveFeedback({ ...first, data: { question: 'scrap?' } }, by);
      clock.at = now + hour;
      await store.saveFeedback({ ...second, data: {} }, by);
      assert.deepEqual(await store.feedback('answer', 10), [
        { ...second, data: {}, at: now + hour },
        { ...first, data: { question: 'scrap?' }, at: now },
      ]);
      assert.equal((await store.feedback('answer', 1)).length, 1);
      assert.deepEqual(await store.feedback('prediction', 10), []);
      const [entry] = await store.auditRows({ subject: 'T-2' });
      assert.deepEqual([entry?.actor, entry?.action], ['SUP-1', 'feedback.disagree']);
    });

    it('keeps one verified reading per question, and forgets it', async () => {
      const { store } = held;
      const row = {
        key: 'bad parts ⟨line⟩',
        body: { metrics: ['reject_count'] },
        personId: 'P-1',
        reason: 'ours',
        verifiedAt: now,
      };
      await store.saveVerifiedQuestion(row, by);
      await store.saveVerifiedQuestion({ ...row, body: { metrics: ['scrap_count'] }, verifiedAt: now + 1 }, by);
      assert.deepEqual(await store.verifiedQuestions(), [
        { ...row, body: { metrics: ['scrap_count'] }, verifiedAt: now + 1 },
      ]);
      assert.equal(await store.deleteVerifiedQuestion(row.key, by), true);
      const { size } = await store.verifyAudit();
      assert.equal(await store.deleteVerifiedQuestion(row.key, by), false);
      assert.deepEqual(await store.verifiedQuestions(), []);
      assert.deepEqual([(await store.verifyAudit()).verified, (await store.verifyAudit()).size], [true, size]);
      const actions = (await store.auditRows({ subject: row.key })).map((entry) => entry.action);
      assert.deepEqual(actions.sort(), ['question.forget', 'question.verify', 'question.verify']);
    });
  });
}
