import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataType, StatusCodes, type UAVariable } from 'node-opcua';
import {
  openOpcuaConnection,
  openTagSource,
  type OpcuaConnection,
  type TagSource,
  type TagSourceOptions,
} from '../../src/connect/index.ts';
import type { Delivery, Gap, Sample } from '../../src/contracts/index.ts';
import { sleep } from '../../src/kernel/index.ts';
import { startRequestServer, type RequestServer } from '../support/opcua-requests.ts';
import { temporaryFolder, until } from '../support/opcua.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** What a tag source sent, by whether it came live or out of the history. */
class Taken {
  readonly live: Sample[] = [];
  readonly fetched: Sample[] = [];
  readonly gaps: Gap[] = [];

  readonly handlers = {
    onBatch: (samples: Sample[], delivery: Delivery): void => {
      if (!delivery.duplicate) (delivery.backfilled ? this.fetched : this.live).push(...samples);
    },
    onGap: (gap: Gap): void => void this.gaps.push(gap),
    onTagError: (tag: string): void => assert.fail(tag),
    onStalled: (): void => undefined,
  };

  all(tag: string): number[] {
    const samples = [...this.live, ...this.fetched].filter((sample) => sample.tag === tag);
    samples.sort((a, b) => (a.sourceTime < b.sourceTime ? -1 : a.sourceTime > b.sourceTime ? 1 : 0));
    return samples.map(({ value }) => value as number);
  }
  /** Whether there was a gap and each one is filled where there is history. */
  isSettled(): boolean {
    const kept = this.gaps.filter((gap) => gap.tags.includes('Plant/kept'));
    return kept.length > 0 && kept.length === 2 * kept.filter(({ backfilled }) => backfilled).length;
  }
  filled(): Gap[] {
    return this.gaps.filter(({ backfilled }) => backfilled);
  }
}

/** Each count from 0 to the last one came exactly once. */
function assertEachOnce(values: readonly number[], last: number, taken: Taken): void {
  const times = new Map<number, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  const missing = Array.from({ length: last + 1 }, (_, value) => value).filter((value) => !times.has(value));
  const repeated = [...times].filter(([value, count]) => count > 1 || value > last);
  const context = { gaps: taken.gaps, fetched: [taken.fetched.length, taken.fetched[0], taken.fetched.at(-1)] };
  assert.ok(missing.length + repeated.length === 0, JSON.stringify({ last, missing, repeated, ...context }));
}

const tags = [
  { tag: 'Plant/kept', nodeId: 'ns=1;s=Kept', intervalMs: 0 },
  { tag: 'Plant/lost', nodeId: 'ns=1;s=Lost', intervalMs: 0 },
];

describe('OPC UA backfill of gaps', () => {
  const folder = temporaryFolder('backfill');
  let server: RequestServer;
  let proxy: TcpProxy;
  let connection: OpcuaConnection;
  let variables: UAVariable[];
  let queues = 0;
  let count: number;
  let timer: NodeJS.Timeout | undefined;

  before(async () => {
    server = await startRequestServer(folder.path);
    const add = (browseName: string) =>
      server.namespace.addVariable({
        ...{ componentOf: server.plant, browseName, nodeId: `ns=1;s=${browseName}`, dataType: 'Double' },
        minimumSamplingInterval: 0,
        value: { dataType: 'Double', value: 0 },
      });
    variables = [add('Kept'), add('Lost')];
    server.server.engine.addressSpace!.installHistoricalDataNode(variables[0]!, { maxOnlineValues: 100_000 });
    proxy = await openTcpProxy(Number(new URL(server.endpointUrl.replace('opc.tcp', 'http')).port));
  });
  beforeEach(() => {
    connection = connect();
    count = 0;
    set();
  });
  afterEach(async () => {
    clearInterval(timer);
    await connection.close();
  });
  after(async () => {
    await proxy.close();
    await server.close();
    folder.remove();
  });

  function connect(): OpcuaConnection {
    return openOpcuaConnection({
      endpointUrl: `opc.tcp://127.0.0.1:${proxy.port}`,
      ...{ security: 'none', login: 'anonymous', folder: join(folder.path, 'client') },
    });
  }
  function set(): void {
    const now = new Date();
    for (const variable of variables)
      variable.setValueFromSource({ dataType: DataType.Double, value: count }, StatusCodes.Good, now);
  }
  function startCounting(periodMs: number): void {
    timer = setInterval(() => {
      count++;
      set();
    }, periodMs);
  }
  function options(queueFolder: string, holdSeconds: number): TagSourceOptions {
    return {
      ...{ connection, tags, publishingMs: 100, holdSeconds, batchSize: 50, delivery: 'confirmed', backfill: true },
      queue: { name: 'q', folder: queueFolder, limitBytes: 2 ** 24 },
      mostUnconfirmed: 100_000,
    };
  }
  const newFolder = () => join(folder.path, `queue${queues++}`);

  it('fetches what the server dropped in a long cut: each count exactly once; without history the gap stays', async () => {
    const taken = new Taken();
    const source = openTagSource(options(newFolder(), 1), taken.handlers);
    await until('first values', () => taken.live.length >= 2);
    startCounting(10);
    await sleep(400);
    proxy.cut();
    await sleep(3_000);
    proxy.mend();
    await until('gap', () => taken.gaps.length > 0);
    await sleep(400);
    clearInterval(timer);
    await until('gaps filled', () => taken.isSettled() && taken.all('Plant/kept').at(-1) === count);
    await source.close();

    assert.ok(taken.fetched.length > 50, String(taken.fetched.length));
    assertEachOnce(taken.all('Plant/kept'), count, taken);
    assert.ok(taken.all('Plant/lost').length < count - 50);
    assert.deepEqual(taken.gaps[0]?.tags.toSorted(), ['Plant/kept', 'Plant/lost']);
    assert.equal(taken.gaps[0].backfilled, false);
    assert.deepEqual(taken.filled(), [{ ...taken.gaps[0], tags: ['Plant/kept'], backfilled: true }]);
  });

  it('fetches what came between two subscriptions when the server lost the session', async () => {
    const taken = new Taken();
    const source = openTagSource(options(newFolder(), 5), taken.handlers);
    await until('first values', () => taken.live.length >= 2);
    startCounting(10);
    await sleep(300);
    proxy.cut();
    const { engine } = server.server;
    const sessions = Object.values(
      (engine as unknown as { _sessions: Record<string, { authenticationToken: never }> })._sessions,
    );
    for (const { authenticationToken } of sessions) engine.closeSession(authenticationToken, true, 'Terminated');
    await sleep(1_000);
    proxy.mend();
    await until('gap', () => taken.gaps.length > 0);
    await sleep(400);
    clearInterval(timer);
    await until('gaps filled', () => taken.isSettled() && taken.all('Plant/kept').at(-1) === count);
    await source.close();
    assert.equal(taken.filled()[0]?.reason, 'resubscribed');
    assertEachOnce(taken.all('Plant/kept'), count, taken);
  });

  it('fetches the time in which nothing ran, also where the process ended again before it came to that', async () => {
    const queueFolder = newFolder();
    const first = new Taken();
    let source: TagSource = openTagSource(options(queueFolder, 5), first.handlers);
    await until('first values', () => first.live.length >= 2);
    startCounting(10);
    await sleep(500);
    await source.close();
    await sleep(1_000);

    const second = new Taken();
    source = openTagSource(options(queueFolder, 5), second.handlers);
    await until('restart gap', () => second.gaps.length > 0 && second.live.length > 20);
    await source.close();
    assert.equal(second.fetched.length, 0);
    assert.ok(existsSync(join(queueFolder, 'backfill.json')));
    await sleep(200);

    const third = new Taken();
    source = openTagSource(options(queueFolder, 5), third.handlers);
    await until('restart gap', () => third.gaps.length > 0);
    await sleep(400);
    clearInterval(timer);
    await until('both gaps filled', () => third.filled().length === 2 && third.live.at(-1)?.value === count);
    await source.close();
    assertEachOnce(
      [first, second, third].flatMap((taken) => taken.all('Plant/kept')),
      count,
      third,
    );
    assert.deepEqual(
      third.filled().map(({ from, reason }) => [from, reason]),
      [second.gaps[0], third.gaps[0]].map((gap) => [gap?.from, 'restart']),
    );
    assert.deepEqual(JSON.parse(readFileSync(join(queueFolder, 'backfill.json'), 'utf8')), []);
  });
});
