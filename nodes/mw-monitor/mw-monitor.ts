import type { NodeAPI } from 'node-red';
import { monitorNode, type Sample, type State } from '../../src/contracts/index.ts';
import { isoInstant } from '../../src/kernel/index.ts';
import type { EquipmentStateEvent } from '../../src/plant/index.ts';
import { machineSignalMemory, samplesToHistory, stopRule } from '../../src/signal/index.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import type { Admitted } from '../shared/door.ts';
import { toEventPayload, toState } from '../shared/plant-event.ts';
import { registerNode } from '../shared/wrapper.ts';
import { openEventBook } from './event-book.ts';
import { openMaterialWatch } from './material-watch.ts';
import { delaysByMachine, tagFilter } from './tag-filter.ts';
import { isPlain, toReading, valueRule } from './value-rule.ts';

const tickMs = 1000;
/** Late material is looked for in the whole store. */
const materialTickMs = 60_000;

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: monitorNode,
    simpleForm: ({ topic, payload }) =>
      typeof topic === 'string' && typeof payload === 'number'
        ? {
            type: 'mw.samples.v1',
            payload: {
              samples: [
                { tag: topic, value: payload, dataType: 'Double', quality: 'good', sourceTime: isoInstant(Date.now()) },
              ],
            },
          }
        : undefined,
    create: async ({ use, config, node, emit, status, text, guard }) => {
      const { store, clock } = await use<StoreService>(config.store, 'store');
      const book = await openEventBook(store, clock, { id: node.id });
      const watched = tagFilter(config.tags);
      const memory = machineSignalMemory();
      const delayMs = config.delaySeconds * 1000;
      const stops = stopRule({ delayMs, delayMsByMachine: delaysByMachine(config.delays) });
      const values = valueRule(config);
      const material =
        config.rule === 'material' ? openMaterialWatch(store, clock, { id: node.id }, delayMs) : undefined;

      /**
       * A machine that runs also ends what a former run of this node left open: the rule itself knows nothing of a stop
       * that went on for less than its delay since the restart.
       */
      async function observeState(state: EquipmentStateEvent): Promise<void> {
        for (const found of stops.observe(state)) send(await book.enter(found));
        if (state.state === 'Execute') send(await book.running(state.equipmentId, state.start));
      }
      let cause: Admitted | undefined;
      function send(record: Awaited<ReturnType<typeof book.enter>>): void {
        if (!record) return;
        emit(0, toEventPayload(record), { type: 'mw.event.v1', subject: record.subject }, cause);
      }
      async function lookForMaterial(): Promise<void> {
        for (const record of (await material?.check()) ?? []) send(record);
      }
      function show(): void {
        const open = material?.open ?? book.open;
        if (open > 0) status('error', text('status.open', { count: String(open) }));
        else status('ok', text('status.watching'));
      }
      let last: Promise<void> = Promise.resolve();
      /** Messages and ticks take turns, so that one stop is entered once. */
      function inTurn(work: () => Promise<void>): Promise<void> {
        const mine = last.then(work).finally(show);
        last = mine.catch(() => undefined);
        return mine;
      }
      const timer = setInterval(
        guard(() =>
          inTurn(async () => {
            cause = undefined;
            if (material) await lookForMaterial();
            else for (const found of (values ?? stops).tick(clock.now())) send(await book.enter(found));
          }),
        ),
        material ? materialTickMs : tickMs,
      );
      show();
      return {
        handle: (message) =>
          inTurn(async () => {
            cause = { ...message, message: {} };
            if (material || message.type === 'mw.order.v1') {
              if (message.type === 'mw.order.v1') await lookForMaterial();
              return;
            }
            if (message.type === 'mw.state.v1') {
              if (!values) await observeState(toState(message.payload as State));
              return;
            }
            const readings = (message.payload as { samples: Sample[] }).samples
              .filter(({ tag }) => watched(tag))
              .map(toReading);
            if (values)
              for (const reading of readings) for (const f of values.observe(reading)) send(await book.enter(f));
            else
              for (const state of samplesToHistory(readings.filter(isPlain), memory).states) await observeState(state);
          }),
        close: () => {
          clearInterval(timer);
        },
      };
    },
  });
}
