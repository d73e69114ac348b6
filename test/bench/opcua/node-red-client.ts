import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Node } from 'node-red';
import type { Delivery, Samples } from '../../../src/contracts/index.ts';
import { root } from '../../../src/tooling/project.ts';
import { runClient } from './client-run.ts';

/** The part of Node-RED's own runtime that an embedding program uses. */
interface Runtime {
  init(server: unknown, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  nodes: {
    registerType(set: string, type: string, constructor: (this: Node, definition: object) => void): void;
    createNode(node: Node, definition: object): void;
  };
  runtime: { flows: { setFlows(options: object): Promise<unknown> } };
}

interface SamplesMessage {
  payload: Samples;
  mw: { delivery?: Delivery };
}

const packageName = '@millwright/node-red-shopfloor';

/** Our nodes as they ship, in a Node-RED of their own, with a sink that confirms each message. */
runClient(async (task, tally) => {
  const userDir = join(task.folder, 'user');
  const link = join(userDir, 'node_modules', packageName);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(root, link);
  writeFileSync(join(userDir, 'package.json'), JSON.stringify({ name: 'user', dependencies: { [packageName]: '*' } }));
  const { confirmDelivery } = (await import(pathToFileURL(join(root, 'dist/nodes/shared/delivery.js')).href)) as {
    confirmDelivery: (delivery: Delivery | undefined) => void;
  };
  const red = createRequire(import.meta.url)('node-red') as Runtime;
  const server = createServer();
  red.init(server, {
    userDir,
    disableEditor: true,
    credentialSecret: 'bench',
    telemetry: { enabled: false, updateNotification: false },
    externalModules: { palette: { allowInstall: false } },
    logging: { console: { level: 'error' } },
  });
  const tags = task.nodeIds.map((nodeId, index) => ({
    tag: `line-${index % 10}/machine-${index % 100}/signal-${index}`,
    nodeId,
    intervalMs: task.samplingMs,
  }));
  const indexOf = new Map(tags.map(({ tag }, index) => [tag, index]));
  /** Values mostly come in the order of the table, so that looking up the tag costs next to nothing, as in bare. */
  let next = 0;
  const find = (tag: string) => (tags[next]?.tag === tag ? next : indexOf.get(tag)!);
  red.nodes.registerType('bench', 'bench-sink', function (definition) {
    red.nodes.createNode(this, definition);
    this.on('input', (message, _send, done) => {
      const { payload, mw } = message as unknown as SamplesMessage;
      for (const { tag, value } of payload.samples) {
        const index = find(tag);
        tally.take(index, value);
        next = index + 1;
      }
      confirmDelivery(mw.delivery);
      done();
    });
  });
  await red.start();
  const endpoint = {
    id: 'endpoint',
    type: 'mw-opcua-endpoint',
    version: 1,
    endpointUrl: task.endpointUrl,
    security: 'none',
    login: 'anonymous',
  };
  const flow = [
    { id: 'tab', type: 'tab', label: 'bench' },
    {
      ...{ id: 'in', type: 'mw-opcua-in', z: 'tab', version: 1, wires: [['sink'], []] },
      ...{ endpoint: 'endpoint', tags, publishingMs: task.publishingMs, holdSeconds: task.holdSeconds },
      ...{ batchSize: 1_000, messages: task.messages, delivery: 'confirmed', queueMegabytes: 256 },
    },
    { id: 'sink', type: 'bench-sink', z: 'tab', wires: [] },
  ];
  const deploy = (flows: object[]) =>
    red.runtime.flows.setFlows({ flows: { flows }, deploymentType: 'nodes' }) as Promise<void>;
  await deploy([endpoint]);
  return {
    subscribe: () => deploy([endpoint, ...flow]).then(() => undefined),
    close: async () => {
      await red.stop();
    },
  };
});
