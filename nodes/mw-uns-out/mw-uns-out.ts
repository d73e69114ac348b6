import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { compileTemplate, markDuplicate, openForwarder, openJsonEncoder } from '../../src/connect/index.ts';
import { openSampleForwarder, type Qos } from '../../src/connect/index.ts';
import { unsOutNode, type Connection, type Samples, type UnsContract } from '../../src/contracts/index.ts';
import { MillwrightError } from '../../src/kernel/index.ts';
import type { BrokerService } from '../mw-uns-broker/mw-uns-broker.ts';
import { confirmDelivery } from '../shared/delivery.ts';
import type { Admitted } from '../shared/door.ts';
import { plainSample } from '../shared/plain-sample.ts';
import { registerNode } from '../shared/wrapper.ts';

/** Messages of one turn of the event loop are written to the disk together. */
const concurrency = 1_000;
const mostRefusals = 1_000;

/** Where messages go: on topics of their own, or through an edge node. */
interface Outlet {
  /** Takes a message, durably; tells later, or at once, how much of it has arrived. */
  take(incoming: Admitted, confirmed: (count: number) => void): Promise<void> | void;
  waiting: () => number;
  close: () => void;
}

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: unsOutNode,
    simpleForm: plainSample,
    inbox: { limit: 10_000, concurrency },
    create: async ({ use, config, node, fail, status, text, logger }) => {
      const broker = await use<BrokerService>(config.broker, 'broker');
      const refused = new Set<string>();
      let present: Connection | undefined;
      let sent = 0;
      const queue = {
        name: `uns-out/${node.id}`,
        folder: join(RED.settings.userDir ?? process.cwd(), 'millwright/queues', node.id),
        limitBytes: config.queueMegabytes * 1e6,
        limitAgeMs: config.queueHours * 3_600_000,
      };
      const common = {
        ...{ queue, logger },
        onRefused(error: MillwrightError) {
          const key = `${error.code} ${String(error.params.topic)}`;
          if (refused.has(key) || refused.size >= mostRefusals) return;
          refused.add(key);
          fail(error);
        },
        onExpired(count: number) {
          fail(new MillwrightError('MW_UNS_EXPIRED', { count, hours: config.queueHours }));
        },
      };

      function openJson(): Outlet {
        const template = compileTemplate(config.template || broker.config.template, broker.levels);
        const encoder = openJsonEncoder(template, Number(config.qos) as Qos, config.retain);
        const forwarder = openForwarder({ ...common, link: broker.link('out'), markDuplicate });
        return {
          async take({ type, mw, payload, message }, confirmed) {
            const topic = typeof message.topic === 'string' && message.mw !== undefined ? { topic: message.topic } : {};
            const messages = encoder.encode({ type: type as UnsContract, mw, payload, ...topic });
            const count = messages.length;
            if (count === 0) confirmed(0);
            else
              await forwarder.take(messages, () => {
                confirmed(count);
              });
          },
          waiting: () => forwarder.waiting,
          close() {
            forwarder.close();
          },
        };
      }
      async function openSparkplug(): Promise<Outlet> {
        const forwarder = openSampleForwarder({ ...common, edge: await broker.sparkplug.edge() });
        return {
          take({ type, mw, payload }, confirmed) {
            const { samples } = payload as Samples;
            if (type !== 'mw.samples.v1')
              throw new MillwrightError('MW_CONTRACT_UNKNOWN', { type, expected: 'mw.samples.v1' });
            if (samples.length === 0) confirmed(0);
            else
              forwarder.take(samples, mw.delivery?.backfilled === true, () => {
                confirmed(samples.length);
              });
          },
          waiting: () => forwarder.waiting,
          close() {
            forwarder.close();
          },
        };
      }
      const outlet = broker.config.encoding === 'json' ? openJson() : await openSparkplug();
      function show(): void {
        const waiting = outlet.waiting();
        if (present?.state === 'online') status('ok', text('status.sent', { count: String(sent) }));
        else if (waiting > 0) status('connecting', text('status.waiting', { count: String(waiting) }));
        else if (present?.state === 'failed') status('error', text('status.offline'));
        else if (present?.state === 'idle') status('idle', text('status.offline'));
        else status('connecting', text(present?.state === 'recovering' ? 'status.recovering' : 'status.connecting'));
      }
      const unlisten = broker.onState('out', (state) => {
        present = state;
        show();
      });
      return {
        async handle(incoming) {
          const { delivery } = incoming.mw;
          await outlet.take(incoming, (count) => {
            sent += count;
            confirmDelivery(delivery);
            show();
          });
          if (present?.state !== 'online') show();
        },
        close() {
          unlisten();
          outlet.close();
        },
      };
    },
  });
}
