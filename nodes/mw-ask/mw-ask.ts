import type { NodeAPI } from 'node-red';
import { askNode } from '../../src/contracts/index.ts';
import { monotonicMs, withDeadline } from '../../src/kernel/index.ts';
import { openAsk } from '../../src/language/index.ts';
import type { PlantModel } from '../../src/plant/index.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import { registerNode } from '../shared/wrapper.ts';

/** Master data are read again after this long. */
const modelAgeMs = 30_000;

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: askNode,
    simpleForm: ({ payload }) =>
      typeof payload === 'string' ? { type: 'mw.question.v1', payload: { text: payload } } : undefined,
    create: async ({ use, config, emit, status, text, signal }) => {
      const { store, site, clock } = await use<StoreService>(config.store, 'store');
      const limitMs = config.timeLimitSeconds * 1000;
      let model: { readAt: number; value: Promise<PlantModel | undefined> } | undefined;
      const ask = openAsk({
        calendar: site.calendar,
        query: (sql, parameters) => store.query(sql, parameters, { limitMs }),
        model: () => {
          if (!model || monotonicMs() - model.readAt > modelAgeMs)
            model = { readAt: monotonicMs(), value: store.loadPlantModel() };
          return model.value;
        },
      });
      return {
        async handle(message) {
          status('working');
          const { text: question, language } = message.payload as { text: string; language?: string };
          const asked = { text: question, now: clock.now(), ...(language === undefined ? {} : { language }) };
          const answer = await withDeadline('ask', ask.answer(asked), limitMs, signal);
          if (answer.refusal) status('idle', text('status.refused'));
          else status('ok', [answer.value, answer.unit].filter((part) => part !== undefined).join(' '));
          emit(0, answer, { type: 'mw.answer.v1', subject: answer.traceId }, message);
        },
      };
    },
  });
}
