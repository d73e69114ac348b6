import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { firstSchedule, improve, type Selection, type Shop } from '../../src/planning/graph/index.ts';
import { seededRandom } from '../../src/kernel/index.ts';
import type { Bench } from './harness.ts';
import { checkShop } from './shop-check.ts';
import { readBest, readInstances, type ShopFormat } from './shop-files.ts';

const data = process.env.MILLWRIGHT_DATA ?? '';

/** Public job-shop instances: how close to the best-known makespan the graph search comes in a given time. */
export const bench: Bench = {
  about: 'makespan of public job-shop instances after some seconds, against the best known',
  options: {
    dir: { default: data && join(data, 'scheduling/jobshop'), about: 'folder of instances, with its subfolders' },
    format: { default: 'jobshop', about: 'jobshop, fjsp or fjsp-sdst' },
    best: {
      default: data && join(data, 'scheduling/best-known/jsp_bks.json'),
      about: 'best-known values: a list, or an object by file stem',
    },
    only: { default: '', about: 'stems to run, parted by commas; all where empty' },
    seconds: { default: '5', about: 'time for each instance' },
    clock: {
      default: 'wall',
      about: 'wall, or cpu: CPU time of the thread, for one thread on a machine that others use too',
    },
    threads: { default: '1', about: 'threads that search' },
    'machine-base': { default: '', about: 'number of the first machine: 0 or 1; 1 for fjsp-sdst, else 0' },
  },
  keys: {
    rows: 'instance, operations, best, makespan, gapPercent, valid, firstValidMs, seconds',
    meanGapPercent: 'mean over the instances that have a best-known value',
    withoutBest: 'instances without one',
  },
  async run(options, seed) {
    const format = options.format as ShopFormat;
    const base = (options['machine-base'] || (format === 'fjsp-sdst' ? '1' : '0')) === '1' ? 1 : 0;
    const only = new Set((options.only ?? '').split(',').filter(Boolean));
    const threads = Number(options.threads);
    if (options.clock === 'cpu' && threads > 1) throw new Error('--clock cpu counts one thread');
    const now = options.clock === 'cpu' ? threadCpuMs : () => performance.now();
    const best = readBest(options.best || undefined);
    const rows = [];
    for (const instance of readInstances(options.dir ?? '', format, base)) {
      const { stem, shop } = instance;
      if (only.size > 0 && !only.has(stem)) continue;
      const began = now();
      const first = firstSchedule(shop, seededRandom(seed));
      const firstValid = typeof checkShop(shop, first) === 'number';
      const firstValidMs = firstValid ? now() - began : null;
      const until = began + 1000 * Number(options.seconds);
      const known = best(instance);
      const found =
        threads > 1
          ? await searchInThreads(shop, threads, seed, until - now())
          : improve(shop, { seed, expired: () => now() >= until }).best;
      const seconds = (now() - began) / 1000;
      const makespan = checkShop(shop, found);
      const valid = makespan === found.makespan;
      const gapPercent = known === null || !valid ? null : (100 * (found.makespan - known)) / known;
      const row = {
        instance: stem,
        operations: shop.operations,
        best: known,
        makespan: found.makespan,
        gapPercent,
        valid,
        firstValidMs,
        seconds,
      };
      rows.push(row);
      process.stdout.write(
        `${stem.padEnd(18)} ${String(found.makespan).padStart(8)} ${String(known ?? '–').padStart(8)} ${gapPercent?.toFixed(2) ?? '–'} %${valid ? '' : `  INVALID: ${String(makespan)}`}\n`,
      );
    }
    const gaps = rows.flatMap(({ gapPercent }) => (gapPercent === null ? [] : [gapPercent]));
    const meanGapPercent = gaps.length > 0 ? gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length : null;
    return { rows, meanGapPercent, withoutBest: rows.filter((row) => row.best === null).length };
  },
};

/** CPU time of this thread in milliseconds. */
function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The best that independent searches with different seeds find at the same time. */
async function searchInThreads(shop: Shop, threads: number, seed: number, milliseconds: number): Promise<Selection> {
  const found = await Promise.all(
    Array.from(
      { length: threads },
      (_unused, index) =>
        new Promise<Selection>((resolve, reject) => {
          const worker = new Worker(new URL('./shop-worker.ts', import.meta.url), {
            workerData: { shop, seed: seed + index, milliseconds },
          });
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
  return found.reduce((best, one) => (one.makespan < best.makespan ? one : best));
}
