import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { linesOf, verifyExport } from '../../../src/audit/index.ts';
import { hour, machineDown, now, workRequest } from '../plant.ts';
import type { StoreForTest } from './open-for-test.ts';

export function auditOfChanges(open: StoreForTest): void {
  describe('audit', () => {
    const held = open();

    it('writes one entry per change, with who, what and the chain it belongs to', async () => {
      const { store, clock } = held;
      const { size } = await store.verifyAudit();
      const by = { id: 'OP-02', role: 'planner', authenticated: true, correlationId: 'chain-1' };
      clock.at = now + hour;
      await store.saveEvent(machineDown('E-1'), by);
      await store.saveOrders({ workRequests: [workRequest('WO-1')] }, by);
      await store.saveOrders({}, by);
      assert.equal((await store.verifyAudit()).size, size + 2);
      const [orders, event] = await store.auditRows({ from: now + hour });
      assert.deepEqual(
        [event?.seq, event?.at, event?.actor, event?.action, event?.subject, event?.correlationId],
        [size, now + hour, 'OP-02', 'event.machine-down', 'CNC-22', 'chain-1'],
      );
      assert.deepEqual((event?.data as { by: unknown }).by, { role: 'planner', authenticated: true });
      assert.deepEqual([orders?.seq, orders?.subject], [size + 1, 'WO-1']);
      assert.deepEqual(await store.auditRows({ subject: 'WO-1' }), [orders]);
      assert.deepEqual(await store.auditRows({ from: now + hour, to: now + 2 * hour, limit: 1 }), [orders]);
      assert.deepEqual(await store.auditRows({ from: now + 2 * hour }), []);
    });

    it('takes an entry of something done outside the store, and refuses one that JSON cannot carry', async () => {
      const { store } = held;
      const { size } = await store.verifyAudit();
      const note = { action: 'opcua.write', subject: 'nsu=urn:plc;s=Speed', data: { stage: 'intent', value: 5 } };
      await store.noteAction(note, { id: 'node-1', correlationId: 'chain-2' });
      const [entry] = await store.auditRows({ subject: note.subject });
      assert.deepEqual(
        [entry?.seq, entry?.actor, entry?.action, entry?.correlationId, entry?.data],
        [size, 'node-1', 'opcua.write', 'chain-2', note.data],
      );
      await assert.rejects(store.noteAction({ ...note, data: { value: NaN } }, { id: 'node-1' }), {
        code: 'MW_VALUE_NOT_JSON',
      });
      assert.deepEqual([(await store.verifyAudit()).verified, (await store.verifyAudit()).size], [true, size + 1]);
    });

    it('exports a log that the offline verifier accepts', async () => {
      const { store, folder } = held;
      const file = join(folder, 'audit.jsonl');
      const exported = await store.exportAudit(file);
      const present = await store.verifyAudit();
      assert.deepEqual(exported, { entries: present.size, rootHash: present.rootHash });
      const result = await verifyExport(linesOf(createReadStream(file)));
      assert.deepEqual(
        [result.verified, result.size, result.rootHash, result.signature],
        [true, present.size, present.rootHash, 'valid'],
      );
      await store.saveEvent(machineDown('E-2'), { id: 'n' });
      await store.exportAudit(file);
      const grown = await verifyExport(linesOf(createReadStream(file)), {
        known: { size: exported.entries, rootHash: exported.rootHash },
      });
      assert.deepEqual([grown.verified, grown.size], [true, present.size + 1]);
      await assert.rejects(store.exportAudit(join(folder, 'no', 'such', 'folder')), { code: 'MW_STORE_UNAVAILABLE' });
    });
  });
}
