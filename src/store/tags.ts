import { MillwrightError } from '../kernel/index.ts';
import type { TagSample } from '../plant/index.ts';
import { upsert } from './rows.ts';
import { change, type Session } from './session.ts';
import type { TagDefinition } from './store.ts';

/** Keeps the tag table in step with one source's; a name that another source has is refused (`MW_TAG_TAKEN`). */
export function putTags(session: Session, tags: TagDefinition[], source: string): void {
  const { db } = session;
  for (const { tag } of tags) {
    const owner = db.get<{ source: string | null }>('SELECT source FROM tag WHERE name = ?', tag)?.source;
    if (owner && owner !== source) throw new MillwrightError('MW_TAG_TAKEN', { tag, source: owner });
  }
  const changed = tags.filter((definition) => !isKnown(session, definition, source));
  if (changed.length === 0) return;
  const data = { count: changed.length, tags: changed.slice(0, 100).map(({ tag }) => tag) };
  change(session, { id: source }, { action: 'tags.put', subject: source, data }, () => {
    for (const definition of changed) upsert(db, 'tag', { name: definition.tag }, columnsOf(definition, source));
  });
}

function columnsOf({ nodeId, equipmentId, dataType, unit, low, high }: TagDefinition, source: string) {
  return { source, node_ref: nodeId, equipment_id: equipmentId, data_type: dataType, unit, low, high };
}

function isKnown({ db }: Session, definition: TagDefinition, source: string): boolean {
  const row = db.get<Record<string, unknown>>(
    'SELECT source, node_ref, equipment_id, data_type, unit, low, high FROM tag WHERE name = ?',
    definition.tag,
  );
  return row !== undefined && Object.entries(columnsOf(definition, source)).every(([k, v]) => row[k] === (v ?? null));
}

const qualities: readonly TagSample['quality'][] = ['good', 'uncertain', 'bad'];

/** A quality's number in the table. */
export function qualityCode(quality: TagSample['quality']): number {
  return qualities.indexOf(quality);
}

/** A value as its column keeps it; a number that is none (NaN) as text, because SQLite has no such number. */
export function sampleValue(value: TagSample['value']): number | bigint | string {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return Number.isNaN(value) ? 'NaN' : value;
}

interface SampleRow {
  value: number | string;
  isBoolean: number;
  unit: string | null;
  quality: number;
  sourceMs: number;
  serverMs: number | null;
}

const sampleColumns = `value, typeof(value) = 'integer' AS "isBoolean", unit, quality, source_ms AS "sourceMs", server_ms AS "serverMs"`;

/** Samples of one tag in [from, to), oldest first, at most `limit`. */
export function samples({ db }: Session, tag: string, from: number, to: number, limit: number): TagSample[] {
  const rows = db.all<SampleRow>(
    `SELECT ${sampleColumns} FROM tag_sample JOIN tag USING (tag_id)
     WHERE name = ? AND source_ms >= ? AND source_ms < ? ORDER BY source_ms, value LIMIT ?`,
    tag,
    from,
    to,
    limit,
  );
  return rows.map((row) => toSample(tag, row));
}

/** The newest sample of each tag. */
export function lastSamples({ db }: Session, tags: string[]): TagSample[] {
  return tags.flatMap((tag) => {
    const row = db.get<SampleRow>(
      `SELECT ${sampleColumns} FROM tag_sample JOIN tag USING (tag_id)
       WHERE name = ? ORDER BY source_ms DESC, value DESC LIMIT 1`,
      tag,
    );
    return row ? [toSample(tag, row)] : [];
  });
}

function toSample(tag: string, { value, isBoolean, unit, quality, sourceMs, serverMs }: SampleRow): TagSample {
  return {
    tag,
    value: isBoolean === 1 ? value === 1 : value,
    ...(unit === null ? {} : { unit }),
    quality: qualities[quality] ?? 'bad',
    sourceMs,
    ...(serverMs === null ? {} : { serverMs }),
  };
}
