import { join } from 'node:path';
import { openOpcuaConnection, type OpcuaConnection } from '../../src/connect/index.ts';
import type { Gap, Sample } from '../../src/contracts/index.ts';
import { sleep } from '../../src/kernel/index.ts';
import { startFaultyServer, type FaultyServer, type FaultyServerOptions } from './faulty-server.ts';
import { judgeLoss, type LossReport, type Written } from './loss.ts';
import { temporaryFolder, until, Witness } from './opcua.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** What a fault is tried on. */
interface ScenarioOptions {
  /** Folder below which server and client keep their certificates. */
  folder: string;
  server?: Partial<FaultyServerOptions>;
  /** Tags that count up, each every `periodMs`. */
  tags?: number;
  periodMs?: number;
  publishingMs?: number;
  holdSeconds?: number;
  /** By `ns=` index instead of by namespace URI. */
  indexed?: boolean;
}

/** A server behind a proxy, a client that subscribes to its counters, and what the fault may do to them. */
export interface Scenario {
  server: FaultyServer;
  proxy: TcpProxy;
  connection: OpcuaConnection;
  witness: Witness;
  readonly gaps: Gap[];
  readonly samples: Sample[];
  /** Pauses the counting, for the time that a server is away. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** One count of all tags now. */
  readonly count: () => void;
  /** Waits for so many further counts. */
  readonly counts: (n: number) => Promise<void>;
  /** The next n messages are sent into the void; waits until they are. */
  readonly withhold: (n: number) => Promise<void>;
  /** Closes the server and starts another one in its place, after so many milliseconds. */
  readonly restart: (options?: Partial<FaultyServerOptions>, downMs?: number) => Promise<void>;
  /** Waits until the connection has been online for the n-th time. */
  readonly online: (times: number, limitMs?: number) => Promise<void>;
  /** Tags whose variable is taken away at present do not count. */
  readonly absent: Set<string>;
}

/** What became of all values, and what the server was left with. */
export type FaultReport = LossReport & { scenario: Scenario; sessionsLeft: number; subscriptionsLeft: number };

const settleMs = 400;

/** Lets a fault happen while counters run, heals it, and says what became of all that was written. */
export async function tryFault(
  options: ScenarioOptions,
  fault: (scenario: Scenario) => Promise<void>,
): Promise<FaultReport> {
  const { folder, tags = 3, periodMs = 20, publishingMs = 100, holdSeconds = 20 } = options;
  const names = Array.from({ length: tags }, (_, index) => `C${index}`);
  const started = { folder: join(folder, 'server'), variables: names, ...options.server };
  const written: Written[] = [];
  const absent = new Set<string>();
  const witness = new Witness();
  let counter = 0;
  let running = false;
  const server = await startFaultyServer(started);
  const proxy = await openTcpProxy(server.port);
  const connection = openOpcuaConnection({
    endpointUrl: `opc.tcp://127.0.0.1:${proxy.port}`,
    security: 'none',
    login: 'anonymous',
    folder: join(folder, 'client'),
    onState: witness.onState,
  });
  const scenario: Scenario = {
    ...{ server, proxy, connection, witness, absent, gaps: witness.gaps, samples: witness.samples },
    pause: () => (running = false),
    resume: () => (running = true),
    count() {
      counter++;
      const sourceMs = Date.now();
      for (const tag of names) {
        if (absent.has(tag)) continue;
        scenario.server.set(tag, counter, sourceMs);
        written.push({ tag, value: counter, sourceMs });
      }
    },
    async counts(n) {
      const enough = counter + n;
      await until(`${n} counts`, () => counter >= enough, 30_000);
    },
    async withhold(n) {
      scenario.server.withholdNotifications(n);
      await until('withheld', () => scenario.server.withheld === 0);
    },
    async restart(changed = {}, downMs = 300) {
      scenario.pause();
      const { port } = scenario.server;
      await scenario.server.close();
      await sleep(downMs);
      scenario.server = await startFaultyServer({ ...started, port, ...changed });
      scenario.resume();
    },
    async online(times, limitMs = 30_000) {
      const isOnline = () => witness.states.filter(({ state }) => state === 'online').length >= times;
      await until(`online for time ${times}`, isOnline, limitMs);
    },
  };
  const rows = names.map((tag) => {
    const nodeId = options.indexed ? server.indexedNodeId(tag) : server.nodeId(tag);
    return { tag, nodeId, intervalMs: 0 };
  });
  connection.subscribe({ tags: rows, publishingMs, holdSeconds }, witness);
  await until('first values', () => witness.samples.length >= tags);
  const timer = setInterval(() => {
    if (running) scenario.count();
  }, periodMs);
  try {
    running = true;
    await sleep(settleMs);
    await fault(scenario);
    await sleep(settleMs);
    running = false;
    // One more count closes what is still open, and shows that the values flow again.
    scenario.count();
    const last = counter;
    const hasLast = () => names.every((tag) => absent.has(tag) || witness.values(tag).includes(last));
    await until('last values', hasLast, 45_000);
  } finally {
    clearInterval(timer);
    await connection.close();
    await sleep(50);
  }
  const [sessionsLeft, subscriptionsLeft] = [scenario.server.sessions, scenario.server.subscriptions];
  await proxy.close();
  await scenario.server.close();
  return { ...judgeLoss(written, witness.samples, witness.gaps), scenario, sessionsLeft, subscriptionsLeft };
}

/** A fault, and what must hold afterwards. */
export interface Trial {
  name: string;
  options?: Omit<ScenarioOptions, 'folder'>;
  fault: (scenario: Scenario) => Promise<void>;
  judge: (report: FaultReport) => void;
}

const atOnce = 5;

/** Tests of faults; they mostly wait, so several are tried at once, each on a server of its own. */
export function describeTrials(title: string, trials: readonly Trial[]): void {
  describe(title, function () {
    this.timeout(120_000);
    const folder = temporaryFolder('faults');
    const reports = trials.map(() => Promise.withResolvers<FaultReport>());
    before(() => {
      const waiting = trials.entries();
      const work = async () => {
        for (const [index, { options, fault }] of waiting) {
          const { resolve, reject } = reports[index]!;
          await tryFault({ ...options, folder: join(folder.path, String(index)) }, fault).then(resolve, reject);
        }
      };
      for (let worker = 0; worker < atOnce; worker++) void work();
      for (const { promise } of reports) promise.catch(() => undefined);
    });
    after(() => folder.remove());
    for (const [index, { name, judge }] of trials.entries())
      it(name, async () => {
        judge(await reports[index]!.promise);
      });
  });
}
