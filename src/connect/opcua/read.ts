import type { DataValue, NodeId } from 'node-opcua-client';
import { silentLogger, throwIfAborted } from '../../kernel/index.ts';
import { inGroups, operationLimits } from './limits.ts';
import { parseNodeId } from './node-ids.ts';
import { openSampleMaker } from './samples.ts';
import type { SessionLink } from './session-link.ts';
import { refusalOf } from './status.ts';
import { resolveStructures } from './structures.ts';
import type { ReadResult } from './types.ts';

/** One attribute of one node; a node that has only a status keeps it. */
export interface AttributeToRead {
  node: NodeId | string;
  /** By its number (OPC 10000-6, annex A.1). */
  attributeId: number;
}

/** Attributes in their order, in groups as large as the server takes; where there is no value, the status says why. */
export async function readAttributes(
  link: SessionLink,
  wanted: readonly AttributeToRead[],
  signal?: AbortSignal,
): Promise<(DataValue | string)[]> {
  const found: (DataValue | string)[] = wanted.map(({ node }) => (typeof node === 'string' ? node : ''));
  const known = [...wanted.keys()].filter((index) => typeof wanted[index]!.node !== 'string');
  const { read: groupSize } = await operationLimits(link);
  for (const group of inGroups(known, groupSize)) {
    throwIfAborted('read', signal);
    try {
      const values = await link.session.read(
        group.map((index) => ({ nodeId: wanted[index]!.node as NodeId, attributeId: wanted[index]!.attributeId })),
      );
      const variants = values.map(({ value }) => value);
      await resolveStructures(link, variants, silentLogger);
      for (const [at, index] of group.entries()) found[index] = values[at] ?? 'BadUnexpectedError';
    } catch (thrown) {
      const status = refusalOf(thrown);
      if (status === undefined) throw thrown;
      for (const index of group) found[index] = status;
    }
  }
  return found;
}

/** Values of nodes in their order; a node that cannot be read has its status. */
export async function readValues(link: SessionLink, nodeIds: readonly string[]): Promise<ReadResult[]> {
  const attributeId = link.ua.AttributeIds.Value;
  const wanted = nodeIds.map((nodeId) => ({ node: parseNodeId(link, nodeId), attributeId }));
  const values = await readAttributes(link, wanted);
  return nodeIds.map((nodeId, index) => readResult(nodeId, values[index]!));
}

const makeSample = openSampleMaker();

/** A value as it travels, or why there is none. */
export function readResult(nodeId: string, value: DataValue | string): ReadResult {
  if (typeof value === 'string') return { nodeId, value: null, dataType: 'Null', quality: 'bad', status: value };
  const { value: plain, dataType, quality, sourceTime } = makeSample({ tag: nodeId }, value, 0);
  const dated = value.sourceTimestamp !== null;
  const status = value.statusCode.name;
  return { nodeId, value: plain, dataType, quality, status, ...(dated ? { sourceTime } : {}) };
}
