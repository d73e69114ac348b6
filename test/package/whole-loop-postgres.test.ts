import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { postgresIsInstalled, startPostgres, type PostgresServer } from '../store/postgres-server.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { editorHands, type EditorHands } from '../support/editor.ts';
import { exampleOnFreePorts } from '../support/examples.ts';
import { startNodeRed, type RunningNodeRed } from '../support/node-red.ts';

/** The example with a week of history and, in place of SQLite, a PostgreSQL server in its store node. Nothing else. */
async function exampleOnPostgres(server: PostgresServer) {
  const { reader, user, password, ...settings } = await server.database();
  const credentials = { user, password, readerUser: reader?.user, readerPassword: reader?.password };
  const tls = { tls: 'verify', caFile: server.caFile };
  return (await exampleOnFreePorts('01-the-whole-loop.json')).map((node) => ({
    ...node,
    ...('days' in node ? { days: '7' } : {}),
    ...(node.type === 'mw-store' ? { engine: 'postgres', ...settings, ...tls, credentials } : {}),
  }));
}

(postgresIsInstalled ? describe : describe.skip)('the whole loop on PostgreSQL', function () {
  this.timeout(240_000);
  let server: PostgresServer;
  let nodeRed: RunningNodeRed;
  let browser: Browser;
  let editor: EditorHands;
  before(async () => {
    server = await startPostgres();
    nodeRed = await startNodeRed('node-red');
    const answer = await fetch(`${nodeRed.url}/flows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'node-red-deployment-type': 'full' },
      body: JSON.stringify(await exampleOnPostgres(server)),
    });
    assert.equal(answer.status, 204);
    browser = await launchBrowser();
    editor = await editorHands((await openPage(browser, nodeRed.url)).page);
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
    await server.stop();
  });

  const until = (id: string, pattern: RegExp, limitMs?: number) =>
    editor.until(id, pattern, limitMs).catch((cause: unknown) => {
      throw new Error(nodeRed.log(), { cause });
    });
  const rows = async (table: string) => {
    const [database] = (await server.admin(`SELECT datname AS name FROM pg_database WHERE datname LIKE 'plant%'`)).rows;
    const counted = await server.admin(
      `SELECT count(*)::int AS n FROM millwright.${table}`,
      String(database?.['name']),
    );
    return Number(counted.rows[0]?.['n']);
  };
  const livePlanId = async () =>
    ((await (await fetch(`${nodeRed.url}/millwright/api/state`)).json()) as { livePlanId: string | null }).livePlanId;

  it('writes the demo plant and records its tags', async () => {
    await until('mw-loop-plant', /running ×1/);
    await until('mw-loop-record', /^[1-9].* recorded/);
    assert.ok((await rows('material_actual')) > 1_000);
    assert.ok((await rows('tag_sample')) > 100_000);
  });

  it('goes on with what came meanwhile after the server crashed', async () => {
    await server.crash(() => new Promise((resolve) => setTimeout(resolve, 12_000)));
    const before = await rows('tag_sample');
    await until('mw-loop-record', /^[1-9].* recorded/);
    for (let i = 0; i < 100 && (await rows('tag_sample')) <= before; i++)
      await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok((await rows('tag_sample')) > before);
  });

  it('leads from a breakdown to fifty plans, and a signature to a live plan with its instructions', async () => {
    const before = await livePlanId();
    assert.ok(before);
    const { page } = await openPage(browser, `${nodeRed.url}/millwright/`);
    await editor.press('mw-loop-plant');
    await page.waitForFunction(() => document.querySelectorAll('tr[data-plan]').length >= 50, undefined, {
      timeout: 90_000,
    });
    await page.locator('tr[data-plan]').first().click();
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign approval' }).click();
    await page.waitForSelector('.decided.approved');
    await until('mw-loop-dispatch', /^[1-9]\d* jobs/, 60_000);
    assert.notEqual(await livePlanId(), before);
    await until('mw-loop-instruct', /^[1-9]\d* written/, 60_000);
  });

  it('answers a question as the role that may read the views, and verifies its audit log', async () => {
    await editor.press('mw-loop-q1');
    await until('mw-loop-ask', /^\d.*%/, 20_000);
    await editor.press('mw-loop-a1');
    await until('mw-loop-trust', /verified/, 20_000);
  });
});
