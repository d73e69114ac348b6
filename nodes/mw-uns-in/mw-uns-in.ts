import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { compileTemplate, openUnsSource, tagOfTopic, type Qos } from '../../src/connect/index.ts';
import { unsInNode, type Connection, type Delivery } from '../../src/contracts/index.ts';
import { MillwrightError } from '../../src/kernel/index.ts';
import type { BrokerService } from '../mw-uns-broker/mw-uns-broker.ts';
import { registerSource } from '../shared/delivery.ts';
import { registerNode } from '../shared/wrapper.ts';

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: unsInNode,
    create: async ({ use, config, node, emit, fail, guard, status, text, logger }) => {
      const broker = await use<BrokerService>(config.broker, 'broker');
      if (broker.config.encoding !== 'json')
        throw new MillwrightError('MW_CONFIG_INVALID', { pointer: '/encoding', found: 'sparkplug', expected: 'json' });
      const name = `uns-in/${node.id}`;
      const template = compileTemplate(config.template, broker.levels);
      let stalled = 0;
      let received = 0;
      let present: Connection = broker.link('in').state;

      function show(): void {
        if (stalled > 0) status('connecting', text('status.waiting', { count: String(stalled) }));
        else if (present.state === 'online') status('ok', text('status.messages', { count: String(received) }));
        else if (present.state === 'failed') status('error', text('status.offline'));
        else if (present.state === 'idle') status('idle', text('status.offline'));
        else status('connecting', text(present.state === 'recovering' ? 'status.recovering' : 'status.connecting'));
      }
      const told = (delivery: Delivery) => (config.delivery === 'confirmed' ? { delivery } : {});
      const source = openUnsSource(
        {
          link: broker.link('in'),
          filters: [config.filter],
          qos: Number(config.qos) as Qos,
          retained: config.retained,
          tagOf: (topic) => tagOfTopic(template, topic),
          batchSize: config.batchSize,
          delivery: config.delivery,
          logger,
          queue: {
            name,
            folder: join(RED.settings.userDir ?? process.cwd(), 'millwright/queues', node.id),
            limitBytes: config.queueMegabytes * 1e6,
            limitAgeMs: config.queueHours * 3_600_000,
          },
        },
        {
          onMessage: guard(({ type, mw, payload, topic, retained }, delivery) => {
            const { subject, mode } = mw;
            const facts = { ...(subject === undefined ? {} : { subject }), ...(mode === undefined ? {} : { mode }) };
            const message = retained ? { retain: true } : {};
            emit(0, payload, { type, topic, ...facts, ...told(delivery) }, { type, mw, payload, message });
            received++;
            show();
          }),
          onSamples: guard((samples, delivery) => {
            emit(0, { samples }, { type: 'mw.samples.v1', ...told(delivery) });
            received += samples.length;
            show();
          }),
          onGap: (gap) => {
            emit(1, gap, { type: 'mw.gap.v1' });
          },
          onError: fail,
          onStalled: (isStalled, waiting) => {
            stalled = isStalled ? waiting : 0;
            show();
          },
        },
      );
      const unregister = registerSource(name, source);
      const unlisten = broker.onState('in', (state) => {
        if (state !== present) emit(1, state, { type: 'mw.connection.v1', subject: state.endpoint });
        present = state;
        show();
      });
      return {
        async close(removed) {
          unlisten();
          unregister();
          await source.close(removed);
        },
      };
    },
  });
}
