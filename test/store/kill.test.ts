import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../src/kernel/index.ts';
import { openStore } from '../../src/store/index.ts';

const writer = new URL('writer.ts', import.meta.url).pathname;

/** Starts a writer, kills it without warning some time after its first change, and gives the last confirmed one. */
async function writeAndKill(file: string, prefix: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [writer, file, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await exited;
  return Number(text.trimEnd().split('\n').at(-1));
}

describe('store: killed while it writes', () => {
  it('keeps every confirmed change, no half of one, and an audit log that verifies', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mw-kill-'));
    const file = join(folder, 'plant.sqlite');
    const random = seededRandom(5, 'kill');
    for (const prefix of ['a', 'b', 'c']) {
      const last = await writeAndKill(file, prefix, 50 + random.int(400));
      const store = await openStore({ file });
      const audit = await store.verifyAudit();
      assert.equal(audit.verified, true);
      const { workRequests, jobOrders } = await store.loadPlantState(0);
      const mine = workRequests.filter(({ workRequestId }) => workRequestId.startsWith(`WO-${prefix}-`));
      assert.ok(mine.length === last + 1 || mine.length === last + 2, `${mine.length} of ${last + 1}`);
      assert.equal(jobOrders.length, workRequests.length * 2);
      assert.ok(await store.loadEvent(`E-${prefix}-${last}`));
      const entries = (await store.auditRows({ limit: 10_000 })).filter(({ action }) => action === 'orders.save');
      assert.equal(entries.length, Math.min(workRequests.length, 10_000));
      const newest = await store.loadScenarioSet();
      assert.equal(newest?.scenarios.length, 4);
      for (const { plan } of newest.scenarios) assert.equal(plan.entries.length, 6);
      await store.close();
    }
    await rm(folder, { recursive: true });
  });
});
