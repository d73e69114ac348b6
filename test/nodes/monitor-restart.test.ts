import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoInstant } from '../../src/kernel/index.ts';
import { openStore } from '../../src/store/index.ts';
import monitor from '../../nodes/mw-monitor/mw-monitor.ts';
import site from '../../nodes/mw-site/mw-site.ts';
import store from '../../nodes/mw-store/mw-store.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';

interface Sent {
  payload: { kind: string; subject: string; supersedes?: string };
}

describe('a monitor after a restart', function () {
  this.timeout(30_000);
  const helper = withNodeRed();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mw-restart-'));
  });
  afterEach(async () => {
    await helper.unload();
    rmSync(folder, { recursive: true, force: true });
  });

  it('ends an open stop although the machine ran again before the delay was over', async () => {
    const file = join(folder, 'plant.sqlite');
    const now = Date.now();
    const former = await openStore({ file });
    const open = { eventId: 'former', kind: 'machine-down' as const, severity: 800, subject: 'CNC-22', evidence: [] };
    await former.saveEvent({ ...open, start: now - 3_600_000 }, { id: 'test' });
    await former.close();

    await helper.load(
      [...coreNodes, site, store, monitor],
      [
        { id: 'f', type: 'tab' },
        { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: 'Works' },
        { id: 'store', type: 'mw-store', version: 1, site: 'site', file },
        { id: 'monitor', z: 'f', type: 'mw-monitor', version: 1, store: 'store', rule: 'stop', wires: [['out']] },
        { id: 'out', z: 'f', type: 'helper' },
      ],
    );
    const sent = nextMessage('out') as unknown as Promise<Sent>;
    const state = (name: string, ago: number) => {
      const mw = { id: name, type: 'mw.state.v1', source: 'test', time: isoInstant(now), correlationId: 'c' };
      const payload = { equipmentId: 'CNC-22', state: name, start: isoInstant(now - ago) };
      helper.getNode('monitor').receive({ payload, mw });
    };
    state('Aborted', 20_000);
    state('Execute', 10_000);
    const { payload } = await sent;
    assert.equal(payload.kind, 'machine-up');
    assert.equal(payload.supersedes, 'former');

    const later = await openStore({ file });
    assert.deepEqual(await later.openEvents(), []);
    await later.close();
  });
});
