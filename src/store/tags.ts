import { MillwrightError } from '../kernel/index.ts';
import type { TagSample } from '../plant/index.ts';
import { aggregateMs, toSample, type AggregateRow } from './historian/historian.ts';
import { upsert } from './rows.ts';
import { change, type Session } from './session.ts';
import type { TagAggregate, TagDefinition } from './store.ts';

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

interface TagRow {
  id: number;
  unit: string | null;
}

function tagOf({ db }: Session, name: string): TagRow | undefined {
  return db.get<TagRow>('SELECT tag_id AS id, unit FROM tag WHERE name = ?', name);
}

/** Samples of one tag in [from, to), oldest first, at most `limit`. */
export function samples(session: Session, tag: string, from: number, to: number, limit: number): TagSample[] {
  const row = tagOf(session, tag);
  return row ? session.historian.read(row.id, from, to, limit).map((sample) => toSample(tag, row.unit, sample)) : [];
}

/** The newest sample of each tag. */
export function lastSamples(session: Session, tags: string[]): TagSample[] {
  return tags.flatMap((tag) => {
    const row = tagOf(session, tag);
    const sample = row && session.historian.last(row.id);
    return sample ? [toSample(tag, row.unit, sample)] : [];
  });
}

/** Ten minutes each of one tag, from what was condensed already and from raw samples; see `Store.aggregates`. */
export function aggregates(session: Session, tag: string, from: number, to: number, limit: number): TagAggregate[] {
  const row = tagOf(session, tag);
  if (!row) return [];
  const [first, end] = [from, to].map((at) => Math.ceil(at / aggregateMs) * aggregateMs) as [number, number];
  const merged = new Map(
    session.db
      .all<AggregateRow>(
        `SELECT start_ms AS start, count, mean, least AS min, greatest AS max, last, last_ms AS "lastMs"
         FROM tag_aggregate WHERE tag_id = ? AND start_ms >= ? AND start_ms < ? ORDER BY start_ms LIMIT ?`,
        ...[row.id, first, end, limit],
      )
      .map((part) => [part.start, part]),
  );
  for (const raw of session.historian.aggregate(row.id, first, end, limit)) {
    const part = merged.get(raw.start);
    merged.set(raw.start, part ? together(part, raw) : raw);
  }
  return [...merged.values()]
    .toSorted((a, b) => a.start - b.start)
    .slice(0, limit)
    .map(({ start, count, mean, min, max, last }) => ({ start, count, mean, min, max, last }));
}

function together(a: AggregateRow, b: AggregateRow): AggregateRow {
  const count = a.count + b.count;
  const { last, lastMs } = a.lastMs > b.lastMs ? a : b;
  const mean = (a.mean * a.count + b.mean * b.count) / count;
  return { start: a.start, count, mean, min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), last, lastMs };
}
