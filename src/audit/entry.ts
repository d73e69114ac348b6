import { canonicalJson } from './canonical.ts';
import { leafHash } from './merkle.ts';

/** One entry of the audit log. Person ids are pseudonyms; personal data stays out of `data`. */
export interface AuditEntry {
  /** Place in the log, from 0 without gaps. */
  seq: number;
  /** Milliseconds since 1970 UTC. */
  at: number;
  /** Person, node or model that did it. */
  actor: string;
  /** What was done, for example `schedule.publish`. */
  action: string;
  /** What it was done to. */
  subject: string;
  /** Chain of messages that it belongs to. */
  correlationId?: string;
  /** What changed, as JSON. */
  data: unknown;
}

/** An entry as it is hashed: its canonical text and the hash of the leaf that this text makes. */
export function sealEntry(entry: AuditEntry): { text: string; leafHash: Buffer } {
  const text = canonicalJson(entry);
  return { text, leafHash: leafHash(text) };
}

/** The export's line of an entry, from its canonical text: `{"entry":…,"leafHash":"<hex>"}`. */
export function entryLine(text: string, hash: Uint8Array): string {
  return `{"entry":${text},"leafHash":"${Buffer.from(hash).toString('hex')}"}`;
}
