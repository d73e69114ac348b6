import type { NodeId, ReferenceDescription } from 'node-opcua-client';
import { MillwrightError, throwIfAborted } from '../../kernel/index.ts';
import { inGroups, operationLimits } from './limits.ts';
import { parseNodeId } from './node-ids.ts';
import type { SessionLink } from './session-link.ts';
import { refusalOf } from './status.ts';
import type { BrowsedNode } from './types.ts';

const mostChildren = 1_000;
/** A server that goes on without bringing anything is left after this many pages in a row. */
const mostEmptyPages = 3;
const objectsFolder = 'i=85';
/** Node classes as bits (OPC 10000-3, NodeClass). */
export const classMask = { object: 1, variable: 2, method: 4 };
const objectsAndVariables = classMask.object | classMask.variable;
/** Reference type, is forward, class, browse name, display name, type definition. */
const everyResult = 63;

/** What lies below one node. */
export interface Below {
  /** `Good`, or why the node could not be browsed. */
  status: string;
  references: ReferenceDescription[];
  /** False where the server has more than were asked for. */
  complete: boolean;
}

/** How far to browse. */
interface BrowseLimits {
  /** References of one node at most. */
  most: number;
  /** Objects and variables where absent. */
  classes?: number;
  signal?: AbortSignal | undefined;
}

/** The objects and variables below a node by hierarchical references, at most 1,000. */
export async function browseChildren(link: SessionLink, nodeId = objectsFolder): Promise<BrowsedNode[]> {
  const [children] = await hierarchical(link, [nodeId], { most: mostChildren });
  if (!children || children.status !== 'Good') throw new MillwrightError('MW_OPCUA_NODE_UNKNOWN', { nodeId });
  const ids = children.references.map((reference) => reference.nodeId.toString());
  const below = await hierarchical(link, ids, { most: 1 });
  return children.references.map((reference, index) => ({
    nodeId: ids[index]!,
    browseName: reference.browseName.name ?? '',
    displayName: reference.displayName.text ?? '',
    nodeClass: link.ua.NodeClass[reference.nodeClass] ?? 'Unspecified',
    hasChildren: (below[index]?.references.length ?? 0) > 0,
  }));
}

/** Forward hierarchical references of each node, in groups as large as the server takes. */
export async function hierarchical(
  link: SessionLink,
  nodeIds: readonly string[],
  { most, classes = objectsAndVariables, signal }: BrowseLimits,
): Promise<Below[]> {
  const { ua, session } = link;
  const nodes = nodeIds.map((text) => parseNodeId(link, text));
  const found = nodes.map((node): Below => ({
    status: typeof node === 'string' ? node : 'Good',
    references: [],
    complete: true,
  }));
  const wanted = [...nodes.keys()].filter((index) => typeof nodes[index] !== 'string');
  const { browse: groupSize } = await operationLimits(link);
  for (const group of inGroups(wanted, groupSize)) {
    throwIfAborted('browse', signal);
    const results = await session
      .browse(
        group.map((index) => ({
          nodeId: nodes[index] as NodeId,
          referenceTypeId: 'HierarchicalReferences',
          includeSubtypes: true,
          browseDirection: ua.BrowseDirection.Forward,
          nodeClassMask: classes,
          resultMask: everyResult,
        })),
      )
      .catch((thrown: unknown) => {
        const status = refusalOf(thrown);
        if (status === undefined) throw thrown;
        return status;
      });
    for (const [at, index] of group.entries()) {
      const below = found[index]!;
      const result = typeof results === 'string' ? undefined : results[at];
      if (!result || result.statusCode.isNotGood()) {
        below.status = typeof results === 'string' ? results : (result?.statusCode.name ?? 'BadUnexpectedError');
        continue;
      }
      let list = result.references ?? [];
      let point = result.continuationPoint as Buffer | null;
      for (let empty = 0; point && point.length > 0 && list.length < most && empty < mostEmptyPages;) {
        throwIfAborted('browse', signal);
        const more = await session.browseNext(point, false);
        const references = more.references ?? [];
        empty = references.length > 0 ? 0 : empty + 1;
        list = list.concat(references);
        point = more.continuationPoint;
      }
      if (point && point.length > 0) await session.browseNext(point, true);
      below.complete = list.length <= most && !(point && point.length > 0);
      below.references = list.slice(0, most);
    }
  }
  return found;
}
