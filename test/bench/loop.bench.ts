import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOpcuaConnection, openTagSource } from '../../src/connect/index.ts';
import type { Sample } from '../../src/contracts/index.ts';
import { startDemoPlant, type DemoPlant } from '../../src/demo/index.ts';
import { parseInstant, silentLogger, systemClock, uuidv7 } from '../../src/kernel/index.ts';
import { openAsk } from '../../src/language/index.ts';
import { openScenarioService } from '../../src/scenarios/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import type { Bench } from './harness.ts';

const hour = 3_600_000;
const metrics = ['reject rate', 'OEE', 'output', 'downtime', 'first pass yield', 'energy'];
const places = ['on Line 1', 'on Line 2', 'on Line 3', 'of CNC-22', 'of CNC-12'];
const times = ['last shift', 'yesterday', 'today', 'this week', 'last week', 'in the last 3 days', 'on Monday'];

/** The whole loop on the demo plant: ingest through OPC UA and the durable queue, event to plans, questions. */
export const bench: Bench = {
  about: 'the whole loop on the demo plant: ingest, event to plans, questions',
  options: {
    days: { default: '30', about: 'days of history in the store' },
    count: { default: '50', about: 'alternative plans' },
    'search-ms': { default: '4000', about: 'time limit of the search' },
    events: { default: '3', about: 'CNC-22 breakdowns, one after the other' },
    samples: { default: '100000', about: 'samples taken in' },
  },
  keys: {
    eventToPlansMs: 'from a machine-down event to fifty simulated, ranked plans in the store: median over the events',
    eventToPlansFirstMs: 'the same for the first event, with threads to be started',
    plans: 'plans in the last set',
    ingestPerSecond: 'samples a second through durable queue, confirmation and store, awaited batch by batch',
    ingestCpuMicroseconds: 'processor time per sample, all threads',
    opcuaTags: 'tags received live over OPC UA from the demo plant in the first seconds',
    answerP50Ms: 'question to answer over the store: median',
    answerP95Ms: 'question to answer over the store: 95 %',
    answered: 'questions that got a number, of those asked',
  },
  async run(options, seed) {
    const folder = mkdtempSync(join(tmpdir(), 'mw-bench-loop-'));
    const store = await openStore({ file: join(folder, 'plant.sqlite') });
    let plant: DemoPlant | undefined;
    try {
      plant = await startDemoPlant({
        store,
        port: 0,
        folder: join(folder, 'pki'),
        seed,
        days: Number(options.days),
        speed: 1,
      });
      const opcuaTags = await receiveTags(plant, folder);
      const plans = await eventsToPlans(
        store,
        Number(options.events),
        Number(options.count),
        Number(options['search-ms']),
        seed,
      );
      const answers = await askAll(store);
      const ingest = await ingestSamples(store, folder, Number(options.samples));
      return { ...plans, ...ingest, opcuaTags, ...answers };
    } finally {
      await plant?.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Live values over OPC UA, so that the way in is the real one. */
async function receiveTags(plant: DemoPlant, folder: string): Promise<number> {
  const connection = openOpcuaConnection({
    endpointUrl: plant.endpointUrl,
    security: 'none',
    login: 'anonymous',
    folder: join(folder, 'client'),
  });
  const seen = new Set<string>();
  const subscription = connection.subscribe(
    { tags: plant.tags, publishingMs: 250, holdSeconds: 30 },
    {
      onSamples: (samples) => {
        for (const { tag } of samples) seen.add(tag);
      },
      onGap: () => undefined,
      onTagError: (tag, error) => {
        throw new Error(tag, { cause: error });
      },
    },
  );
  for (let i = 0; i < 100 && seen.size < plant.tags.length; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await subscription.close();
  await connection.close();
  return seen.size;
}

async function eventsToPlans(store: Store, events: number, count: number, timeLimitMs: number, seed: number) {
  const service = openScenarioService({ store, clock: systemClock, logger: silentLogger, actor: { id: 'bench' } });
  const took: number[] = [];
  let plans = 0;
  for (let i = 0; i < events; i++) {
    const now = systemClock.now();
    const eventId = uuidv7();
    const begun = performance.now();
    await store.saveEvent(
      {
        eventId,
        kind: 'machine-down',
        severity: 800,
        subject: 'CNC-22',
        start: now,
        reason: 'breakdown',
        expectedEnd: { p50: now + 4 * hour, p90: now + 8 * hour, basis: 'person' },
        evidence: [],
      },
      { id: 'bench' },
    );
    const set = await service.plan({
      requestId: uuidv7(),
      eventId,
      from: now,
      frozenUntil: now + hour / 2,
      horizon: now + 14 * 24 * hour,
      constraints: [],
      count,
      timeLimitMs,
      replications: 30,
      seed: seed + i,
    });
    took.push(performance.now() - begun);
    plans = set.scenarios.length;
    const up = { eventId: uuidv7(), kind: 'machine-up' as const, severity: 100, subject: 'CNC-22', start: now + 1 };
    await store.saveEvent({ ...up, supersedes: eventId, evidence: [] }, { id: 'bench' });
  }
  await service.close();
  const [first = NaN] = took;
  return { eventToPlansMs: round(quantile(took, 0.5)), eventToPlansFirstMs: round(first), plans };
}

async function askAll(store: Store) {
  const model = store.loadPlantModel();
  const ask = openAsk({ query: (sql, parameters) => store.query(sql, parameters), model: () => model });
  const took: number[] = [];
  let answered = 0;
  for (const metric of metrics)
    for (const place of places)
      for (const time of times) {
        const begun = performance.now();
        const answer = await ask.answer({ text: `What was the ${metric} ${place} ${time}?`, now: systemClock.now() });
        took.push(performance.now() - begun);
        if (answer.value !== undefined) answered++;
      }
  return {
    answerP50Ms: round(quantile(took, 0.5)),
    answerP95Ms: round(quantile(took, 0.95)),
    answered: `${String(answered)} of ${String(took.length)}`,
  };
}

/** Batches of 1,000 go through the durable queue to the store and are confirmed after their commit. */
async function ingestSamples(store: Store, folder: string, total: number) {
  const batchSize = 1000;
  let feed: ((samples: Sample[], publishMs: number) => void) | undefined;
  const written = Promise.withResolvers<undefined>();
  let done = 0;
  let last: Promise<void> = Promise.resolve();
  const source = openTagSource(
    {
      connection: {
        subscribe: (_options: unknown, handlers: { onSamples: NonNullable<typeof feed> }) => {
          feed = handlers.onSamples;
          return { close: () => Promise.resolve() };
        },
      } as never,
      tags: [],
      publishingMs: 500,
      holdSeconds: 60,
      batchSize,
      delivery: 'confirmed',
      queue: { name: 'bench', folder: join(folder, 'queue'), limitBytes: 1e9 },
    },
    {
      onBatch: (samples, { offset }) => {
        last = last.then(async () => {
          const values = samples.map(({ tag, value, quality, sourceTime }) => ({
            tag,
            value: value as number,
            quality,
            sourceMs: parseInstant(sourceTime),
          }));
          await store.appendHistory({ samples: values }, { id: 'bench' });
          source.confirm(offset);
          done += samples.length;
          if (done >= total) written.resolve(undefined);
        });
      },
      onGap: () => undefined,
      onTagError: () => undefined,
      onStalled: () => undefined,
    },
  );
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const from = systemClock.now();
  for (let i = 0; i < total; i += batchSize) {
    const samples = Array.from({ length: Math.min(batchSize, total - i) }, (_, k): Sample => {
      const n = i + k;
      return {
        tag: `bench/M-${String(n % 200)}/Value`,
        value: Math.sin(n),
        dataType: 'Double',
        quality: 'good',
        sourceTime: new Date(from + n).toISOString(),
      };
    });
    feed?.(samples, from + i);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await written.promise;
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await source.close();
  return { ingestPerSecond: Math.round(total / seconds), ingestCpuMicroseconds: round((user + system) / total) };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
