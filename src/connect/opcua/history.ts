import { opcuaAggregates, type OpcuaItem, type Sample } from '../../contracts/index.ts';
import { parseInstant, silentLogger } from '../../kernel/index.ts';
import { processedDetails, rawDetails, readSeries, type HistorySeries } from './history-series.ts';
import { parseNodeId } from './node-ids.ts';
import { openSampleMaker } from './samples.ts';
import type { SessionLink } from './session-link.ts';
import { resolveStructures } from './structures.ts';
import type { OpcuaConnection, SubscribedTag } from './types.ts';

const defaultMostPerTag = 10_000;
const defaultLimit = 1_000;
/** Values that all items of one request may ask for together. */
const mostValues = 1_000_000;

/** The history of one tag as samples. */
export interface TagHistory {
  tag: string;
  /** By time, oldest first. */
  samples: Sample[];
  /** As in `HistorySeries`. */
  status: string;
  complete: boolean;
}

/** Which history of which tags. */
export interface RawHistoryRequest {
  tags: readonly SubscribedTag[];
  /** ISO 8601 with offset; both ends belong to the range. */
  from: string;
  to: string;
  /** Values of one tag at most, 10,000 where absent; `complete` says whether there are more. */
  mostPerTag?: number;
  /** The namespace array that `ns=` ids refer to; the present one where absent. */
  namespaces?: readonly string[];
  signal?: AbortSignal;
}

/**
 * Raw history of many tags as samples, in the order of the tags; a tag whose history cannot be read has its status.
 * @throws MW_OPCUA_NOT_CONNECTED, MW_ABORTED, or the library's error where the session is lost on the way
 */
export function readRawHistory(connection: OpcuaConnection, request: RawHistoryRequest): Promise<TagHistory[]> {
  const { tags, from, to, mostPerTag = defaultMostPerTag, namespaces, signal } = request;
  return connection.withLink(async (link) => {
    const ids = tags.map(({ nodeId }) => parseNodeId(link, nodeId, namespaces));
    const range = { from: parseInstant(from), to: parseInstant(to), most: mostPerTag };
    const series = await readSeries(link, ids, rawDetails(link, range), { most: mostPerTag, signal });
    const variants = series.flatMap(({ values }) => values.map(({ value }) => value));
    await resolveStructures(link, variants, silentLogger);
    const makeSample = openSampleMaker();
    return tags.map((row, index) => {
      const { status, values, complete } = series[index]!;
      return { tag: row.tag, samples: values.map((value) => makeSample(row, value, range.from)), status, complete };
    });
  });
}

/** A value of a node's history. */
interface HistoryValue {
  /** ISO 8601 UTC. */
  sourceTime: string;
  value: Sample['value'];
  quality: Sample['quality'];
  /** Where the quality is not good. */
  statusCode?: string;
}

/** The history of one item, or why there is none. */
export interface HistoryResult {
  nodeId: string;
  status: string;
  values: HistoryValue[];
  complete: boolean;
}

/**
 * History of each item, raw or as aggregates, in the items' order; items of the same range and aggregate are asked for
 * together. Items past a million values that could come are not read: `BadResponseTooLarge`.
 * @throws MW_ABORTED
 */
export async function readHistory(
  link: SessionLink,
  items: readonly OpcuaItem<'history'>[],
  signal?: AbortSignal,
): Promise<HistoryResult[]> {
  const series = new Array<HistorySeries>(items.length).fill({
    status: 'BadResponseTooLarge',
    values: [],
    complete: false,
  });
  let room = mostValues;
  const alike = new Map<string, number[]>();
  for (const [index, { from, to, aggregate, intervalSeconds, limit = defaultLimit }] of items.entries()) {
    room -= limit;
    if (room < 0) break;
    const key = JSON.stringify([from, to, aggregate, intervalSeconds, limit]);
    alike.set(key, [...(alike.get(key) ?? []), index]);
  }
  for (const group of alike.values()) {
    const nodes = group.map((index) => parseNodeId(link, items[index]!.nodeId));
    const { limit: most = defaultLimit, ...first } = items[group[0]!]!;
    const found = await readSeries(link, nodes, detailsOf(link, first, most), { most, signal });
    for (const [at, index] of group.entries()) series[index] = found[at]!;
  }
  const makeSample = openSampleMaker();
  return items.map(({ nodeId, from }, index) => {
    const { status, values, complete } = series[index]!;
    const fallbackMs = parseInstant(from);
    return {
      nodeId,
      status,
      values: values.map((value) => {
        const { sourceTime, value: plain, quality, statusCode } = makeSample({ tag: '' }, value, fallbackMs);
        return { sourceTime, value: plain, quality, ...(statusCode === undefined ? {} : { statusCode }) };
      }),
      complete,
    };
  });
}

function detailsOf(link: SessionLink, item: OpcuaItem<'history'>, most: number) {
  const range = { from: parseInstant(item.from), to: parseInstant(item.to) };
  if (item.aggregate === undefined) return rawDetails(link, { ...range, most });
  const intervalMs = (item.intervalSeconds ?? 0) * 1000;
  return processedDetails(link, { ...range, intervalMs, aggregate: opcuaAggregates[item.aggregate] });
}
