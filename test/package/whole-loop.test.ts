import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, type PageFaults } from '../support/browser.ts';
import { editorHands, type EditorHands } from '../support/editor.ts';
import { exampleOnFreePorts } from '../support/examples.ts';
import { startNodeRed, type RunningNodeRed } from '../support/node-red.ts';

/** The example as a user imports it, on free ports and with a week of history. */
async function exampleFlow(): Promise<unknown> {
  const text = JSON.stringify(await exampleOnFreePorts('01-the-whole-loop.json'));
  assert.ok(text.includes('"days":"90"'));
  return JSON.parse(text.replace('"days":"90"', '"days":"7"'));
}

describe('the whole loop in Chromium, from the packed tarball', function () {
  this.timeout(240_000);
  let nodeRed: RunningNodeRed;
  let browser: Browser;
  let editor: EditorHands;
  let board: Page;
  const faults: PageFaults[] = [];
  const open = async (url: string) => {
    const opened = await openPage(browser, url);
    faults.push(opened.faults);
    return opened.page;
  };
  before(async () => {
    nodeRed = await startNodeRed('node-red');
    browser = await launchBrowser();
    editor = await editorHands(await open(nodeRed.url));
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
  });

  const until = (id: string, pattern: RegExp, limitMs?: number) =>
    editor.until(id, pattern, limitMs).catch((cause: unknown) => {
      throw new Error(nodeRed.log(), { cause });
    });
  const state = async () =>
    (await (await fetch(`${nodeRed.url}/millwright/api/state`)).json()) as {
      events: { subject: string }[];
      livePlanId: string | null;
      set: { requestId: string } | null;
    };

  it('imports without an invalid node and deploys by the button', async () => {
    assert.deepEqual(await editor.importFlow(await exampleFlow()), []);
    await editor.deploy();
  });
  it('runs the demo plant and records its tags over OPC UA', async () => {
    await until('mw-loop-plant', /running ×1/);
    await until('mw-loop-in', /^196 tags/);
    await until('mw-loop-record', /^[1-9].* recorded/);
  });
  it('shows the live plan on the board, and no alternatives yet', async () => {
    board = await open(`${nodeRed.url}/millwright/`);
    await board.getByText('No alternatives yet').waitFor();
    assert.ok((await state()).livePlanId);
  });
  it('leads from a breakdown, by the button in the editor, to fifty plans within 10 s of the event', async function () {
    await editor.press('mw-loop-plant');
    let eventAt = 0;
    for (let i = 0; i < 300 && !eventAt; i++) {
      if ((await state()).events.some(({ subject }) => subject === 'CNC-22')) eventAt = Date.now();
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(eventAt, 'machine-down event');
    await board.waitForFunction(() => document.querySelectorAll('tr[data-plan]').length >= 50, undefined, {
      timeout: 60_000,
    });
    const seconds = (Date.now() - eventAt) / 1000;
    console.log(
      `      machine-down event to ${String(await board.locator('tr[data-plan]').count())} plans: ${seconds.toFixed(1)} s`,
    );
    assert.ok(seconds < 10, `${String(seconds)} s`);
  });
  it('makes the approved plan the live one and writes the instructions', async () => {
    const before = (await state()).livePlanId;
    await board.locator('tr[data-plan]').first().click();
    await board.getByRole('button', { name: 'Approve…' }).click();
    await board.getByRole('dialog').getByRole('button', { name: 'Sign approval' }).click();
    await board.waitForSelector('.decided.approved');
    await until('mw-loop-dispatch', /^[1-9]\d* jobs/, 60_000);
    const after = (await state()).livePlanId;
    assert.ok(after && after !== before);
    await until('mw-loop-instruct', /^[1-9]\d* written/, 60_000);
  });
  it('answers a question with a number and refuses what it does not know', async () => {
    await editor.press('mw-loop-q1');
    await until('mw-loop-ask', /^\d.*%/, 20_000);
    await editor.press('mw-loop-q3');
    await until('mw-loop-ask', /not understood/, 20_000);
  });
  it('answers a what-if', async () => {
    await editor.press('mw-loop-w1');
    await editor.page.getByText('bottleneck').first().waitFor({ timeout: 30_000 });
  });
  it('exports an audit log that the package verifies, and finds a changed entry in', async () => {
    await editor.press('mw-loop-a2');
    await until('mw-loop-trust', /verified/, 20_000);
    const folder = join(nodeRed.userDir, 'millwright/exports');
    let file: string | undefined;
    for (let i = 0; i < 50 && !file; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      file = readdirSync(folder, { withFileTypes: true }).find((entry) => entry.isFile())?.name;
    }
    const bin = join(nodeRed.userDir, 'node_modules/@millwright/node-red-shopfloor/dist/src/cli/main.js');
    const verify = (path: string) => spawnSync(process.execPath, [bin, 'verify', path], { encoding: 'utf8' });
    const whole = verify(join(folder, file ?? ''));
    assert.equal(whole.status, 0, whole.stdout + whole.stderr);
    const log = readFileSync(join(folder, file ?? ''), 'utf8');
    assert.ok(log.includes('schedule.publish'));
    const forged = join(folder, 'forged.jsonl');
    writeFileSync(forged, log.replace('"mode":"write"', '"mode":"shadow"'));
    const damaged = verify(forged);
    assert.equal(damaged.status, 1, damaged.stdout + damaged.stderr);
  });
  it('browses the plant from the dialog of OPC UA in and adds a tag', async () => {
    await editor.edit('mw-loop-in', async (page) => {
      await page.getByRole('button', { name: 'Import' }).click();
      await page.getByPlaceholder('or paste a table').fill('A,ns=1;s=A\nline,without an id');
      await page.getByText('Line 2 is left out: no node id').waitFor();
      await page.getByRole('button', { name: 'Replace the whole table' }).click();
      await page.getByText('1 tags').waitFor();
      await page.getByRole('button', { name: 'Browse server' }).click();
      await page.getByLabel('Search names and node ids').fill('cnc-22 vibration');
      await page.keyboard.press('Enter');
      await page.getByText('1 variables found').waitFor();
      await page.locator('.red-ui-treeList input[type=checkbox]').click();
      await page.getByRole('button', { name: 'Add ticked' }).click();
      await page.getByText('1 added, 0 were there already').waitFor();
      const row = page.locator('.mw-tag-grid tbody tr').last();
      assert.equal(await row.getByLabel('tag (line/machine/signal)').inputValue(), 'Line 2/CNC-22/Vibration');
      assert.match(await row.getByLabel('node id').inputValue(), /^nsu=[^;]+;s=.+Vibration$/);
    });
  });
  it('lets a planner in who was added in the dialog of the board, by password only', async () => {
    await editor.edit('mw-loop-board', async (page) => {
      await page.getByPlaceholder('person').fill('Ann');
      await page.getByLabel('role').selectOption('planner');
      await page.getByPlaceholder('password').fill('a long pass phrase');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText('Ann – planner').waitFor();
    });
    await board.goto('about:blank');
    await editor.deploy();
    const page = `${nodeRed.url}/millwright/`;
    for (let i = 0; i < 300 && (await fetch(page)).status !== 200; i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    await board.goto(page);
    await board.getByRole('button', { name: 'Log in' }).click();
    const dialog = board.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Ann');
    await dialog.getByLabel('Password').fill('a long pass phrase');
    await dialog.getByRole('button', { name: 'Log in' }).click();
    await board.getByText('Logged in as Ann').waitFor();
    const flows = await (await fetch(`${nodeRed.url}/flows`)).text();
    assert.ok(!flows.includes('scrypt') && !flows.includes('pass phrase'));
  });
  it('wrote no error anywhere and asked nothing of the outside', () => {
    for (const fault of faults) assert.deepEqual(fault, { consoleErrors: [], outsideRequests: [] });
    assert.doesNotMatch(nodeRed.log(), /\[error\]/);
  });
});
