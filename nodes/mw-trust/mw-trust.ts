import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { trustNode } from '../../src/contracts/index.ts';
import { isoInstant, parseInstant } from '../../src/kernel/index.ts';
import type { AuditRow } from '../../src/store/index.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import { registerNode } from '../shared/wrapper.ts';

interface AuditQuery {
  operation: 'query' | 'verify' | 'export';
  subject?: string;
  from?: string;
  to?: string;
}

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: trustNode,
    simpleForm: ({ payload }) =>
      typeof payload === 'string' ? { type: 'mw.audit-query.v1', payload: { operation: payload } } : undefined,
    create: async ({ use, config, emit, status, text }) => {
      const { store, clock } = await use<StoreService>(config.store, 'store');
      return {
        async handle(message) {
          const { operation, subject, from, to } = message.payload as AuditQuery;
          const { verified, firstBad } = await store.verifyAudit();
          status(verified ? 'ok' : 'error', text(verified ? 'status.verified' : 'status.broken'));
          const found = { verified, ...(firstBad === undefined ? {} : { firstBad }) };
          const answer = (more: object) => {
            emit(0, { ...found, ...more }, { type: 'mw.audit-result.v1' }, message);
          };
          if (operation === 'verify') answer({});
          else if (operation === 'query') {
            const rows = await store.auditRows({
              limit: 200,
              ...(subject === undefined ? {} : { subject }),
              ...(from === undefined ? {} : { from: parseInstant(from) }),
              ...(to === undefined ? {} : { to: parseInstant(to) }),
            });
            answer({ entries: rows.map(readable) });
          } else {
            const folder = join(RED.settings.userDir ?? process.cwd(), 'millwright/exports');
            await mkdir(folder, { recursive: true });
            const ref = join(folder, `audit-${isoInstant(clock.now()).replaceAll(':', '-')}.jsonl`);
            await store.exportAudit(ref);
            answer({ ref });
          }
        },
      };
    },
  });
}

function readable(row: AuditRow) {
  return { ...row, at: isoInstant(row.at) };
}
