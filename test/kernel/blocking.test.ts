import assert from 'node:assert/strict';
import { startBlockingService, type BlockingService } from '../../src/kernel/index.ts';

describe('a service that is waited for', () => {
  let service: BlockingService;
  beforeEach(() => {
    const url = new URL('../support/blocking-worker.ts', import.meta.url);
    service = startBlockingService('polite', url, { greeting: 'Hello' });
  });
  afterEach(() => {
    service.close();
  });

  it('answers without a promise, one call after the other', () => {
    for (const name of ['Ada', 'Bo']) assert.equal(service.call('greet', name, 5_000), `Hello, ${name}`);
    assert.deepEqual(
      [1, 2, 3],
      [1, 2, 3].map(() => service.call('count', {}, 5_000)),
    );
  });
  it('throws what the method throws, with its code', () => {
    assert.throws(() => service.call('refuse', {}, 5_000), {
      code: 'MW_RECORD_UNKNOWN',
      params: { kind: 'plan', id: 'P-1' },
    });
  });
  it('is ended at the deadline and starts anew with the next call', () => {
    assert.equal(service.call('count', {}, 5_000), 1);
    assert.throws(() => service.call('hang', {}, 200), { code: 'MW_DEADLINE' });
    assert.equal(service.call('count', {}, 5_000), 1);
  });
  it('says so when the thread ends, and starts anew with the next call', () => {
    assert.throws(() => service.call('end', {}, 5_000), { code: 'MW_WORKER_FAILED' });
    assert.equal(service.call('greet', 'Cy', 5_000), 'Hello, Cy');
  });
});
