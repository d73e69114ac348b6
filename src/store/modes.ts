import { createPublicKey, sign, verify } from 'node:crypto';
import { canonicalJson } from '../audit/index.ts';
import { change, type Session } from './session.ts';
import type { Actor, StoredMode } from './store.ts';

interface ModeEntry {
  useCase: string;
  field: string;
  mode: StoredMode;
  reason: string;
  actor: string;
  at: number;
}

type SignedEntry = ModeEntry & { signature: Uint8Array };

/** Writes an entry that changes a mode, signed with the store's audit key. */
export function setMode(
  session: Session,
  { useCase, field, mode, reason }: Omit<ModeEntry, 'actor' | 'at'>,
  actor: Actor,
): void {
  const { db, auditKey } = session;
  // The signed time orders the entries; it goes up even where the clock was set back.
  const at = Math.max(session.now, (newestEntry(session, useCase, field)?.at ?? 0) + 1);
  const data = { mode, before: modeInForce(session, useCase, field), reason };
  change(session, actor, { action: 'mode.set', subject: `${useCase}/${field}`, data }, () => {
    const signature = sign(null, signedText({ useCase, field, mode, reason, actor: actor.id, at }), auditKey);
    db.run(
      `INSERT INTO mode_entry (use_case, field, mode, reason, actor, at_ms, signature) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      useCase,
      field,
      mode,
      reason,
      actor.id,
      at,
      signature,
    );
  });
}

/**
 * The mode of the newest entry of a field, if that entry bears this store's signature; otherwise `shadow`. A row that
 * was written past the store, or a store whose key is gone, therefore permits nothing.
 */
export function modeInForce(session: Session, useCase: string, field: string): StoredMode {
  const row = newestEntry(session, useCase, field);
  if (!row) return 'shadow';
  const { signature, ...entry } = row;
  return verify(null, signedText(entry), createPublicKey(session.auditKey), signature) ? entry.mode : 'shadow';
}

/** Newest by its signed time: an old entry that is put in once more is not the newest. */
function newestEntry({ db }: Session, useCase: string, field: string): SignedEntry | undefined {
  return db.get<SignedEntry>(
    `SELECT use_case AS "useCase", field, mode, reason, actor, at_ms AS at, signature FROM mode_entry
     WHERE use_case = ? AND field = ? ORDER BY at_ms DESC, mode_entry_key DESC LIMIT 1`,
    useCase,
    field,
  );
}

const signedText = (entry: ModeEntry) => Buffer.from(canonicalJson(entry));

/** Whether writes to other systems are inhibited, with the reason. */
export function writeInhibit({ db }: Session): { reason: string; source: string; at: number } | undefined {
  return db.get('SELECT reason, source, at_ms AS at FROM write_inhibit WHERE lifted_ms IS NULL');
}

/** Inhibits writes, or lifts the inhibit. What is so already stays as it is. */
export function setWriteInhibit(
  session: Session,
  inhibit: { reason: string; source: string } | undefined,
  actor: Actor,
): void {
  const { db, now } = session;
  const present = writeInhibit(session);
  if ((present === undefined) === (inhibit === undefined)) return;
  const note = inhibit
    ? { action: 'write-inhibit.set', subject: inhibit.source, data: { ...inhibit } }
    : { action: 'write-inhibit.lift', subject: present?.source ?? '', data: { ...present } };
  change(session, actor, note, () => {
    if (inhibit)
      db.run('INSERT INTO write_inhibit (reason, source, at_ms) VALUES (?, ?, ?)', inhibit.reason, inhibit.source, now);
    else db.run('UPDATE write_inhibit SET lifted_ms = ? WHERE lifted_ms IS NULL', now);
  });
}
