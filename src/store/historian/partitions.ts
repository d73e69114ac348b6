import { MillwrightError } from '../../kernel/index.ts';
import type { Database } from '../database.ts';

const day = 86_400_000;

/** From so many days of retention on a partition holds a month, below a day. */
const monthsFromDays = 90;

/** Milliseconds until partitions that a reader kept from being made are tried again. */
const restMs = 600_000;

/** The partitions of `tag_sample`. */
export interface Partitions {
  /** Makes those that these instants, the present and the next period need, in a transaction of their own. */
  prepare(instants: readonly number[], now: number, retentionDays: number): void;
  /** Names of those that end at `before` or earlier, the oldest first. */
  past(before: number): string[];
}

interface Period {
  name: string;
  from: number;
  to: number;
}

/** Whether TimescaleDB keeps the samples. */
export function hypertable(db: Database): boolean {
  const row = db.get<{ kind: string }>("SELECT relkind AS kind FROM pg_class WHERE oid = 'tag_sample'::regclass");
  return row?.kind !== 'p';
}

/**
 * Partitions are named by the UTC day or month that they hold; which of the two is decided with the first. What lies
 * before the retention or beyond the next period (a wrong clock) gets none: it is kept in `tag_sample_rest`, from
 * where a new partition takes what belongs to it. So is what comes while somebody reads on and on (a backup), for no
 * partition can be made then.
 */
export function partitions(db: Database): Partitions {
  let known = new Map<string, Period>();
  let blockedAt = -Infinity;
  const read = () => {
    const rows = db.all<{ name: string }>(
      `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'tag_sample'::regclass AND c.relname <> 'tag_sample_rest' ORDER BY 1`,
    );
    known = new Map(rows.flatMap(({ name }) => toPeriod(name) ?? []).map((period) => [period.name, period]));
  };
  const make = ({ name, from, to }: Period) => {
    db.transaction(() => {
      db.exec(`CREATE TABLE ${name} (LIKE tag_sample INCLUDING ALL);
        INSERT INTO ${name} SELECT * FROM tag_sample_rest WHERE source_ms >= ${from} AND source_ms < ${to};
        DELETE FROM tag_sample_rest WHERE source_ms >= ${from} AND source_ms < ${to};
        ALTER TABLE tag_sample ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`);
    });
  };
  read();
  return {
    prepare(instants, now, retentionDays) {
      const [first] = known.keys();
      const monthly =
        first === undefined ? retentionDays > monthsFromDays : first.length === 'tag_sample_2026_11'.length;
      const present = periodOf(now, monthly);
      const next = periodOf(present.to, monthly);
      const oldest = periodOf(now - retentionDays * day, monthly).from;
      const wanted = new Map([present, next].map((period) => [period.name, period]));
      let last = present;
      for (const at of instants) {
        if ((at >= last.from && at < last.to) || at < oldest || at >= next.to) continue;
        last = periodOf(at, monthly);
        wanted.set(last.name, last);
      }
      const missing = () => [...wanted.values()].filter(({ name }) => !known.has(name));
      if (missing().length === 0 || Math.abs(now - blockedAt) < restMs) return;
      read();
      try {
        for (const period of missing()) make(period);
      } catch (thrown) {
        if (!(thrown instanceof MillwrightError) || thrown.code !== 'MW_STORE_LOCKED') throw thrown;
        blockedAt = now;
      }
      read();
    },
    past: (before) => {
      read();
      return [...known.values()].filter(({ to }) => to <= before).map(({ name }) => name);
    },
  };
}

function periodOf(at: number, monthly: boolean): Period {
  const date = new Date(at);
  const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const from = Date.UTC(year, month, monthly ? 1 : dayOfMonth);
  const to = monthly ? Date.UTC(year, month + 1, 1) : from + day;
  const text = date.toISOString().slice(0, monthly ? 7 : 10);
  return { name: `tag_sample_${text.replaceAll('-', '_')}`, from, to };
}

function toPeriod(name: string): Period | undefined {
  const parts = /^tag_sample_(\d{4})_(\d\d)(?:_(\d\d))?$/.exec(name);
  if (!parts) return undefined;
  const [, year, month, dayOfMonth] = parts;
  return periodOf(Date.UTC(Number(year), Number(month) - 1, Number(dayOfMonth ?? 1)), dayOfMonth === undefined);
}
