import type { PostgresDatabase } from '../postgres/database.ts';
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
import { hypertable, partitions } from './partitions.ts';

interface Row extends Omit<StoredSample, 'value'> {
  value: number;
  text: string;
  kind: number;
}

const columns = 'value, text_value AS text, kind, quality, source_ms AS "sourceMs", server_ms AS "serverMs"';

/** Ten minutes of the tags of a table: of numbers and booleans that are not bad. */
const aggregates = (from: string, where: string) =>
  `SELECT tag_id, source_ms - source_ms % ${aggregateMs} AS start_ms, count(*) AS count, avg(value) AS mean,
     min(value) AS least, max(value) AS greatest, (array_agg(value ORDER BY source_ms DESC, value DESC))[1] AS last,
     max(source_ms) AS last_ms FROM ${from} WHERE ${measurable} AND kind < 2 AND ${where} GROUP BY 1, 2`;

const sampleColumns = 'tag_id, source_ms, value, text_value, kind, server_ms, quality';

/** Milliseconds that turning one partition into aggregates may take. */
const partitionMs = 600_000;

/**
 * Samples in partitions of a day or a month, made ahead and dropped when their time is past, by COPY; or in a
 * hypertable where TimescaleDB was there when the schema was made.
 */
export function postgresHistorian(db: PostgresDatabase): Historian {
  const hyper = hypertable(db);
  const kept = hyper ? undefined : partitions(db);
  /** Turns the rows of a table that match into aggregates and has them removed; returns how many there were. */
  const condense = (table: string, where: string, remove: string) => {
    db.upkeep(`INSERT INTO tag_aggregate AS a ${aggregates(table, where)} ${mergeAggregates}`, partitionMs);
    const [row] = db.upkeep<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`, partitionMs);
    db.upkeep(remove, partitionMs);
    return row?.n ?? 0;
  };
  return {
    prepare: (instants, now, retentionDays) => kept?.prepare(instants, now, retentionDays),
    write(rows) {
      if (rows.length === 0) return 0;
      db.exec(`CREATE TEMP TABLE IF NOT EXISTS sample_batch (tag_id INTEGER, source_ms BIGINT, value DOUBLE PRECISION,
        text_value TEXT, kind SMALLINT, server_ms BIGINT, quality SMALLINT) ON COMMIT DELETE ROWS`);
      db.copyIn(`COPY sample_batch (${sampleColumns}) FROM STDIN`, rows.map(toLine).join(''));
      return db.run(`INSERT INTO tag_sample (${sampleColumns}) SELECT ${sampleColumns} FROM sample_batch
        ON CONFLICT DO NOTHING`);
    },
    read: (tagId, from, to, limit) =>
      db
        .all<Row>(
          `SELECT ${columns} FROM tag_sample WHERE tag_id = ? AND source_ms >= ? AND source_ms < ?
           ORDER BY source_ms, kind, value, text_value LIMIT ?`,
          ...[tagId, from, to, limit],
        )
        .map(fromRow),
    last: (tagId) =>
      db
        .all<Row>(
          `SELECT ${columns} FROM tag_sample WHERE tag_id = ?
           ORDER BY source_ms DESC, kind DESC, value DESC, text_value DESC LIMIT 1`,
          tagId,
        )
        .map(fromRow)[0],
    aggregate: (tagId, from, to, limit) =>
      db.all<AggregateRow>(
        `SELECT start_ms AS start, count, mean, least AS min, greatest AS max, last, last_ms AS "lastMs"
         FROM (${aggregates('tag_sample', 'tag_id = ? AND source_ms >= ? AND source_ms < ?')}) t
         ORDER BY start_ms LIMIT ?`,
        ...[tagId, from, to, limit],
      ),
    expire(before) {
      if (!kept) {
        const day = before - (before % chunkMs);
        return { count: condense('tag_sample', `source_ms < ${day}`, dropChunks(day)), more: false };
      }
      const past = kept.past(before);
      const [oldest] = past;
      if (oldest) {
        const count = condense(oldest, 'true', `DROP TABLE ${oldest}`);
        return { count, more: true };
      }
      const until = db.get<{ at: number }>(
        'SELECT source_ms AS at FROM tag_sample_rest WHERE source_ms < ? ORDER BY source_ms LIMIT 1 OFFSET ?',
        ...[before, rowsPerRun],
      );
      const where = `source_ms < ${until ? until.at + 1 : before}`;
      const count = condense('tag_sample_rest', where, `DELETE FROM tag_sample_rest WHERE ${where}`);
      return { count, more: until !== undefined };
    },
  };
}

/** Milliseconds of a chunk, as the schema makes them: only whole ones are dropped. */
const chunkMs = 86_400_000;

const dropChunks = (before: number) => `SELECT drop_chunks('tag_sample', older_than => ${before}::bigint)`;

/** One row of COPY's text format. */
function toLine({ tagId, sourceMs, value, serverMs, quality }: SampleRow): string {
  const nan = Number.isNaN(value);
  const kind = typeof value === 'string' || nan ? 2 : typeof value === 'boolean' ? 1 : 0;
  const number = kind === 2 ? 0 : Number(value);
  const text = kind === 2 ? escape(String(value)) : '';
  return `${tagId}\t${sourceMs}\t${number}\t${text}\t${kind}\t${serverMs ?? '\\N'}\t${quality}\n`;
}

/** COPY's escapes; a zero character, which PostgreSQL's texts cannot hold, becomes the sign for what is unreadable. */
function escape(text: string): string {
  return text.replaceAll(/[\\\t\n\r\0]/g, (sign) => escapes[sign] ?? sign);
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\uFFFD' };

function fromRow({ value, text, kind, ...row }: Row): StoredSample {
  return { ...row, value: kind === 2 ? text : kind === 1 ? value === 1 : value };
}
