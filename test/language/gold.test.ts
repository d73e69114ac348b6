import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/tooling/project.ts';
import { askStore } from './gold/asking.ts';
import { examine } from './gold/examine.ts';
import { figuresOf, share } from './gold/figures.ts';
import { readLines, type GoldQuestion } from './gold/question.ts';
import { sceneOf, sceneStore } from './gold/scenes.ts';
import { readTables } from './gold/tables.ts';
import { judge } from './gold/verdict.ts';

/**
 * The goal is wrong answers of at most 1 % of all, coverage of 80 % of the answerable, and nothing answered that has no
 * answer. Coverage is not there yet with the 50 questions added last: it is held at what is reached.
 */
const goal = { wrong: 0.01, coverage: 0.88 };

/** Enough for all but the questions on the third quarter; `npm run bench -- ask-score` puts those too. */
const mostDays = 58;

describe('questions with known answers', function () {
  this.timeout(240_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'mw-gold-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const questions = readLines<GoldQuestion>(join(root, 'test/language/gold/dev.jsonl'));

  it('answers the first half rightly, and nothing that has no answer', async () => {
    const verdicts = await examine(questions, folder, mostDays);
    const { wrong, coverage, answeredUnanswerable } = figuresOf(verdicts);
    const amiss = verdicts.filter(({ outcome }) => outcome === 'wrong');
    const told = amiss.map(({ question, why }) => `${question.text} (${why})`).join('; ');
    assert.equal(answeredUnanswerable.count, 0, told);
    assert.ok(wrong.share <= goal.wrong, told);
    assert.ok(coverage.share >= goal.coverage, `coverage ${String(coverage.share)}`);
  });

  it('notices a wrong number, a wrong period and an answer to what has none', async () => {
    const scene = sceneOf('monday');
    const file = await sceneStore(folder, 'monday', scene);
    const now = Date.parse(scene.now);
    const tables = readTables(file, now);
    const question = questions.find(({ scene: name }) => name === 'monday')!;
    const {
      lines: [line],
    } = await askStore(file, [question], now);
    assert.equal(judge(question, line!, tables).outcome, 'right');
    const outcome = (changed: object, of = question) => judge(of, { ...line!, ...changed }, tables).outcome;
    assert.equal(outcome({ value: Number(line!.value) * 1.001 }), 'wrong');
    assert.equal(outcome({ period: { ...line!.period!, from: '2026-11-20T06:00:00+01:00' } }), 'wrong');
    assert.equal(outcome({ refusal: 'ambiguous' }), 'refused');
    assert.equal(outcome({}, { ...question, gold: { refusal: ['out_of_scope'] } }), 'wrong');
  });

  it("tells shares with Wilson's interval", () => {
    // Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3
    assert.deepEqual(share(81, 263).interval, [0.2553, 0.3662]);
    assert.deepEqual(share(15, 148).interval, [0.0624, 0.1605]);
    assert.deepEqual(share(0, 20).interval, [0, 0.1611]);
    assert.deepEqual(share(1, 29).interval, [0.0061, 0.1718]);
  });
});
