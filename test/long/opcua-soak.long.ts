import assert from 'node:assert/strict';
import { seededRandom, sleep, monotonicMs, type Random } from '../../src/kernel/index.ts';
import { lossLine } from '../support/loss.ts';
import { temporaryFolder, until } from '../support/opcua.ts';
import { tryFault, type Scenario } from '../support/opcua-scenario.ts';

/** `SOAK_MINUTES` and `SOAK_SEED` choose how long and which faults. */
const minutes = Number(process.env['SOAK_MINUTES'] ?? 5);
const seed = Number(process.env['SOAK_SEED'] ?? 1);
const longestMs = 3_000;
/** What one sample takes in the test's own log. */
const bytesPerSample = 1_000;
const spareBytes = 40e6;

type Fault = (scenario: Scenario, random: Random) => Promise<void>;
const some = (random: Random) => sleep(50 + random.int(longestMs));

const faults: Record<string, Fault> = {
  async cut({ proxy }, random) {
    proxy.cut(random.pick(['reset', 'end']));
    await some(random);
    proxy.mend();
  },
  async blackHole({ proxy }, random) {
    proxy.blackHole(random.pick(['both', 'toServer', 'toClient']));
    await some(random);
    proxy.mend();
  },
  async slow({ proxy }, random) {
    proxy.slow(random.int(100), 1 + random.int(200));
    await some(random);
    proxy.mend();
  },
  async flapping({ proxy }, random) {
    for (let round = 0; round < 6; round++) {
      proxy.cut();
      await sleep(random.int(300));
      proxy.mend();
      await sleep(random.int(600));
    }
  },
  async sessionDropped({ server }, random) {
    server.dropSessions(random.int(2) === 0);
    await sleep(500);
  },
  async sessionDroppedWhileCut({ server, proxy }, random) {
    proxy.cut();
    server.refuseTransfer(random.int(2) === 0);
    server.dropSessions(random.int(3) === 0);
    await some(random);
    proxy.mend();
    await some(random);
    server.refuseTransfer(false);
  },
  async messagesLost({ server, proxy }, random) {
    server.withholdNotifications(1 + random.int(4));
    if (random.int(2) === 0) server.refuse('Republish', 'BadServiceUnsupported', random.int(4));
    await sleep(500);
    server.forgetSentNotifications(random.int(3));
    if (random.int(2) === 0) proxy.cut();
    await sleep(300);
    proxy.mend();
    server.withholdNotifications(0);
    server.refuse('Republish', 'none');
  },
  async messagesSwapped({ server }) {
    server.swapNotifications();
    await sleep(500);
  },
  async requestsRefused({ server }, random) {
    server.refuse('Publish', random.pick(['BadTooManyPublishRequests', 'BadNoSubscription', 'BadTimeout']), 5);
    await sleep(1_000);
    server.refuse('Publish', 'none');
  },
  async nodeRemoved({ server, absent }, random) {
    const tag = `C${random.int(3)}`;
    absent.add(tag);
    server.removeVariable(tag);
    await some(random);
    server.addVariable(tag);
    absent.delete(tag);
  },
  async restart({ restart }, random) {
    const namespacesBefore = random.pick([[], ['urn:one'], ['urn:two', 'urn:three']]);
    await restart({ namespacesBefore }, random.int(longestMs));
  },
};

describe('OPC UA soak', () => {
  const folder = temporaryFolder('soak');
  after(() => folder.remove());

  it(`${minutes} min of random faults, seed ${seed}: all that was lost was reported, and memory stays flat`, async () => {
    const random = seededRandom(seed, 'soak');
    const counts = new Map<string, number>();
    const heapBytes: number[] = [];
    const options = {
      tags: 6,
      periodMs: 50,
      publishingMs: 100,
      server: { maxQueueSize: 50, maxNotificationsPerPublish: 10 },
    };
    const report = await tryFault({ ...options, folder: folder.path }, async (scenario) => {
      const end = monotonicMs() + minutes * 60_000;
      while (monotonicMs() < end) {
        const name = random.pick(Object.keys(faults));
        counts.set(name, (counts.get(name) ?? 0) + 1);
        await faults[name]!(scenario, random);
        if (random.int(3) > 0) await some(random);
        heapBytes.push(process.memoryUsage().heapUsed);
      }
      await until('online', () => scenario.connection.state.state === 'online', 60_000);
      await scenario.restart();
      await sleep(8_000);
    });
    const { written, unreported, repeated, disordered, sessionsLeft, subscriptionsLeft } = report;
    const tenth = Math.ceil(heapBytes.length / 10);
    const least = (list: number[]) => Math.min(...list);
    const grownBytes = least(heapBytes.slice(-tenth)) - least(heapBytes.slice(0, tenth));
    process.stdout.write(
      `seed ${seed}, ${minutes} min: ${[...counts].map(([name, count]) => `${name} ${count}`).join(', ')}\n` +
        `${lossLine(report)}\nheap grown by ${(grownBytes / 1e6).toFixed(1)} MB with the log of ${written} values\n`,
    );
    assert.deepEqual([unreported.slice(0, 20), repeated, disordered], [[], 0, 0]);
    assert.deepEqual({ sessionsLeft, subscriptionsLeft }, { sessionsLeft: 0, subscriptionsLeft: 0 });
    assert.ok(grownBytes < written * bytesPerSample + spareBytes, `${grownBytes} bytes more`);
  });
});
