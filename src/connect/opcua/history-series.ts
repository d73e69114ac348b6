import type {
  DataValue,
  HistoryReadResult,
  NodeId,
  ReadProcessedDetails,
  ReadRawModifiedDetails,
} from 'node-opcua-client';
import { throwIfAborted } from '../../kernel/index.ts';
import { inGroups, operationLimits } from './limits.ts';
import type { SessionLink } from './session-link.ts';
import { refusalOf } from './status.ts';

/** Values of one node that one call asks for; the rest follows by continuation points. */
const valuesPerCall = 1_000;
/** A server may answer with a continuation point and no value while it computes; not without end. */
const mostEmptyRounds = 20;

/** What a server has kept of one node. */
export interface HistorySeries {
  /** `Good`, `GoodNoData`, or why there is nothing, for example `BadHistoryOperationUnsupported`. */
  status: string;
  values: DataValue[];
  /** Whether the server has no more than this in the range. */
  complete: boolean;
}

/** What to ask a server for, as the details of a call for so many nodes. */
export type HistoryDetails = (nodes: number) => ReadRawModifiedDetails | ReadProcessedDetails;

/** Asks for the values as they were recorded. Instants in milliseconds since 1970 UTC. */
export function rawDetails({ ua }: SessionLink, range: { from: number; to: number; most: number }): HistoryDetails {
  return () =>
    new ua.ReadRawModifiedDetails({
      isReadModified: false,
      startTime: new Date(range.from),
      endTime: new Date(range.to),
      numValuesPerNode: Math.min(range.most, valuesPerCall),
      returnBounds: false,
    });
}

/** Asks for aggregates of the values. `intervalMs` 0 is one aggregate over the whole range. */
export function processedDetails(
  { ua }: SessionLink,
  range: { from: number; to: number; intervalMs: number; aggregate: number },
): HistoryDetails {
  return (nodes) =>
    new ua.ReadProcessedDetails({
      startTime: new Date(range.from),
      endTime: new Date(range.to),
      processingInterval: range.intervalMs,
      aggregateType: new Array<NodeId>(nodes).fill(ua.coerceNodeId(range.aggregate)),
      aggregateConfiguration: { useServerCapabilitiesDefaults: true },
    });
}

/** A node whose series is being read, and where the server goes on. */
interface Open {
  index: number;
  point?: Buffer;
}

/**
 * Reads the series of many nodes, in groups as large as the server takes; continuation points are followed up to
 * `most` values a node and released where there are more. A node that has only a status keeps it.
 */
export async function readSeries(
  link: SessionLink,
  nodes: readonly (NodeId | string)[],
  details: HistoryDetails,
  { most, signal }: { most: number; signal: AbortSignal | undefined },
): Promise<HistorySeries[]> {
  const series = nodes.map((node): HistorySeries => ({
    status: typeof node === 'string' ? node : 'Good',
    values: [],
    complete: false,
  }));
  const wanted = [...nodes.keys()].filter((index) => typeof nodes[index] !== 'string');
  const { historyRead: groupSize } = await operationLimits(link);
  const alone: number[] = [];
  for (const group of inGroups(wanted, groupSize)) alone.push(...(await readGroup(group)));
  for (const index of alone) await readGroup([index]);
  return series;

  /** Returns the nodes for which the server had no continuation point left: they are to be read one by one. */
  async function readGroup(group: readonly number[]): Promise<number[]> {
    const crowded: number[] = [];
    let open: Open[] = group.map((index) => ({ index }));
    let emptyRounds = 0;
    while (open.length > 0) {
      if (signal?.aborted) await release(open);
      throwIfAborted('history', signal);
      const results = await call(open);
      const next: Open[] = [];
      const surplus: Open[] = [];
      let brought = 0;
      for (const [at, { index }] of open.entries()) {
        const result = results[at];
        if (result === undefined || typeof result === 'string') {
          series[index]!.status = result ?? 'BadUnexpectedError';
          continue;
        }
        if (result.statusCode.name === 'BadNoContinuationPoints' && group.length > 1) {
          crowded.push(index);
          continue;
        }
        brought += take(series[index]!, result);
        const point = result.continuationPoint as Buffer | null;
        if (!point || point.length === 0) continue;
        const { values, status } = series[index]!;
        series[index]!.complete = false;
        if (values.length < most && !status.startsWith('Bad')) next.push({ index, point });
        else surplus.push({ index, point });
      }
      emptyRounds = brought > 0 ? 0 : emptyRounds + 1;
      await release(emptyRounds > mostEmptyRounds ? [...surplus, ...next] : surplus);
      open = emptyRounds > mostEmptyRounds ? [] : next;
    }
    return crowded;
  }

  /** One result per node, or the status with which the server refused the whole call. */
  async function call(open: readonly Open[]): Promise<(HistoryReadResult | string | undefined)[]> {
    try {
      const { results } = await link.session.historyRead(request(open, false));
      // The library's own server answers wrong details with a single result for all.
      const all = open.length > 1 && results?.length === 1 ? results[0]?.statusCode.name : undefined;
      return open.map((_, at) => all ?? results?.[at]);
    } catch (thrown) {
      const status = refusalOf(thrown);
      if (status === undefined) throw thrown;
      return open.map(() => status);
    }
  }

  async function release(open: readonly Open[]): Promise<void> {
    const held = open.filter(({ point }) => point !== undefined);
    if (held.length > 0) await link.session.historyRead(request(held, true)).catch(() => undefined);
  }

  function request(open: readonly Open[], releaseContinuationPoints: boolean) {
    return new link.ua.HistoryReadRequest({
      historyReadDetails: details(open.length),
      timestampsToReturn: link.ua.TimestampsToReturn.Both,
      releaseContinuationPoints,
      nodesToRead: open.map(({ index, point }) => ({
        nodeId: nodes[index]!,
        ...(point ? { continuationPoint: point } : {}),
      })),
    });
  }

  /** Adds a result to its series; returns how many values it brought. */
  function take(to: HistorySeries, { statusCode, historyData }: HistoryReadResult): number {
    const values = historyData instanceof link.ua.HistoryData ? (historyData.dataValues ?? []) : [];
    const room = most - to.values.length;
    for (const value of values.slice(0, room)) to.values.push(value);
    to.status = statusCode.name;
    to.complete = !to.status.startsWith('Bad') && values.length <= room;
    return values.length;
  }
}
