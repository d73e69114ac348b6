import type {
  MonitoredItemCreateRequestOptions,
  MonitoredItemCreateResult,
  MonitoringParametersOptions,
} from 'node-opcua-client';
import { resolveNamespace } from './namespaces.ts';
import type { SessionLink } from './session-link.ts';
import { statusNameOf } from './status.ts';
import type { ClientLibrary, SubscribedTag, SubscriptionOptions } from './types.ts';

/** Fastest change that the server's queue must hold for a tag that reports every change. */
const everyChangeMs = 100;
/** Answers of servers that monitor the node, but not with a deadband. */
const noDeadband = /^Bad(MonitoredItemFilter(Unsupported|Invalid)|FilterNotAllowed|DeadbandFilterInvalid)$/;
/** Items per call where the server names no limit of its own. */
const itemsPerCall = 1000;
/** What a server with a lower limit that it does not name answers. */
const tooManyAtOnce = /^Bad(TooManyOperations|RequestTooLarge|EncodingLimitsExceeded)$/;

/** What became of one row of the tag table on the server. */
export interface CreatedItem {
  /** Name of the status, `Good` where it is monitored. */
  status: string;
  queueSize: number;
  samplingMs: number;
  /** The server's id of the item, where there is one. */
  itemId?: number;
  /** The server refused the deadband: every change is reported. */
  deadbandRefused?: boolean;
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
 * @param only indices of the rows to monitor; all where it is absent
 * @returns what became of each of these rows, in their order
 */
export async function createItems(
  link: SessionLink,
  subscriptionId: number,
  { tags, publishingMs, holdSeconds }: SubscriptionOptions,
  first: readonly string[],
  only: readonly number[] = [...tags.keys()],
): Promise<{ items: CreatedItem[]; serverMs: number }> {
  const { ua, session, namespaces, maxItemsPerCall } = link;
  const items: CreatedItem[] = only.map(() => ({ status: 'BadNodeIdInvalid', queueSize: 0, samplingMs: 0 }));
  const wanted: Wanted[] = [];
  for (const [place, index] of only.entries()) {
    const row = tags[index]!;
    const nodeId = resolveNamespace(row.nodeId, first, namespaces);
    if (nodeId === undefined) {
      items[place]!.status = 'BadNodeIdUnknown';
      continue;
    }
    const samplingInterval = samplingMsOf(row, publishingMs);
    const filter = deadbandOf(ua, row);
    try {
      const request: MonitoredItemCreateRequestOptions = {
        itemToMonitor: { nodeId: ua.coerceNodeId(nodeId), attributeId: ua.AttributeIds.Value },
        monitoringMode: ua.MonitoringMode.Reporting,
        requestedParameters: {
          clientHandle: index + 1,
          samplingInterval,
          queueSize: queueSizeOf(samplingInterval, holdSeconds),
          discardOldest: true,
          ...(filter ? { filter } : {}),
        },
      };
      wanted.push({ place, request });
    } catch {
      continue;
    }
  }
  let perCall = Math.min(maxItemsPerCall || itemsPerCall, itemsPerCall);
  let serverMs = 0;
  for (let from = 0; from < wanted.length;) {
    const group = wanted.slice(from, from + perCall);
    try {
      const response = await session.createMonitoredItems({
        subscriptionId,
        timestampsToReturn: ua.TimestampsToReturn.Both,
        itemsToCreate: group.map(({ request }) => request),
      });
      serverMs = response.responseHeader.timestamp?.getTime() ?? 0;
      for (const [at, one] of group.entries()) {
        items[one.place] = {
          ...created(response.results?.[at]),
          ...(one.deadbandRefused ? { deadbandRefused: true } : {}),
        };
        const { filter, ...parameters } = one.request.requestedParameters!;
        if (filter && noDeadband.test(items[one.place]!.status))
          wanted.push({ ...one, request: { ...one.request, requestedParameters: parameters }, deadbandRefused: true });
      }
      from += group.length;
    } catch (thrown) {
      if (group.length === 1 || !tooManyAtOnce.test(statusNameOf(thrown))) throw thrown;
      perCall = Math.ceil(group.length / 2);
    }
  }
  return { items, serverMs };
}

interface Wanted {
  /** Index in the result. */
  place: number;
  request: MonitoredItemCreateRequestOptions;
  deadbandRefused?: boolean;
}

/** A change counts where the status changed, or the value by more than the deadband. */
function deadbandOf(
  ua: ClientLibrary,
  { deadband = 0, deadbandPercent = 0 }: SubscribedTag,
): MonitoringParametersOptions['filter'] | undefined {
  if (deadband === 0 && deadbandPercent === 0) return undefined;
  return new ua.DataChangeFilter({
    trigger: ua.DataChangeTrigger.StatusValue,
    deadbandType: deadband > 0 ? ua.DeadbandType.Absolute : ua.DeadbandType.Percent,
    deadbandValue: deadband > 0 ? deadband : deadbandPercent,
  });
}

function created(result: MonitoredItemCreateResult | undefined): CreatedItem {
  if (!result) return { status: 'BadUnexpectedError', queueSize: 0, samplingMs: 0 };
  const { statusCode, monitoredItemId, revisedQueueSize, revisedSamplingInterval } = result;
  return {
    status: statusCode.isNotGood() ? statusCode.name : 'Good',
    queueSize: revisedQueueSize,
    samplingMs: revisedSamplingInterval,
    itemId: monitoredItemId,
  };
}
