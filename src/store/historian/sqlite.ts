import type { Database, SqlValue } from '../database.ts';
import {
  aggregateMs,
  measurable,
  mergeAggregates,
  rowsPerRun,
  type AggregateRow,
  type Historian,
  type SampleRow,
  type StoredSample,
} from './historian.ts';

type Row = Omit<StoredSample, 'value'> & { value: number | string; isBoolean: number };

const columns = `value, typeof(value) = 'integer' AS "isBoolean", quality, source_ms AS "sourceMs",
  server_ms AS "serverMs"`;

/** Ten minutes of a tag from its raw samples: of numbers and booleans that are not bad. */
const aggregates = `SELECT tag_id, start_ms, count, mean, least, greatest,
    (SELECT max(value) FROM tag_sample s WHERE s.tag_id = t.tag_id AND s.source_ms = t.last_ms AND ${measurable}
     AND typeof(value) <> 'text') + 0.0 AS last, last_ms
  FROM (SELECT tag_id, source_ms - source_ms % ${aggregateMs} AS start_ms, count(*) AS count, avg(value) AS mean,
      min(value) + 0.0 AS least, max(value) + 0.0 AS greatest, max(source_ms) AS last_ms FROM tag_sample
    WHERE tag_id = ? AND source_ms >= ? AND source_ms < ? AND ${measurable} AND typeof(value) <> 'text'
    GROUP BY 2) t`;

/** Samples in one table in the order of tag and source time, which is also its key. */
export function sqliteHistorian(db: Database): Historian {
  return {
    prepare: () => undefined,
    write(rows) {
      const inOrder = rows.toSorted((a, b) => a.tagId - b.tagId || a.sourceMs - b.sourceMs);
      return db.insertNew('tag_sample', ['tag_id', 'source_ms', 'value', 'server_ms', 'quality'], inOrder.map(toRow));
    },
    read: (tagId, from, to, limit) =>
      db
        .all<Row>(
          `SELECT ${columns} FROM tag_sample WHERE tag_id = ? AND source_ms >= ? AND source_ms < ?
           ORDER BY source_ms, value LIMIT ?`,
          ...[tagId, from, to, limit],
        )
        .map(fromRow),
    last: (tagId) =>
      db
        .all<Row>(
          `SELECT ${columns} FROM tag_sample WHERE tag_id = ? ORDER BY source_ms DESC, value DESC LIMIT 1`,
          tagId,
        )
        .map(fromRow)[0],
    aggregate: (tagId, from, to, limit) =>
      db.all<AggregateRow>(
        `SELECT start_ms AS start, count, mean, least AS min, greatest AS max, last, last_ms AS "lastMs"
         FROM (${aggregates}) ORDER BY start_ms LIMIT ?`,
        ...[tagId, from, to, limit],
      ),
    expire(before) {
      let count = 0;
      for (const { id } of db.all<{ id: number }>('SELECT tag_id AS id FROM tag')) {
        if (!db.get('SELECT 1 FROM tag_sample WHERE tag_id = ? AND source_ms < ? LIMIT 1', id, before)) continue;
        const left = rowsPerRun - count;
        if (left <= 0) return { count, more: true };
        const next = db.get<{ at: number }>(
          'SELECT source_ms AS at FROM tag_sample WHERE tag_id = ? ORDER BY source_ms LIMIT 1 OFFSET ?',
          ...[id, left],
        );
        const until = Math.min(before, next ? next.at + 1 : before);
        db.run(`INSERT INTO tag_aggregate AS a ${aggregates} WHERE true ${mergeAggregates}`, id, -8.64e15, until);
        count += db.run('DELETE FROM tag_sample WHERE tag_id = ? AND source_ms < ?', id, until);
      }
      return { count, more: false };
    },
  };
}

/** A boolean is an INTEGER, a number a REAL; a number that is none (NaN) is text, because SQLite has no such number. */
function toRow({ tagId, sourceMs, value, serverMs, quality }: SampleRow): SqlValue[] {
  const kept = typeof value === 'boolean' ? (value ? 1n : 0n) : Number.isNaN(value) ? 'NaN' : value;
  return [tagId, sourceMs, kept, serverMs, quality];
}

function fromRow({ value, isBoolean, ...row }: Row): StoredSample {
  return { ...row, value: isBoolean === 1 ? value === 1 : value };
}
