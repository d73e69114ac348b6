import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queueSizeOf } from '../../src/connect/opcua/monitored-items.ts';
import { build } from '../../src/tooling/build.ts';
import type { Bench } from './harness.ts';
import { variablesBelow } from './opcua/browse.ts';
import type { ClientResult, ClientTask } from './opcua/client-run.ts';
import type { ServerReady, ServerTask } from './opcua/server.ts';

const forms = ['bare', 'batch', 'value'] as const;
type Form = (typeof forms)[number];

/** Our node in a real Node-RED beside the bare client library, on the same server, in turn. */
export const bench: Bench = {
  about: `mw-opcua-in in a headless Node-RED beside the bare node-opcua-client

Each run is a process of its own, run in turn (bare, batch, value, bare, …) on one server in another process. Ours is
the built package: mw-opcua-endpoint and mw-opcua-in with durable queue and confirmed delivery to a node that
confirms; bare is node-opcua-client with groups of monitored items. Both have the same publishing interval, sampling
interval and queue size, look up each value's tag, check its counter, and use no security. A run waits, takes the
processor time of the idle process (connected, Node-RED running, nothing subscribed), subscribes, warms up and
measures; what the idle process needs in the same time is subtracted. Medians over the runs.`,
  options: {
    endpoint: { default: '', about: 'opc.tcp://… of a server that runs already; else one of node-opcua is started' },
    folder: { default: '', about: 'node id of the folder on it, below which all variables are taken' },
    tags: { default: '2000', about: 'variables, as far as there are so many' },
    rate: { default: '4', about: 'changes a second of each variable' },
    values: { default: 'written', about: 'own server: written into the address space, or replayed at publishing' },
    sampling: { default: '', about: 'ms; else each change (own server) or half a period of change (endpoint)' },
    publishing: { default: '500', about: 'publishing interval in ms' },
    runs: { default: '3', about: 'runs of each client' },
    seconds: { default: '10', about: 'length of one measurement; idle and warm-up take half of it each' },
    hold: { default: '60', about: 'seconds that the server is asked to hold values for' },
  },
  keys: {
    server: 'what was measured against',
    valuesPerSecond: 'values a second that our node got in batches',
    batchRatio: 'processor time per value, one message a publish, over the bare client',
    perValueRatio: 'processor time per value, one message a value, over the bare client',
    lossBatch: 'values missing between counter values, all runs; "not countable" where no tag counts up',
    lossPerValue: 'the same with one message a value',
    lossBare: 'the same for the bare client',
    createSeconds: 'deploy to the first value of every tag, the first publish included',
    extraMegabytes: 'resident memory beyond the bare client, in batches',
    bareMicroseconds: 'processor time per value of the bare client, all threads',
    batchMicroseconds: 'of ours in batches',
    perValueMicroseconds: 'of ours with one message a value',
    perValueValuesPerSecond: 'values a second with one message a value',
    bareCreateSeconds: 'createSeconds of the bare client',
  },
  async run(options) {
    const folder = mkdtempSync(join(tmpdir(), 'mw-bench-opcua-'));
    const children = new Set<ChildProcess>();
    try {
      await build();
      const { server, endpointUrl, folderId } = await openServer(options, folder, children);
      const nodeIds = await variablesBelow(endpointUrl, folderId, Number(options.tags));
      const samplingMs =
        options.sampling === '' ? (options.endpoint ? 500 / Number(options.rate) : 0) : Number(options.sampling);
      const holdSeconds = Number(options.hold);
      const measureMs = Number(options.seconds) * 1000;
      const task = {
        ...{ endpointUrl, nodeIds, samplingMs, holdSeconds, measureMs },
        publishingMs: Number(options.publishing),
        queueSize: queueSizeOf(samplingMs, holdSeconds),
        idleMs: measureMs / 2,
        warmMs: measureMs / 2,
      };
      const results: Record<Form, ClientResult[]> = { bare: [], batch: [], value: [] };
      for (let run = 0; run < Number(options.runs); run++)
        for (const form of forms) {
          const own = join(folder, `${form}-${run}`);
          mkdirSync(own);
          const result = await runOnce(form, { ...task, messages: form === 'value' ? form : 'batch', folder: own });
          results[form].push(result);
          process.stderr.write(`${form.padEnd(6)} ${describe(result)}\n`);
        }
      return summarise(`${server}, ${nodeIds.length} tags`, results, measureMs / 1000);
    } finally {
      for (const child of children) child.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function openServer(
  options: Record<string, string>,
  folder: string,
  children: Set<ChildProcess>,
): Promise<{ server: string; endpointUrl: string; folderId: string }> {
  if (options.endpoint) {
    if (!options.folder) throw new Error('--endpoint needs --folder NODEID');
    return { server: options.endpoint, endpointUrl: options.endpoint, folderId: options.folder };
  }
  const values = options.values === 'replayed' ? 'replayed' : 'written';
  const child = fork(new URL('opcua/server.ts', import.meta.url));
  children.add(child);
  child.send({ tags: Number(options.tags), rate: Number(options.rate), values, folder } satisfies ServerTask);
  const ready = (await answer(child)) as ServerReady;
  return { server: `node-opcua, values ${values}`, ...ready };
}

async function runOnce(form: Form, task: ClientTask): Promise<ClientResult> {
  const file = form === 'bare' ? 'opcua/bare-client.ts' : 'opcua/node-red-client.ts';
  const child = fork(new URL(file, import.meta.url));
  child.send(task);
  return (await answer(child)) as ClientResult;
}

async function answer(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('a process of the benchmark ended without an answer');
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
  return message;
}

function summarise(server: string, results: Record<Form, ClientResult[]>, seconds: number) {
  const micros = (form: Form) => median(results[form].map(({ cpuMicroseconds, values }) => cpuMicroseconds / values));
  const of = (form: Form, key: 'values' | 'createSeconds' | 'residentMegabytes') =>
    median(results[form].map((result) => result[key]));
  const loss = (form: Form) => {
    const counted = results[form].map(({ lost }) => lost);
    return counted.every((lost) => lost !== undefined) ? counted.reduce((sum, lost) => sum + lost, 0) : 'not countable';
  };
  return {
    server,
    valuesPerSecond: Math.round(of('batch', 'values') / seconds),
    batchRatio: round(micros('batch') / micros('bare')),
    perValueRatio: round(micros('value') / micros('bare')),
    lossBatch: loss('batch'),
    lossPerValue: loss('value'),
    lossBare: loss('bare'),
    createSeconds: round(of('batch', 'createSeconds')),
    extraMegabytes: Math.round(of('batch', 'residentMegabytes') - of('bare', 'residentMegabytes')),
    bareMicroseconds: round(micros('bare')),
    batchMicroseconds: round(micros('batch')),
    perValueMicroseconds: round(micros('value')),
    perValueValuesPerSecond: Math.round(of('value', 'values') / seconds),
    bareCreateSeconds: round(of('bare', 'createSeconds')),
  };
}

function describe({
  values,
  cpuMicroseconds,
  idleShare,
  lost,
  createSeconds,
  residentMegabytes,
}: ClientResult): string {
  const micros = round(cpuMicroseconds / values);
  return `${values} values, ${micros} µs each, idle ${round(idleShare * 100)} %, lost ${lost ?? '?'}, created in ${round(createSeconds)} s, ${Math.round(residentMegabytes)} MB`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
