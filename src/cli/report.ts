import { keyFingerprint, type ExportProblem, type ExportVerification } from '../audit/index.ts';
import { isoInstant } from '../kernel/index.ts';

const problems: Record<ExportProblem, string> = {
  line: 'a line is not what the log writes',
  sequence: 'an entry is missing, doubled, moved or inserted',
  entry: 'an entry was changed',
  'checkpoint-missing': 'the export ends without its checkpoint',
  'after-checkpoint': 'lines follow the checkpoint',
  size: 'the number of entries differs from the checkpoint',
  root: 'the entries do not give the root of the checkpoint',
  signature: 'the signature does not fit the checkpoint',
  'known-checkpoint': 'the log does not continue the known checkpoint: it was rewritten or cut off',
};

/** What the person at the terminal reads: the verdict first, then its grounds, then what it does not cover. */
export function report(
  result: ExportVerification,
  given: { fingerprint?: string; known: { size: number } | undefined },
): string {
  const { verified, problem, firstBad, size, rootHash, checkpoint, signature } = result;
  const lines = [verified ? 'VERIFIED' : `NOT VERIFIED: ${problem ? problems[problem] : 'unknown'}`];
  if (firstBad !== undefined) lines.push(`first bad entry: ${firstBad}`);
  lines.push(`entries: ${size}`, `root: ${rootHash}`);
  if (checkpoint) {
    lines.push(`log: ${checkpoint.origin}`, `checkpoint of: ${isoInstant(checkpoint.at)}`);
    lines.push(`signature: ${signature ?? 'unsigned'}${keyText(result, given.fingerprint)}`);
  }
  if (verified && given.fingerprint === undefined && signature === 'valid')
    lines.push('note: the key comes from the export itself; give --key to prove who wrote it');
  if (verified && !given.known)
    lines.push('note: entries cut off at the end are found only with --checkpoint; keep this size and root elsewhere');
  return `${lines.join('\n')}\n`;
}

function keyText({ checkpoint, signature }: ExportVerification, fingerprint: string | undefined): string {
  if (fingerprint !== undefined) return ` by the given key ${fingerprint}`;
  if (signature !== 'valid' || checkpoint?.publicKey === undefined) return '';
  return ` by key ${keyFingerprint(checkpoint.publicKey)}`;
}
