import { MerkleTree, sealEntry } from '../audit/index.ts';
import type { AuditNote, Session } from './session.ts';
import type { Database } from './database.ts';
import type { Actor } from './store.ts';

/** The log's end, as its row keeps it. */
export interface AuditHead {
  origin: string;
  size: number;
  subtrees: Uint8Array;
  rootHash: Uint8Array;
}

/** Reads the log's end. */
export function auditHead(db: Database): AuditHead {
  const head = db.get<AuditHead>('SELECT origin, size, subtrees, root_hash AS "rootHash" FROM audit_head');
  return head ?? { origin: '', size: 0, subtrees: new Uint8Array(), rootHash: new MerkleTree().root() };
}

/** Writes one entry at the log's end and moves the end on. Must run inside the change's transaction. */
export function appendEntry(db: Database, now: number, actor: Actor, { action, subject, data }: AuditNote): void {
  const head = auditHead(db);
  const tree = new MerkleTree(head.size, head.subtrees);
  const { correlationId, role, authenticated } = actor;
  const { text, leafHash } = sealEntry({
    seq: head.size,
    at: now,
    actor: actor.id,
    action,
    subject,
    ...(correlationId === undefined ? {} : { correlationId }),
    data: role === undefined ? data : { ...data, by: { role, authenticated: authenticated ?? false } },
  });
  db.run('INSERT INTO audit_entry VALUES (?, ?, ?, ?, ?)', head.size, now, subject, text, leafHash);
  tree.append(leafHash);
  db.run('UPDATE audit_head SET size = ?, subtrees = ?, root_hash = ?', tree.size, tree.subtrees(), tree.root());
}

/** Writes an entry of something that is done outside the store. */
export function noteAction({ db, now }: Session, note: AuditNote, actor: Actor): void {
  db.transaction(() => {
    appendEntry(db, now, actor, note);
  });
}
