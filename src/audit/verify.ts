import type { KeyObject } from 'node:crypto';
import { compileCheck, MillwrightError } from '../kernel/index.ts';
import { canonicalJson } from './canonical.ts';
import { checkSignature, type Checkpoint } from './checkpoint.ts';
import { sealEntry, type AuditEntry } from './entry.ts';
import { MerkleTree } from './merkle.ts';

/** What makes an export fail; the first one found is reported. */
export type ExportProblem =
  /** A line is not exactly what the log writes. */
  | 'line'
  /** An entry is missing, doubled, moved or inserted here. */
  | 'sequence'
  /** An entry was changed after it was written. */
  | 'entry'
  /** The export ends without its checkpoint. */
  | 'checkpoint-missing'
  /** Lines follow the checkpoint. */
  | 'after-checkpoint'
  /** The entries do not give the checkpoint's size. */
  | 'size'
  /** The entries do not give the checkpoint's root. */
  | 'root'
  /** The signature does not fit the checkpoint. */
  | 'signature'
  /** The log is no continuation of the checkpoint that was known before. */
  | 'known-checkpoint';

/** Result of verifying an export. */
export interface ExportVerification {
  verified: boolean;
  /** Entries read. */
  size: number;
  /** Root of the entries read, lower-case hex. */
  rootHash: string;
  problem?: ExportProblem;
  /** Sequence number of the first entry that does not fit, where it can be told. */
  firstBad?: number;
  /** Absent where no checkpoint was reached. */
  signature?: 'valid' | 'invalid' | 'unsigned';
  checkpoint?: Checkpoint;
}

/** What a verifier knows from elsewhere. */
export interface VerifyOptions {
  /** The log's public key. Given, an unsigned export fails. */
  key?: KeyObject;
  /** A checkpoint seen earlier: only with one is the cutting off of the log's end found. */
  known?: { size: number; rootHash: string };
}

/**
 * Verifies an export (entry lines in order, then one checkpoint line), line by line: memory does not grow with it.
 * Finds each change, deletion, insertion and swap; the loss of the newest entries together with the checkpoint's
 * replacement only by a key or a checkpoint known from elsewhere.
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  { key, known }: VerifyOptions = {},
): Promise<ExportVerification> {
  const tree = new MerkleTree();
  let checkpoint: Checkpoint | undefined;
  let knownFits = known === undefined || (known.size === 0 && hex(tree) === known.rootHash);
  const result = (problem?: ExportProblem, firstBad?: number): ExportVerification => ({
    verified: problem === undefined,
    size: tree.size,
    rootHash: hex(tree),
    ...(problem === undefined ? {} : { problem }),
    ...(firstBad === undefined ? {} : { firstBad }),
    ...(checkpoint ? { checkpoint, signature: checkSignature(checkpoint, key) } : {}),
  });

  try {
    for await (const line of lines) {
      if (checkpoint) return result('after-checkpoint');
      const read = readLine(line);
      if (!read) return result('line', tree.size);
      if ('checkpoint' in read) {
        checkpoint = read.checkpoint;
        continue;
      }
      if (read.entry.seq !== tree.size) return result('sequence', tree.size);
      const sealed = sealEntry(read.entry);
      if (sealed.leafHash.toString('hex') !== read.leafHash) return result('entry', tree.size);
      tree.append(sealed.leafHash);
      if (tree.size === known?.size) knownFits = hex(tree) === known.rootHash;
    }
  } catch (thrown) {
    if (thrown instanceof MillwrightError && thrown.code === 'MW_PAYLOAD_INVALID') return result('line', tree.size);
    throw thrown;
  }
  if (!checkpoint) return result('checkpoint-missing');
  if (checkpoint.size !== tree.size) return result('size');
  if (checkpoint.rootHash !== hex(tree)) return result('root');
  const signature = checkSignature(checkpoint, key);
  if (signature === 'invalid' || (signature === 'unsigned' && key)) return result('signature');
  if (!knownFits) return result('known-checkpoint');
  return result();
}

const hex = (tree: MerkleTree) => tree.root().toString('hex');

type ExportLine = { entry: AuditEntry; leafHash: string } | { checkpoint: Checkpoint };

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
/** An instant that can be written as ISO text. */
const instant = { type: 'integer', minimum: -8.64e15, maximum: 8.64e15 };
const hash = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const strict = (properties: Record<string, object>, optional: string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
const checkLine = compileCheck({
  oneOf: [
    strict({
      entry: strict(
        { seq: count, at: instant, actor: text, action: text, subject: text, correlationId: text, data: {} },
        ['correlationId'],
      ),
      leafHash: hash,
    }),
    strict({
      checkpoint: strict({ origin: text, size: count, rootHash: hash, at: instant, publicKey: text, signature: text }, [
        'publicKey',
        'signature',
      ]),
    }),
  ],
});

/** A line's value, or nothing where it is not letter by letter the canonical text of an entry or checkpoint. */
function readLine(line: string): ExportLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return checkLine(value) === undefined && canonicalJson(value) === line ? (value as ExportLine) : undefined;
  } catch {
    return undefined;
  }
}
