import type { ReferenceDescription } from 'node-opcua-client';
import { MillwrightError, monotonicMs } from '../../kernel/index.ts';
import { withNamespaceUri } from './namespaces.ts';
import { hierarchical } from './browse.ts';
import type { OpcuaConnection } from './types.ts';

/** What to look for, and how far. */
export interface FindOptions {
  /** The folder or object to begin below; the Objects folder where absent. */
  nodeId?: string;
  /** Words that the path or the node id must contain, in any case; all variables where absent. */
  text?: string;
  /** Most variables to return. */
  most: number;
  /** Longest time, in milliseconds. */
  limitMs: number;
}

/** A variable with its way from where the search began. */
export interface FoundVariable {
  /** In `nsu=` form, which survives a shifted namespace index. */
  nodeId: string;
  /** The same id by the namespace's present index. */
  indexedNodeId: string;
  /** Browse names from below the beginning to the variable itself. */
  path: string[];
}

/** What a search came to. */
export interface FoundVariables {
  variables: FoundVariable[];
  /** False where the limits ended the search before the whole tree was seen. */
  complete: boolean;
}

interface Place {
  nodeId: string;
  path: string[];
  isVariable: boolean;
}

const objectsFolder = 'i=85';
/** The server's own diagnostics: found only by a search that begins there. */
const serverObject = 'ns=0;i=2253';
/** HasProperty and HasHistoricalConfiguration: what they lead to describes a variable. */
const describing: ReadonlySet<unknown> = new Set([46, 56]);
const variableClass = 2;
const placesPerStep = 500;
const mostChildren = 10_000;
/** Places looked at in one search, whatever it finds. */
const mostPlaces = 200_000;

/**
 * Looks for variables below a node, level by level, each place once. What describes a variable (units, ranges, how its
 * history is kept) is left out. @throws MW_OPCUA_NOT_CONNECTED, MW_OPCUA_NODE_UNKNOWN
 */
export function findVariables(connection: OpcuaConnection, options: FindOptions): Promise<FoundVariables> {
  const { nodeId: root = objectsFolder, text = '', most, limitMs } = options;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return connection.withLink(async (link) => {
    const until = monotonicMs() + limitMs;
    const seen = new Set([root, serverObject]);
    const variables: FoundVariable[] = [];
    let level: Place[] = [{ nodeId: root, path: [], isVariable: false }];
    while (level.length > 0) {
      const next: Place[] = [];
      for (let from = 0; from < level.length; from += placesPerStep) {
        if (monotonicMs() > until || seen.size > mostPlaces) return { variables, complete: false };
        const places = level.slice(from, from + placesPerStep);
        const below = await hierarchical(
          link,
          places.map(({ nodeId }) => nodeId),
          { most: mostChildren },
        );
        for (const [index, { status, references }] of below.entries()) {
          if (status !== 'Good' && level[0]?.path.length === 0)
            throw new MillwrightError('MW_OPCUA_NODE_UNKNOWN', { nodeId: root });
          for (const child of childrenOf(places[index]!, references)) {
            if (seen.has(child.nodeId)) continue;
            seen.add(child.nodeId);
            next.push(child);
            if (!child.isVariable) continue;
            const nodeId = withNamespaceUri(child.nodeId, link.namespaces);
            if (!contains(`${child.path.join('/')} ${nodeId}`, words)) continue;
            if (variables.length >= most) return { variables, complete: false };
            variables.push({ nodeId, indexedNodeId: child.nodeId, path: child.path });
          }
        }
      }
      level = next;
    }
    return { variables, complete: true };
  });
}

function childrenOf(parent: Place, references: readonly ReferenceDescription[]): Place[] {
  return references
    .filter(
      ({ referenceTypeId }) =>
        !parent.isVariable || referenceTypeId.namespace !== 0 || !describing.has(referenceTypeId.value),
    )
    .map(({ nodeId, browseName, nodeClass }) => ({
      nodeId: nodeId.toString(),
      path: [...parent.path, browseName.name ?? ''],
      isVariable: (nodeClass as number) === variableClass,
    }));
}

function contains(where: string, words: readonly string[]): boolean {
  const text = where.toLowerCase();
  return words.every((word) => text.includes(word));
}
