import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import registerSite from '../../nodes/mw-site/mw-site.ts';
import registerStore from '../../nodes/mw-store/mw-store.ts';
import { addCalibrationRoutes, type ShownCalibration } from '../../nodes/mw-twin/calibration-routes.ts';
import registerTwin from '../../nodes/mw-twin/mw-twin.ts';
import { contracts, type Calibration } from '../../src/contracts/index.ts';
import { compileCheck, sleep } from '../../src/kernel/index.ts';
import type { EquipmentStateEvent } from '../../src/plant/index.ts';
import { openStore } from '../../src/store/index.ts';
import { northfieldModel } from '../planning/northfield.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';

const minute = 60_000;
const actor = { id: 'test' };

/** CNC-22 runs 100 minutes and is down 30 or 53, twelve times in the last five days. */
function broken(now: number): EquipmentStateEvent[] {
  const equipmentId = 'CNC-22';
  return Array.from({ length: 12 }, (_, i) => {
    const start = now - 5 * 1440 * minute + i * 600 * minute;
    const [down, up] = [start + 100 * minute, start + 100 * minute + (i % 2 === 0 ? 30 : 53) * minute];
    return [
      { equipmentId, state: 'Execute' as const, start, end: down },
      { equipmentId, state: 'Aborted' as const, reason: 'breakdown' as const, start: down, end: up },
      { equipmentId, state: 'Idle' as const, start: up, end: start + 600 * minute },
    ];
  }).flat();
}

describe('what mw-twin learned', function () {
  this.timeout(60_000);
  const helper = withNodeRed();
  const folder = mkdtempSync(join(tmpdir(), 'mw-twin-'));
  const file = join(folder, 'plant.sqlite');
  before(async () => {
    const store = await openStore({ file });
    await store.savePlantModel(northfieldModel(), actor);
    await store.appendHistory({ states: broken(Date.now()) }, actor);
    await store.close();
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is told by message, shown to people, and in force only once one of them accepts it', async () => {
    await helper.load(
      [...coreNodes, registerSite, registerStore, registerTwin],
      [
        { id: 'f', type: 'tab' },
        { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: 'Works' },
        { id: 'store', type: 'mw-store', version: 1, site: 'site', file },
        { id: 'twin', z: 'f', type: 'mw-twin', version: 1, store: 'store', wires: [['out']] },
        { id: 'out', z: 'f', type: 'helper' },
      ],
    );
    const twin = helper.getNode('twin');
    const calibrated = async () => {
      const message = nextMessage('out');
      twin.receive({ payload: 'calibrate' });
      return (await message) as { payload: Calibration; mw: { type: string } };
    };
    const { payload, mw } = await calibrated();
    assert.equal(mw.type, 'mw.calibration.v1');
    assert.equal(compileCheck(contracts['mw.calibration.v1'])(payload), undefined);
    const key = 'time-between-stops/CNC-22/breakdown';
    const between = payload.proposals.find((proposal) => proposal.key === key);
    assert.ok(between?.fitted && Math.abs(between.fitted.mean / 6000 - 1) < 0.01, JSON.stringify(between));
    assert.equal(between.current, 80 * 3600);
    assert.deepEqual(
      payload.drift.drifts.map(({ measure, equipmentId }) => [measure, equipmentId]),
      [['stops', 'CNC-22']],
    );
    // A status is shown at most twice a second.
    const saysDrift = () => twin.status.args.some(([shown]) => JSON.stringify(shown).includes('drifts'));
    for (let i = 0; i < 20 && !saysDrift(); i++) await sleep(100);
    assert.ok(saysDrift());

    const post = async (path: string, choice: object) => {
      const { status, body } = await helper.request().post(`/millwright/twin/twin/${path}`).send(choice);
      return { status, body: body as ShownCalibration & { code?: string } };
    };
    const outdated = await post('accept', { at: '2020-01-01T00:00:00.000Z', accept: [key], withdraw: [] });
    assert.deepEqual([outdated.status, outdated.body.code], [404, 'MW_RECORD_UNKNOWN']);
    assert.equal((await post('accept', { accept: key })).body.code, 'MW_PAYLOAD_INVALID');
    assert.equal((await calibrated()).payload.proposals.find((p) => p.key === key)?.current, 80 * 3600);

    const { body } = await post('calibration', {});
    const { at } = body.calibration!;
    const accepted = await post('accept', { at, accept: [key], withdraw: [] });
    assert.deepEqual(
      accepted.body.accepted.map((row) => [row.key, row.personId]),
      [[key, 'editor']],
    );
    const after = (await calibrated()).payload;
    assert.equal(
      after.proposals.find((proposal) => proposal.key === key),
      undefined,
    );
    assert.deepEqual(after.drift.drifts, []);
  });

  it('is looked at with one permission and put in force with another', () => {
    const routes: string[] = [];
    const note = (method: string) => (path: string, permission: string) =>
      routes.push(`${method} ${path.replace('/millwright/twin/', '')} ${permission}`);
    addCalibrationRoutes({
      httpAdmin: { get: note('get'), post: note('post') },
      auth: { needsPermission: (permission: string) => permission },
    } as unknown as NodeAPI);
    assert.deepEqual(routes.sort(), [
      'get :id/calibration mw.twin.read',
      'post :id/accept mw.twin.write',
      'post :id/calibration mw.twin.read',
    ]);
  });
});
