import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/tooling/project.ts';
import { examine } from '../language/gold/examine.ts';
import { figuresOf } from '../language/gold/figures.ts';
import { readLines, type GoldQuestion } from '../language/gold/question.ts';
import type { Bench } from './harness.ts';

/** Scores answers to the questions with known answers against values that are computed beside the package. */
export const bench: Bench = {
  about: 'questions with known answers: how many are answered, and how many of those wrongly',
  options: {
    set: { default: 'dev', about: 'dev or held-out; each use of the latter is noted in test/language/gold/README.md' },
    dir: { default: '', about: 'folder that keeps the stores; without it they are written anew' },
    show: { default: '', about: 'yes prints each question that went amiss' },
  },
  keys: {
    questions: 'questions put',
    coverage: 'of the answerable: answered',
    accuracy: 'of the answered: rightly',
    wrong: 'of all: answered wrongly, or answered at all where there is no answer',
    falseRefusals: 'of the answerable: refused',
    answeredUnanswerable: 'of the unanswerable: answered',
    fittingRefusals: 'of the refusals that were due: of a fitting type',
    p95Milliseconds: 'question to answer: 95 %',
    strata: 'by stratum: right, wrong, refused, declined',
  },
  async run({ set = 'dev', dir = '', show }) {
    if (dir) mkdirSync(dir, { recursive: true });
    const folder = dir || mkdtempSync(join(tmpdir(), 'mw-bench-ask-'));
    try {
      const verdicts = await examine(readLines<GoldQuestion>(join(root, 'test/language/gold', `${set}.jsonl`)), folder);
      if (show)
        for (const { question, outcome, why } of verdicts)
          if (outcome === 'wrong' || outcome === 'refused')
            process.stdout.write(
              `${outcome.padEnd(8)} ${question.id} [${question.scene}] ${question.text}\n         ${why}\n`,
            );
      const strata = Map.groupBy(verdicts, ({ question }) => question.stratum);
      const outcomes = ['right', 'wrong', 'refused', 'declined'];
      return {
        ...figuresOf(verdicts),
        strata: Object.fromEntries(
          [...strata].map(([name, list]) => [
            name,
            outcomes.map((each) => list.filter(({ outcome }) => outcome === each).length).join(' '),
          ]),
        ),
      };
    } finally {
      if (!dir) rmSync(folder, { recursive: true, force: true });
    }
  },
};
