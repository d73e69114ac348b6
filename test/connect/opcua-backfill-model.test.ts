import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mock } from 'node:test';
import fc from 'fast-check';
import { openTagSource, type TagSource } from '../../src/connect/index.ts';
import { runConnection } from '../../src/connect/opcua/connection.ts';
import type { OpcuaConnection } from '../../src/connect/opcua/types.ts';
import type { Delivery, Gap, Sample } from '../../src/contracts/index.ts';
import { isoInstant, seededRandom } from '../../src/kernel/index.ts';
import { temporaryFolder } from '../support/opcua.ts';
import { SimulatedServer, type Recorded } from '../support/simulated-server.ts';

/** Time between two changes of each tag, milliseconds; the last one changes once in a while. */
const periodsMs = [20, 150, 1_000, 7_000];
const stepMs = 5;
const actionsUntilMs = 20_000;
/** Afterwards everything is quiet and every fill has its time. */
const quietMs = 800_000;
const kinds = ['cut', 'lose-sessions', 'restart', 'forget', 'history-fails', 'stall', 'reopen'] as const;

interface Scenario {
  seed: number;
  mostDelayMs: number;
  historyLagMs: number;
  historyPage: number;
  saysPublishTime: boolean;
  grainMs: number;
  behindMs: number;
  holdSeconds: number;
  losesHistory: boolean;
  actions: { atMs: number; kind: (typeof kinds)[number]; forMs: number }[];
}

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.nat(1_000_000),
  mostDelayMs: fc.constantFrom(1, 20, 300),
  historyLagMs: fc.constantFrom(0, 0, 500, 8_000),
  historyPage: fc.constantFrom(7, 1_000),
  saysPublishTime: fc.boolean(),
  grainMs: fc.constantFrom(1, 1, 100),
  behindMs: fc.constantFrom(0, 0, 3_600_000),
  holdSeconds: fc.constantFrom(1, 60),
  losesHistory: fc.boolean(),
  actions: fc.array(
    fc.record({
      atMs: fc.integer({ min: 500, max: actionsUntilMs }),
      kind: fc.constantFrom(...kinds),
      forMs: fc.constantFrom(50, 400, 2_500, 6_000),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

/** So much is fetched anew, one message after another, that the subscription seems silent meanwhile. */
const longRecovery: Scenario = {
  ...{ seed: 650_641, mostDelayMs: 300, historyLagMs: 0, historyPage: 7, saysPublishTime: false, grainMs: 1 },
  ...{ behindMs: 0, holdSeconds: 1, losesHistory: true },
  actions: [
    { atMs: 5_739, kind: 'history-fails', forMs: 400 },
    { atMs: 18_983, kind: 'cut', forMs: 400 },
    { atMs: 4_268, kind: 'stall', forMs: 6_000 },
    { atMs: 14_173, kind: 'forget', forMs: 2_500 },
  ],
};
const quietServer = { saysPublishTime: true, grainMs: 1, behindMs: 0, holdSeconds: 60, losesHistory: false };
/** The first values of a new subscription come before the answer that says its items exist. */
const firstMessageEarly: Scenario = {
  ...{ ...quietServer, seed: 876_864, mostDelayMs: 300, historyLagMs: 0, historyPage: 7 },
  actions: [6_908, 13_854, 16_115, 18_194].map((atMs) => ({ atMs, kind: 'lose-sessions', forMs: 400 })),
};
/** The server's history is written eight seconds late. */
const historyLate: Scenario = {
  ...{ ...quietServer, seed: 862_664, mostDelayMs: 300, historyLagMs: 8_000, historyPage: 1_000 },
  actions: [{ atMs: 1_161, kind: 'lose-sessions', forMs: 400 }],
};

/** What was said and sent in one run, and what of it contradicts. */
class Judge {
  readonly delivered = periodsMs.map(() => new Map<number, number>());
  readonly gaps: Gap[] = [];
  readonly faults: string[] = [];
  /** Tags of which nothing came live since the start; the first value then is the present one, known or not. */
  readonly begun = new Set<string>();
  readonly server: SimulatedServer;

  constructor(server: SimulatedServer) {
    this.server = server;
  }
  readonly handlers = {
    onBatch: (samples: Sample[], delivery: Delivery): void => {
      if (delivery.duplicate) return;
      for (const { tag, value } of samples) {
        const isPresent = !delivery.backfilled && this.begun.delete(tag);
        const counts = this.delivered[Number(tag)]!;
        const times = (counts.get(value as number) ?? 0) + 1;
        counts.set(value as number, times);
        if (times > 1 && !isPresent) this.faults.push(`${tag}: ${JSON.stringify(value)} came ${times} times`);
      }
    },
    onGap: (gap: Gap): void => {
      this.gaps.push(gap);
      if (!gap.backfilled) return;
      for (const tag of gap.tags) {
        const missing = this.missing(Number(tag)).filter((value) => isWithin(gap, value));
        if (missing.length > 0)
          this.faults.push(
            `${tag}: ${JSON.stringify({ ...gap, tags: 0 })} said to be filled without ${missing.length}`,
          );
      }
    },
    onTagError: (): void => undefined,
    onStalled: (): void => undefined,
  };
  /** The values that did not come, from the first one on that ever came. */
  missing(tag: number): Recorded[] {
    const came = this.delivered[tag]!;
    const [first = Infinity] = came.keys();
    return this.server.values[tag]!.filter(({ count }) => count > first && !came.has(count));
  }
  /** What is missing without a word, and gaps that could have been filled and are not. */
  conclude({ losesHistory, actions }: Scenario): void {
    const keepsAll = !losesHistory || actions.every(({ kind }) => kind !== 'restart');
    for (const tag of periodsMs.keys()) {
      if (this.delivered[tag]!.size === 0) this.faults.push(`${tag}: nothing came`);
      const about = this.gaps.filter(({ tags }) => tags.includes(String(tag)));
      const missing = this.missing(tag);
      const silent = missing.filter((value) => !about.some((gap) => isWithin(gap, value)));
      if (silent.length > 0) this.faults.push(`${tag}: missing in no gap: ${text(silent)}`);
      if (keepsAll && missing.length > 0) this.faults.push(`${tag}: not fetched: ${text(missing)}`);
    }
  }
}

/** A gap names the server's time, or the source's where that has a clock of its own. */
function isWithin({ from, to }: Gap, { atMs, cameMs }: Recorded): boolean {
  return [atMs, cameMs].some((ms) => Date.parse(from) <= ms && ms <= Date.parse(to));
}

function text(values: readonly Recorded[]): string {
  const [first, last] = [values[0]!, values.at(-1)!];
  return `${values.length}, ${isoInstant(first.atMs)} to ${isoInstant(last.atMs)}`;
}

describe('OPC UA backfill on a simulated server, in simulated time', function () {
  this.timeout(300_000);
  const folder = temporaryFolder('backfill-model');
  let runs = 0;
  before(() => {
    mkdirSync(folder.path, { recursive: true });
  });
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: Date.parse('2026-11-26T06:00:00Z') });
    const base = Date.now();
    mock.method(performance, 'now', () => Date.now() - base);
  });
  afterEach(() => {
    mock.restoreAll();
    mock.timers.reset();
  });
  after(() => folder.remove());

  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  async function pass(ms: number, step = stepMs): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      mock.timers.tick(step);
      await turn();
    }
  }
  async function settled(promise: Promise<unknown>): Promise<void> {
    const state = { done: false };
    void promise.finally(() => {
      state.done = true;
    });
    while (!state.done) await pass(stepMs);
  }

  async function run(scenario: Scenario): Promise<Judge> {
    const random = seededRandom(scenario.seed);
    const server = new SimulatedServer({ ...scenario, random, tags: periodsMs.length });
    const judge = new Judge(server);
    const queueFolder = join(folder.path, String(runs++));
    const counts = periodsMs.map(() => 0);
    for (const tag of periodsMs.keys()) server.set(tag, 0);
    const clocks = periodsMs.map((ms, tag) => setInterval(() => server.set(tag, ++counts[tag]!), ms));
    let connection: OpcuaConnection;
    let source: TagSource;
    const open = () => {
      for (const tag of periodsMs.keys()) judge.begun.add(String(tag));
      connection = runConnection(
        { endpointUrl: 'opc.tcp://simulated', security: 'none', login: 'anonymous', folder: '', random },
        server.dial,
      );
      source = openTagSource(
        {
          ...{ connection, publishingMs: 100, holdSeconds: scenario.holdSeconds, batchSize: 50, backfill: true },
          tags: periodsMs.map((_, tag) => ({ tag: String(tag), nodeId: `ns=1;s=${tag}`, intervalMs: 0 })),
          delivery: 'at-the-output',
          queue: { name: 'q', folder: queueFolder, limitBytes: 2 ** 24 },
        },
        judge.handlers,
      );
    };
    const close = () => settled(source.close().then(() => connection.close()));
    open();
    await pass(1_500);
    const beganMs = Date.now();
    for (const { atMs, kind, forMs } of scenario.actions.toSorted((a, b) => a.atMs - b.atMs)) {
      await pass(beganMs + atMs - Date.now());
      if (kind === 'cut') {
        server.cut();
        setTimeout(() => server.mend(), forMs);
      } else if (kind === 'lose-sessions') server.loseSessions();
      else if (kind === 'restart') server.restart(scenario.losesHistory);
      else if (kind === 'forget') server.forgetMessages();
      else if (kind === 'history-fails') server.failHistory(Date.now() + 2 * forMs);
      else if (kind === 'stall') server.stall(forMs);
      else {
        await close();
        await pass(forMs);
        open();
      }
    }
    await pass(beganMs + actionsUntilMs + 8_000 - Date.now());
    for (const clock of clocks) clearInterval(clock);
    await pass(5_000);
    await pass(quietMs, 250);
    judge.conclude(scenario);
    await close();
    server.end();
    return judge;
  }

  it('brings each value once, misses none without a word, and says filled only where nothing is missing', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const { faults, gaps } = await run(scenario);
        assert.deepEqual(faults.slice(0, 5), [], JSON.stringify(gaps.slice(0, 6)));
      }),
      { seed: 7, numRuns: 10, endOnFailure: true, examples: [[firstMessageEarly], [historyLate], [longRecovery]] },
    );
  });
});
