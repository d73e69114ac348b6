import type { ReferenceDescription } from 'node-opcua-client';
import type { OpcuaItem } from '../../contracts/index.ts';
import { classMask, hierarchical } from './browse.ts';
import { withNamespaceUri } from './namespaces.ts';
import { parseNodeId } from './node-ids.ts';
import type { SessionLink } from './session-link.ts';

const objectsFolder = 'i=85';
const everyClass = classMask.object | classMask.variable | classMask.method;
const mostPerNode = 10_000;

/** A node below the one that was browsed. */
interface TreeNode {
  /** In `nsu=` form, which survives a shifted namespace index. */
  nodeId: string;
  /** Browse names from below the beginning to the node itself. */
  path: string[];
  displayName: string;
  nodeClass: string;
  /** Node id of its type, where it has one. */
  typeDefinition?: string;
}

/** What lies below one node, level by level. */
export interface BrowsedTree {
  status: string;
  nodeId?: string;
  nodes: TreeNode[];
  /** Whether the server has no more within the depth. */
  complete: boolean;
}

/**
 * The objects, variables and methods below a node, down to a depth, each once, at most `limit`.
 * @throws MW_ABORTED
 */
export async function browseTree(
  link: SessionLink,
  { nodeId, path, depth = 1, limit = 1_000 }: OpcuaItem<'browse'>,
  signal?: AbortSignal,
): Promise<BrowsedTree> {
  const start = await findStart(link, { nodeId, path }, signal);
  if (typeof start === 'string') return { status: start, nodes: [], complete: false };
  const root = withNamespaceUri(start.nodeId, link.namespaces);
  const seen = new Set([start.nodeId]);
  const nodes: TreeNode[] = [];
  let complete = true;
  let level = [{ id: start.nodeId, path: [] as string[] }];
  for (let at = 0; at < depth && level.length > 0; at++) {
    const ids = level.map(({ id }) => id);
    const below = await hierarchical(link, ids, { most: mostPerNode, classes: everyClass, signal });
    const [first] = below;
    if (at === 0 && first && first.status !== 'Good')
      return { status: first.status, nodeId: root, nodes: [], complete: false };
    const next: typeof level = [];
    for (const [index, { references, complete: whole, status }] of below.entries()) {
      complete &&= whole && status === 'Good';
      for (const reference of references) {
        const id = reference.nodeId.toString();
        if (seen.has(id)) continue;
        if (nodes.length === limit) return { status: 'Good', nodeId: root, nodes, complete: false };
        seen.add(id);
        const way = [...level[index]!.path, reference.browseName.name ?? ''];
        nodes.push(treeNode(link, reference, way));
        next.push({ id, path: way });
      }
    }
    level = next;
  }
  return { status: 'Good', nodeId: root, nodes, complete };
}

function treeNode({ ua, namespaces }: SessionLink, reference: ReferenceDescription, path: string[]): TreeNode {
  const type = reference.typeDefinition;
  return {
    nodeId: withNamespaceUri(reference.nodeId.toString(), namespaces),
    path,
    displayName: reference.displayName.text ?? '',
    nodeClass: ua.NodeClass[reference.nodeClass] ?? 'Unspecified',
    ...(type.isEmpty() ? {} : { typeDefinition: withNamespaceUri(type.toString(), namespaces) }),
  };
}

/** The node to begin at, by its id or by the browse names that lead to it from the Objects folder. */
async function findStart(
  link: SessionLink,
  { nodeId, path }: { nodeId: string | undefined; path: string | undefined },
  signal?: AbortSignal,
): Promise<{ nodeId: string } | string> {
  const start = parseNodeId(link, nodeId ?? objectsFolder);
  if (typeof start === 'string') return start;
  let at = start.toString();
  const names = (path ?? '').split('/').filter((name) => name !== '');
  if (nodeId === undefined && names[0] === 'Objects') names.shift();
  for (const name of names) {
    const [below] = await hierarchical(link, [at], { most: mostPerNode, classes: everyClass, signal });
    if (below && below.status !== 'Good') return below.status;
    const child = below?.references.find((reference) => isCalled(reference, name));
    if (!child) return 'BadNoMatch';
    at = child.nodeId.toString();
  }
  return { nodeId: at };
}

/** A browse name may name its namespace index: `2:Line 1`. */
function isCalled({ browseName: { name, namespaceIndex } }: ReferenceDescription, wanted: string): boolean {
  return name === wanted || `${namespaceIndex}:${name ?? ''}` === wanted;
}
