import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  openTagSource,
  type OpcuaConnection,
  type SubscriptionHandlers,
  type TagSource,
} from '../../src/connect/index.ts';
import type { Delivery, Gap, Sample } from '../../src/contracts/index.ts';
import { temporaryFolder, until } from '../support/opcua.ts';

describe('a tag source', () => {
  const folder = temporaryFolder('tag-source');
  const tag = 'Line 1/CNC-12/Power';
  const gap: Gap = {
    tags: [tag],
    from: '2026-11-26T06:00:00.000Z',
    to: '2026-11-26T06:00:10.000Z',
    reason: 'sequence',
    backfilled: false,
  };
  let server: SubscriptionHandlers;
  let heard: ({ gap: Gap } | { samples: Sample[]; delivery: Delivery })[];

  function open(): TagSource {
    heard = [];
    const connection = {
      subscribe: (_options: unknown, handlers: SubscriptionHandlers) => {
        server = handlers;
        return { close: () => Promise.resolve() };
      },
    } as unknown as OpcuaConnection;
    return openTagSource(
      {
        connection,
        tags: [{ tag, nodeId: 'ns=1;s=Power' }],
        publishingMs: 500,
        holdSeconds: 60,
        batchSize: 100,
        delivery: 'confirmed',
        queue: { name: 'test', folder: join(folder.path, 'queue'), limitBytes: 1e6 },
      },
      {
        onBatch: (samples, delivery) => heard.push({ samples, delivery }),
        onGap: (missing) => heard.push({ gap: missing }),
        onTagError: () => undefined,
        onStalled: () => undefined,
      },
    );
  }
  after(() => {
    folder.remove();
  });

  it('says a gap once more with the batch after it, until that is confirmed: nobody may have heard it before the end', async () => {
    const sample: Sample = {
      tag,
      value: 1,
      dataType: 'Double',
      quality: 'good',
      sourceTime: '2026-11-26T06:00:10.000Z',
    };
    const first = open();
    server.onGap(gap, () => ({ since: gap.from }));
    server.onSamples([sample], Date.parse(sample.sourceTime));
    server.onSamples([{ ...sample, value: 2, sourceTime: '2026-11-26T06:00:11.000Z' }], Date.parse(gap.to) + 1_000);
    assert.equal(heard.length, 3);
    assert.deepEqual(heard[0], { gap });
    await first.close();

    const second = open();
    await until('what was not confirmed', () => heard.length === 3);
    assert.deepEqual(heard[0], { gap });
    const again = heard.slice(1) as { samples: Sample[]; delivery: Delivery }[];
    assert.deepEqual(
      again.map(({ samples, delivery }) => [samples[0]?.value, delivery.duplicate]),
      [
        [1, true],
        [2, true],
      ],
    );
    for (const { delivery } of again) second.confirm(delivery.offset);
    await second.close();

    const third = open();
    server.onSamples([{ ...sample, value: 3, sourceTime: '2026-11-26T06:00:12.000Z' }], Date.parse(gap.to) + 2_000);
    await until('a new value', () => heard.length > 0);
    assert.equal(heard.length, 1);
    await third.close();
  });
});
