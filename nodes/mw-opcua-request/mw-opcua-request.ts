import type { NodeAPI } from 'node-red';
import { isChange, runRequest, type ItemResult } from '../../src/connect/index.ts';
import { opcuaRequestNode, type OpcuaRequest } from '../../src/contracts/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import type { EndpointService } from '../mw-opcua-endpoint/mw-opcua-endpoint.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import { registerNode } from '../shared/wrapper.ts';
import { simpleRequest } from './request-form.ts';

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: opcuaRequestNode,
    simpleForm: (message, config) => {
      const payload = simpleRequest(message, config, systemClock.now());
      return payload && { type: 'mw.opcua-request.v1', payload };
    },
    inbox: { limit: 100, concurrency: 4 },
    create: async ({ use, config, node, emit, status, text, signal }) => {
      const { connection, allowList, acknowledge, onState } = await use<EndpointService>(config.endpoint, 'endpoint');
      const log = config.store === '' ? undefined : (await use<StoreService>(config.store, 'store')).store;
      /** Changes are made one after the other, in the order of their messages. */
      let lastChange: Promise<unknown> = Promise.resolve();
      const unlisten = onState(({ state }) => {
        if (state === 'online') status('ok', text('status.online'));
        else if (state === 'connecting' || state === 'recovering') status('connecting', text(`status.${state}`));
        else status(state === 'failed' ? 'error' : 'idle', text('status.offline'));
      });

      function run(request: OpcuaRequest, correlationId: string): Promise<ItemResult[]> {
        const perform = () =>
          runRequest(connection, request, {
            endpointUrl: connection.endpointUrl,
            allowList,
            acknowledge,
            log,
            actor: { id: node.id, correlationId },
            signal,
            limitMs: config.timeoutSeconds * 1000,
          });
        if (!isChange(request)) return perform();
        const mine = lastChange.then(perform);
        lastChange = mine.catch(() => undefined);
        return mine;
      }
      return {
        async handle(message) {
          const request = message.payload as OpcuaRequest;
          status('working', text(`status.${request.operation}`));
          const results = await run(request, message.mw.correlationId);
          const bad = results.filter((result) => result.status.startsWith('Bad')).length;
          if (bad > 0) status('error', text('status.bad', { count: `${bad}/${results.length}` }));
          else status('ok', text('status.good', { count: String(results.length) }));
          const facts = { type: 'mw.opcua-response.v1', subject: connection.endpointUrl } as const;
          emit(0, { operation: request.operation, results }, facts, message);
        },
        async close() {
          unlisten();
          await lastChange;
        },
      };
    },
  });
}
