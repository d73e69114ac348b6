import type { NodeAPI } from 'node-red';
import { dispatchNode, type Approval } from '../../src/contracts/index.ts';
import { openDispatch } from '../../src/dispatch/index.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import { registerNode } from '../shared/wrapper.ts';

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: dispatchNode,
    create: async ({ use, config, node, emit, status, text, logger, signal }) => {
      const service = await use<StoreService>(config.store, 'store');
      const { store, site, clock } = service;
      const dispatch = openDispatch({
        store,
        clock,
        logger,
        nodeId: node.id,
        highestMode: () => site.highestMode,
        changeLimit: config.changeLimit,
        demo: () => service.demo,
      });
      return {
        async handle(message) {
          const chain = { correlationId: message.mw.correlationId };
          if (message.type === 'mw.write-inhibit.v1') {
            const { reason, source } = message.payload as { reason: string; source: string };
            await dispatch.setWriteInhibit({ reason, source }, chain);
            status('error', text('status.inhibited'));
            return;
          }
          status('working', text('status.working'));
          const { approvalId } = message.payload as Approval;
          const { planChange, staging, notifications, refusal } = await dispatch.carryOut(approvalId, {
            signal,
            ...chain,
          });
          const subject = { subject: approvalId };
          for (const item of staging) emit(1, item, { type: 'mw.staging.v1', ...subject }, message);
          for (const item of notifications) emit(2, item, { type: 'mw.notification.v1', ...subject }, message);
          if (planChange) emit(0, planChange, { type: 'mw.plan-change.v1', subject: planChange.planId }, message);
          status('ok', text('status.done', { count: String(planChange?.jobs.length ?? 0) }));
          if (refusal) throw refusal;
        },
      };
    },
  });
}
