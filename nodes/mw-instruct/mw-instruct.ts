import type { NodeAPI } from 'node-red';
import { instructNode, type PlanChange } from '../../src/contracts/index.ts';
import { openInstructions } from '../../src/documents/index.ts';
import { isoInstant, MillwrightError } from '../../src/kernel/index.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import type { SimpleForm } from '../shared/door.ts';
import { registerNode } from '../shared/wrapper.ts';

/** The live plan, whichever it is. */
const live = 'live';

/** A job order's id: its instruction under the live plan. Machine and start come from that plan. */
const jobOrderForm: SimpleForm = ({ payload: jobOrderId }) =>
  typeof jobOrderId === 'string'
    ? {
        type: 'mw.plan-change.v1',
        payload: {
          planId: live,
          approvalId: live,
          jobs: [{ jobOrderId, equipmentId: live, start: isoInstant(0), result: 'acknowledged' }],
          publishedAt: isoInstant(0),
        },
      }
    : undefined;

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: instructNode,
    simpleForm: jobOrderForm,
    create: async ({ use, config, node, emit, status, text, fail }) => {
      const { store, clock } = await use<StoreService>(config.store, 'store');
      const documents = openInstructions({ store, clock, nodeId: node.id, locale: config.locale });
      return {
        async handle(message) {
          const change = message.payload as PlanChange;
          const planId = change.planId === live ? (await store.livePlan())?.scheduleId : change.planId;
          if (planId === undefined) throw new MillwrightError('MW_PLAN_UNKNOWN', { planId: live });
          const chain = { correlationId: message.mw.correlationId };
          const { instructions, refused } = await documents.forPlanChange({ ...change, planId }, chain);
          for (const instruction of instructions)
            emit(0, instruction, { type: 'mw.instruction.v1', subject: instruction.documentId }, message);
          status('ok', text('status.written', { count: String(instructions.length) }));
          const [first, ...others] = refused;
          for (const refusal of others) fail(refusal);
          if (first) throw first;
        },
      };
    },
  });
}
