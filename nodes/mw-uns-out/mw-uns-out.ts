import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { compileTemplate, markDuplicate, openForwarder, openJsonEncoder, type Qos } from '../../src/connect/index.ts';
import { unsOutNode, type Connection, type UnsContract } from '../../src/contracts/index.ts';
import { MillwrightError } from '../../src/kernel/index.ts';
import type { BrokerService } from '../mw-uns-broker/mw-uns-broker.ts';
import { confirmDelivery } from '../shared/delivery.ts';
import { plainSample } from '../shared/plain-sample.ts';
import { registerNode } from '../shared/wrapper.ts';

/** Messages of one turn of the event loop are written to the disk together. */
const concurrency = 1_000;
const mostRefusals = 1_000;

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: unsOutNode,
    simpleForm: plainSample,
    inbox: { limit: 10_000, concurrency },
    create: async ({ use, config, node, fail, status, text, logger }) => {
      const broker = await use<BrokerService>(config.broker, 'broker');
      if (broker.config.encoding !== 'json')
        throw new MillwrightError('MW_CONFIG_INVALID', { pointer: '/encoding', found: 'sparkplug', expected: 'json' });
      const template = compileTemplate(config.template || broker.config.template, broker.levels);
      const encoder = openJsonEncoder(template, Number(config.qos) as Qos, config.retain);
      const refused = new Set<string>();
      let present: Connection = broker.link('out').state;
      let sent = 0;

      const forwarder = openForwarder({
        link: broker.link('out'),
        markDuplicate,
        logger,
        queue: {
          name: `uns-out/${node.id}`,
          folder: join(RED.settings.userDir ?? process.cwd(), 'millwright/queues', node.id),
          limitBytes: config.queueMegabytes * 1e6,
          limitAgeMs: config.queueHours * 3_600_000,
        },
        onRefused(error) {
          const key = `${error.code} ${String(error.params.topic)}`;
          if (refused.has(key) || refused.size >= mostRefusals) return;
          refused.add(key);
          fail(error);
        },
        onExpired(count) {
          fail(new MillwrightError('MW_UNS_EXPIRED', { count, hours: config.queueHours }));
        },
      });
      function show(): void {
        const waiting = forwarder.waiting;
        if (present.state === 'online') status('ok', text('status.sent', { count: String(sent) }));
        else if (waiting > 0) status('connecting', text('status.waiting', { count: String(waiting) }));
        else if (present.state === 'failed') status('error', text('status.offline'));
        else if (present.state === 'idle') status('idle', text('status.offline'));
        else status('connecting', text(present.state === 'recovering' ? 'status.recovering' : 'status.connecting'));
      }
      const unlisten = broker.onState('out', (state) => {
        present = state;
        show();
      });
      return {
        async handle({ type, mw, payload, message }) {
          const topic = typeof message.topic === 'string' && message.mw !== undefined ? { topic: message.topic } : {};
          const messages = encoder.encode({ type: type as UnsContract, mw, payload, ...topic });
          if (messages.length === 0) {
            confirmDelivery(mw.delivery);
            return;
          }
          await forwarder.take(messages, () => {
            sent += messages.length;
            confirmDelivery(mw.delivery);
            show();
          });
          if (present.state !== 'online') show();
        },
        close() {
          unlisten();
          forwarder.close();
        },
      };
    },
  });
}
