import { readFileSync } from 'node:fs';
import { readCsv, seededRandom } from '../../src/kernel/index.ts';
import { openModeClassifier, usualMeanings, type LabelledText } from '../../src/language/index.ts';
import { wilsonInterval } from '../../src/statistics/index.ts';
import type { Bench } from './harness.ts';

interface Row extends LabelledText {
  /** Milliseconds since 1970 UTC; NaN without a date. */
  at: number;
}

/** Published figures on the same kinds of data, read in the project's facts; other splits, so beside, not against. */
const published = [
  'fmc, 7 votes of nearest texts, 124 texts: top1 .540, top3 .685; a neural model on 95: top1 .632',
  'excavator work orders, 617 newest of 3,085 by 37 systems: MiniSearch with abbreviations hit1 .801, hit5 .934, MRR .862',
];

/** Similar cases and failure modes by text: how often the right one is among the first. */
export const bench: Bench = {
  about: 'similar-case retrieval and failure-mode suggestion on labelled texts',
  options: {
    csv: { default: '', about: 'labelled texts to learn from' },
    text: { default: '0', about: 'column of the text: a name, or a number from 0 in a file without a header' },
    label: { default: '1', about: 'column of the label' },
    date: { default: '', about: 'column of the date (ISO, or day/month/year)' },
    split: { default: '', about: 'date from which rows are asked, the earlier ones being known' },
    test: { default: '', about: 'another file of the same columns that is asked' },
    folds: { default: '10', about: 'cross-validation where neither split nor test is given' },
  },
  keys: {
    hit1: 'share of queries whose most similar known text has the same label',
    hit5: 'share with the same label among the first five',
    mrr: 'mean reciprocal rank of the first text with the same label',
    top1: 'share whose label is the likeliest one',
    top3: 'share whose label is among the three likeliest',
    top3Interval: 'Wilson interval of top3 (95 %)',
    queries: 'texts asked',
    known: 'texts known (of one fold)',
    labels: 'labels among the known texts',
    majority: 'share of queries with the commonest label: what guessing would reach',
    unseenLabels: 'queries whose label no known text has; they count as misses',
    msPerQuery: 'both together',
  },
  run(options, seed) {
    const rows = readRows(options.csv ?? '', options);
    const tally = { hit1: 0, hit5: 0, reciprocal: 0, top1: 0, top3: 0, queries: 0, majority: 0, unseen: 0 };
    let known = 0;
    let labels = 0;
    let milliseconds = 0;
    for (const { learned, asked } of partsOf(rows, options, seed)) {
      const classifier = openModeClassifier(learned, usualMeanings);
      const counts = new Map<string, number>();
      for (const { label } of learned) counts.set(label, (counts.get(label) ?? 0) + 1);
      const commonest = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
      known = learned.length;
      labels = counts.size;
      for (const { text, label } of asked) {
        const began = performance.now();
        const place = classifier.similar(text, 1000).findIndex((found) => found.label === label);
        const suggested = classifier.suggest(text).findIndex((found) => found.label === label);
        milliseconds += performance.now() - began;
        tally.queries++;
        if (place === 0) tally.hit1++;
        if (place >= 0 && place < 5) tally.hit5++;
        if (place >= 0) tally.reciprocal += 1 / (place + 1);
        if (suggested === 0) tally.top1++;
        if (suggested >= 0 && suggested < 3) tally.top3++;
        if (label === commonest) tally.majority++;
        if (!counts.has(label)) tally.unseen++;
      }
    }
    const share = (count: number) => Math.round((1000 * count) / tally.queries) / 1000;
    return Promise.resolve({
      hit1: share(tally.hit1),
      hit5: share(tally.hit5),
      mrr: share(tally.reciprocal),
      top1: share(tally.top1),
      top3: share(tally.top3),
      top3Interval: interval(tally.top3, tally.queries),
      queries: tally.queries,
      known,
      labels,
      majority: share(tally.majority),
      unseenLabels: tally.unseen,
      msPerQuery: Math.round((100 * milliseconds) / tally.queries) / 100,
      published,
    });
  },
};

function readRows(file: string, options: Record<string, string>): Row[] {
  if (!file) throw new Error('--csv names the file');
  const { records, openQuote } = readCsv(readFileSync(file, 'utf8'));
  if (openQuote !== undefined) throw new Error(`${file}: the quote of line ${openQuote} is not closed`);
  const named = [options.text, options.label, options.date].some((column) => column && !/^\d+$/.test(column));
  const header = named ? (records.shift()?.cells ?? []) : [];
  const column = (name = '') => {
    const at = /^\d+$/.test(name) ? Number(name) : header.indexOf(name);
    if (at < 0) throw new Error(`${file} has no column ${name}; it has ${header.join(', ')}`);
    return at;
  };
  const [text, label] = [column(options.text), column(options.label)];
  const date = options.date ? column(options.date) : undefined;
  return records
    .map(({ cells }) => ({
      text: cells[text] ?? '',
      label: cells[label] ?? '',
      at: date === undefined ? NaN : instantOf(cells[date] ?? ''),
    }))
    .filter((row) => row.text !== '' && row.label !== '');
}

/** A date as ISO text or day/month/year. */
function instantOf(text: string): number {
  const [, day, month, year] = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})/.exec(text) ?? [];
  return year ? Date.UTC(Number(year), Number(month) - 1, Number(day)) : Date.parse(text);
}

/** Wilson's interval of a share at 95 %. */
function interval(count: number, of: number): [low: number, high: number] {
  const { low, high } = wilsonInterval(count, of);
  return [Math.round(1000 * low) / 1000, Math.round(1000 * high) / 1000];
}

/** What is known and what is asked: by file, by date, or each tenth in turn. */
function partsOf(rows: Row[], options: Record<string, string>, seed: number): { learned: Row[]; asked: Row[] }[] {
  if (options.test) return [{ learned: rows, asked: readRows(options.test, options) }];
  if (options.split) {
    const at = Date.parse(options.split);
    return [{ learned: rows.filter((row) => row.at < at), asked: rows.filter((row) => row.at >= at) }];
  }
  const shuffled = seededRandom(seed, 'folds').shuffle([...rows]);
  const folds = Number(options.folds);
  return Array.from({ length: folds }, (_, fold) => ({
    learned: shuffled.filter((_row, i) => i % folds !== fold),
    asked: shuffled.filter((_row, i) => i % folds === fold),
  }));
}
