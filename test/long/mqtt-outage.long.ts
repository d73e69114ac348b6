import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openForwarder, openMqttLink, openUnsSource, type Qos } from '../../src/connect/index.ts';
import { sleep } from '../../src/kernel/index.ts';
import { startMosquitto, until } from '../support/mqtt.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';

const minuteMs = 60_000;
const outageMs = 10 * minuteMs;
const everyMs = 20;

/** Numbers through both durable queues, over a broker that comes and goes. */
describe('a broker that is away for minutes', () => {
  for (const qos of [1, 2] as const)
    it(`gets everything in order when it is back, and so does who reads from it, with QoS ${qos}`, () => travel(qos));
});

async function travel(qos: Qos): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mw-outage-'));
  const broker = await startMosquitto(['autosave_interval 1']);
  const proxy = await openTcpProxy(broker.port);
  const url = `mqtt://127.0.0.1:${proxy.port}`;
  const keepAliveSeconds = 10;
  const inbound = openMqttLink({ url, protocol: '5', clientId: 'in', sessionExpirySeconds: 86_400, keepAliveSeconds });
  const outbound = openMqttLink({ url, protocol: '5', clientId: 'out', keepAliveSeconds });
  const queue = (name: string) => ({ name, folder: join(folder, name), limitBytes: 256e6, limitAgeMs: 86_400_000 });
  const received: number[] = [];
  const gaps: unknown[] = [];
  const source = openUnsSource(
    {
      ...{ link: inbound, filters: ['long/#'], qos, retained: 'take', tagOf: (topic) => topic, batchSize: 1_000 },
      ...{ delivery: 'confirmed', queue: queue('in') },
    },
    {
      onMessage: () => undefined,
      onSamples(samples, { offset, part }) {
        received.push(...samples.map(({ value }) => Number(value)));
        source.confirm(offset, part);
      },
      onGap: (gap) => gaps.push(gap),
      onError(error) {
        throw error;
      },
      onStalled: () => undefined,
    },
  );
  const forwarder = openForwarder({ link: outbound, queue: queue('out') });
  let sent = 0;
  const timer = setInterval(() => {
    void forwarder.take([{ topic: 'long/x', payload: Buffer.from(String(sent++)), qos }]);
  }, everyMs);
  await until(() => received.length > 100, minuteMs);

  await broker.stop();
  await sleep(outageMs);
  await broker.start();
  await until(() => received.includes(sent - 50), 2 * minuteMs);

  proxy.blackHole();
  await sleep(2 * minuteMs);
  proxy.mend();
  await until(() => received.includes(sent - 50), 2 * minuteMs);

  proxy.cut();
  await sleep(minuteMs);
  proxy.mend();
  clearInterval(timer);
  await until(() => received.includes(sent - 1) && forwarder.waiting === 0, 2 * minuteMs);

  const firsts = [...new Set(received)];
  assert.deepEqual(
    firsts,
    Array.from({ length: sent }, (_, at) => at),
  );
  assert.deepEqual(gaps, []);
  forwarder.close();
  await source.close(true);
  await Promise.all([inbound.close(), outbound.close()]);
  await proxy.close();
  await broker.close();
  rmSync(folder, { recursive: true });
}
