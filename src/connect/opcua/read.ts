import type { NodeId, ReferenceDescription } from 'node-opcua-client';
import { MillwrightError } from '../../kernel/index.ts';
import { parseNodeId } from './node-ids.ts';
import { openSampleMaker } from './samples.ts';
import type { SessionLink } from './session-link.ts';
import type { BrowsedNode, ReadResult } from './types.ts';

const mostChildren = 1_000;
const objectsFolder = 'i=85';
/** BrowseDescription: Object 1, Variable 2. */
const objectsAndVariables = 3;
/** Reference type, is forward, class, browse name, display name, type definition. */
const everyResult = 63;
const nodesPerCall = 500;

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
  link: SessionLink,
  nodeIds: readonly string[],
  most: number,
): Promise<(ReferenceDescription[] | undefined)[]> {
  const { ua, session } = link;
  const found: (ReferenceDescription[] | undefined)[] = nodeIds.map(() => undefined);
  await inGroups(link, nodeIds, async (group) => {
    const results = await session.browse(
      group.map(({ nodeId }) => ({
        nodeId,
        referenceTypeId: 'HierarchicalReferences',
        includeSubtypes: true,
        browseDirection: ua.BrowseDirection.Forward,
        nodeClassMask: objectsAndVariables,
        resultMask: everyResult,
      })),
    );
    for (const [at, { statusCode, references, continuationPoint }] of results.entries()) {
      const list = [...(references ?? [])];
      let point = continuationPoint as Buffer | null;
      while (point && point.length > 0 && list.length < most) {
        const more = await session.browseNext(point, false);
        list.push(...(more.references ?? []));
        point = more.continuationPoint;
      }
      if (point && point.length > 0) await session.browseNext(point, true);
      if (statusCode.isGood()) found[group[at]!.index] = list.slice(0, most);
    }
  });
  return found;
}

/** Values of nodes in their order; a node that cannot be read has its status. */
export async function readValues(link: SessionLink, nodeIds: readonly string[]): Promise<ReadResult[]> {
  const { ua, session } = link;
  const makeSample = openSampleMaker();
  const results = nodeIds.map((nodeId): ReadResult => {
    const parsed = parseNodeId(link, nodeId);
    return {
      nodeId,
      value: null,
      dataType: 'Null',
      quality: 'bad',
      status: typeof parsed === 'string' ? parsed : 'Bad',
    };
  });
  await inGroups(link, nodeIds, async (group) => {
    const values = await session.read(group.map(({ nodeId }) => ({ nodeId, attributeId: ua.AttributeIds.Value })));
    for (const [at, value] of values.entries()) {
      const { index } = group[at]!;
      const nodeId = nodeIds[index]!;
      const { value: plain, dataType, quality, sourceTime } = makeSample({ tag: nodeId }, value, 0);
      const dated = value.sourceTimestamp !== null;
      results[index] = {
        nodeId,
        value: plain,
        dataType,
        quality,
        status: value.statusCode.name,
        ...(dated ? { sourceTime } : {}),
      };
    }
  });
  return results;
}

/** Works on the nodes whose ids can be read, in groups that one call may name. */
async function inGroups(
  link: SessionLink,
  nodeIds: readonly string[],
  work: (group: { index: number; nodeId: NodeId }[]) => Promise<void>,
): Promise<void> {
  const readable = nodeIds.flatMap((text, index) => {
    const nodeId = parseNodeId(link, text);
    return typeof nodeId === 'string' ? [] : [{ index, nodeId }];
  });
  for (let from = 0; from < readable.length; from += nodesPerCall)
    await work(readable.slice(from, from + nodesPerCall));
}
