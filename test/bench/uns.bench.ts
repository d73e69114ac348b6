import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { openForwarder, openMqttLink, openUnsSource, type Qos } from '../../src/connect/index.ts';
import { startMosquitto, until } from '../support/mqtt.ts';
import type { Bench } from './harness.ts';

/** Bytes of a message, as in the measured facts. */
const payload = Buffer.from(JSON.stringify({ value: 21.5, timestamp: 1_795_000_000_000, unit: 'Cel', n: 1 }));
const topic = 'acme/north/hall-1/L2/CNC-22/Temperature';
const inFlightLimit = 500;

/** Costs of one run. */
interface Cost {
  cpuMicrosecondsPerMessage: number;
  messagesPerSecond: number;
}

async function measure(count: number, work: () => Promise<void>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - begun) / 1000;
  return { cpuMicrosecondsPerMessage: (user + system) / count, messagesPerSecond: count / seconds };
}

/** The bare library: publishes with a number of messages in flight, and counts what comes back. */
async function bare(url: string, qos: Qos, count: number): Promise<Cost> {
  const open = () => mqtt.connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 });
  const [reader, writer]: MqttClient[] = await Promise.all([open(), open()]);
  await reader!.subscribeAsync(topic, { qos });
  const cost = await measure(count, async () => {
    let received = 0;
    let sent = 0;
    let inFlight = 0;
    await new Promise<void>((resolve) => {
      const fill = () => {
        while (sent < count && inFlight < inFlightLimit && sent - received < 2 * inFlightLimit) {
          sent++;
          inFlight++;
          writer!.publish(topic, payload, { qos }, () => {
            inFlight--;
            if (qos > 0) fill();
          });
        }
      };
      reader!.on('message', () => {
        if (++received === count) resolve();
        fill();
      });
      fill();
    });
  });
  await Promise.all([reader!.endAsync(), writer!.endAsync()]);
  return cost;
}

/** The same through our links, each message through a durable queue on both sides, and confirmed. */
async function durable(url: string, qos: Qos, count: number): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'mw-bench-uns-'));
  const links = [0, 1].map(() => openMqttLink({ url, protocol: '5' }));
  const [inbound, outbound] = links;
  await until(() => links.every((link) => link.state.state === 'online'));
  const queue = (name: string) => ({ name, folder: join(folder, name), limitBytes: 256e6, limitAgeMs: 3_600_000 });
  let received = 0;
  let finish: () => void = () => undefined;
  let fill: () => void = () => undefined;
  const source = openUnsSource(
    {
      link: inbound!,
      filters: [topic],
      qos,
      retained: 'take',
      tagOf: (name) => name,
      batchSize: 1_000,
      delivery: 'confirmed',
      queue: queue('in'),
    },
    {
      onMessage: () => undefined,
      onSamples(samples, { offset, part }) {
        received += samples.length;
        source.confirm(offset, part);
        if (received === count) finish();
        fill();
      },
      onGap: () => undefined,
      onError: () => undefined,
      onStalled: () => undefined,
    },
  );
  const forwarder = openForwarder({ link: outbound!, queue: queue('out') });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const cost = await measure(count, async () => {
    let sent = 0;
    let inFlight = 0;
    await new Promise<void>((resolve) => {
      finish = resolve;
      fill = () => {
        while (sent < count && inFlight < inFlightLimit && sent - received < 2 * inFlightLimit) {
          sent++;
          inFlight++;
          void forwarder.take([{ topic, payload, qos }], () => {
            inFlight--;
            fill();
          });
        }
      };
      fill();
    });
  });
  forwarder.close();
  await source.close(true);
  await Promise.all(links.map((link) => link.close()));
  rmSync(folder, { recursive: true });
  return cost;
}

const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;
const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/** Our link with store-and-forward on both sides beside the bare library, on mosquitto in its own process. */
export const bench: Bench = {
  about: 'messages through the durable queues of uns-out and uns-in beside the bare mqtt client, on mosquitto',
  options: {
    messages: { default: '20000', about: 'messages per run' },
    runs: { default: '3', about: 'runs of each, interleaved; medians count' },
  },
  keys: {
    ratioQos0: 'messages per CPU second of ours ÷ of the bare client, QoS 0 (goal ≥ 0.8)',
    ratioQos1: 'the same with QoS 1',
    ratioQos2: 'the same with QoS 2',
    ...Object.fromEntries(
      [0, 1, 2].flatMap((qos) => [
        [`bareMicrosecondsQos${qos}`, 'CPU time of this process per message, bare client, both sides'],
        [`durableMicrosecondsQos${qos}`, 'the same, ours'],
        [`barePerSecondQos${qos}`, 'messages per second, bare client'],
        [`durablePerSecondQos${qos}`, 'messages per second, ours'],
      ]),
    ),
  },
  async run(options) {
    const count = Number(options.messages);
    const broker = await startMosquitto(['max_inflight_messages 0']);
    const results: Record<string, number> = {};
    try {
      for (const qos of [0, 1, 2] as const) {
        const costs: { bare: Cost; durable: Cost }[] = [];
        for (let run = -1; run < Number(options.runs); run++) {
          const pair = { bare: await bare(broker.url, qos, count), durable: await durable(broker.url, qos, count) };
          if (run >= 0) costs.push(pair);
        }
        for (const kind of ['bare', 'durable'] as const) {
          const of = (key: keyof Cost) => median(costs.map((pair) => pair[kind][key]));
          results[`${kind}MicrosecondsQos${qos}`] = rounded(of('cpuMicrosecondsPerMessage'), 1);
          results[`${kind}PerSecondQos${qos}`] = rounded(of('messagesPerSecond'), 0);
        }
        const ratios = costs.map((p) => p.bare.cpuMicrosecondsPerMessage / p.durable.cpuMicrosecondsPerMessage);
        results[`ratioQos${qos}`] = rounded(median(ratios), 2);
      }
    } finally {
      await broker.close();
    }
    return results;
  },
};
