import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { openDelivery, openQueue, type DurableQueue } from '../../src/connect/index.ts';
import { encodeRecord } from '../../src/connect/queue/record.ts';

function read(queue: DurableQueue): { offset: number; text: string; duplicate: boolean }[] {
  const list = [];
  for (let batch = queue.next(); batch; batch = queue.next())
    list.push({ offset: batch.offset, text: batch.body.toString('utf8'), duplicate: batch.duplicate });
  return list;
}

describe('durable queue', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mw-queue-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const open = (limitBytes = 2 ** 20) => openQueue({ folder, limitBytes });

  it('behaves like a list with confirmed entries taken out, over restarts and many segments', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ append: fc.string({ maxLength: 200 }) }) },
      { weight: 3, arbitrary: fc.record({ confirm: fc.nat(30) }) },
      { weight: 1, arbitrary: fc.constant('restart' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 150, size: 'max' }), (steps) => {
        rmSync(folder, { recursive: true, force: true });
        let queue = open(16_384);
        const model = new Map<number, string>();
        for (const one of steps) {
          if (one === 'restart') {
            queue.close();
            queue = open(16_384);
          } else if ('append' in one) {
            const offset = queue.append(one.append, 0);
            if (offset !== undefined) model.set(offset, one.append);
          } else {
            model.delete(one.confirm);
            queue.confirm(one.confirm);
          }
        }
        const unconfirmed = queue.unconfirmed;
        queue.close();
        queue = open(16_384);
        const again = read(queue);
        queue.close();
        assert.deepEqual(new Map(again.map(({ offset, text }) => [offset, text])), model);
        assert.equal(unconfirmed, model.size);
        assert.ok(again.every(({ offset }, at) => at === 0 || offset > again[at - 1]!.offset));
      }),
      { numRuns: 40 },
    );
  });

  it('marks what was there before the restart as duplicate, and nothing else', () => {
    let queue = open();
    for (const text of ['a', 'b', 'c']) queue.append(text, 1_000);
    queue.confirm(1);
    queue.close();
    queue = open();
    assert.equal(queue.lastAtMs, 1_000);
    queue.append('d', 2_000);
    const found = read(queue);
    queue.close();
    assert.deepEqual(found, [
      { offset: 0, text: 'a', duplicate: true },
      { offset: 2, text: 'c', duplicate: true },
      { offset: 3, text: 'd', duplicate: false },
    ]);
  });

  it('refuses beyond its limit, counts, and takes again when confirmed batches have made room', () => {
    const queue = open(8_192);
    const body = 'x'.repeat(500);
    let taken = 0;
    while (queue.append(body, 0) !== undefined) taken++;
    assert.ok(taken >= 14 && taken <= 16, `${taken} batches of 524 bytes in 8 KB`);
    assert.equal(queue.refused, 1);
    assert.ok(queue.bytes <= 8_192);
    for (let offset = 0; offset < taken; offset++) queue.confirm(offset);
    assert.equal(queue.append(body, 0), taken);
    const onDisk = readdirSync(folder)
      .filter((name) => name.endsWith('.seg'))
      .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    assert.equal(onDisk, queue.bytes);
    queue.close();
  });

  it('cuts off a torn or damaged end and keeps what is before', () => {
    let queue = open();
    for (let number = 0; number < 10; number++) queue.append(`batch ${number}`, number);
    queue.close();
    const file = join(
      folder,
      readdirSync(folder).find((name) => name.endsWith('.seg'))!,
    );
    truncateSync(file, statSync(file).size - 3);
    queue = open();
    assert.equal(read(queue).length, 9);
    assert.equal(queue.append('after', 10), 9);
    queue.close();

    const bytes = readFileSync(file);
    bytes[bytes.indexOf('batch 4') + 6]! ^= 1;
    writeFileSync(file, bytes);
    queue = open();
    assert.deepEqual(
      read(queue).map(({ text }) => text),
      ['batch 0', 'batch 1', 'batch 2', 'batch 3'],
    );
    queue.close();
  });

  it('stays away from a file that only looks like a segment of its own', () => {
    const queue = open();
    queue.append('one', 0);
    queue.close();
    const names = ['0000009007199254', '9007199254740990', '9999999999999999'];
    for (const name of names) {
      const record = encodeRecord(Number(name), 0, Buffer.from('foreign'));
      writeFileSync(join(folder, `${name}.seg`), record);
    }
    const again = open();
    assert.equal(again.append('two', 0), 1);
    assert.deepEqual(
      read(again).map(({ text }) => text),
      ['one', 'two'],
    );
    again.confirm(0);
    again.confirm(1);
    again.close();
    for (const name of names) assert.ok(readdirSync(folder).includes(`${name}.seg`), name);
  });

  it('opens with a note of very many batches that were confirmed out of order', () => {
    const queue = open();
    queue.append('one', 0);
    queue.close();
    const confirmedAhead = Array.from({ length: 300_000 }, (_, at) => at + 1);
    writeFileSync(join(folder, 'confirmed.json'), JSON.stringify({ confirmedTo: 0, confirmedAhead }));
    const again = open();
    assert.deepEqual(
      read(again).map(({ text }) => text),
      ['one'],
    );
    again.close();
  });

  it('gives back every batch it took from a process that was killed while appending', async () => {
    for (let round = 0; round < 2; round++) {
      const own = join(folder, String(round));
      const writer = spawn(
        process.execPath,
        [fileURLToPath(new URL('../support/queue-writer.ts', import.meta.url)), own],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let text = '';
      let confirmed = 0;
      writer.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        confirmed++;
        if (text.length > 3_000 * (round + 1)) writer.kill('SIGKILL');
      });
      await once(writer, 'close');
      assert.ok(confirmed > 0);
      const lines = text.split('\n');
      lines.pop();
      const taken = lines.map(Number);
      const queue = openQueue({ folder: own, limitBytes: 64 * 2 ** 20 });
      const again = read(queue);
      queue.close();
      assert.ok(taken.length > 200 && taken.every((offset, at) => offset === at));
      assert.ok(again.length >= taken.length, `${again.length} back of ${taken.length} taken`);
      assert.ok(again.every(({ offset, duplicate }, at) => offset === at && duplicate));
      assert.ok(again.every(({ text: body }, at) => (JSON.parse(body) as { number: number }).number === at));
    }
  });
});

describe('delivery out of a queue', () => {
  let folder: string;
  let queue: DurableQueue;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mw-delivery-'));
    queue = openQueue({ folder, limitBytes: 2 ** 20 });
  });
  afterEach(() => {
    queue.close();
    rmSync(folder, { recursive: true });
  });

  it('never has more on the way than allowed, says when it stops, and goes on with each confirmation', () => {
    const sent: number[] = [];
    const said: boolean[] = [];
    const delivery = openDelivery({
      queue,
      mode: 'confirmed',
      mostUnconfirmed: 4,
      send: ({ offset }) => sent.push(offset),
      onStalled: (stalled) => said.push(stalled),
    });
    for (let number = 0; number < 10; number++) {
      queue.append(`${number}`, 0);
      delivery.pump();
    }
    assert.deepEqual(sent, [0, 1, 2, 3]);
    assert.deepEqual(said, [true]);
    delivery.confirm(2);
    delivery.confirm(2);
    delivery.confirm(99);
    assert.deepEqual(sent, [0, 1, 2, 3, 4]);
    for (let offset = 0; offset < 10; offset++) delivery.confirm(offset);
    assert.deepEqual(sent, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual(said, [true, false]);
    assert.equal(queue.unconfirmed, 0);
  });

  it('takes a batch that is confirmed in parts as confirmed when the last part is, whatever is repeated', () => {
    const delivery = openDelivery({ queue, mode: 'confirmed', mostUnconfirmed: 4, send: () => undefined });
    queue.append('batch', 0);
    delivery.pump();
    for (const index of [1, 0, 1, 0]) delivery.confirm(0, { index, of: 3 });
    assert.equal(queue.unconfirmed, 1);
    delivery.confirm(0, { index: 2, of: 3 });
    assert.equal(queue.unconfirmed, 0);
  });

  it('sends no more in one turn of the event loop than allowed, the rest in the next ones', async () => {
    const sent: number[] = [];
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const paced = { queue, mode: 'at-the-output', mostUnconfirmed: 64, mostPerTurn: 2 } as const;
    const delivery = openDelivery({ ...paced, send: ({ offset }) => sent.push(offset) });
    for (let number = 0; number < 5; number++) {
      queue.append('x', 0);
      delivery.pump();
    }
    assert.deepEqual(sent, [0, 1]);
    assert.equal(delivery.stalled, false);
    await turn();
    assert.deepEqual(sent, [0, 1, 2, 3]);
    await turn();
    assert.deepEqual(sent, [0, 1, 2, 3, 4]);
    assert.equal(queue.unconfirmed, 0);
  });

  it('survives a receiver that confirms at once, over a long backlog', () => {
    const count = 20_000;
    for (let number = 0; number < count; number++) queue.append('x', 0);
    let sent = 0;
    const delivery = openDelivery({
      queue,
      mode: 'confirmed',
      mostUnconfirmed: 64,
      send: ({ offset }) => {
        assert.equal(offset, sent++);
        delivery.confirm(offset);
      },
    });
    delivery.pump();
    assert.equal(sent, count);
    assert.equal(queue.unconfirmed, 0);
  });

  it('drops what is too old and not yet sent, even while nobody confirms, and goes on in order', () => {
    const sent: number[] = [];
    const dropped: number[] = [];
    const delivery = openDelivery({
      queue,
      mode: 'confirmed',
      mostUnconfirmed: 2,
      send: ({ offset }) => sent.push(offset),
      onExpired: ({ offset }) => dropped.push(offset),
    });
    for (let at = 1_000; at < 1_010; at++) queue.append('x', at);
    delivery.pump();
    delivery.expire(1_006);
    assert.deepEqual(
      [sent, dropped],
      [
        [0, 1],
        [2, 3, 4, 5],
      ],
    );
    assert.equal(queue.unconfirmed, 6);
    delivery.expire(1_006);
    delivery.confirm(0);
    delivery.confirm(1);
    assert.deepEqual(sent, [0, 1, 6, 7]);
  });
});
