import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { localise } from '../../nodes/shared/text.ts';
import { fromPlainError, toPlainError } from '../../src/kernel/index.ts';
import { causeKinds } from '../../src/planning/conflict-set.ts';
import { conflictKinds, Conflicts } from '../../src/planning/infeasible.ts';
import { root } from '../../src/tooling/project.ts';

/** As much of Node-RED as gives a text in one language. */
function speaking(language: string): NodeAPI {
  const texts = JSON.parse(readFileSync(join(root, `locales/${language}/common.json`), 'utf8')) as object;
  const find = (key: string, params: Record<string, string>) => {
    const at = key.slice(key.indexOf(':') + 1).split('.');
    const text = at.reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], texts);
    return typeof text === 'string' ? text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(params[name])) : key;
  };
  return { _: find } as unknown as NodeAPI;
}

describe('conflicting sets in words', () => {
  it('reach people in their language, from another thread too', () => {
    const conflicts = new Conflicts();
    conflicts.add('no-open-time', 'WO-1/10', 'turn', [
      { kind: 'stop', subject: 'CNC-1' },
      { kind: 'ban', subject: 'CNC-2' },
    ]);
    const thrown = (() => {
      try {
        return conflicts.throwThem();
      } catch (error) {
        return error;
      }
    })();
    const arrived = fromPlainError(structuredClone(toPlainError(thrown)));
    assert.match(
      localise(speaking('en-US'), arrived).message,
      /WO-1\/10 \(turn\) finds no open time: CNC-1 is down \+ CNC-2 is forbidden by wish/,
    );
    assert.match(
      localise(speaking('de'), arrived).message,
      /WO-1\/10 \(turn\) findet keine offene Zeit: CNC-1 steht \+ CNC-2 ist durch einen Wunsch gesperrt/,
    );
  });

  it('exist for every kind of conflict and cause', () => {
    for (const language of ['en-US', 'de']) {
      const texts = JSON.parse(readFileSync(join(root, `locales/${language}/common.json`), 'utf8')) as Record<
        'conflicts' | 'causes',
        object
      >;
      assert.deepEqual(Object.keys(texts.conflicts).sort(), [...conflictKinds].sort());
      assert.deepEqual(Object.keys(texts.causes).sort(), [...causeKinds].sort());
    }
  });
});
