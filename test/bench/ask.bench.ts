import { writeFileSync } from 'node:fs';
import { parseInstant } from '../../src/kernel/index.ts';
import { askStore, type Asked } from '../language/gold/asking.ts';
import { nearestRank } from '../language/gold/figures.ts';
import { readLines } from '../language/gold/question.ts';
import type { Bench } from './harness.ts';

/** Answers a file of questions; what came of each is a line of the file that `--json` names. */
export const bench: Bench = {
  about: 'questions of a file, put to a demo store without a language model',
  options: {
    store: { default: '', about: 'store file, made by npm run demo-store' },
    questions: { default: '', about: 'JSON lines of {id, text, lang}' },
    now: { default: '', about: 'instant of asking with its offset, the only clock' },
  },
  keys: {
    questions: 'questions put',
    answered: 'questions that got an answer',
    refusals: 'refusals by type',
    p50Milliseconds: 'question to answer: median',
    p95Milliseconds: 'question to answer: 95 %',
    p95CpuMilliseconds: 'processor time of a question, all threads: 95 %',
  },
  jsonLines: true,
  async run({ store = '', questions = '', now = '', json }) {
    const instant = parseInstant(now);
    if (!store || !questions || Number.isNaN(instant))
      throw new Error('--store FILE --questions FILE.jsonl --now ISO with its offset are needed');
    const { lines, cpuMilliseconds } = await askStore(store, readLines<Asked>(questions), instant);
    if (json) writeFileSync(json, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const took = lines.map(({ milliseconds }) => milliseconds);
    const refusals = Map.groupBy(
      lines.filter(({ refusal }) => refusal !== null),
      ({ refusal }) => refusal ?? '',
    );
    return {
      questions: lines.length,
      answered: lines.filter(({ refusal }) => refusal === null).length,
      refusals: Object.fromEntries([...refusals].map(([type, list]) => [type, list.length])),
      p50Milliseconds: nearestRank(took, 0.5),
      p95Milliseconds: nearestRank(took, 0.95),
      p95CpuMilliseconds: nearestRank(cpuMilliseconds, 0.95),
    };
  },
};
