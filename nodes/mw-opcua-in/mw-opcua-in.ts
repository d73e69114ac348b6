import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import {
  openAlarmSource,
  openProfileInterpreter,
  openTagSource,
  profileTags,
  type TagSource,
} from '../../src/connect/index.ts';
import { opcuaInNode, type Connection, type Delivery, type Sample } from '../../src/contracts/index.ts';
import { registerSource } from '../shared/delivery.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';
import { adminRoute, deployedService } from '../shared/admin.ts';
import { addBrowseRoutes } from './browse-routes.ts';
import { commonPath } from './common-path.ts';
import type { EndpointService } from '../mw-opcua-endpoint/mw-opcua-endpoint.ts';

/** A running node, as its dialog asks it. */
interface OpcuaInService extends NodeService {
  readonly source: TagSource;
}

export default function (RED: NodeAPI): void {
  addBrowseRoutes(RED);
  adminRoute(RED, 'get', '/millwright/opcua-in/:id/granted', 'mw.opcua.read', async ({ params }) => {
    const { source } = await deployedService<OpcuaInService>(RED, 'mw-opcua-in', params.id);
    return source.granted;
  });
  registerNode(RED, {
    definition: opcuaInNode,
    create: async ({ use, config, node, emit, fail, status, text, logger }): Promise<OpcuaInService> => {
      const { connection, onState } = await use<EndpointService>(config.endpoint, 'endpoint');
      const name = `opcua-in/${node.id}`;
      const tags = [...config.tags, ...profileTags(config.machines)];
      const interpret = openProfileInterpreter(config.machines);
      let stalled = 0;
      let full = false;
      let denied = false;
      const refused = new Set<string>();
      let present: Connection = connection.state;

      function show(): void {
        if (full) status('error', text('status.full'));
        else if (stalled > 0) status('connecting', text('status.waiting', { count: String(stalled) }));
        else if (present.state === 'online' && denied) status('error', text('status.denied'));
        else if (present.state === 'online' && refused.size > 0) {
          const good = String(tags.length - refused.size);
          status('error', text('status.tags', { count: `${good}/${String(tags.length)}` }));
        } else if (present.state === 'online') status('ok', text('status.tags', { count: String(tags.length) }));
        else if (present.state === 'failed') status('error', text('status.offline'));
        else if (present.state === 'idle') status('idle', text('status.offline'));
        else status('connecting', text(present.state === 'recovering' ? 'status.recovering' : 'status.connecting'));
      }
      const source = openTagSource(
        {
          connection,
          tags,
          publishingMs: config.publishingMs,
          holdSeconds: config.holdSeconds,
          batchSize: config.batchSize,
          delivery: config.delivery,
          // So that a thousand messages are gone before the next thousand is made.
          ...(config.messages === 'value' ? { mostPerTurn: 1 } : {}),
          backfill: config.backfill,
          logger,
          queue: {
            name,
            folder: join(RED.settings.userDir ?? process.cwd(), 'millwright/queues', node.id),
            limitBytes: config.queueMegabytes * 1e6,
            limitAgeMs: config.queueHours * 3_600_000,
          },
        },
        {
          onBatch: (samples, delivery) => {
            const told = config.delivery === 'confirmed' || delivery.backfilled ? delivery : undefined;
            const send = (some: Sample[], topic: string, of?: Delivery) => {
              emit(0, { samples: some }, { type: 'mw.samples.v1', topic, ...(of ? { delivery: of } : {}) });
            };
            if (config.messages === 'batch') send(samples, commonPath(samples), told);
            else
              for (const [index, sample] of samples.entries())
                send([sample], sample.tag, told && { ...told, part: { index, of: samples.length } });
            if (config.machines.length > 0)
              for (const { type, payload } of interpret(samples))
                emit(0, payload, { type, subject: 'equipmentId' in payload ? payload.equipmentId : payload.id });
          },
          onGap: (gap) => {
            emit(1, gap, { type: 'mw.gap.v1' });
          },
          onTagError: (tag, error) => {
            if (!refused.has(tag)) fail(error);
            refused.add(tag);
            show();
          },
          onMonitored: (monitored) => {
            denied = false;
            for (const tag of monitored) refused.delete(tag);
            show();
          },
          onRefused: () => {
            denied = true;
            show();
          },
          onStalled: (isStalled, waiting) => {
            stalled = isStalled ? waiting : 0;
            show();
          },
          onRefusing: (refusing) => {
            full = refusing;
            show();
          },
        },
      );
      const alarms = config.alarms
        ? openAlarmSource(
            {
              ...{ connection, nodeId: config.alarmSource, leastSeverity: config.leastSeverity, logger },
              ...{ publishingMs: config.publishingMs, holdSeconds: config.holdSeconds },
            },
            {
              onAlarm: (alarm) => {
                emit(0, alarm, { type: 'mw.alarm.v1', topic: alarm.source, subject: alarm.conditionId });
              },
              onGap: (gap) => {
                emit(1, gap, { type: 'mw.gap.v1' });
              },
              onRefused: fail,
            },
          )
        : undefined;
      const unregister = registerSource(name, source);
      const unlisten = onState((state) => {
        if (state !== present) emit(1, state, { type: 'mw.connection.v1', subject: state.endpoint });
        present = state;
        show();
      });
      return {
        source,
        async close() {
          unlisten();
          unregister();
          await Promise.all([source.close(), alarms?.close()]);
        },
      };
    },
  });
}
