import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../src/kernel/index.ts';
import type { TagSample } from '../../src/plant/index.ts';
import { openStore, type Store, type StoreOptions } from '../../src/store/index.ts';
import { postgresIsInstalled, startPostgres } from '../store/postgres-server.ts';
import type { Bench } from './harness.ts';

const day = 86_400_000;
const begin = Date.UTC(2026, 10, 2);
const actor = { id: 'bench' };

/** What a plant sends: each tag once a second, a batch holding several seconds of all of them. */
function* batches(samples: number, tags: number, perBatch: number, seed: number): Generator<TagSample[]> {
  const random = seededRandom(seed);
  for (let sent = 0; sent < samples; sent += perBatch)
    yield Array.from({ length: Math.min(perBatch, samples - sent) }, (_, i) => {
      const sourceMs = begin + Math.floor((sent + i) / tags) * 1_000 + (i % 7);
      const tag = `Line ${(i % tags) % 4}/Machine ${(i % tags) % 16}/Signal ${i % tags}`;
      return { tag, value: Math.round(random.next() * 1e5) / 1e3, quality: 'good', sourceMs, serverMs: sourceMs + 5 };
    });
}

interface Cost {
  perSecond: number;
  perCpuSecond: number;
}

async function timed(count: number, work: () => Promise<void>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const perSecond = Math.round((count / (performance.now() - begun)) * 1_000);
  return { perSecond, perCpuSecond: Math.round((count / (user + system)) * 1e6) };
}

/** Appends all batches, the next one being sent while the one before is written. */
async function append(store: Store, given: Iterable<TagSample[]>): Promise<void> {
  let under: Promise<unknown> = Promise.resolve();
  for (const samples of given) {
    const written = store.appendHistory({ samples }, actor);
    await under;
    under = written;
  }
  await under;
}

/** The bare library: the same rows into the same table by one prepared statement, in this thread. */
function bare(file: string, given: readonly TagSample[][]): number {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE tag_sample (tag_id INTEGER NOT NULL,
    source_ms INTEGER NOT NULL, value ANY NOT NULL, server_ms INTEGER, quality INTEGER NOT NULL,
    PRIMARY KEY (tag_id, source_ms, value)) STRICT, WITHOUT ROWID`);
  const insert = db.prepare('INSERT INTO tag_sample VALUES (?, ?, ?, ?, ?)');
  const ids = new Map<string, number>();
  const begun = performance.now();
  for (const samples of given) {
    db.exec('BEGIN');
    for (const { tag, sourceMs, value, serverMs } of samples) {
      let id = ids.get(tag);
      if (id === undefined) ids.set(tag, (id = ids.size + 1));
      insert.run(id, sourceMs, value as number, serverMs ?? null, 0);
    }
    db.exec('COMMIT');
  }
  const count = given.reduce((sum, { length }) => sum + length, 0);
  const perSecond = Math.round((count / (performance.now() - begun)) * 1_000);
  db.close();
  return perSecond;
}

/** `npm run bench -- store`. */
export const bench: Bench = {
  about: 'samples into the historian, on SQLite and on a PostgreSQL server of its own',
  options: {
    samples: { default: '1000000', about: 'samples to write' },
    tags: { default: '500', about: 'tags, each sent once a second' },
    batch: { default: '5000', about: 'samples in a batch' },
    postgres: { default: 'yes', about: 'no leaves PostgreSQL out' },
  },
  keys: {
    insertsPerSecond: 'samples written into SQLite per second, sent by this thread to the worker of the store',
    insertsPerCpuSecond: 'the same per second of CPU time of all threads together',
    bytesPerSample: 'size of the SQLite file per sample, everything in it included',
    duplicatesPerSecond: 'the same samples once more, each found to be there',
    condensedPerSecond: 'samples past their time turned into aggregates of ten minutes and removed',
    bareInsertsPerSecond: 'node:sqlite alone, the same rows and batches, in this thread',
    postgresInsertsPerSecond: 'samples written into PostgreSQL per second, the server on the same machine',
    postgresInsertsPerCpuSecond: 'the same per second of CPU time of this process, the server not counted',
    postgresDuplicatesPerSecond: 'the same samples once more, each found to be there',
    postgresBytesPerSample: 'size of the partitions with their index per sample',
    timescaledb: 'whether the hypertable was measured: no server with the extension is at hand',
  },
  async run(options, seed) {
    const [count, tags, perBatch] = [Number(options['samples']), Number(options['tags']), Number(options['batch'])];
    const folder = mkdtempSync(join(tmpdir(), 'mw-bench-'));
    const given = [...batches(count, tags, perBatch, seed)];
    const clock = { at: begin + day };
    const open = (name: string, more: Partial<StoreOptions> = {}) =>
      openStore({ file: join(folder, name), clock: { now: () => clock.at }, retentionDays: 30, ...more });
    try {
      const store = await open('plant.sqlite');
      const written = await timed(count, () => append(store, given));
      const again = await timed(count, () => append(store, given));
      await store.close();
      const bytesPerSample = Math.round((statSync(join(folder, 'plant.sqlite')).size / count) * 10) / 10;
      const bareInsertsPerSecond = bare(join(folder, 'bare.sqlite'), given);
      const old = await open('plant.sqlite');
      const first = given[0]![0]!;
      const condensed = await timed(count, async () => {
        while ((await old.samples(first.tag, 0, begin + day, 1)).length > 0 || (await left(old, given)) > 0) {
          clock.at = Math.max(clock.at, begin + 40 * day) + 61_000;
          await old.appendHistory({ samples: [{ ...first, sourceMs: clock.at }] }, actor);
        }
      });
      await old.close();
      clock.at = begin + day;
      return {
        insertsPerSecond: written.perSecond,
        insertsPerCpuSecond: written.perCpuSecond,
        bytesPerSample,
        duplicatesPerSecond: again.perSecond,
        condensedPerSecond: condensed.perSecond,
        bareInsertsPerSecond,
        ...(options['postgres'] === 'no' ? { postgres: 'left out' } : await onPostgres(open, given, count)),
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** How many of some tags still have raw samples of the beginning. */
async function left(store: Store, given: readonly TagSample[][]): Promise<number> {
  const last = given[0]!.at(-1)!;
  return (await store.samples(last.tag, 0, begin + day, 1)).length;
}

async function onPostgres(
  open: (name: string, more: Partial<StoreOptions>) => Promise<Store>,
  given: readonly TagSample[][],
  count: number,
): Promise<Record<string, unknown>> {
  if (!postgresIsInstalled) return { postgres: 'not run: the Debian package "postgresql" is missing' };
  const server = await startPostgres();
  try {
    const settings = await server.database();
    const store = await open('plant', { postgres: settings });
    const written = await timed(count, () => append(store, given));
    const again = await timed(count, () => append(store, given));
    await store.close();
    const { rows } = await server.admin(
      `SELECT sum(pg_total_relation_size(inhrelid))::float8 AS bytes FROM pg_inherits
       WHERE inhparent = 'millwright.tag_sample'::regclass`,
      settings.database,
    );
    return {
      postgresInsertsPerSecond: written.perSecond,
      postgresInsertsPerCpuSecond: written.perCpuSecond,
      postgresDuplicatesPerSecond: again.perSecond,
      postgresBytesPerSample: Math.round((Number(rows[0]?.['bytes']) / count) * 10) / 10,
      timescaledb: 'not run',
    };
  } finally {
    await server.stop();
  }
}
