import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { compileTemplate, openSparkplugSource, openUnsSource, tagOfTopic, type Qos } from '../../src/connect/index.ts';
import { unsInNode, type Connection, type Delivery, type Gap, type Sample } from '../../src/contracts/index.ts';
import type { SparkplugSource, UnsSource } from '../../src/connect/index.ts';
import type { BrokerService } from '../mw-uns-broker/mw-uns-broker.ts';
import { registerSource } from '../shared/delivery.ts';
import { registerNode } from '../shared/wrapper.ts';

/** Errors after which nothing comes although the link is there. */
const refusals: readonly string[] = ['MW_MQTT_FILTER_REFUSED', 'MW_MQTT_SHARED_NEEDS_5'];

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: unsInNode,
    create: async ({ use, config, node, emit, fail, guard, status, text, logger }) => {
      const broker = await use<BrokerService>(config.broker, 'broker');
      const name = `uns-in/${node.id}`;
      const queue = {
        name,
        folder: join(RED.settings.userDir ?? process.cwd(), 'millwright/queues', node.id),
        limitBytes: config.queueMegabytes * 1e6,
        limitAgeMs: config.queueHours * 3_600_000,
      };
      let stalled = 0;
      let received = 0;
      let refused = false;
      let present: Connection | undefined;

      function show(): void {
        if (stalled > 0) status('connecting', text('status.waiting', { count: String(stalled) }));
        else if (present?.state === 'online' && refused) status('error', text('status.refused'));
        else if (present?.state === 'online') status('ok', text('status.messages', { count: String(received) }));
        else if (present?.state === 'failed') status('error', text('status.offline'));
        else if (present?.state === 'idle') status('idle', text('status.offline'));
        else status('connecting', text(present?.state === 'recovering' ? 'status.recovering' : 'status.connecting'));
      }
      const told = (delivery: Delivery) => (config.delivery === 'confirmed' ? { delivery } : {});
      const handlers = {
        onSamples: guard((samples: Sample[], delivery: Delivery) => {
          emit(0, { samples }, { type: 'mw.samples.v1', ...told(delivery) });
          received += samples.length;
          show();
        }),
        onGap: (gap: Gap) => {
          emit(1, gap, { type: 'mw.gap.v1' });
        },
        onStalled: (isStalled: boolean, waiting: number) => {
          stalled = isStalled ? waiting : 0;
          show();
        },
      };
      const common = { batchSize: config.batchSize, delivery: config.delivery, logger, queue };

      function openJson(): UnsSource {
        const template = compileTemplate(config.template, broker.levels);
        const { filter, retained } = config;
        return openUnsSource(
          {
            ...{ ...common, link: broker.link('in'), filters: [filter], retained, qos: Number(config.qos) as Qos },
            tagOf: (topic) => tagOfTopic(template, topic),
          },
          {
            ...handlers,
            onMessage: guard(({ type, mw, payload, topic, retained: isRetained }, delivery) => {
              const { subject, mode } = mw;
              const facts = { ...(subject === undefined ? {} : { subject }), ...(mode === undefined ? {} : { mode }) };
              const message = isRetained ? { retain: true } : {};
              emit(0, payload, { type, topic, ...facts, ...told(delivery) }, { type, mw, payload, message });
              received++;
              show();
            }),
            onError: (error) => {
              refused ||= refusals.includes(error.code);
              fail(error);
            },
          },
        );
      }
      async function openSparkplug(): Promise<SparkplugSource> {
        const host = await broker.sparkplug.host();
        return openSparkplugSource(
          { ...common, host, filter: config.filter },
          {
            ...handlers,
            onBatch: handlers.onSamples,
            onChange: guard(({ group, edge, device, online, at }) => {
              const endpoint = [group, edge, device].filter((part) => part !== undefined).join('/');
              const state: Connection = { endpoint, state: online ? 'online' : 'recovering', since: at };
              emit(1, state, { type: 'mw.connection.v1', subject: endpoint });
            }),
          },
        );
      }
      const source = broker.config.encoding === 'json' ? openJson() : await openSparkplug();
      const unregister = registerSource(name, source);
      const unlisten = broker.onState('in', (state) => {
        if (state !== present) emit(1, state, { type: 'mw.connection.v1', subject: state.endpoint });
        present = state;
        // The next connection asks for the filter again.
        if (state.state !== 'online') refused = false;
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
