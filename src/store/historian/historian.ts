import type { TagSample } from '../../plant/index.ts';
import type { TagAggregate } from '../store.ts';

/** A sample as an engine keeps it. */
export interface StoredSample {
  value: number | string | boolean;
  /** 0 good, 1 uncertain, 2 bad. */
  quality: number;
  sourceMs: number;
  serverMs: number | null;
}

/** A sample on its way into the table. */
export interface SampleRow extends StoredSample {
  tagId: number;
}

/** Where an engine keeps samples; every method works within the caller's transaction, but for `prepare`. */
export interface Historian {
  /** Makes room before the transaction that writes: partitions for these instants, and ahead. */
  prepare(instants: readonly number[], now: number, retentionDays: number): void;
  /** Writes the samples that are not there yet, by (tag, source time, value); returns how many these were. */
  write(rows: readonly SampleRow[]): number;
  /** Samples in [from, to), oldest first, at most `limit`. */
  read(tagId: number, from: number, to: number, limit: number): StoredSample[];
  last(tagId: number): StoredSample | undefined;
  /** Aggregates of the raw samples in [from, to), oldest first, at most `limit`. */
  aggregate(tagId: number, from: number, to: number, limit: number): AggregateRow[];
  /** Turns a bounded part of what is older than `before` into aggregates, and says whether there may be more. */
  expire(before: number): { count: number; more: boolean };
}

/** Ten minutes of one tag as their row has them. */
export interface AggregateRow extends TagAggregate {
  /** When the last one was measured. */
  lastMs: number;
}

/** Milliseconds that one aggregate covers. */
export const aggregateMs = 600_000;

/** Condition on what is aggregated beside its type: not bad, and small enough for sums of squares to stay finite. */
export const measurable = 'quality < 2 AND abs(value) <= 1e150';

/** Samples that one run turns into aggregates at most, beside whole partitions. */
export const rowsPerRun = 200_000;

const qualities: readonly TagSample['quality'][] = ['good', 'uncertain', 'bad'];

/** A quality's number in the table. */
export function qualityCode(quality: TagSample['quality']): number {
  return qualities.indexOf(quality);
}

/** A stored sample as the plant knows it. */
export function toSample(tag: string, unit: string | null, row: StoredSample): TagSample {
  const { value, quality, sourceMs, serverMs } = row;
  return {
    tag,
    value,
    ...(unit === null ? {} : { unit }),
    quality: qualities[quality] ?? 'bad',
    sourceMs,
    ...(serverMs === null ? {} : { serverMs }),
  };
}

/** What stands behind an `INSERT INTO tag_aggregate AS a …`: two parts of the same ten minutes become one. */
export const mergeAggregates = `ON CONFLICT (tag_id, start_ms) DO UPDATE SET
  mean = (a.mean * a.count + excluded.mean * excluded.count) / (a.count + excluded.count),
  count = a.count + excluded.count,
  least = CASE WHEN excluded.least < a.least THEN excluded.least ELSE a.least END,
  greatest = CASE WHEN excluded.greatest > a.greatest THEN excluded.greatest ELSE a.greatest END,
  last = CASE WHEN excluded.last_ms >= a.last_ms THEN excluded.last ELSE a.last END,
  last_ms = CASE WHEN excluded.last_ms >= a.last_ms THEN excluded.last_ms ELSE a.last_ms END`;
