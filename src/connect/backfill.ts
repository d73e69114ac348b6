import type { Gap, Sample } from '../contracts/index.ts';
import { monotonicMs, sleep, systemClock, toMillwrightError, type Clock, type Logger } from '../kernel/index.ts';
import { openGapFill, type DoneTag, type GapFillOptions } from './gap-fill.ts';
import { publishingMsOf } from './opcua/rate-groups.ts';
import type { GapEdges, SubscribedTag } from './opcua/types.ts';
import { edgeOf, readPending, toPending, writePending, type PendingGap, type PendingTag } from './pending-gaps.ts';

/** Tags waiting over all gaps at most; gaps beyond stay as they were reported. */
const mostPending = 500_000;
/** A gap is fetched once the values after it have had time to arrive. */
const leastSettleMs = 2_000;
const firstRetryMs = 2_000;
const lastRetryMs = 300_000;
const giveUpMs = 12 * 3_600_000;
const saveMs = 5_000;

/** What a backfill is made of. */
export interface BackfillOptions extends Omit<GapFillOptions, 'rows' | 'groupMs' | 'signal'> {
  tags: readonly SubscribedTag[];
  publishingMs: number;
  /** Where gaps are noted that are still to be filled. */
  file: string;
  /**
   * All that the server has kept of these tags in this gap was taken: its history showed what came after the gap, or
   * showed nothing more for ten minutes.
   */
  onFilled: (gap: Gap) => void;
  logger: Logger;
  clock?: Clock;
}

/** Fetches from the server's history what is missing, one gap after the other, oldest first. */
export interface Backfill {
  /** Notes a gap that was reported. */
  add(gap: Gap, edgesOf: (tag: string) => GapEdges): void;
  /** Whether `note` has anything to do. */
  readonly waiting: boolean;
  /** Sees live values: the first one of a tag after a gap ends what is missing there. */
  note(samples: readonly Sample[]): void;
  /** The namespace array that `ns=` indices in the tag table refer to, as soon as it is known. */
  setNamespaces(first: readonly string[]): void;
  /** Stops in the middle; what is left is noted for the next start. */
  close(): Promise<void>;
}

/** When a gap is to be tried next, and how long after that again. */
interface Turn {
  dueMs: number;
  retryMs: number;
}

/** Opens a backfill and goes on with what an earlier process left. All instants are the server's. */
export function openBackfill(options: BackfillOptions): Backfill {
  const { publishingMs, file, onFilled, logger, clock = systemClock } = options;
  const rows = new Map(options.tags.map((row) => [row.tag, row]));
  const ending = new AbortController();
  const isEnding = () => ending.signal.aborted;
  const filling = openGapFill({ ...options, rows, groupMs, signal: ending.signal });
  let pending = readPending(file);
  const turns = new WeakMap<PendingGap, Turn>();
  /** Tags of which the first value after a gap has not come yet. */
  const openEnded = new Map<string, PendingTag[]>();
  let namespaces: readonly string[] | undefined;
  let dirty = false;
  let nudge = new AbortController();
  let running: Promise<void> | undefined;
  const timer = setInterval(save, saveMs);
  timer.unref();

  function save(): void {
    if (!dirty) return;
    dirty = false;
    try {
      writePending(file, pending);
    } catch (thrown) {
      logger.warn(`backfill: ${String(thrown)}`);
    }
  }

  function start(): void {
    nudge.abort();
    nudge = new AbortController();
    if (isEnding() || !namespaces || pending.length === 0) return;
    running ??= run().finally(() => {
      running = undefined;
    });
  }

  async function run(): Promise<void> {
    while (!isEnding()) {
      const next = nextGap();
      if (!next) return;
      const turn = turnOf(next);
      const waitMs = turn.dueMs - monotonicMs();
      if (waitMs > 0) await sleep(waitMs, AbortSignal.any([ending.signal, nudge.signal]));
      else await attempt(next, turn);
    }
  }

  /** Of those that are due the oldest one, else the one that is due first. */
  function nextGap(): PendingGap | undefined {
    const now = monotonicMs();
    const due = (gap: PendingGap) => Math.max(now, turnOf(gap).dueMs);
    return pending.reduce<PendingGap | undefined>((a, b) => {
      if (!a) return b;
      const later = due(a) - due(b);
      return later < 0 || (later === 0 && a.gap.from <= b.gap.from) ? a : b;
    }, undefined);
  }

  function turnOf(gap: PendingGap): Turn {
    const known = turns.get(gap);
    if (known) return known;
    const settleMs = Math.max(leastSettleMs, 2 * gap.tags.reduce((most, { tag }) => Math.max(most, groupMs(tag)), 0));
    const turn = { dueMs: monotonicMs() + Math.min(settleMs, settleMs - sinceMs(gap)), retryMs: firstRetryMs };
    turns.set(gap, turn);
    return turn;
  }

  /** How long ago a gap was noted; anew from here where this computer's clock was set back. */
  function sinceMs(gap: PendingGap): number {
    gap.notedMs = Math.min(gap.notedMs, clock.now());
    return clock.now() - gap.notedMs;
  }

  async function attempt(next: PendingGap, turn: Turn): Promise<void> {
    let isFull = false;
    const filled: string[] = [];
    try {
      const at = { namespaces: namespaces!, sinceMs: sinceMs(next) };
      const { full, taken } = await filling.fill(next, at, (done) => {
        for (const { one, filled: isFilled } of done) if (isFilled) filled.push(one.tag);
        leave(next, done);
      });
      isFull = full;
      if (full || taken > 0) turn.retryMs = firstRetryMs;
    } catch (thrown) {
      logger.debug(`backfill: ${toMillwrightError(thrown).message}; next attempt in ${turn.retryMs} ms`);
    } finally {
      if (filled.length > 0) onFilled({ tags: filled, ...next.gap, backfilled: true });
    }
    if (isEnding()) return;
    turn.dueMs = monotonicMs() + turn.retryMs;
    if (!isFull) turn.retryMs = Math.min(lastRetryMs, turn.retryMs * 2);
    if (next.tags.length > 0 && (isFull || sinceMs(next) <= giveUpMs)) return;
    if (next.tags.length > 0)
      logger.warn(`history of ${next.gap.from} to ${next.gap.to} could not be fetched and is given up`);
    drop(next);
  }

  function leave(gap: PendingGap, done: readonly DoneTag[]): void {
    const gone = new Set(done.map(({ one }) => one));
    for (const one of gone) forget(one);
    gap.tags = gap.tags.filter((one) => !gone.has(one));
    dirty = true;
  }

  function groupMs(tag: string): number {
    const row = rows.get(tag);
    return row ? publishingMsOf(row, publishingMs) : 0;
  }

  function drop(gap: PendingGap): void {
    pending = pending.filter((one) => one !== gap);
    for (const one of gap.tags) forget(one);
    dirty = true;
    save();
  }

  function forget(one: PendingTag): void {
    const rest = openEnded.get(one.tag)?.filter((other) => other !== one);
    if (rest?.length) openEnded.set(one.tag, rest);
    else openEnded.delete(one.tag);
  }

  for (const gap of pending) watch(gap);
  function watch({ tags }: PendingGap): void {
    for (const one of tags) if (!one.after) openEnded.set(one.tag, [...(openEnded.get(one.tag) ?? []), one]);
  }

  return {
    add(gap, edgesOf) {
      const count = pending.reduce((sum, { tags }) => sum + tags.length, 0);
      if (count + gap.tags.length > mostPending) {
        logger.warn(`too many gaps wait for their history: ${gap.from} to ${gap.to} stays as it was reported`);
        return;
      }
      const one = toPending(gap, edgesOf, clock.now());
      pending.push(one);
      watch(one);
      dirty = true;
      save();
      start();
    },
    get waiting() {
      return openEnded.size > 0;
    },
    note(samples) {
      for (const sample of samples) {
        for (const one of openEnded.get(sample.tag) ?? []) {
          if (one.before && sample.sourceTime <= one.before.sourceTime) continue;
          one.after = edgeOf(sample);
          forget(one);
          dirty = true;
        }
      }
    },
    setNamespaces(first) {
      namespaces ??= first;
      for (const gap of pending) {
        const turn = turnOf(gap);
        turn.dueMs = Math.min(turn.dueMs, monotonicMs() + firstRetryMs);
        turn.retryMs = firstRetryMs;
      }
      start();
    },
    async close() {
      ending.abort();
      clearInterval(timer);
      await running;
      save();
    },
  };
}
