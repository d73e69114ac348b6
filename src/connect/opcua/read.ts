import type { ReferenceDescription } from 'node-opcua-client';
import { MillwrightError } from '../../kernel/index.ts';
import { openSampleMaker } from './samples.ts';
import type { SessionLink } from './session-link.ts';
import type { BrowsedNode, ReadResult } from './types.ts';

const mostChildren = 1_000;
const objectsFolder = 'i=85';
/** BrowseDescription: Object 1, Variable 2. */
const objectsAndVariables = 3;
/** Reference type, is forward, class, browse name, display name, type definition. */
const everyResult = 63;
const nodesPerRead = 500;

/** The objects and variables below a node by hierarchical references, at most 1,000. */
export async function browseChildren(link: SessionLink, nodeId = objectsFolder): Promise<BrowsedNode[]> {
  const children = await hierarchical(link, [nodeId], mostChildren);
  const references = children[0];
  if (!references) throw new MillwrightError('MW_OPCUA_NODE_UNKNOWN', { nodeId });
  const ids = references.map((reference) => reference.nodeId.toString());
  const below = await hierarchical(link, ids, 1);
  return references.map((reference, index) => ({
    nodeId: ids[index]!,
    browseName: reference.browseName.name ?? '',
    displayName: reference.displayName.text ?? '',
    nodeClass: link.ua.NodeClass[reference.nodeClass] ?? 'Unspecified',
    hasChildren: (below[index]?.length ?? 0) > 0,
  }));
}

/** Forward hierarchical references of each node; undefined for a node that the server does not know. */
export async function hierarchical(
  { ua, session }: SessionLink,
  nodeIds: readonly string[],
  most: number,
): Promise<(ReferenceDescription[] | undefined)[]> {
  const found: (ReferenceDescription[] | undefined)[] = [];
  for (let from = 0; from < nodeIds.length; from += nodesPerRead) {
    const results = await session.browse(
      nodeIds.slice(from, from + nodesPerRead).map((nodeId) => ({
        nodeId: ua.coerceNodeId(nodeId),
        referenceTypeId: 'HierarchicalReferences',
        includeSubtypes: true,
        browseDirection: ua.BrowseDirection.Forward,
        nodeClassMask: objectsAndVariables,
        resultMask: everyResult,
      })),
    );
    for (const { statusCode, references, continuationPoint } of results) {
      const list = [...(references ?? [])];
      let point = continuationPoint as Buffer | null;
      while (point && point.length > 0 && list.length < most) {
        const more = await session.browseNext(point, false);
        list.push(...(more.references ?? []));
        point = more.continuationPoint;
      }
      if (point && point.length > 0) await session.browseNext(point, true);
      found.push(statusCode.isGood() ? list.slice(0, most) : undefined);
    }
  }
  return found;
}

/** Values of nodes in their order; a node that cannot be read has its status. */
export async function readValues({ ua, session }: SessionLink, nodeIds: readonly string[]): Promise<ReadResult[]> {
  const makeSample = openSampleMaker();
  const results: ReadResult[] = [];
  for (let from = 0; from < nodeIds.length; from += nodesPerRead) {
    const group = nodeIds.slice(from, from + nodesPerRead);
    const values = await session.read(
      group.map((nodeId) => ({ nodeId: ua.coerceNodeId(nodeId), attributeId: ua.AttributeIds.Value })),
    );
    for (const [index, value] of values.entries()) {
      const nodeId = group[index]!;
      const { value: plain, dataType, quality, sourceTime } = makeSample({ tag: nodeId }, value, 0);
      const dated = value.sourceTimestamp !== null;
      results.push({
        nodeId,
        value: plain,
        dataType,
        quality,
        status: value.statusCode.name,
        ...(dated ? { sourceTime } : {}),
      });
    }
  }
  return results;
}
