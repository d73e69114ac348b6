import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

const here = new URL('./', import.meta.url);
const table = new URL('../../src/connect/uns/sparkplug/README.md', import.meta.url);

interface Row {
  id: string;
  state: string;
  detail: string;
}

/** The rows of the table of statements. */
function rows(): Row[] {
  return readFileSync(table, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| tck-id-'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, id = '', , state = '', detail = '']) => ({ id, state, detail }));
}

describe('the table of Sparkplug statements', () => {
  const names = new Set(
    readdirSync(here)
      .filter((file) => file.startsWith('sparkplug-'))
      .flatMap((file) => [...readFileSync(new URL(file, here), 'utf8').matchAll(/\bit\(\s*(['"])(.*?)\1, /g)])
      .map(([, , name]) => name!),
  );

  it('names each statement once and in one of three states', () => {
    const all = rows();
    assert.ok(all.length > 250, String(all.length));
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
    for (const { id, state } of all) {
      assert.match(id, /^tck-id-[a-zA-Z0-9-]+$/);
      assert.ok(['tested', 'not tested', 'not applicable'].includes(state), `${id}: ${state}`);
    }
  });

  it('names an existing test for each statement that it calls tested, and a reason for each other', () => {
    for (const { id, state, detail } of rows()) {
      if (state === 'tested') assert.ok(names.has(detail), `${id}: no test “${detail}”`);
      else assert.ok(detail.length > 0, id);
    }
  });
});
