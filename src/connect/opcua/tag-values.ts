import type { NotificationMessage } from 'node-opcua-client';
import type { Sample } from '../../contracts/index.ts';
import { isoInstant, MillwrightError, monotonicMs, type Logger } from '../../kernel/index.ts';
import { openTagDescription } from './description.ts';
import { openGapCollector, type GapCollector, type Stretch } from './gaps.ts';
import { isSame, openHoles } from './holes.ts';
import { createItems, heldSeconds, queueSizeOf, samplingMsOf, type CreatedItem } from './monitored-items.ts';
import { hasOverflow, openSampleMaker } from './samples.ts';
import type { SessionLink } from './session-link.ts';
import { statusNameOf } from './status.ts';
import { resolveStructures, unresolvedIn } from './structures.ts';
import type { ServerSubscription, SubscriptionContent } from './subscription.ts';
import type { ClientLibrary, Granted, SubscriptionHandlers, SubscriptionOptions } from './types.ts';

/** Tags named in what was granted, of those that got less than was asked for. */
const mostNamed = 200;
/** Refused rows are asked for again after these pauses, doubling. */
const shortestRetryMs = 5_000;
const longestRetryMs = 60_000;
/** A new item has sent its first value this long after it was made. */
const settleMs = 2_000;
/** What an item says when its node was taken out of the address space. */
const lostNode = /^BadNodeId(Unknown|Invalid)$/;

/** The values of a tag table as the content of one subscription. */
export function openTagValues(
  options: SubscriptionOptions,
  handlers: SubscriptionHandlers,
  logger: Logger,
): SubscriptionContent {
  const { tags, publishingMs, holdSeconds, heardMs } = options;
  const description = openTagDescription(tags, options.details, logger);
  const earlier = new Map(options.lastValues);
  const makeSample = openSampleMaker();
  const latest = new Array<Sample | undefined>(tags.length);
  const holes = openHoles();
  /** Rows that the server does not monitor, and its time up to which their values had arrived. */
  const ailing = new Map<number, number | undefined>();
  const itemIds = new Map<number, number>();
  let granted: Granted | undefined;
  let present: { made: ServerSubscription; first: readonly string[]; sinceMs: number; accepted: string[] } | undefined;
  let retryAt = 0;
  let retryMs = shortestRetryMs;

  /** Notes where the server grants less than asked; returns the tags that it monitors. */
  function review(items: readonly CreatedItem[], made: ServerSubscription): string[] {
    const accepted: string[] = [];
    let shortest = made.lifetimeMs / 1000;
    const reduced: Granted['reduced'] = [];
    let reducedCount = 0;
    let withoutDeadband = 0;
    for (const [index, { status, queueSize, samplingMs, deadbandRefused }] of items.entries()) {
      const row = tags[index]!;
      const { tag } = row;
      if (status !== 'Good') continue;
      accepted.push(tag);
      if (deadbandRefused) withoutDeadband++;
      shortest = Math.min(shortest, heldSeconds(queueSize, samplingMs));
      const askedMs = samplingMsOf(row, publishingMs);
      if (samplingMs <= askedMs && queueSize >= queueSizeOf(askedMs, holdSeconds)) continue;
      if (reducedCount++ < mostNamed) reduced.push({ tag, askedMs, samplingMs, queueSize });
    }
    const before = granted;
    granted = {
      ...{ askedMs: publishingMs, publishingMs: made.publishingMs },
      ...{ lifetimeSeconds: made.lifetimeMs / 1000, keepAliveSeconds: made.keepAliveMs / 1000 },
      ...{ askedHoldSeconds: holdSeconds, holdSeconds: Math.min(holdSeconds, Math.floor(shortest)) },
      ...{ tags: accepted.length, refused: tags.length - accepted.length },
      ...{ reducedCount, reduced, withoutDeadband },
    };
    if (withoutDeadband > 0 && withoutDeadband !== before?.withoutDeadband)
      logger.warn(`OPC UA server takes no deadband for ${withoutDeadband} tags: every change of them is reported`);
    if (shortest < holdSeconds && granted.holdSeconds !== before?.holdSeconds)
      logger.warn(`OPC UA server holds values for ${Math.floor(shortest)} s only, ${holdSeconds} s were asked for`);
    return accepted;
  }

  function ails(index: number, status: string, untilMs: number | undefined): void {
    const { tag, nodeId } = tags[index]!;
    ailing.set(index, ailing.get(index) ?? untilMs);
    retryMs = shortestRetryMs;
    retryAt = monotonicMs() + retryMs;
    handlers.onTagError(tag, new MillwrightError('MW_OPCUA_TAG_REFUSED', { tag, nodeId, status }));
  }

  /** The server monitors a row that it did not monitor before: what came in between is missing. */
  function heals(index: number, sinceMs: number): void {
    const fromMs = ailing.get(index);
    ailing.delete(index);
    if (fromMs !== undefined)
      holes.open(index, { fromMs, toMs: Math.max(fromMs, sinceMs), reason: 'resubscribed', ordered: true });
  }

  /** Asks again for the rows that the server refused or whose node it lost. */
  async function retry(link: SessionLink): Promise<void> {
    if (!present) return;
    const { made, first } = present;
    const rows = [...ailing.keys()];
    const { subscriptionId } = made;
    const monitoredItemIds = rows.flatMap((index) => itemIds.get(index) ?? []);
    for (const index of rows) itemIds.delete(index);
    if (monitoredItemIds.length > 0)
      await link.session.deleteMonitoredItems({ subscriptionId, monitoredItemIds }).catch(() => undefined);
    const { items, serverMs } = await createItems(link, subscriptionId, options, first, rows);
    if (present.made !== made) return;
    const back: string[] = [];
    for (const [place, index] of rows.entries()) {
      const { status, itemId } = items[place]!;
      if (status !== 'Good') continue;
      if (itemId !== undefined) itemIds.set(index, itemId);
      heals(index, serverMs);
      back.push(tags[index]!.tag);
    }
    welcome(back, serverMs);
  }

  function welcome(back: string[], sinceMs: number): void {
    if (back.length === 0 || !granted) return;
    granted = { ...granted, tags: tags.length - ailing.size, refused: ailing.size };
    begin(back, sinceMs);
  }

  function begin(accepted: readonly string[], sinceMs: number): void {
    const namespaces = present?.first ?? [];
    handlers.onGranted?.(granted!, { publishingMs, accepted, sinceMs, namespaces });
  }

  return {
    publishingMs,
    holdSeconds,
    heardMs,
    async create(link, made, first) {
      const { items, serverMs } = await createItems(link, made.subscriptionId, options, first);
      itemIds.clear();
      for (const [index, { status, itemId }] of items.entries()) {
        if (status !== 'Good') ails(index, status, undefined);
        else if (ailing.has(index)) heals(index, serverMs);
        if (itemId !== undefined) itemIds.set(index, itemId);
      }
      present = { made, first, sinceMs: serverMs, accepted: review(items, made) };
      return serverMs;
    },
    begun(link, sinceMs) {
      description.begin(link, present!.first);
      begin(present!.accepted, sinceMs);
    },
    prepare(message, link) {
      if (present) description.begin(link, present.first);
      const values = unresolvedIn(message, link);
      if (values.length === 0) return description.ready();
      return Promise.all([description.ready(), resolveStructures(link, values, logger)]).then(() => undefined);
    },
    take(message: NotificationMessage, publishMs: number, ua: ClientLibrary, arrivedMs: number) {
      const samples: Sample[] = [];
      const { rows, texts } = description;
      const missing = openGapCollector();
      for (const data of message.notificationData ?? []) {
        if (!(data instanceof ua.DataChangeNotification)) continue;
        for (const { clientHandle, value } of data.monitoredItems ?? []) {
          const index = clientHandle - 1;
          const row = rows[index];
          if (!row) continue;
          const sample = makeSample(row, value, publishMs);
          const text = texts?.[index]?.get(sample.value as number);
          if (text !== undefined) sample.text = text;
          const before = latest[index];
          latest[index] = sample;
          const edge = before ?? earlierOf(row.tag);
          const overflowed = hasOverflow(value);
          const isLost = sample.statusCode !== undefined && lostNode.test(sample.statusCode);
          if (ailing.size > 0 && !isLost && ailing.has(index)) {
            heals(index, publishMs);
            welcome([row.tag], publishMs);
          }
          if (!holes.close(index, edge, sample, overflowed, missing) && overflowed)
            missing.add(row.tag, overflow(before, sample), before ? { before, after: sample } : { after: sample });
          if (!before || !isSame(before, sample)) samples.push(sample);
          if (isLost) ails(index, sample.statusCode!, Date.parse(sample.serverTime ?? sample.sourceTime));
        }
      }
      holes.expire(arrivedMs - settleMs, edgeOf, missing);
      say(missing);
      if (samples.length > 0) handlers.onSamples(samples, arrivedMs);
    },
    lost(lapse) {
      for (const [index] of tags.entries())
        if (!ailing.has(index)) holes.open(index, lapse);
        else if (latest[index] || heardMs !== undefined) ailing.set(index, ailing.get(index) ?? lapse.fromMs);
    },
    heard(arrivedMs) {
      expire(arrivedMs - settleMs);
      handlers.onHeard?.(arrivedMs);
    },
    supervise(link) {
      if (ailing.size === 0 || monotonicMs() < retryAt) return;
      retryAt = Infinity;
      retryMs = Math.min(longestRetryMs, 2 * retryMs);
      retry(link)
        .catch((thrown: unknown) => {
          logger.debug(`OPC UA refused tags: ${statusNameOf(thrown)}`);
        })
        .finally(() => {
          retryAt = monotonicMs() + retryMs;
        });
    },
    refused(status) {
      handlers.onRefused?.(status);
    },
    ended() {
      expire(Infinity);
    },
  };

  function expire(arrivedMs: number): void {
    const missing = openGapCollector();
    holes.expire(arrivedMs, edgeOf, missing);
    say(missing);
  }

  function say(missing: GapCollector): void {
    for (const { gap, edgesOf } of missing.gaps()) handlers.onGap(gap, edgesOf);
  }

  function edgeOf(index: number): { tag: string; before?: Sample } {
    const { tag } = tags[index]!;
    const before = latest[index] ?? earlier.get(tag);
    return before ? { tag, before } : { tag };
  }

  /** The last value of the earlier run, for the first one of this run to be compared with. */
  function earlierOf(tag: string): Sample | undefined {
    const found = earlier.size > 0 ? earlier.get(tag) : undefined;
    if (found) earlier.delete(tag);
    return found;
  }

  function overflow(before: Sample | undefined, { sourceTime: to }: Sample): Stretch {
    return { from: before?.sourceTime ?? isoInstant(present?.sinceMs ?? Date.parse(to)), to, reason: 'overflow' };
  }
}
