import type { NotificationMessage } from 'node-opcua-client';
import type { Sample } from '../../contracts/index.ts';
import { isoInstant, MillwrightError, type Logger } from '../../kernel/index.ts';
import { createItems, heldSeconds, queueSizeOf, samplingMsOf, type CreatedItem } from './monitored-items.ts';
import { openGapCollector } from './overflow.ts';
import { hasOverflow, openSampleMaker } from './samples.ts';
import type { ServerSubscription, SubscriptionContent } from './subscription.ts';
import type { ClientLibrary, GapEdges, Granted, SubscriptionHandlers, SubscriptionOptions } from './types.ts';

/** Tags named in what was granted, of those that got less than was asked for. */
const mostNamed = 200;

/** The values of a tag table as the content of one subscription. */
export function openTagValues(
  options: SubscriptionOptions,
  handlers: SubscriptionHandlers,
  logger: Logger,
): SubscriptionContent {
  const { tags, publishingMs, holdSeconds } = options;
  const makeSample = openSampleMaker();
  const latest = new Array<Sample | undefined>(tags.length);
  let accepted: string[] = [];
  let namespaces: readonly string[] = [];
  let granted: Granted | undefined;

  /** Notes which tags are monitored, reports the refused ones, and says where the server grants less than asked. */
  function review(items: readonly CreatedItem[], made: ServerSubscription): void {
    accepted = [];
    let shortest = made.lifetimeMs / 1000;
    const reduced: Granted['reduced'] = [];
    let reducedCount = 0;
    for (const [index, { status, queueSize, samplingMs }] of items.entries()) {
      const row = tags[index]!;
      const { tag, nodeId } = row;
      if (status !== 'Good') {
        handlers.onTagError(tag, new MillwrightError('MW_OPCUA_TAG_REFUSED', { tag, nodeId, status }));
        continue;
      }
      accepted.push(tag);
      shortest = Math.min(shortest, heldSeconds(queueSize, samplingMs));
      const askedMs = samplingMsOf(row, publishingMs);
      if (samplingMs <= askedMs && queueSize >= queueSizeOf(askedMs, holdSeconds)) continue;
      if (reducedCount++ < mostNamed) reduced.push({ tag, askedMs, samplingMs, queueSize });
    }
    granted = {
      ...{ askedMs: publishingMs, publishingMs: made.publishingMs },
      ...{ lifetimeSeconds: made.lifetimeMs / 1000, keepAliveSeconds: made.keepAliveMs / 1000 },
      ...{ askedHoldSeconds: holdSeconds, holdSeconds: Math.min(holdSeconds, Math.floor(shortest)) },
      ...{ tags: accepted.length, refused: tags.length - accepted.length, reducedCount, reduced },
    };
    if (shortest < holdSeconds)
      logger.warn(`OPC UA server holds values for ${Math.floor(shortest)} s only, ${holdSeconds} s were asked for`);
  }

  /** The last values of all tags as they are now. */
  function openEdges(): (tag: string) => GapEdges {
    const last = new Map(tags.map(({ tag }, index) => [tag, latest[index]]));
    return (tag) => {
      const before = last.get(tag);
      return before ? { before } : {};
    };
  }

  return {
    publishingMs,
    holdSeconds,
    async create(link, made, first) {
      const { items, serverMs } = await createItems(link, made.subscriptionId, options, first);
      review(items, made);
      namespaces = first;
      return serverMs;
    },
    begun(_link, sinceMs) {
      handlers.onGranted?.(granted!, { publishingMs, accepted, sinceMs, namespaces });
    },
    take(message: NotificationMessage, publishMs: number, ua: ClientLibrary) {
      const samples: Sample[] = [];
      const overflow = openGapCollector();
      for (const data of message.notificationData ?? []) {
        if (!(data instanceof ua.DataChangeNotification)) continue;
        for (const { clientHandle, value } of data.monitoredItems ?? []) {
          const index = clientHandle - 1;
          const row = tags[index];
          if (!row) continue;
          const sample = makeSample(row, value, publishMs);
          const before = latest[index];
          latest[index] = sample;
          if (before && hasOverflow(value)) overflow.add(row.tag, before, sample);
          if (!before || !isSame(before, sample)) samples.push(sample);
        }
      }
      for (const { gap, edgesOf } of overflow.gaps()) handlers.onGap(gap, edgesOf);
      if (samples.length > 0) handlers.onSamples(samples, publishMs);
    },
    lost(fromMs, toMs, reason) {
      const range = { from: isoInstant(fromMs), to: isoInstant(Math.max(fromMs, toMs)) };
      handlers.onGap({ tags: [...accepted], ...range, reason, backfilled: false }, openEdges());
    },
  };
}

/** After a reconnect servers send the last value once more. */
function isSame(a: Sample, b: Sample): boolean {
  return (
    a.sourceTime === b.sourceTime &&
    a.statusCode === b.statusCode &&
    (a.value === b.value || (typeof a.value === 'object' && JSON.stringify(a.value) === JSON.stringify(b.value)))
  );
}
