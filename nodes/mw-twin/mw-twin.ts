import type { NodeAPI } from 'node-red';
import { twinNode, type WhatIf } from '../../src/contracts/index.ts';
import { MillwrightError } from '../../src/kernel/index.ts';
import { openScenarioService } from '../../src/scenarios/index.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import { registerNode } from '../shared/wrapper.ts';

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: twinNode,
    create: async ({ use, config, node, emit, status, text, logger, signal }) => {
      const { store, clock } = await use<StoreService>(config.store, 'store');
      const service = openScenarioService({ store, clock, logger, actor: { id: node.id } });
      return {
        async handle(message) {
          status('working', text('status.simulating'));
          const question = message.payload as WhatIf;
          const basePlanId =
            question.basePlanId === 'live' ? (await store.livePlan())?.scheduleId : question.basePlanId;
          if (basePlanId === undefined) throw new MillwrightError('MW_PLAN_UNKNOWN', { planId: 'live' });
          const simulation = await service.whatIf({ ...question, basePlanId }, { signal });
          status('ok');
          emit(0, simulation, { type: 'mw.simulation.v1', subject: basePlanId }, message);
        },
        close: () => service.close(),
      };
    },
  });
}
