import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { hashPassword, type BoardOptions, type BoardPerson } from '../../src/board/index.ts';
import { buildBoard } from '../../src/tooling/build-board.ts';
import { launchBrowser, openPage, type PageFaults } from '../support/browser.ts';
import { serveBoard, type BoardServer } from './board-server.ts';
import { memoryStore, type MemoryStore } from './memory-store.ts';
import { boardNow, syntheticPlant } from './synthetic-plant.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const plant = syntheticPlant();
const byRank = plant.set.scenarios;
const hour = 3_600_000;

/** Rules of WCAG 2.2 A and AA that the page breaks, in words. */
async function accessibilityFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run({ runOnly: tags });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

describe('planning board: page', function () {
  this.timeout(60_000);
  let browser: Browser;
  let people: BoardPerson[];
  let uiFolder: string;
  let store: MemoryStore;
  let server: BoardServer;
  let page: Page;
  let faults: PageFaults;

  before(async () => {
    uiFolder = mkdtempSync(join(tmpdir(), 'mw-board-ui-'));
    await buildBoard(uiFolder);
    people = [{ personId: 'paul', role: 'planner', scrypt: await hashPassword('secret word') }];
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(uiFolder, { recursive: true, force: true });
  });

  async function open(options: Partial<BoardOptions> = {}, from: MemoryStore = memoryStore(plant)): Promise<void> {
    store = from;
    server = await serveBoard({ store, people, uiFolder, demo: true, ...options });
    ({ page, faults } = await openPage(browser, server.url));
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.waitForSelector('.top');
    if (from.set) await page.waitForSelector('.decision .button, .decision .quiet');
  }
  async function close(): Promise<void> {
    await page.context().close();
    await server.stop();
    assert.deepEqual(faults.outsideRequests, []);
  }

  const rows = () => page.locator('.scenarios tbody tr');
  const plansInTable = () =>
    rows().evaluateAll((elements) => elements.map((element) => element.getAttribute('data-plan')));

  describe('reading', () => {
    before(() => open());
    after(close);

    it('shows fifty plans, the best one open beside the live plan, without an error or an outside request', async () => {
      assert.equal(await rows().count(), 50);
      assert.deepEqual(
        await plansInTable(),
        byRank.map(({ plan }) => plan.scheduleId),
      );
      assert.equal(await page.locator('tr[aria-selected=true]').getAttribute('data-plan'), byRank[0]!.plan.scheduleId);
      assert.equal(await page.locator('.gantt-name').count(), 16);
      assert.match(
        (await page.locator('.event').textContent()) ?? '',
        /CNC-22 down.*breakdown, since 09:32.*15:32.*17:56/,
      );
      const colours = await page.locator('.gantt-canvas canvas').evaluate((element) => {
        const canvas = element as unknown as { width: number; height: number; getContext(kind: '2d'): CanvasLike };
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set<number>();
        for (let at = 0; at < data.length; at += 4) seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
        return seen.size;
      });
      assert.ok(colours > 20, `${colours} colours on the canvas`);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
      assert.deepEqual(faults.consoleErrors, []);
    });

    it('sorts by any column, best first, and filters to the Pareto plans', async () => {
      const expected = [...byRank]
        .sort((a, b) => a.simulated.changeovers.mean - b.simulated.changeovers.mean || a.rank - b.rank)
        .map(({ plan }) => plan.scheduleId);
      const head = page.locator('th:has-text("Changeovers")');
      await head.locator('button').click();
      assert.deepEqual(await plansInTable(), expected);
      assert.equal(await head.getAttribute('aria-sort'), 'ascending');
      await page.locator('th:has-text("Stability") button').click();
      const stable = [...byRank].sort(
        (a, b) => b.simulated.stability.mean - a.simulated.stability.mean || a.rank - b.rank,
      );
      assert.deepEqual(
        await plansInTable(),
        stable.map(({ plan }) => plan.scheduleId),
      );
      await page.getByLabel('Only Pareto').check();
      assert.equal(await rows().count(), byRank.filter(({ pareto, doNothing }) => pareto || doNothing).length);
      await page.getByLabel('Only Pareto').uncheck();
      await page.locator('th:has-text("Rank") button').click();
    });

    it('is worked by keyboard: arrows, Enter, Space, tabs, Gantt', async () => {
      await page.locator('tr[aria-selected=true]').focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'Enter', 'Space', 'ArrowUp', 'Space'])
        await page.keyboard.press(key);
      const third = byRank[2]!;
      await page.waitForSelector(`tr[aria-selected=true][data-plan="${third.plan.scheduleId}"]`);
      assert.match((await page.locator('.plan-title h2').textContent()) ?? '', /^Plan 3/);
      await page.locator('[role=tab][aria-selected=true]').focus();
      await page.keyboard.press('ArrowLeft');
      assert.equal(await page.locator('[role=tab][aria-selected=true]').getAttribute('id'), 'tab-compare');
      assert.deepEqual(await page.locator('.compare thead .link').allTextContents(), ['Plan 3', 'Plan 2']);
      await page.locator('#tab-schedule').click();
      const frame = page.locator('.gantt-frame');
      await frame.focus();
      const before = await frame.getAttribute('aria-label');
      await page.keyboard.press('ArrowRight');
      assert.notEqual(await frame.getAttribute('aria-label'), before);
      await page.keyboard.press('Home');
      assert.equal(await frame.getAttribute('aria-label'), before);
    });

    it('tells of each operation on hovering, and holds the whole chart as a table', async () => {
      await page.locator('th:has-text("Rank")').hover();
      const [from, to] = [boardNow - 0.15 * 24 * hour, boardNow + 0.85 * 24 * hour];
      const canvas = (await page.locator('.gantt-canvas').boundingBox())!;
      const live = new Map(plant.live.entries.map((entry) => [entry.jobOrderId, entry]));
      const entry = byRank[2]!.plan.entries.find(
        ({ jobOrderId, start, end }) => live.get(jobOrderId)?.start === start && start > boardNow && end - start > hour,
      )!;
      const name = page.locator('.gantt-name', { hasText: entry.equipmentId });
      await name.scrollIntoViewIfNeeded();
      const row = (await name.boundingBox())!;
      const middle = (entry.start + entry.end) / 2;
      await page.mouse.move(canvas.x + ((middle - from) / (to - from)) * canvas.width, row.y + row.height / 2);
      const tip = page.locator('.chart-tip', { hasText: entry.jobOrderId });
      await tip.waitFor();
      const order = plant.state.workRequests.find(({ workRequestId }) => entry.jobOrderId.startsWith(workRequestId))!;
      assert.match(
        (await tip.textContent()) ?? '',
        new RegExp(`${order.materialId}, ${order.quantity} pcs.*${order.customer}`),
      );
      await page.getByRole('button', { name: 'Table' }).click();
      assert.equal(await page.locator('.gantt-as-table tbody tr').count(), 300);
    });

    it('says what the simulation found: warnings, rank against the planned one, plans left out', async () => {
      const warned = byRank.find(({ warnings, rank, plannedRank }) => warnings.length > 0 && rank !== plannedRank)!;
      await page.locator(`tr[data-plan="${warned.plan.scheduleId}"]`).click();
      await page.waitForSelector('.plan-warning');
      assert.deepEqual(
        await page.locator('.plan-warning').allTextContents(),
        warned.warnings.map(({ text }) => text),
      );
      const { rank, plannedRank } = warned;
      assert.equal(
        await page.locator('.rank-change').textContent(),
        `planned rank ${String(plannedRank)}, simulated ${String(rank)}`,
      );
      assert.match((await page.getByText('left out').textContent()) ?? '', /3 left out/);
      await page.locator(`tr[data-plan="${byRank[2]!.plan.scheduleId}"]`).click();
    });

    it('lists what moves and what is late exactly as the plans say', async () => {
      const best = byRank[2]!;
      await page.locator('#tab-changes').click();
      assert.equal(await page.locator('#panel-changes tbody tr').count(), best.changes);
      await page.locator('#tab-late').click();
      const worst = [...best.lateReasons].sort((a, b) => b.lateSeconds - a.lateSeconds);
      assert.deepEqual(
        await page.locator('#panel-late tbody tr td:first-child').allTextContents(),
        worst.map(({ workRequestId }) => workRequestId),
      );
      assert.equal(await page.locator('#panel-late .shares meter').count(), best.tardinessShares.length);
      await page.getByText('One more copy of tool H1: weighted lateness −2 h, late orders −1').waitFor();
      const chain = page.locator('#panel-late .chain').first();
      await chain.locator('summary').click();
      assert.equal(await chain.locator('li').count(), worst[0]!.chain.length);
      assert.match(
        (await chain.locator('li').first().textContent()) ?? '',
        new RegExp(`runs on ${worst[0]!.chain[0]!.equipmentId}$`),
      );
      await page.locator('#tab-machines').click();
      const machines = page.locator('#panel-machines table').nth(1).locator('tbody tr');
      assert.equal(await machines.count(), 16);
      const bottleneck = machines.filter({ hasText: best.bottleneck! });
      assert.match((await bottleneck.textContent()) ?? '', /bottleneck/);
      const { busy } = best.utilisation[best.bottleneck!]!;
      assert.ok(((await bottleneck.textContent()) ?? '').includes(`${String(Math.round(100 * busy))} %`));
      assert.equal(await page.locator('#panel-machines table').first().locator('tbody tr').count(), 4);
      await page.locator('#tab-staging').click();
      assert.equal(await page.locator('#panel-staging tbody tr').count(), best.staging.length);
    });
  });

  it('keeps within its budget: 400 KB gzipped in all, and no inline script or style', () => {
    const zipped = ['index.html', 'board.js', 'board.css'].map(
      (file) => gzipSync(readFileSync(join(uiFolder, file))).length,
    );
    assert.ok(zipped.reduce((a, b) => a + b, 0) <= 400 * 1024, zipped.join(', '));
    const html = readFileSync(join(uiFolder, 'index.html'), 'utf8');
    assert.ok(!/<script(?![^>]*src=)|<style|style=|\son\w+=/.test(html));
  });

  describe('acting', () => {
    afterEach(close);

    it('signs what it shows, marked unauthenticated on the demo plant', async () => {
      await open();
      const best = byRank[0]!;
      await page.getByRole('button', { name: 'Approve…' }).click();
      const dialog = page.getByRole('dialog');
      const shown = (await dialog.textContent()) ?? '';
      for (const text of [
        best.digest.slice(0, 12),
        best.label,
        `${best.changes} operations move`,
        'demo, unauthenticated',
      ])
        assert.ok(shown.includes(text), text);
      await dialog.getByLabel('Reason').fill('  looks right ');
      await dialog.getByRole('button', { name: 'Sign approval' }).click();
      await page.waitForSelector('.decided.approved');
      const [approval] = server.approvals;
      assert.deepEqual(
        [approval?.planId, approval?.planDigest, approval?.meaning, approval?.reason],
        [best.plan.scheduleId, best.digest, 'approved', 'looks right'],
      );
      assert.match((await page.locator('.decided').textContent()) ?? '', /Approved by demo \(unauthenticated\)/);
      assert.equal(await page.locator('.decision .button').count(), 0);
      assert.deepEqual(faults.consoleErrors, []);
    });

    it('asks for a reason before it rejects', async () => {
      await open();
      await page.getByRole('button', { name: 'Reject…' }).click();
      await page.getByRole('button', { name: 'Sign rejection' }).click();
      assert.match((await page.locator('dialog .complaint').textContent()) ?? '', /needs a reason/);
      assert.equal(server.approvals.length, 0);
      await page.getByRole('dialog').getByLabel('Reason').fill('too many moves');
      await page.getByRole('button', { name: 'Sign rejection' }).click();
      await page.waitForSelector('.decided.rejected');
      assert.equal(server.approvals[0]?.reason, 'too many moves');
    });

    it('does not sign what is stale, and leads to a new search', async () => {
      await open();
      store.inputs = 'c'.repeat(64);
      await page.getByRole('button', { name: 'Approve…' }).click();
      await page.getByRole('button', { name: 'Sign approval' }).click();
      await page.getByRole('heading', { name: 'no longer up to date' }).waitFor();
      assert.equal(server.approvals.length, 0);
      await page.getByRole('dialog').getByRole('button', { name: 'Find new plans' }).click();
      await page.waitForSelector('progress');
      assert.equal(server.requests.length, 1);
    });

    it('shows how far a search is, keeps the former plans meanwhile, and opens the best of the new ones', async () => {
      await open();
      await page.waitForSelector('.connection.live');
      server.board.notify({ kind: 'progress', search: { requestId: 'REQ-2', done: 20, total: 50 } });
      await page.waitForSelector('progress[value="20"]');
      assert.equal(await rows().count(), 50);
      const other = syntheticPlant({ count: 12 });
      store.set = { ...other.set, requestId: 'REQ-2' };
      server.clock.ms += 60_000;
      server.board.notify({ kind: 'scenarios', requestId: 'REQ-2' });
      await page.getByText('12 new alternatives are ready.').waitFor();
      assert.equal(await rows().count(), 12);
      assert.equal(await page.locator('.search').isVisible(), false);
    });

    it('says in both languages why a search found no plan, until there is a new one', async () => {
      await open();
      await page.getByRole('button', { name: 'Regenerate' }).click();
      await page.getByRole('button', { name: 'Start the search' }).click();
      await page.waitForSelector('progress');
      const causes = [
        { kind: 'stop', subject: 'CNC-21' },
        { kind: 'ban', subject: 'CNC-22' },
      ];
      const conflicts = Array.from({ length: 20 }, (_, i) => {
        const jobOrderId = `WO-${26_001 + i}/10`;
        return i === 0
          ? { kind: 'no-open-time', jobOrderId, subject: 'turn', causes }
          : { kind: 'material-never-arrives', jobOrderId, subject: 'BAR', causes: [] };
      });
      const params = { count: 34, conflicts: '' };
      server.board.notify({
        kind: 'failed',
        search: { requestId: 'REQ-2', eventId: 'EV-1', code: 'MW_PLAN_INFEASIBLE', params, conflicts },
      });
      await page.getByText('No plan for CNC-22 down').waitFor();
      assert.equal(
        (await page.locator('progress').count()) - (await page.locator('.search[hidden] progress').count()),
        0,
      );
      const lines = page.locator('.failed-search li');
      assert.equal(
        await lines.first().textContent(),
        'WO-26001/10 (turn) finds no open time: CNC-21 is down + CNC-22 is forbidden by wish',
      );
      assert.equal(await lines.last().textContent(), 'and 14 more');
      assert.equal(await rows().count(), 50, 'the former plans stay');
      assert.deepEqual(await accessibilityFaults(page), []);
      await page.getByRole('button', { name: 'DE', exact: true }).click();
      assert.equal(
        await lines.first().textContent(),
        'WO-26001/10 (turn) findet keine offene Zeit: CNC-21 steht + CNC-22 ist durch einen Wunsch gesperrt',
      );
      const params2 = { planId: 'P', reason: 'WO-1 is not in the plan' };
      server.board.notify({
        kind: 'failed',
        search: { requestId: 'REQ-3', eventId: null, code: 'MW_PLAN_INVALID', params: params2, conflicts: [] },
      });
      await page.getByText('WO-1 is not in the plan').waitFor();
      server.board.notify({ kind: 'progress', search: { requestId: 'REQ-4', done: 1, total: 50 } });
      await page.waitForSelector('progress[value="1"]');
      assert.equal(await page.locator('.failed-search').count(), 0);
    });

    it("corrects the end of a stop on the site's clocks, and searches anew", async () => {
      await open();
      await page.getByRole('button', { name: 'Correct end of CNC-22' }).click();
      const input = page.getByLabel('Expected end (Europe/Berlin)');
      assert.equal(await input.inputValue(), '2026-11-24T15:35');
      await input.fill('2026-11-24T09:00');
      await page.getByRole('button', { name: 'Save and regenerate' }).click();
      assert.match((await page.locator('dialog .complaint').textContent()) ?? '', /after now/);
      await input.fill('2026-11-24T18:30');
      await page.getByRole('button', { name: 'Save and regenerate' }).click();
      await page.waitForSelector('progress');
      const end = Date.UTC(2026, 10, 24, 17, 30);
      assert.deepEqual(store.events[0]?.expectedEnd, { p50: end, p90: end, basis: 'person' });
      assert.equal(server.requests[0]?.eventId, 'EV-1');
      await page.getByText('expected back 18:30').waitFor();
    });

    it('sends wishes with a search: those of the plans shown, with what each costs, and new ones', async () => {
      await open();
      await page.getByRole('button', { name: 'Regenerate' }).click();
      const kept = page.getByRole('group', { name: 'Wishes of the plans shown, with what each costs' });
      assert.match(
        (await kept.textContent()) ?? '',
        /WO-26001 must be on time.*weighted lateness \+2 h, late orders \+1, changeovers −1/,
      );
      await page.getByLabel('Do not use these machines').selectOption('CNC-21');
      await page.getByLabel('These orders must be on time').selectOption('WO-26017');
      await page.getByLabel('These orders must be on time').selectOption('WO-26002');
      await page.getByRole('button', { name: 'Remove WO-26017' }).click();
      await page.getByRole('button', { name: 'Start the search' }).click();
      await page.waitForSelector('progress');
      assert.deepEqual(server.requests[0]?.constraints, [
        { kind: 'must-be-on-time', subject: 'WO-26001' },
        { kind: 'forbid-machine', subject: 'CNC-21' },
        { kind: 'must-be-on-time', subject: 'WO-26002' },
      ]);
    });

    it('sends overtime, fixed operations and undivided orders with a search', async () => {
      await open();
      await page.getByRole('button', { name: 'Regenerate' }).click();
      await page.getByText('More wishes').click();
      await page.getByLabel('Overtime on these machines or lines').selectOption('CNC-21');
      await page.getByLabel('Overtime for so many hours from now').fill('0');
      const job = await page.getByLabel('These operations keep machine and start').evaluate((select) => {
        const { options } = select as unknown as { options: { value: string }[] };
        return options[1]!.value;
      });
      await page.getByLabel('These operations keep machine and start').selectOption(job);
      await page.getByLabel('These orders must not pause').selectOption('WO-26002');
      assert.deepEqual(await accessibilityFaults(page), []);
      await page.getByRole('button', { name: 'Start the search' }).click();
      assert.equal(server.requests.length, 0, 'no overtime of zero hours');
      await page.getByLabel('Overtime for so many hours from now').fill('4');
      await page.getByRole('button', { name: 'Start the search' }).click();
      await page.waitForSelector('progress');
      const [, overtime, ...others] = server.requests[0]?.constraints ?? [];
      assert.deepEqual([overtime?.kind, overtime?.subject], ['overtime', 'CNC-21']);
      assert.ok(Math.abs(Date.parse(overtime?.to ?? '') - boardNow - 4 * hour) < 60_000, overtime?.to);
      assert.deepEqual(others, [
        { kind: 'lock', subject: job },
        { kind: 'no-split', subject: 'WO-26002' },
      ]);
    });

    it('names the orders that are in none of the plans, and why', async () => {
      const from = memoryStore(plant);
      const conflicts = [{ kind: 'tool-missing', jobOrderId: 'WO-26009/10', subject: 'T-7' }];
      from.set = { ...plant.set, unplanned: [{ workRequestId: 'WO-26009', conflicts }] };
      await open({}, from);
      await page.getByText('Orders that are in none of these plans').click();
      const line = page.locator('.unplanned li');
      assert.match((await line.textContent()) ?? '', /^WO-26009: the plant has no tool T-7/);
      assert.deepEqual(await accessibilityFaults(page), []);
    });

    it('speaks the chosen language and wears the chosen theme at the next visit too', async () => {
      await open();
      await page.getByRole('button', { name: 'DE', exact: true }).click();
      await page.getByRole('button', { name: 'Hell oder dunkel' }).click();
      const theme = await page.evaluate('document.documentElement.dataset.theme');
      await page.reload();
      await page.waitForSelector('.top');
      assert.equal(await page.evaluate('document.documentElement.lang'), 'de');
      assert.equal(await page.evaluate('document.documentElement.dataset.theme'), theme);
    });

    it('is read-only until a planner logs in, and again after logging out', async () => {
      await open({ demo: false });
      assert.equal(await page.locator('.decision .button').count(), 0);
      assert.equal(await page.getByRole('button', { name: 'Regenerate' }).count(), 0);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByLabel('Name').fill('paul');
      await page.getByLabel('Password').fill('wrong');
      await page.keyboard.press('Enter');
      await page.locator('dialog .complaint', { hasText: 'do not fit' }).waitFor();
      await page.getByLabel('Password').fill('secret word');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Approve…' }).waitFor();
      await page.getByRole('button', { name: 'Approve…' }).click();
      await page.getByRole('button', { name: 'Sign approval' }).click();
      await page.waitForSelector('.decided.approved');
      assert.equal(server.approvals[0]?.personId, 'paul');
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByText('Read only').waitFor();
      await page.reload();
      await page.getByText('Read only').waitFor();
    });

    it('says when the connection is lost, and finds back by itself', async () => {
      await open();
      await page.waitForSelector('.connection.live');
      server.board.close();
      await page.waitForSelector('.connection.offline');
      await page.getByText('You see the plant as of 10:20').waitFor();
      await page.waitForSelector('.connection.live', { timeout: 10_000 });
      assert.equal(await page.locator('.banner').count(), 0);
    });

    it('says why it cannot be loaded, and tries again', async () => {
      store = memoryStore(plant);
      server = await serveBoard({ store, people, uiFolder, demo: true });
      const [works, broken] = [store.openEvents, () => Promise.reject(new Error('disk on fire'))];
      store.openEvents = broken;
      ({ page, faults } = await openPage(browser, server.url));
      await page.getByRole('heading', { name: 'could not be loaded' }).waitFor();
      assert.ok(!((await page.textContent('body')) ?? '').includes('disk on fire'), 'nothing inner gets out');
      store.openEvents = works;
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.waitForSelector('.decision .button');
      assert.equal(await rows().count(), 50);
    });

    it('has words for the first day, when there is nothing yet', async () => {
      await open({}, memoryStore(undefined));
      await page.getByText('No alternatives yet').waitFor();
      await page.getByText('No open events').waitFor();
      assert.deepEqual(await accessibilityFaults(page), []);
      assert.deepEqual(faults.consoleErrors, []);
    });

    it('speaks German with German numbers, and lets the reader choose', async () => {
      await open({ language: 'de' });
      assert.equal(await page.evaluate('document.documentElement.lang'), 'de');
      await page.getByRole('button', { name: 'Freigeben…' }).waitFor();
      const kpi = byRank[0]!.simulated.lateOrders.mean;
      const text = await page.locator('.effects li').first().textContent();
      assert.ok(text?.includes(kpi.toFixed(1).replace('.', ',')), text ?? '');
      await page.getByRole('button', { name: 'EN', exact: true }).click();
      await page.getByRole('button', { name: 'Approve…' }).waitFor();
      assert.equal(await rows().count(), 50);
    });

    for (const colorScheme of ['light', 'dark'] as const)
      it(`is accessible by axe in every part, ${colorScheme}`, async () => {
        // Few plans: axe looks at every cell, and they are all alike.
        await open(
          { language: colorScheme === 'dark' ? 'de' : 'en-US' },
          memoryStore(syntheticPlant({ count: 5, orders: 20 })),
        );
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.waitForTimeout(200);
        await rows().first().locator('input').check();
        assert.deepEqual(await accessibilityFaults(page), [], 'schedule');
        if (colorScheme === 'light') await page.locator('.gantt-tools .segmented button').nth(2).click();
        for (const tab of colorScheme === 'light'
          ? ['late', 'compare', 'schedule']
          : ['changes', 'machines', 'staging']) {
          await page.locator(`#tab-${tab}`).click();
          assert.deepEqual(await accessibilityFaults(page), [], tab);
        }
        await page.locator('.decision .button').last().click();
        assert.deepEqual(await accessibilityFaults(page), [], 'dialog');
      });
  });
});

interface CanvasLike {
  getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
}
