import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { notificationsOf, type Outcome } from '../../src/dispatch/notifications.ts';

const outcomes: Outcome[] = ['published', 'advised', 'shadow', 'not-published', 'rejected', 'reviewed'];
const drafted = outcomes.flatMap((outcome) =>
  notificationsOf(
    {
      approvalId: 'APP-1',
      planId: 'PLAN-1',
      outcome,
      changed: 3,
      notTaken: Array.from({ length: 400 }, (_, i) => `WO-26001/${String(i)}`),
      equipmentIds: ['CNC-21'],
      stagingMoves: 2,
    },
    0,
  ),
);

describe('notifications', () => {
  it('have a text in each language that uses only their parameters, and no text is left over', () => {
    for (const language of ['en-US', 'de']) {
      const file = new URL(`../../locales/${language}/common.json`, import.meta.url);
      const texts = (JSON.parse(readFileSync(file, 'utf8')) as { notifications: Record<string, string> }).notifications;
      assert.deepEqual([...new Set(drafted.map((note) => note.templateId))].sort(), Object.keys(texts).sort());
      for (const { templateId, params } of drafted)
        for (const [, name] of texts[templateId]!.matchAll(/\{\{(\w+)\}\}/g))
          assert.ok(name! in params, `${language} ${templateId} ${name!}`);
    }
  });

  it('stay small, whatever the number of jobs', () => {
    for (const note of drafted) assert.ok(JSON.stringify(note).length < 4096);
    assert.equal(drafted.find((note) => note.templateId === 'jobs-not-taken')?.params.count, 400);
  });

  it('have an id of their own that a repetition gives again', () => {
    const ids = drafted.map((note) => `${note.templateId} ${note.role} ${note.notificationId}`);
    assert.equal(new Set(drafted.map((note) => note.notificationId)).size, new Set(ids).size);
  });
});
