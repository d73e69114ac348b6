import type { MonitoredItemCreateRequestOptions, MonitoredItemCreateResult } from 'node-opcua-client';
import { resolveNamespace } from './namespaces.ts';
import type { SessionLink } from './session-link.ts';
import type { SubscribedTag, SubscriptionOptions } from './types.ts';

/** Fastest change that the server's queue must hold for a tag that reports every change. */
const everyChangeMs = 100;
/** Items per call where the server names no limit of its own. */
const itemsPerCall = 1000;

/** What became of one row of the tag table on the server. */
export interface CreatedItem {
  /** Name of the status, `Good` where it is monitored. */
  status: string;
  queueSize: number;
  samplingMs: number;
}

/** Sampling interval to ask for. */
export function samplingMsOf({ intervalMs }: SubscribedTag, publishingMs: number): number {
  return intervalMs ?? publishingMs;
}

/** Values that the server's queue of a tag must hold so that a cut shorter than the hold time loses nothing. */
export function queueSizeOf(samplingMs: number, holdSeconds: number): number {
  return Math.ceil((holdSeconds * 1000) / Math.max(samplingMs, everyChangeMs)) + 2;
}

/** How long a queue of this size holds every value of a tag, in seconds. */
export function heldSeconds(queueSize: number, samplingMs: number): number {
  return (Math.max(0, queueSize - 2) * Math.max(samplingMs, everyChangeMs)) / 1000;
}

/**
 * Monitors all tags in groups as large as the server takes; the client handle of a tag is its index + 1. A row that
 * cannot be monitored has its status in the result, the others go on.
 * @param first the namespace array that `ns=` indices refer to
 */
export async function createItems(
  link: SessionLink,
  subscriptionId: number,
  { tags, publishingMs, holdSeconds }: SubscriptionOptions,
  first: readonly string[],
): Promise<{ items: CreatedItem[]; serverMs: number }> {
  const { ua, session, namespaces, maxItemsPerCall } = link;
  const items: CreatedItem[] = tags.map(() => ({ status: 'BadNodeIdInvalid', queueSize: 0, samplingMs: 0 }));
  const wanted: { index: number; request: MonitoredItemCreateRequestOptions }[] = [];
  for (const [index, row] of tags.entries()) {
    const nodeId = resolveNamespace(row.nodeId, first, namespaces);
    if (nodeId === undefined) {
      items[index]!.status = 'BadNodeIdUnknown';
      continue;
    }
    const samplingInterval = samplingMsOf(row, publishingMs);
    try {
      const request: MonitoredItemCreateRequestOptions = {
        itemToMonitor: { nodeId: ua.coerceNodeId(nodeId), attributeId: ua.AttributeIds.Value },
        monitoringMode: ua.MonitoringMode.Reporting,
        requestedParameters: {
          clientHandle: index + 1,
          samplingInterval,
          queueSize: queueSizeOf(samplingInterval, holdSeconds),
          discardOldest: true,
        },
      };
      wanted.push({ index, request });
    } catch {
      continue;
    }
  }
  const perCall = Math.min(maxItemsPerCall || itemsPerCall, itemsPerCall);
  let serverMs = 0;
  for (let from = 0; from < wanted.length; from += perCall) {
    const group = wanted.slice(from, from + perCall);
    const response = await session.createMonitoredItems({
      subscriptionId,
      timestampsToReturn: ua.TimestampsToReturn.Both,
      itemsToCreate: group.map(({ request }) => request),
    });
    serverMs = response.responseHeader.timestamp?.getTime() ?? 0;
    for (const [at, { index }] of group.entries()) items[index] = created(response.results?.[at]);
  }
  return { items, serverMs };
}

function created(result: MonitoredItemCreateResult | undefined): CreatedItem {
  if (!result) return { status: 'BadUnexpectedError', queueSize: 0, samplingMs: 0 };
  const { statusCode, revisedQueueSize, revisedSamplingInterval } = result;
  return {
    status: statusCode.isNotGood() ? statusCode.name : 'Good',
    queueSize: revisedQueueSize,
    samplingMs: revisedSamplingInterval,
  };
}
