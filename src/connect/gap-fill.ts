import type { Sample } from '../contracts/index.ts';
import { parseInstant } from '../kernel/index.ts';
import { missingIn, rangeOf, reachesEnd } from './missing-values.ts';
import { readRawHistory, type TagHistory } from './opcua/history.ts';
import { readKeepsHistory } from './opcua/keeps-history.ts';
import { isLasting } from './opcua/status.ts';
import type { TagDetails } from './opcua/tag-details.ts';
import type { OpcuaConnection, SubscribedTag } from './opcua/types.ts';
import { edgeOf, type Edge, type PendingGap, type PendingTag } from './pending-gaps.ts';

/** Tags in one request for history, and values of each: together what is in memory at once. */
const tagsPerRead = 20;
const valuesPerRead = 2_000;
/** Tags whose missing stretches begin within the same so many milliseconds share a request. */
const alikeMs = 10_000;
/** Values of one tag fetched for one gap at most. */
const mostPerTag = 1_000_000;
/** A history that shows nothing after the gap for so long has no more of it: the tag may simply not change. */
const trustMs = 600_000;
const leastSlackMs = 1_000;

/** What filling gaps needs. */
export interface GapFillOptions {
  connection: OpcuaConnection;
  /** The tag table by tag, and how often each tag is published. */
  rows: ReadonlyMap<string, SubscribedTag>;
  groupMs: (tag: string) => number;
  /** Units and enumeration texts by tag, as the live values have them. */
  details: ReadonlyMap<string, TagDetails>;
  /** Takes fetched values, oldest first, as many as there is room for; returns how many. */
  append: (samples: Sample[]) => number;
  /** The server's time up to which all live values have arrived, milliseconds since 1970 UTC. */
  heardMs: () => number | undefined;
  signal: AbortSignal;
}

/** A tag that needs no further attempt. */
export interface DoneTag {
  one: PendingTag;
  /** The history has come past the gap, and all of it that was missing was taken. */
  filled: boolean;
}

/** How an attempt to fill a gap ended. */
interface GapFillOutcome {
  /** There was no room for more. */
  full: boolean;
  /** Values taken. */
  taken: number;
}

/** Fetches what is missing in gaps. */
export interface GapFill {
  /**
   * Fetches what can be fetched of a gap now. Tags that are not done, because the history has not come past the gap,
   * cannot be read now or there was no room, stay for another attempt, without what was taken.
   * @param sinceMs milliseconds since the gap was noted
   * @param onDone told after each request, before the next one
   * @throws what reading throws, where the connection or the server breaks off
   */
  fill(
    pending: PendingGap,
    at: { namespaces: readonly string[]; sinceMs: number },
    onDone: (done: readonly DoneTag[]) => void,
  ): Promise<GapFillOutcome>;
}

/** What one attempt works with. */
interface Attempt {
  gap: PendingGap['gap'];
  namespaces: readonly string[];
  sinceMs: number;
  serverStartMs: number;
  outcome: GapFillOutcome;
}

type TagOutcome = 'filled' | 'partly' | 'later' | 'full';

/** Opens the filling of gaps. */
export function openGapFill(options: GapFillOptions): GapFill {
  const { connection, rows, groupMs, details, append, heardMs, signal } = options;
  const keepsHistory = new Map<string, boolean>();
  /** What was taken last of each tag: from after one value up to another one. */
  const fetched = new Map<string, { after: string | undefined; to: Edge }>();
  let knownForStart: number | undefined;

  /** Reads once which tags the server keeps history of; returns when the server was started. */
  async function learn(tags: readonly PendingTag[], namespaces: readonly string[]): Promise<number> {
    return connection.withLink(async (link) => {
      if (knownForStart !== link.serverStartMs) keepsHistory.clear();
      knownForStart = link.serverStartMs;
      const unknown = tags.flatMap(({ tag }) => rows.get(tag) ?? []).filter(({ tag }) => !keepsHistory.has(tag));
      const ids = unknown.map(({ nodeId }) => nodeId);
      const keeps = await readKeepsHistory(link, ids, namespaces);
      for (const [at, { tag }] of unknown.entries()) if (keeps[at] !== undefined) keepsHistory.set(tag, keeps[at]);
      return link.serverStartMs;
    });
  }

  async function fillGroup(attempt: Attempt, group: readonly PendingTag[]): Promise<DoneTag[]> {
    const { gap, outcome } = attempt;
    // A server that stood still has recorded nothing: what it has is delivered, but the gap is not closed.
    const closes = parseInstant(gap.from) >= attempt.serverStartMs;
    const done: DoneTag[] = [];
    const readable: PendingTag[] = [];
    for (const one of group) {
      if (!rows.has(one.tag) || keepsHistory.get(one.tag) === false) done.push({ one, filled: false });
      else if (keepsHistory.has(one.tag) && hasArrived(gap, one)) readable.push(one);
    }
    const range = (one: PendingTag) => rangeOf(gap, one, { slackMs: slackMs(one), sinceMs: attempt.sinceMs });
    const alike = Map.groupBy(readable, (one) => Math.floor(parseInstant(range(one).from) / alikeMs));
    for (const ones of alike.values()) {
      const ranges = ones.map(range);
      const from = ranges.reduce((least, one) => (one.from < least ? one.from : least), ranges[0]!.from);
      const to = ranges.reduce((most, one) => (one.to > most ? one.to : most), ranges[0]!.to);
      for (const [at, history] of (await read(attempt, ones, from, to)).entries()) {
        const one = ones[at]!;
        const result = await takeAll(attempt, one, history, to);
        if (result === 'full') {
          outcome.full = true;
          return done;
        }
        if (result !== 'later') done.push({ one, filled: result === 'filled' && closes && !one.disordered });
      }
    }
    return done;
  }

  function slackMs({ tag }: PendingTag): number {
    return Math.max(leastSlackMs, groupMs(tag));
  }

  /** Where no value came after the gap, live ones of that time must not be under way still. */
  function hasArrived({ to }: PendingGap['gap'], one: PendingTag): boolean {
    return one.after !== undefined || (heardMs() ?? 0) > parseInstant(to) + slackMs(one);
  }

  async function read(attempt: Attempt, tags: PendingTag[], from: string, to: string): Promise<TagHistory[]> {
    const histories = await readRawHistory(connection, {
      ...{ tags: tags.map(({ tag }) => rows.get(tag)!), from, to, mostPerTag: valuesPerRead },
      ...{ namespaces: attempt.namespaces, signal },
    });
    const startMs = await connection.withLink((link) => Promise.resolve(link.serverStartMs));
    if (startMs !== attempt.serverStartMs) throw new Error('the server was restarted');
    for (const { tag, samples } of histories) describe(samples, details.get(tag));
    return histories;
  }

  /** Takes the history of one tag, going on where one request does not bring all. */
  async function takeAll(attempt: Attempt, one: PendingTag, first: TagHistory, to: string): Promise<TagOutcome> {
    let { samples, status, complete } = first;
    // Gaps with no live value between them overlap.
    const { after, to: until } = fetched.get(one.tag) ?? {};
    const start = one.before?.sourceTime;
    if (after !== undefined && start !== undefined && start >= after && start < until!.sourceTime) one.before = until!;
    for (let taken = 0; ;) {
      if (status.startsWith('Bad') && status !== 'BadNoData') return isLasting(status) ? 'partly' : 'later';
      const ends = reachesEnd(attempt.gap, one, samples);
      const missing = missingIn(one, samples);
      const count = missing.length > 0 ? append(missing) : 0;
      // What was taken is not fetched again.
      if (count > 0) moveOn(one, edgeOf(missing[count - 1]!));
      taken += count;
      attempt.outcome.taken += count;
      if (count < missing.length) return 'full';
      if (ends) return 'filled';
      if (complete || status === 'BadNoData') {
        if (taken > 0 || attempt.sinceMs <= trustMs) return 'later';
        return one.after ? 'filled' : 'partly';
      }
      const last = samples.at(-1);
      if (!last) return 'later';
      if (taken >= mostPerTag) return 'partly';
      const [more] = await read(attempt, [one], last.sourceTime, to);
      if (!more || (!more.complete && more.samples.at(-1)?.sourceTime === last.sourceTime)) return 'partly';
      ({ samples, status, complete } = more);
    }
  }

  function moveOn(one: PendingTag, to: Edge): void {
    const known = fetched.get(one.tag);
    const goesOn = known !== undefined && known.to.sourceTime === one.before?.sourceTime;
    fetched.set(one.tag, { after: goesOn ? known.after : one.before?.sourceTime, to });
    one.before = to;
  }

  return {
    async fill(pending, { namespaces, sinceMs }, onDone) {
      const serverStartMs = await learn(pending.tags, namespaces);
      const outcome = { full: false, taken: 0 };
      const attempt: Attempt = { gap: pending.gap, namespaces, sinceMs, serverStartMs, outcome };
      const left = [...pending.tags];
      for (let at = 0; at < left.length && !outcome.full; at += tagsPerRead)
        onDone(await fillGroup(attempt, left.slice(at, at + tagsPerRead)));
      return outcome;
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
