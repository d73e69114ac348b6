import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { openOpcuaConnection, type OpcuaConnection } from '../../src/connect/index.ts';
import { monotonicMs, sleep } from '../../src/kernel/index.ts';
import { startFaultyServer, type FaultyServer } from '../support/faulty-server.ts';
import { temporaryFolder, until, Witness } from '../support/opcua.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

describe('states of an OPC UA connection', function () {
  this.timeout(60_000);
  const folder = temporaryFolder('states');
  let server: FaultyServer;
  let proxy: TcpProxy;
  let witness: Witness;
  let connection: OpcuaConnection;
  const states = () => witness.states.map(({ state }) => state);
  const connect = (port = proxy.port) =>
    openOpcuaConnection({
      ...{ endpointUrl: `opc.tcp://127.0.0.1:${port}`, security: 'none', login: 'anonymous' },
      folder: join(folder.path, 'client'),
      onState: witness.onState,
    });

  before(async () => {
    server = await startFaultyServer({ folder: join(folder.path, 'server') });
  });
  after(async () => {
    await server.close();
    folder.remove();
  });
  beforeEach(async () => {
    proxy = await openTcpProxy(server.port);
    witness = new Witness();
  });
  afterEach(async () => {
    await connection.close();
    await proxy.close();
    assert.equal(server.sessions, 0);
  });
  async function closesSoon(): Promise<void> {
    const began = monotonicMs();
    await connection.close();
    assert.ok(monotonicMs() - began < 5_000, `${monotonicMs() - began} ms`);
    assert.deepEqual([connection.state.state, states().at(-1)], ['idle', 'idle']);
    const said = witness.states.length;
    await sleep(600);
    assert.equal(witness.states.length, said, 'closed for good');
  }

  it('goes from connecting to online, to recovering with the cause, to online, to idle', async () => {
    connection = connect();
    assert.deepEqual(states(), ['connecting']);
    await until('online', () => connection.state.state === 'online');
    proxy.cut();
    await until('recovering', () => connection.state.state === 'recovering');
    assert.ok(connection.state.cause);
    proxy.mend();
    await until('online', () => connection.state.state === 'online');
    assert.equal(connection.state.cause, undefined);
    await closesSoon();
    assert.equal(states()[0], 'connecting');
    assert.deepEqual([...new Set(states())], ['connecting', 'online', 'recovering', 'idle']);
  });

  it('failed where it never came about; first after half a second at most, then ever more rarely, up to 5 s', async () => {
    proxy.cut();
    const dialled: number[] = [];
    const refusing = createServer((socket) => {
      dialled.push(monotonicMs());
      socket.resetAndDestroy();
    });
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    connection = connect((refusing.address() as AddressInfo).port);
    await until('failed', () => connection.state.state === 'failed');
    assert.equal(witness.errors[0]?.code, 'MW_OPCUA_UNREACHABLE');
    await until('five attempts', () => dialled.length >= 5, 30_000);
    const pauses = dialled.slice(1).map((at, index) => at - dialled[index]!);
    // The attempt itself takes its time; the pause before it is between half and all of 0.5, 1, 2, 4 s.
    for (const [index, atMost] of [500, 1_000, 2_000, 4_000].entries())
      assert.ok(pauses[index]! >= atMost / 2 - 20 && pauses[index]! < atMost + 3_000, pauses.join(', '));
    assert.deepEqual([...new Set(states())], ['connecting', 'failed']);
    await closesSoon();
    refusing.close();
  });

  it('closes within five seconds while it connects to somebody who never answers', async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => {
      sockets.add(socket.resume());
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    connection = connect((mute.address() as AddressInfo).port);
    await until('attempt', () => sockets.size === 1);
    await closesSoon();
    await until('no socket left', () => sockets.size === 0, 5_000);
    mute.close();
  });

  it('closes within five seconds while it recovers, also while it takes up again over a dead line', async () => {
    connection = connect();
    connection.subscribe(
      { tags: [{ tag: 'a', nodeId: server.nodeId('Counter') }], publishingMs: 50, holdSeconds: 5 },
      witness,
    );
    await until('online', () => connection.state.state === 'online');
    proxy.cut();
    await until('recovering', () => connection.state.state === 'recovering');
    proxy.blackHole();
    proxy.halfOpen('server');
    await sleep(300);
    await closesSoon();
    server.dropSessions(true);
  });

  it('closes within five seconds over a dead line, and with its subscription half made', async () => {
    connection = connect();
    await until('online', () => connection.state.state === 'online');
    proxy.blackHole();
    const subscription = connection.subscribe(
      { tags: [{ tag: 'a', nodeId: server.nodeId('Counter') }], publishingMs: 50, holdSeconds: 5 },
      witness,
    );
    await sleep(100);
    const began = monotonicMs();
    await Promise.all([subscription.close(), closesSoon()]);
    assert.ok(monotonicMs() - began < 6_000);
    server.dropSessions(true);
  });

  it('leaves no subscription behind that was ended while it was being made', async () => {
    connection = connect();
    await until('online', () => connection.state.state === 'online');
    for (let round = 0; round < 20; round++) {
      const subscription = connection.subscribe(
        { tags: [{ tag: 'a', nodeId: server.nodeId('Counter') }], publishingMs: 50, holdSeconds: 5 },
        witness,
      );
      await sleep(round);
      await subscription.close();
    }
    await until('none left', () => server.subscriptions === 0);
    assert.equal(server.sessions, 1);
  });

  it('shares one session between two users of one endpoint, and does not storm a server that drops every session', async () => {
    connection = connect();
    const tags = [{ tag: 'a', nodeId: server.nodeId('Counter') }];
    connection.subscribe({ tags, publishingMs: 50, holdSeconds: 5 }, witness);
    connection.subscribe({ tags, publishingMs: 50, holdSeconds: 5 }, witness);
    await until('values of both', () => witness.samples.length === 2);
    assert.deepEqual([server.sessions, server.subscriptions], [1, 2]);
    const before = proxy.accepted;
    const timer = setInterval(() => server.dropSessions(true), 50);
    await sleep(5_000);
    clearInterval(timer);
    assert.ok(proxy.accepted - before <= 8, `${proxy.accepted - before} connections in 5 s`);
    await until('online', () => connection.state.state === 'online' && server.subscriptions === 2, 20_000);
  });
});
