import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Delivery, Gap, Sample } from '../../src/contracts/index.ts';
import { sleep } from '../../src/kernel/index.ts';
import { startFaultyServer, type FaultyServer } from '../support/faulty-server.ts';
import { judgeLoss, lossLine, type Written } from '../support/loss.ts';
import { temporaryFolder, until } from '../support/opcua.ts';

const script = fileURLToPath(new URL('../support/tag-source-child.ts', import.meta.url));
const tags = ['C0', 'C1', 'C2'];

/** What one run of the process has said. */
interface Run {
  process: ChildProcess;
  batches: { samples: Sample[]; delivery: Delivery }[];
  gaps: Gap[];
  refusing: boolean[];
}

describe('OPC UA faults of the client process', function () {
  this.timeout(90_000);
  const folder = temporaryFolder('faults-client');
  let server: FaultyServer;
  const running: Run[] = [];

  before(async () => {
    server = await startFaultyServer({ folder: join(folder.path, 'server'), variables: tags });
  });
  after(async () => {
    for (const run of running) run.process.kill('SIGKILL');
    await server.close();
    folder.remove();
  });

  function start(own: string, before: readonly string[] = [], limitBytes = 4_000_000): Run {
    const rows = JSON.stringify(tags.map((tag) => ({ tag, nodeId: server.nodeId(tag) })));
    const [command, ...args] = [...before, process.execPath, script, server.endpointUrl, own, rows, String(limitBytes)];
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const run: Run = { process: child, batches: [], gaps: [], refusing: [] };
    running.push(run);
    createInterface(child.stdout).on('line', (line) => {
      const said = JSON.parse(line) as { gap?: Gap; refusing?: boolean; samples?: Sample[]; delivery?: Delivery };
      if (said.samples) run.batches.push({ samples: said.samples, delivery: said.delivery! });
      if (said.gap) run.gaps.push(said.gap);
      if (said.refusing !== undefined) run.refusing.push(said.refusing);
    });
    return run;
  }
  async function kill(run: Run): Promise<void> {
    run.process.kill('SIGKILL');
    await once(run.process, 'close');
  }
  function startCounting(written: Written[]) {
    let counter = 0;
    const count = () => {
      counter++;
      const sourceMs = Date.now();
      for (const tag of tags) {
        server.set(tag, counter, sourceMs);
        written.push({ tag, value: counter, sourceMs });
      }
      return counter;
    };
    const timer = setInterval(count, 10);
    return { count, stop: () => clearInterval(timer) };
  }
  const samplesOf = (runs: readonly Run[], of: (delivery: Delivery) => boolean = () => true) =>
    runs.flatMap(({ batches }) => batches.filter(({ delivery }) => of(delivery)).flatMap(({ samples }) => samples));
  const has = (run: Run, value: number) =>
    tags.every((tag) => samplesOf([run]).some((sample) => sample.tag === tag && sample.value === value));

  it('kill -9 in the middle of batches, three times: what was taken comes again marked, the rest is an exact gap', async () => {
    const own = join(folder.path, 'killed');
    const written: Written[] = [];
    const counting = startCounting(written);
    const runs: Run[] = [];
    for (const liveMs of [333, 471, 602]) {
      const run = start(own);
      runs.push(run);
      await until('live values', () => run.batches.some(({ delivery }) => !delivery.duplicate), 30_000);
      await sleep(liveMs);
      await kill(run);
    }
    const last = start(own);
    runs.push(last);
    await until('live values', () => last.batches.some(({ delivery }) => !delivery.duplicate), 30_000);
    counting.stop();
    const final = counting.count();
    await until('last values', () => has(last, final), 30_000);
    await kill(last);

    const fresh = samplesOf(runs, ({ duplicate }) => !duplicate);
    const again = samplesOf(runs, ({ duplicate }) => duplicate === true);
    const nameOf = ({ tag, value }: Sample) => `${tag} ${JSON.stringify(value)}`;
    const seen = new Set(fresh.map(nameOf));
    // A process may die between taking a batch and saying so: then the batch is heard of first as a duplicate.
    const unheard = again.filter((one) => !seen.has(nameOf(one)));
    const firstHeard = unheard.filter(
      (one, at) => unheard.findIndex(({ tag, value }) => tag === one.tag && value === one.value) === at,
    );
    assert.ok(again.length > 0);
    const byTime = [...fresh, ...firstHeard].sort((a, b) => (a.sourceTime < b.sourceTime ? -1 : 1));
    const report = judgeLoss(
      written,
      byTime,
      runs.flatMap(({ gaps }) => gaps),
    );
    assert.ok(report.lost > 0, lossLine(report));
    const { unreported, repeated, disordered, empty, inside } = report;
    assert.deepEqual(
      { unreported, repeated, disordered, empty, inside },
      { unreported: [], repeated: 0, disordered: 0, empty: [], inside: [] },
      lossLine(report),
    );
  });

  it('a disk that is full: it says so, keeps what it took, loses exactly what it reports, and takes again', async () => {
    const own = join(folder.path, 'full');
    const written: Written[] = [];
    const counting = startCounting(written);
    // No file may grow beyond 16 KB: the system refuses the write as a full disk does.
    const limited = ['sh', '-c', 'ulimit -f 32; exec "$@"', 'sh'];
    const run = start(own, limited, 400_000);
    await until('refusal', () => run.refusing.includes(true), 40_000);
    await sleep(300);
    counting.stop();
    const taken = samplesOf([run]);
    await kill(run);

    const second = start(own);
    await until('live values', () => second.batches.some(({ delivery }) => !delivery.duplicate), 30_000);
    const final = counting.count();
    await until('last values', () => has(second, final), 30_000);
    await kill(second);
    const unconfirmed = run.batches.filter(({ delivery }) => delivery.offset % 2 === 1);
    const again = new Set(second.batches.map(({ delivery }) => (delivery.duplicate ? delivery.offset : -1)));
    assert.deepEqual(
      unconfirmed.filter(({ delivery }) => !again.has(delivery.offset)).map(({ delivery }) => delivery.offset),
      [],
    );
    const fresh = samplesOf([second], ({ duplicate }) => !duplicate);
    const report = judgeLoss(written, [...taken, ...fresh], [...run.gaps, ...second.gaps]);
    assert.ok(report.lost > 0, lossLine(report));
    assert.deepEqual([report.unreported, report.repeated], [[], 0], lossLine(report));
  });

  it('a slow consumer: the queue grows to its limit and no further, and what it refused is an exact gap', async () => {
    const own = join(folder.path, 'slow');
    const written: Written[] = [];
    const counting = startCounting(written);
    const limitBytes = 60_000;
    const run = start(own, [], limitBytes);
    await until('refusal', () => run.refusing.includes(true), 40_000);
    const onDisk = readdirSync(join(own, 'queue'))
      .filter((name) => name.endsWith('.seg'))
      .reduce((sum, name) => sum + statSync(join(own, 'queue', name)).size, 0);
    assert.ok(onDisk <= limitBytes, `${onDisk} bytes`);
    await sleep(300);
    run.process.stdin!.write('confirm all\n');
    await until('acceptance', () => run.refusing.at(-1) === false, 30_000);
    counting.stop();
    const final = counting.count();
    await until('last values', () => has(run, final), 30_000);
    await kill(run);
    const report = judgeLoss(written, samplesOf([run]), run.gaps);
    assert.ok(report.lost > 0, lossLine(report));
    const { unreported, repeated, disordered, empty, inside } = report;
    assert.deepEqual([unreported, repeated, disordered, empty, inside], [[], 0, 0, [], []], lossLine(report));
    assert.deepEqual([...new Set(run.gaps.map(({ reason }) => reason))], ['overflow']);
  });
});
