import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { checkpointLine, entryLine, leafHash, MerkleTree, signCheckpoint, type AuditEntry } from '../audit/index.ts';
import { MillwrightError } from '../kernel/index.ts';
import { auditHead } from './audit-log.ts';
import type { Session } from './session.ts';
import type { AuditRow, AuditVerification } from './store.ts';

interface EntryRow {
  seq: number;
  at: number;
  subject: string;
  text: string;
  hash: Uint8Array;
}

const select = 'SELECT seq, at_ms AS at, subject, entry AS text, leaf_hash AS hash FROM audit_entry';

/** Entries by subject and time [from, to), newest first, at most `limit` (1,000), as their sealed text has them. */
export function auditRows(
  { db }: Session,
  { subject, from, to, limit }: { subject?: string; from?: number; to?: number; limit?: number },
): AuditRow[] {
  const rows = db.all<EntryRow>(
    `${select} WHERE (CAST(? AS TEXT) IS NULL OR subject = ?) AND at_ms >= ? AND at_ms < ? ORDER BY seq DESC LIMIT ?`,
    subject ?? null,
    subject ?? null,
    from ?? Number.MIN_SAFE_INTEGER,
    to ?? Number.MAX_SAFE_INTEGER,
    Math.min(limit ?? 1000, 10_000),
  );
  return rows.map(({ text, hash }) => ({
    ...(JSON.parse(text) as AuditEntry),
    leafHash: Buffer.from(hash).toString('hex'),
  }));
}

/** Computes the log anew from its rows and compares it with its stored end. */
export function verifyAudit({ db }: Session): AuditVerification {
  const tree = new MerkleTree();
  const result = (verified: boolean, firstBad?: number): AuditVerification => ({
    verified,
    size: tree.size,
    rootHash: tree.root().toString('hex'),
    ...(firstBad === undefined ? {} : { firstBad }),
  });
  for (const row of db.iterate<EntryRow>(`${select} ORDER BY seq`)) {
    const hash = leafHash(row.text);
    if (row.seq !== tree.size || !hash.equals(row.hash) || !columnsFit(row)) return result(false, tree.size);
    tree.append(hash);
  }
  const head = auditHead(db);
  if (head.size !== tree.size) return result(false, Math.min(head.size, tree.size));
  return result(tree.root().equals(head.rootHash) && tree.subtrees().equals(head.subtrees));
}

function columnsFit({ seq, at, subject, text }: EntryRow): boolean {
  try {
    const entry = JSON.parse(text) as AuditEntry;
    return entry.seq === seq && entry.at === at && entry.subject === subject;
  } catch {
    return false;
  }
}

/**
 * Writes the log as JSON lines, its checkpoint signed now as the last one, into a file that appears whole or not at
 * all. Reads one state of the log, whatever is written meanwhile.
 */
export function exportAudit(session: Session, file: string): { entries: number; rootHash: string } {
  const { db, now, auditKey } = session;
  const part = `${file}.part`;
  const { origin, size, rootHash } = auditHead(db);
  const root = Buffer.from(rootHash).toString('hex');
  const checkpoint = signCheckpoint({ origin, size, rootHash: root, at: now }, auditKey);
  try {
    const target = openSync(part, 'w', 0o600);
    try {
      let lines: string[] = [];
      for (const { text, hash } of db.iterate<EntryRow>(`${select} WHERE seq < ? ORDER BY seq`, size)) {
        lines.push(entryLine(text, hash));
        if (lines.length < 1000) continue;
        writeSync(target, `${lines.join('\n')}\n`);
        lines = [];
      }
      writeSync(target, [...lines, checkpointLine(checkpoint), ''].join('\n'));
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
    renameSync(part, file);
  } catch (cause) {
    rmSync(part, { force: true });
    if (cause instanceof MillwrightError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillwrightError('MW_STORE_UNAVAILABLE', { file, reason }, cause);
  }
  const known = db.get('SELECT 1 FROM audit_checkpoint WHERE size = ? AND at_ms = ?', size, now);
  if (!known) db.run('INSERT INTO audit_checkpoint VALUES (?, ?, ?)', size, now, checkpointLine(checkpoint));
  return { entries: size, rootHash: root };
}
