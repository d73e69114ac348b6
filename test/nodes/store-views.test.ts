import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/store/index.ts';
import ask from '../../nodes/mw-ask/mw-ask.ts';
import site from '../../nodes/mw-site/mw-site.ts';
import store from '../../nodes/mw-store/mw-store.ts';
import { mariadbIsInstalled, startMariadb } from '../store/mariadb-server.ts';
import { actor, model } from '../store/plant.ts';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';

(mariadbIsInstalled ? describe : describe.skip)('questions about tables in MariaDB', function () {
  this.timeout(60_000);
  const helper = withNodeRed();
  const folder = mkdtempSync(join(tmpdir(), 'mw-views-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('are answered in place, from a flow, with the store’s own master data', async () => {
    const server = await startMariadb();
    try {
      const { database, user, password, host, port } = await server.database();
      const end = Date.now() - 60_000;
      await server.admin(`CREATE DATABASE mes; CREATE TABLE mes.parts (machine varchar(40), good integer, scrap integer, ends bigint);
        INSERT INTO mes.parts VALUES ('CNC-22', 90, 10, ${end}), ('CNC-21', 50, 0, ${end});
        CREATE VIEW ${database}.kpi_count AS SELECT machine AS equipment_id, 'LINE-2' AS line_id, 'MACHINING' AS area_id,
          'SH-20' AS material_id, 'WO-1' AS work_request_id, 'C' AS customer, good, scrap, 0 AS rework, 1 AS seconds_per_unit,
          ends - 1000 AS start_ms, ends AS end_ms FROM mes.parts;
        CREATE VIEW ${database}.kpi_state AS SELECT machine AS equipment_id, 'LINE-2' AS line_id, 'MACHINING' AS area_id,
          'Execute' AS state, NULL AS reason, 0 AS start_ms, NULL AS end_ms FROM mes.parts;
        CREATE VIEW ${database}.kpi_order AS SELECT 'WO-1' AS work_request_id, 'C' AS customer, 'SH-20' AS material_id,
          1 AS quantity, 'Released' AS request_state, ${end} AS due_ms, NULL AS completed_ms;
        GRANT SELECT, SHOW VIEW ON ${database}.* TO ${user}`);
      const file = join(folder, 'plant.sqlite');
      const own = await openStore({ file });
      await own.savePlantModel(model, actor);
      await own.close();
      await helper.load(
        [...coreNodes, site, store, ask],
        [
          { id: 'f', type: 'tab' },
          { id: 'site', type: 'mw-site', version: 1, enterprise: 'Test', site: 'Works' },
          {
            ...{ id: 'store', type: 'mw-store', version: 1, site: 'site', file, questionsFrom: 'mariadb' },
            ...{ viewsHost: host, viewsPort: port, viewsDatabase: database, viewsTls: 'off' },
          },
          { id: 'ask', z: 'f', type: 'mw-ask', version: 1, store: 'store', wires: [['out']] },
          { id: 'out', z: 'f', type: 'helper' },
        ],
        { store: { viewsUser: user, viewsPassword: password } },
      );
      const answered = nextMessage('out') as unknown as Promise<{
        payload: { value?: number; refusal?: unknown; sql: string };
      }>;
      helper.getNode('ask').receive({ payload: 'How many good parts did CNC-22 make in the last 24 hours?' });
      const { payload } = await answered;
      assert.equal(payload.refusal, undefined);
      assert.equal(payload.value, 90);
      assert.match(payload.sql, /cast\(\? as signed\)/);
    } finally {
      await helper.unload();
      await server.stop();
    }
  });
});
