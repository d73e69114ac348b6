import assert from 'node:assert/strict';
import * as ua from 'node-opcua-client';
import { hierarchical } from '../../src/connect/opcua/browse.ts';
import type { SessionLink } from '../../src/connect/opcua/session-link.ts';

/** A server that always has one more page: no library lets a server do that. */
function endlessLink(references: readonly object[]): { link: SessionLink; calls: { next: number; released: number } } {
  const calls = { next: 0, released: 0 };
  const page = { statusCode: ua.StatusCodes.Good, references, continuationPoint: Buffer.from('more') };
  const session = {
    read: (nodes: unknown[]) => Promise.resolve(nodes.map(() => new ua.DataValue())),
    browse: (nodes: unknown[]) => Promise.resolve(nodes.map(() => page)),
    browseNext: async (_point: Buffer, release: boolean) => {
      if (release) calls.released++;
      else calls.next++;
      await new Promise(setImmediate);
      return page;
    },
  };
  return { link: { ua, session, namespaces: [] } as unknown as SessionLink, calls };
}

describe('browsing a server that never ends', () => {
  it('gives up pages that bring nothing, says that it is not complete, and releases them', async () => {
    const { link, calls } = endlessLink([]);
    const [below] = await hierarchical(link, ['i=85'], { most: 1_000 });
    assert.deepEqual({ status: below?.status, complete: below?.complete }, { status: 'Good', complete: false });
    assert.ok(calls.next < 10, `${calls.next} pages`);
    assert.equal(calls.released, 1);
  });

  it('takes no more references than asked for', async () => {
    const { link, calls } = endlessLink([{}, {}, {}]);
    const [below] = await hierarchical(link, ['i=85'], { most: 10 });
    assert.equal(below?.references.length, 10);
    assert.equal(below.complete, false);
    assert.equal(calls.released, 1);
  });

  it('ends in the middle of its pages when it is told to', async () => {
    const { link } = endlessLink([{}]);
    const signal = AbortSignal.timeout(50);
    await assert.rejects(hierarchical(link, ['i=85'], { most: 1e9, signal }), { code: 'MW_ABORTED' });
  });
});
