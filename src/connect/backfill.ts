import type { Gap, Sample } from '../contracts/index.ts';
import {
  isoInstant,
  parseInstant,
  sleep,
  systemClock,
  toMillwrightError,
  type Clock,
  type Logger,
} from '../kernel/index.ts';
import { readRawHistory, type TagHistory } from './opcua/history.ts';
import { readKeepsHistory } from './opcua/keeps-history.ts';
import { publishingMsOf } from './opcua/rate-groups.ts';
import type { TagDetails } from './opcua/tag-details.ts';
import type { GapEdges, OpcuaConnection, SubscribedTag } from './opcua/types.ts';
import {
  edgeOf,
  identityOf,
  readPending,
  toPending,
  writePending,
  type PendingGap,
  type PendingTag,
} from './pending-gaps.ts';

/** Tags in one request for history, and values of each: together what is in memory at once. */
const tagsPerRead = 20;
const valuesPerRead = 2_000;
/** Tags whose missing stretches begin within the same so many milliseconds share a request. */
const alikeMs = 10_000;
/** Values of one tag fetched for one gap at most. */
const mostPerTag = 1_000_000;
/** Tags waiting over all gaps at most; gaps beyond stay as they were reported. */
const mostPending = 500_000;
/** A gap is fetched once the values after it have had time to arrive. */
const leastSettleMs = 2_000;
const firstRetryMs = 2_000;
const lastRetryMs = 300_000;
const giveUpMs = 12 * 3_600_000;
const saveMs = 5_000;
/** Clocks of devices may be behind the server's by this much. */
const mostSkewMs = 600_000;
const leastSlackMs = 1_000;

/** What a backfill is made of. */
export interface BackfillOptions {
  connection: OpcuaConnection;
  tags: readonly SubscribedTag[];
  publishingMs: number;
  /** Units and enumeration texts by tag, as the live values have them. */
  details: ReadonlyMap<string, TagDetails>;
  /** Where gaps are noted that are still to be filled. */
  file: string;
  /** Takes fetched values, oldest first; false where there is no room for them now. */
  append: (samples: Sample[]) => boolean;
  /** Everything that the server has kept of these tags in this gap was taken. */
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

/** Opens a backfill and goes on with what an earlier process left. All instants are the server's. */
export function openBackfill(options: BackfillOptions): Backfill {
  const { connection, publishingMs, details, file, append, onFilled, logger, clock = systemClock } = options;
  const rows = new Map(options.tags.map((row) => [row.tag, row]));
  let pending = readPending(file);
  /** Tags of which the first value after a gap has not come yet. */
  const openEnded = new Map<string, PendingTag[]>();
  const keepsHistory = new Map<string, boolean>();
  let knownForStart: number | undefined;
  let namespaces: readonly string[] | undefined;
  let dirty = false;
  const ending = new AbortController();
  const isEnding = () => ending.signal.aborted;
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
    let retryMs = firstRetryMs;
    while (!isEnding()) {
      const next = pending.reduce<PendingGap | undefined>((a, b) => (a && a.gap.from <= b.gap.from ? a : b), undefined);
      if (!next) return;
      const settle = settleMs(next) - (clock.now() - next.notedMs);
      if (settle > 0) await sleep(Math.min(settle, settleMs(next)), ending.signal);
      if (isEnding()) return;
      try {
        await fill(next);
        retryMs = firstRetryMs;
        if (next.tags.length === 0) drop(next);
        else await sleep(retryMs, ending.signal);
      } catch (thrown) {
        if (isEnding()) return;
        logger.debug(`backfill: ${toMillwrightError(thrown).message}; next attempt in ${retryMs} ms`);
        if (clock.now() - next.notedMs > giveUpMs) {
          logger.warn(`history of ${next.gap.from} to ${next.gap.to} could not be fetched and is given up`);
          drop(next);
        }
        await sleep(retryMs, AbortSignal.any([ending.signal, nudge.signal]));
        retryMs = Math.min(lastRetryMs, retryMs * 2);
      }
    }
  }

  function settleMs({ tags }: PendingGap): number {
    const slowest = tags.reduce((most, { tag }) => Math.max(most, groupMs(tag)), 0);
    return Math.max(leastSettleMs, 2 * slowest);
  }

  function groupMs(tag: string): number {
    const row = rows.get(tag);
    return row ? publishingMsOf(row, publishingMs) : 0;
  }

  function drop(gap: PendingGap): void {
    pending = pending.filter((one) => one !== gap);
    for (const tag of gap.tags) forget(tag);
    dirty = true;
    save();
  }

  function forget(one: PendingTag): void {
    const rest = openEnded.get(one.tag)?.filter((other) => other !== one);
    if (rest?.length) openEnded.set(one.tag, rest);
    else openEnded.delete(one.tag);
  }

  /** Fetches what can be fetched now; tags done with leave the gap, those for which there is no room stay. */
  async function fill(pendingGap: PendingGap): Promise<void> {
    const { gap } = pendingGap;
    const startMs = await learn(pendingGap.tags);
    // A server that stood still has recorded nothing: what it has is delivered, but the gap is not closed.
    const closes = parseInstant(gap.from) >= startMs;
    const filled: string[] = [];
    try {
      for (let at = 0; at < pendingGap.tags.length;) {
        const group = pendingGap.tags.slice(at, at + tagsPerRead);
        const outcome = await fillGroup(gap, group);
        for (const { tag, complete } of outcome.done) if (complete && closes) filled.push(tag);
        const gone = new Set(outcome.done.map(({ tag }) => tag));
        for (const one of group) if (gone.has(one.tag)) forget(one);
        pendingGap.tags = pendingGap.tags.filter(({ tag }, index) => index < at || !gone.has(tag));
        at += group.length - gone.size;
        dirty = true;
        if (outcome.full) break;
      }
    } finally {
      if (filled.length > 0) onFilled({ tags: filled, ...gap, backfilled: true });
    }
  }

  /** Reads once which tags the server keeps history of; returns when the server was started. */
  async function learn(tags: readonly PendingTag[]): Promise<number> {
    return connection.withLink(async (link) => {
      if (knownForStart !== link.serverStartMs) keepsHistory.clear();
      knownForStart = link.serverStartMs;
      const unknown = tags.flatMap(({ tag }) => rows.get(tag) ?? []).filter(({ tag }) => !keepsHistory.has(tag));
      const keeps = await readKeepsHistory(
        link,
        unknown.map(({ nodeId }) => nodeId),
        namespaces!,
      );
      for (const [at, { tag }] of unknown.entries()) keepsHistory.set(tag, keeps[at]!);
      return link.serverStartMs;
    });
  }

  interface Outcome {
    /** Tags that need no further attempt, and whether all that the server has of them was taken. */
    done: { tag: string; complete: boolean }[];
    /** There is no room for more now. */
    full: boolean;
  }

  async function fillGroup(gap: PendingGap['gap'], group: readonly PendingTag[]): Promise<Outcome> {
    const outcome: Outcome = { done: [], full: false };
    const readable: PendingTag[] = [];
    for (const one of group) {
      if (rows.has(one.tag) && keepsHistory.get(one.tag)) readable.push(one);
      else outcome.done.push({ tag: one.tag, complete: false });
    }
    for (const alike of Map.groupBy(readable, (one) =>
      Math.floor(parseInstant(rangeOf(gap, one).from) / alikeMs),
    ).values()) {
      const ranges = alike.map((one) => rangeOf(gap, one));
      const from = ranges.reduce((least, range) => (range.from < least ? range.from : least), ranges[0]!.from);
      const to = ranges.reduce((most, range) => (range.to > most ? range.to : most), ranges[0]!.to);
      for (const history of await read(alike, from, to)) {
        const result = await takeAll(
          alike.find(({ tag }) => tag === history.tag)!,
          history,
          to,
        );
        if (result === 'full') outcome.full = true;
        else outcome.done.push({ tag: history.tag, complete: result === 'complete' });
        if (outcome.full) return outcome;
      }
    }
    return outcome;
  }

  async function read(tags: readonly PendingTag[], from: string, to: string): Promise<TagHistory[]> {
    if (from > to) return tags.map(({ tag }) => ({ tag, samples: [], status: 'Good', complete: true }));
    const histories = await readRawHistory(connection, {
      ...{ tags: tags.map(({ tag }) => rows.get(tag)!), from, to, mostPerTag: valuesPerRead },
      ...{ namespaces: namespaces!, signal: ending.signal },
    });
    for (const { tag, samples } of histories) describe(samples, details.get(tag));
    return histories;
  }

  /** Takes the history of one tag, going on where one request does not bring all. */
  async function takeAll(one: PendingTag, first: TagHistory, to: string): Promise<'complete' | 'partly' | 'full'> {
    let { samples, status, complete } = first;
    for (let taken = 0; ;) {
      if (status.startsWith('Bad')) return 'partly';
      const missing = samples.filter((sample) => isMissing(one, sample));
      if (missing.length > 0 && !append(missing)) return 'full';
      const last = samples.at(-1);
      // What was taken is not fetched again after a break-off.
      if (last && missing.length > 0) one.before = edgeOf(last);
      taken += samples.length;
      if (complete) return 'complete';
      if (!last || taken >= mostPerTag) return 'partly';
      const [more] = await read([one], last.sourceTime, to);
      if (!more || (!more.complete && more.samples.at(-1)?.sourceTime === last.sourceTime)) return 'partly';
      ({ samples, status, complete } = more);
    }
  }

  /** The stretch of source time in which values of a tag are missing. */
  function rangeOf({ from, to }: PendingGap['gap'], { tag, before, after }: PendingTag): { from: string; to: string } {
    const slackMs = Math.max(leastSlackMs, groupMs(tag));
    const earliest = isoInstant(parseInstant(from) - mostSkewMs);
    return {
      from: before && before.sourceTime >= earliest ? before.sourceTime : isoInstant(parseInstant(from) - slackMs),
      to: after?.sourceTime ?? isoInstant(parseInstant(to) + slackMs),
    };
  }

  for (const { tags } of pending) watch(tags);
  function watch(tags: readonly PendingTag[]): void {
    for (const one of tags) {
      if (one.after) continue;
      const others = openEnded.get(one.tag);
      if (others) others.push(one);
      else openEnded.set(one.tag, [one]);
    }
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
      watch(one.tags);
      dirty = true;
      save();
      start();
    },
    get waiting() {
      return openEnded.size > 0;
    },
    note(samples) {
      for (const sample of samples) {
        const found = openEnded.get(sample.tag);
        if (!found) continue;
        for (const one of found) one.after = edgeOf(sample);
        openEnded.delete(sample.tag);
        dirty = true;
      }
    },
    setNamespaces(first) {
      namespaces ??= first;
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

/** Gives fetched values the unit and text that live ones have. */
function describe(samples: readonly Sample[], { unit, texts }: TagDetails = {}): void {
  if (unit === undefined && !texts) return;
  for (const sample of samples) {
    if (unit !== undefined) sample.unit ??= unit;
    const text = texts?.get(sample.value as number);
    if (text !== undefined) sample.text = text;
  }
}

/** Whether a value of the history was not delivered: after the last one before the gap, before the first one after. */
function isMissing({ before, after }: PendingTag, sample: Sample): boolean {
  const { sourceTime } = sample;
  if (before && (sourceTime < before.sourceTime || (sourceTime === before.sourceTime && same(before)))) return false;
  return !(after && (sourceTime > after.sourceTime || (sourceTime === after.sourceTime && same(after))));

  function same(edge: { identity: string }): boolean {
    return identityOf(sample) === edge.identity;
  }
}
