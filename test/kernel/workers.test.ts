import assert from 'node:assert/strict';
import { openTaskPool, startService, type TaskPool, type WorkerService } from '../../src/kernel/index.ts';

const url = new URL('../support/echo-worker.ts', import.meta.url);

describe('worker services', () => {
  let service: WorkerService;
  beforeEach(() => {
    service = startService('echo', url);
  });
  afterEach(() => service.close());

  it('answers in order and keeps error codes', async () => {
    assert.deepEqual(await Promise.all([1, 2, 3].map((n) => service.call('echo', n))), [1, 2, 3]);
    await assert.rejects(service.call('fail', 0), { code: 'MW_QUEUE_FULL' });
    await assert.rejects(service.call('unknown', 0), { code: 'MW_INTERNAL' });
  });
  it('comes back after a crash; the call that crashed is rejected', async () => {
    await assert.rejects(service.call('crash', 0), { code: 'MW_WORKER_FAILED' });
    assert.equal(await service.call('echo', 'again'), 'again');
  });
  it('is ended at a deadline and by a signal', async () => {
    await assert.rejects(service.call('hang', 0, { limitMs: 50 }), { code: 'MW_DEADLINE' });
    const stop = new AbortController();
    const hanging = service.call('hang', 0, { signal: stop.signal });
    stop.abort();
    await assert.rejects(hanging, { code: 'MW_ABORTED' });
    assert.equal(await service.call('echo', 1), 1);
  });
  it('reports progress', async () => {
    const seen: unknown[] = [];
    assert.equal(await service.call('count', 3, { onProgress: (n) => seen.push(n) }), 3);
    assert.deepEqual(seen, [1, 2, 3]);
  });
});

describe('task pools', () => {
  let pool: TaskPool;
  beforeEach(() => {
    pool = openTaskPool('echo', url, { size: 1, queueLimit: 2 });
  });
  afterEach(() => pool.close());

  it('queues within its bound and refuses beyond it', async () => {
    const results = await Promise.allSettled([1, 2, 3, 4].map((n) => pool.run('echo', n)));
    assert.deepEqual(
      results.map((r) => r.status),
      ['fulfilled', 'fulfilled', 'fulfilled', 'rejected'],
    );
  });
  it('goes on with a fresh thread after an abort', async () => {
    const stop = new AbortController();
    const hanging = pool.run('hang', 0, { signal: stop.signal });
    const waiting = pool.run('echo', 'next');
    stop.abort();
    await assert.rejects(hanging, { code: 'MW_ABORTED' });
    assert.equal(await waiting, 'next');
  });
});
