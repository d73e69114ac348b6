import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { nodeDefinitions } from '../../src/contracts/index.ts';
import { launchBrowser, openPage, type PageFaults } from '../support/browser.ts';
import { startNodeRed, type RunningNodeRed } from '../support/node-red.ts';
import type { Page } from 'playwright-core';

describe('the editor in Chromium', function () {
  this.timeout(90_000);
  let nodeRed: RunningNodeRed;
  let browser: Browser;
  let page: Page;
  let faults: PageFaults;
  before(async () => {
    nodeRed = await startNodeRed('node-red');
    browser = await launchBrowser();
    ({ page, faults } = await openPage(browser, nodeRed.url));
    await page.waitForFunction(() =>
      (globalThis as never as { RED?: { nodes?: { getType?: (t: string) => unknown } } }).RED?.nodes?.getType?.(
        'mw-site',
      ),
    );
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
  });

  it('knows every node with a translated label', async () => {
    for (const { type } of nodeDefinitions) {
      const label = await page.evaluate(
        (t) =>
          (globalThis as never as { RED: { _: (key: string) => string } }).RED._(
            `@millwright/node-red-shopfloor/${t}:palette`,
          ),
        type,
      );
      assert.ok(label && !label.includes('palette'), `${type}: ${label}`);
    }
  });
  it('adds a site in its dialog, refuses an empty name and keeps the shifts', async () => {
    await page.evaluate(() => {
      (
        globalThis as never as { RED: { editor: { editConfig: (n: string, t: string, id: string) => void } } }
      ).RED.editor.editConfig('', 'mw-site', '_ADD_');
    });
    await page.waitForSelector('#node-config-input-site');
    const type = async (text: string) => {
      await page.fill('#node-config-input-site', text);
      await page.dispatchEvent('#node-config-input-site', 'change');
    };
    await type('');
    await page.waitForSelector('#node-config-input-site.input-error');
    await type('Northfield');
    await page.waitForSelector('#node-config-input-site:not(.input-error)');
    assert.equal(await page.locator('#mw-site-shifts [data-field=name]').count(), 3);
    await page.click('#node-config-dialog-ok');
    const kept = await page.waitForFunction(() => {
      interface ConfigNode {
        type: string;
        site: string;
        shifts: unknown[];
        valid?: boolean;
      }
      const { RED } = globalThis as never as { RED: { nodes: { eachConfig: (f: (n: ConfigNode) => void) => void } } };
      let found: ConfigNode | undefined;
      RED.nodes.eachConfig((n) => {
        if (n.type === 'mw-site') found = n;
      });
      return found && { site: found.site, shifts: found.shifts };
    });
    const site = (await kept.jsonValue()) as { site: string; shifts: { shiftId: string; weekdays: number[] }[] };
    assert.equal(site.site, 'Northfield');
    assert.deepEqual(
      site.shifts.map((s) => s.shiftId),
      ['early', 'late', 'night'],
    );
    assert.deepEqual(site.shifts[0]?.weekdays, [1, 2, 3, 4, 5, 6]);
  });
  it('fills in settings that an imported flow leaves out, and says what is wrong with others', async () => {
    const found = await page.evaluate(() => {
      interface FlowNode {
        id: string;
        [setting: string]: unknown;
      }
      const { RED } = globalThis as never as {
        RED: {
          view: { importNodes: (nodes: object[], options: object) => void };
          nodes: { node: (id: string) => FlowNode };
          _: (key: string, params?: object) => string;
        };
      };
      const flow = [
        { id: 't', type: 'tab', label: 'imported' },
        { id: 'b', type: 'mw-uns-broker', url: 'mqtt://127.0.0.1:1' },
        { id: 'short', z: 't', type: 'mw-uns-in', broker: 'b', filter: 'a/#', x: 1, y: 1, wires: [[], []] },
        { id: 'wrong', z: 't', type: 'mw-uns-in', broker: 'b', filter: '', x: 1, y: 1, wires: [[], []] },
      ];
      Object.assign(flow[3] ?? {}, { qos: '3', queueHours: 'soon', batchSize: 1.5, template: 'a/+' });
      RED.view.importNodes(flow, { generateIds: false, addFlow: false, touchImport: true });
      const { qos, queueHours, valid } = RED.nodes.node('short');
      return { qos, queueHours, valid, wrong: RED.nodes.node('wrong').validationErrors };
    });
    assert.deepEqual({ ...found, wrong: undefined }, { qos: '1', queueHours: 72, valid: true, wrong: undefined });
    const wrong = (found.wrong as string[]).join('\n');
    assert.equal((found.wrong as string[]).length, 5, wrong);
    for (const reason of [/filter/, /Choose one/, /from 0.01 to 8760/, /from 1 to 10000/, /expected form/])
      assert.match(wrong, reason);
  });
  it("shows of a broker's settings those of its encoding, and certificates with TLS only", async () => {
    await page.evaluate(() => {
      (
        globalThis as never as { RED: { editor: { editConfig: (n: string, t: string, id: string) => void } } }
      ).RED.editor.editConfig('', 'mw-uns-broker', '_ADD_');
    });
    const shown = async (key: string) => page.locator(`#node-config-input-${key}`).isVisible();
    await page.waitForSelector('#node-config-input-template', { state: 'visible' });
    assert.deepEqual([await shown('groupId'), await shown('ca'), await shown('user')], [false, false, true]);
    await page.selectOption('#node-config-input-encoding', 'sparkplug');
    await page.fill('#node-config-input-url', 'mqtts://broker');
    await page.waitForSelector('#node-config-input-groupId', { state: 'visible' });
    assert.deepEqual([await shown('template'), await shown('ca')], [false, true]);
    await page.click('#node-config-dialog-cancel');
  });
  it('shows help for every node in both languages', async () => {
    for (const { type } of nodeDefinitions)
      for (const language of ['en-US', 'de']) {
        const response = await fetch(`${nodeRed.url}/nodes`, {
          headers: { accept: 'text/html', 'accept-language': language },
        });
        const html = await response.text();
        assert.match(html, new RegExp(`data-help-name="${type}"`));
      }
  });
  it('writes no error to the console and asks nothing of the outside', () => {
    assert.deepEqual(faults, { consoleErrors: [], outsideRequests: [] });
  });
});
