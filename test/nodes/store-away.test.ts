import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import record from '../../nodes/mw-record/mw-record.ts';
import { registerSource } from '../../nodes/shared/delivery.ts';
import site from '../../nodes/mw-site/mw-site.ts';
import store from '../../nodes/mw-store/mw-store.ts';
import { isoInstant } from '../../src/kernel/index.ts';
import { postgresIsInstalled, startPostgres, type PostgresServer } from '../store/postgres-server.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';

(postgresIsInstalled ? describe : describe.skip)('a PostgreSQL server that is away', function () {
  this.timeout(60_000);
  const helper = withNodeRed();
  let server: PostgresServer;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mw-away-'));
    server = await startPostgres();
  });
  after(async () => {
    await helper.unload();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const sample = (value: number, offset: number) => {
    const at = isoInstant(Date.now());
    const samples = [{ tag: 'L/M/load', value, dataType: 'Double', quality: 'good', sourceTime: at, serverTime: at }];
    const mw = { id: `m-${offset}`, type: 'mw.samples.v1', source: 'test', time: at, correlationId: 'c' };
    return { payload: { samples }, mw: { ...mw, delivery: { queue: 'queue', offset } } };
  };

  it('is waited for: batches are confirmed when they are written, and other nodes go on meanwhile', async () => {
    const { reader, user, password, ...settings } = await server.database();
    const confirmed: number[] = [];
    const unregister = registerSource('queue', { confirm: (offset) => confirmed.push(offset) });
    const flow = [
      { id: 'f', type: 'tab' },
      { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: 'Works' },
      {
        ...{ id: 'store', type: 'mw-store', version: 1, site: 'site', engine: 'postgres', ...settings },
        file: join(folder, 'plant'),
      },
      { id: 'record', z: 'f', type: 'mw-record', version: 1, store: 'store', wires: [['out']] },
      { id: 'out', z: 'f', type: 'helper' },
      { id: 'change', z: 'f', type: 'status', scope: null, wires: [['aside']] },
      { id: 'aside', z: 'f', type: 'helper' },
    ];
    const credentials = {
      store: { user, password, readerUser: reader?.user ?? '', readerPassword: reader?.password ?? '' },
    } as Record<string, Record<string, string>>;
    let written: Promise<unknown> = Promise.resolve();
    const whileAway = async (value: number) => {
      written = nextMessage('out');
      helper.getNode('record').receive(sample(value, value));
      const other = nextMessage('aside') as unknown as Promise<unknown>;
      helper.getNode('change').receive({ payload: 1 });
      await other;
      assert.ok(!confirmed.includes(value));
    };
    await server.crash(async () => {
      await helper.load([...coreNodes, site, store, record], flow, credentials);
      await whileAway(1);
    });
    await written;
    assert.deepEqual(confirmed, [1]);
    await server.crash(async () => {
      await whileAway(2);
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      assert.deepEqual(confirmed, [1]);
    });
    await written;
    assert.deepEqual(confirmed, [1, 2]);
    unregister();
    const counted = await server.admin('SELECT count(*)::int AS n FROM millwright.tag_sample', settings.database);
    assert.equal(counted.rows[0]?.['n'], 2);
  });
});
