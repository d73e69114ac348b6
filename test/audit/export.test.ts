import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  checkpointLine,
  entryLine,
  linesOf,
  MerkleTree,
  newAuditKey,
  publicPem,
  readAuditKey,
  readPublicKey,
  sealEntry,
  signCheckpoint,
  verifyExport,
} from '../../src/audit/index.ts';

const key = readAuditKey(newAuditKey());
const otherKey = readAuditKey(newAuditKey());

function exported(count: number, signer = key): string[] {
  const tree = new MerkleTree();
  const lines: string[] = [];
  for (let seq = 0; seq < count; seq++) {
    const { text, leafHash } = sealEntry({
      seq,
      at: 1_790_000_000_000 + seq,
      actor: 'OP-07',
      action: 'schedule.publish',
      subject: `plan ${seq % 3}`,
      data: { changed: seq, note: 'Schicht „Früh“' },
    });
    tree.append(leafHash);
    lines.push(entryLine(text, leafHash));
  }
  const checkpoint = { origin: 'test', size: count, rootHash: tree.root().toString('hex'), at: 1_790_000_100_000 };
  return [...lines, checkpointLine(signCheckpoint(checkpoint, signer))];
}

describe('audit: export and offline verifier', () => {
  it('accepts an untouched export, also an empty one', async () => {
    for (const count of [0, 1, 7, 100]) {
      const result = await verifyExport(exported(count));
      assert.deepEqual(
        [result.verified, result.size, result.signature, result.problem],
        [true, count, 'valid', undefined],
      );
    }
  });

  it('finds any change of any character', async () => {
    const lines = exported(12);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(lines.length - 1),
        fc.nat(),
        fc.oneof(fc.constantFrom('', ' ', '0', '"', '}', '\\'), fc.string({ unit: 'binary', maxLength: 3 })),
        fc.nat(3),
        async (at, place, put, taken) => {
          const line = lines[at]!;
          const start = place % line.length;
          const changed = line.slice(0, start) + put + line.slice(start + taken);
          fc.pre(changed !== line);
          const result = await verifyExport(lines.with(at, changed), { key });
          assert.equal(result.verified, false);
          if (at < 12) assert.equal(result.firstBad, at);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('finds deletion, insertion and swap of lines and names the first bad entry', async () => {
    const lines = exported(12);
    await fc.assert(
      fc.asyncProperty(fc.nat(11), fc.nat(11), async (a, b) => {
        const deleted = await verifyExport(lines.toSpliced(a, 1));
        assert.equal(deleted.verified, false);
        if (a < 11) assert.equal(deleted.firstBad, a);
        const inserted = await verifyExport(lines.toSpliced(a, 0, lines[b]!));
        assert.deepEqual([inserted.verified, inserted.firstBad], [false, a === b ? a + 1 : a]);
        fc.pre(a !== b);
        const swapped = await verifyExport(lines.with(a, lines[b]!).with(b, lines[a]!));
        assert.deepEqual([swapped.verified, swapped.firstBad], [false, Math.min(a, b)]);
      }),
    );
  });

  it('finds an entry that was forged together with its own hash by the root', async () => {
    const lines = exported(5);
    const entry = (JSON.parse(lines[2]!) as { entry: { seq: number; data: unknown } }).entry;
    const forged = sealEntry({ ...entry, data: { changed: 99 } } as Parameters<typeof sealEntry>[0]);
    const result = await verifyExport(lines.with(2, entryLine(forged.text, forged.leafHash)));
    assert.deepEqual([result.verified, result.problem], [false, 'root']);
  });

  it('finds a log that was written anew by the known key, and a cut-off end by a known checkpoint', async () => {
    const rewritten = exported(5, otherKey);
    assert.equal((await verifyExport(rewritten)).verified, true);
    const known = readPublicKey(publicPem(key));
    assert.equal((await verifyExport(exported(5), { key: known })).verified, true);
    assert.equal((await verifyExport(rewritten, { key: known })).problem, 'signature');
    const { rootHash } = await verifyExport(exported(9));
    assert.equal((await verifyExport(exported(5), { known: { size: 9, rootHash } })).problem, 'known-checkpoint');
    assert.equal((await verifyExport(exported(20), { known: { size: 9, rootHash } })).verified, true);
  });

  it('says whether it is signed, cut off or continued', async () => {
    const lines = exported(3);
    assert.equal((await verifyExport(lines.slice(0, 2))).problem, 'checkpoint-missing');
    assert.equal((await verifyExport([...lines, lines[0]!])).problem, 'after-checkpoint');
    const { rootHash } = await verifyExport(lines);
    const unsigned = checkpointLine({ origin: 'test', size: 3, rootHash, at: 0 });
    const result = await verifyExport(lines.with(3, unsigned));
    assert.deepEqual([result.verified, result.signature], [true, 'unsigned']);
    assert.equal((await verifyExport(lines.with(3, unsigned), { key })).problem, 'signature');
  });

  it('reads lines from any cutting of the bytes', async () => {
    const text = exported(6).join('\n');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 500 }), fc.boolean(), async (step, ended) => {
        const bytes = Buffer.from(ended ? `${text}\n` : text);
        async function* chunks() {
          for (let at = 0; at < bytes.length; at += step) yield Promise.resolve(bytes.subarray(at, at + step));
        }
        const pieces = async function* () {
          for await (const piece of chunks()) yield piece;
        };
        assert.equal((await verifyExport(linesOf(pieces()))).verified, true);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses bytes that are no UTF-8 and lines without end', async () => {
    const read = async (chunks: Buffer[]) => {
      async function* stream() {
        for (const chunk of chunks) yield Promise.resolve(chunk);
      }
      const all = async function* () {
        for await (const chunk of stream()) yield chunk;
      };
      for await (const line of linesOf(all())) assert.ok(line.length >= 0);
    };
    await assert.rejects(read([Buffer.from([0xff, 0xfe])]), { code: 'MW_PAYLOAD_INVALID' });
    const megabyte = Buffer.alloc(1024 * 1024, 'a');
    await assert.rejects(read(Array.from({ length: 18 }, () => megabyte)), { code: 'MW_PAYLOAD_INVALID' });
  });

  it('takes Ed25519 keys only', () => {
    assert.throws(() => readAuditKey('no key'), { code: 'MW_AUDIT_KEY_INVALID' });
    assert.throws(() => readAuditKey(publicPem(key)), { code: 'MW_AUDIT_KEY_INVALID' });
  });
});
