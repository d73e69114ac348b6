import type { NodeAPI } from 'node-red';
import { recordNode } from '../../src/contracts/index.ts';
import type { Admitted } from '../shared/door.ts';
import { confirmDelivery } from '../shared/delivery.ts';
import { plainSample } from '../shared/plain-sample.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import { throughOutage } from '../shared/store-outage.ts';
import { registerNode } from '../shared/wrapper.ts';
import { openRecorder } from './recorder.ts';

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: recordNode,
    simpleForm: plainSample,
    create: async ({ use, config, node, status, text, signal }) => {
      const { store, clock } = await use<StoreService>(config.store, 'store');
      const recorder = openRecorder(store, clock, node.id);
      let total = 0;
      return {
        async handle(message: Admitted, { send }) {
          total += await throughOutage(
            () => recorder.record(message),
            signal,
            () => {
              status('connecting', text('status.away'));
            },
          );
          confirmDelivery(message.mw.delivery);
          status('ok', text('status.rows', { count: compact(total) }));
          send({ ...message.message, mw: message.mw });
        },
      };
    },
  });
}

/** 1234567 → 1.2M: a status has room for twenty characters. */
function compact(count: number): string {
  return Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}
