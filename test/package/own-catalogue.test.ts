import assert from 'node:assert/strict';
import type { Answer } from '../../src/contracts/index.ts';
import { goodPerHour } from '../language/own-metric.ts';
import { exampleOnFreePorts } from '../support/examples.ts';
import { openEditor, type OpenEditor } from '../support/editor.ts';

const own = (metric: object) => JSON.stringify({ metrics: [metric] }, null, 2);

describe("the plant's own KPI catalogue in Node-RED", function () {
  this.timeout(180_000);
  let open: OpenEditor;
  before(async () => {
    const flow = await exampleOnFreePorts('11-ask-over-http.json');
    const broken = own({ ...goodPerHour, dimensions: ['line', 'product'] });
    open = await openEditor(
      flow.map((node) => ({
        ...node,
        ...('days' in node ? { days: '7' } : {}),
        ...(node.type === 'mw-site' ? { kpiCatalogue: broken } : {}),
      })),
    );
  });
  after(() => open.close());
  const ask = async (text: string) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${open.nodeRed.url}/ask`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ text }),
    });
    return (await response.json()) as Answer & { error?: string };
  };

  it('stops the node that answers questions where it is wrong, and says where', async () => {
    await open.hands.until('mw-aht-ask', /MW_CONFIG_INVALID/);
    assert.match((await ask('output of line 3 yesterday')).error ?? '', /metrics\/0\/dimensions\/1/);
  });

  it('is judged in the dialog while it is typed, to the very place, and answers after it was put right', async () => {
    await open.hands.editConfig('mw-aht-site', async (page) => {
      const problem = page.locator('#mw-site-kpis-problem');
      await problem.filter({ hasText: '/metrics/0/dimensions/1' }).waitFor();
      await page.fill('#mw-site-kpis', '{"metrics": [}');
      await problem.filter({ hasText: 'not valid JSON' }).waitFor();
      await page.fill('#mw-site-kpis', own({ id: 'oee', colour: 'red' }));
      await problem.filter({ hasText: '/metrics/0' }).waitFor();
      await page.fill('#mw-site-kpis', own(goodPerHour));
      await problem.waitFor({ state: 'hidden' });
    });
    await open.hands.deploy();
    await open.hands.until('mw-aht-plant', /running/);
    const pace = await ask('good-part pace of line 3 yesterday');
    assert.equal(pace.unit, 'parts/h');
    assert.match(pace.text, /^Good parts per machine hour, Line 3/);
    assert.ok(Number(pace.value) > 0);
    assert.equal((await ask('OEE of line 3 yesterday')).unit, '%');
    assert.deepEqual(open.faults, { consoleErrors: [], outsideRequests: [] });
  });
});
