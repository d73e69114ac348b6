import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { openOpcuaConnection, type OpcuaConnection } from '../../src/connect/index.ts';
import { sleep } from '../../src/kernel/index.ts';
import { assertExact, judgeLoss, lossLine, type Written } from '../support/loss.ts';
import { temporaryFolder, until, Witness } from '../support/opcua.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const script = fileURLToPath(new URL('../support/clock-server.ts', import.meta.url));
const hourMs = 3_600_000;

describe('OPC UA faults of the clock', function () {
  this.timeout(60_000);
  const folder = temporaryFolder('faults-clock');
  let server: ChildProcessByStdio<Writable, Readable, null>;
  let written: Written[];
  let proxy: TcpProxy;
  let witness: Witness;
  let connection: OpcuaConnection;
  let runs = 0;

  async function start(offsetMs: number): Promise<void> {
    written = [];
    witness = new Witness();
    let found: { port: number; nodeId: string } | undefined;
    const own = join(folder.path, String(runs++));
    server = spawn(process.execPath, [script, join(own, 'server'), String(offsetMs)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface(server.stdout).on('line', (line) => {
      // The library writes warnings there, too.
      if (!line.startsWith('{')) return;
      const said = JSON.parse(line) as { port: number; nodeId: string } | Written;
      if ('port' in said) found = said;
      else written.push(said);
    });
    await until('server', () => found !== undefined, 40_000);
    proxy = await openTcpProxy(found!.port);
    connection = openOpcuaConnection({
      ...{ endpointUrl: `opc.tcp://127.0.0.1:${proxy.port}`, security: 'none', login: 'anonymous' },
      folder: join(own, 'client'),
      onState: witness.onState,
    });
    const tags = [{ tag: 'Counter', nodeId: found!.nodeId, intervalMs: 0 }];
    connection.subscribe({ tags, publishingMs: 100, holdSeconds: 20 }, witness);
    await until('first value', () => witness.samples.length > 20);
  }
  const turn = (offsetMs: number) => server.stdin.write(`${offsetMs}\n`);
  async function cutPastLifetime(meanwhile?: () => void): Promise<void> {
    proxy.cut();
    await sleep(2_000);
    meanwhile?.();
    proxy.mend();
    await until('gap', () => witness.gaps.length > 0, 30_000);
    await sleep(500);
  }
  async function judged() {
    const report = judgeLoss(written, witness.samples, witness.gaps);
    await connection.close();
    return { ...report, sessionsLeft: 0, subscriptionsLeft: 0 };
  }
  afterEach(async () => {
    await connection.close();
    await proxy.close();
    server.kill('SIGKILL');
  });
  after(() => folder.remove());

  for (const hours of [5, -5])
    it(`a server ${hours} h off: its gap is exact by its own clock`, async () => {
      await start(hours * hourMs);
      await cutPastLifetime();
      const report = await judged();
      assert.ok(report.lost > 20, lossLine(report));
      assertExact(report);
      const offMs = Date.parse(witness.gaps[0]!.to) - Date.now();
      assert.ok(Math.abs(offMs - hours * hourMs) < 60_000, `${offMs} ms`);
    });

  it('a clock that jumps back and forth while connected: nothing is lost and no gap is invented', async () => {
    await start(0);
    for (const offsetMs of [-hourMs, hourMs, 0]) {
      turn(offsetMs);
      await sleep(500);
    }
    const { lost, repeated, disordered, gaps } = await judged();
    assert.deepEqual({ lost, repeated, disordered, gaps }, { lost: 0, repeated: 0, disordered: 0, gaps: 0 });
  });

  it('a clock that was set back during a cut: all that is missing lies in the gap', async () => {
    await start(0);
    await cutPastLifetime(() => turn(-hourMs));
    const report = await judged();
    assert.ok(report.lost > 20, lossLine(report));
    assert.deepEqual([report.unreported, report.repeated], [[], 0], lossLine(report));
  });
});
