import type { NodeId } from 'node-opcua-client';
import type { AllowListRow } from '../../contracts/index.ts';
import { monotonicMs } from '../../kernel/index.ts';
import { withNamespaceUri } from './namespaces.ts';
import { parseNodeId } from './node-ids.ts';
import type { SessionLink } from './session-link.ts';

/** Writes or calls a minute where a row names none. */
const defaultPerMinute = 6;
/** Refused attempts that are written down each minute; those past it are counted. */
const refusalsPerMinute = 60;
/** Nodes of OPC UA Safety (OPC 10000-15) are never touched, whatever the list says. */
const safetyNamespace = 'http://opcfoundation.org/UA/Safety';

/** A bounded rate: a number at once, then one each time a share of the minute has passed. */
interface Rate {
  /** Takes one, or says that there is none. */
  take(this: void): boolean;
  /** How often there was none since the last that was taken. */
  readonly omitted: number;
}

/** What a row of the allow list permits. */
export interface Permission {
  low: number;
  high: number;
  rate: Rate;
}

/** Why a node may not be touched. */
type Forbidden = 'BadNotAllowed' | 'BadNeverWritable';

/** The allow list of one endpoint: shared by all that write through it, so that its rates hold for them together. */
export interface AllowList {
  /** Whether a variable may be written, and within which limits. */
  mayWrite(link: SessionLink, variable: NodeId): Permission | Forbidden;
  /** Whether a method may be called on an object. */
  mayCall(link: SessionLink, object: NodeId, method: NodeId): Permission | Forbidden;
  /** Whether a node is never to be touched. */
  isNever(link: SessionLink, node: NodeId): boolean;
  /** Refused attempts that may still be written down now. */
  readonly refusals: Rate;
}

/** The allow list against one session's namespaces. */
interface Resolved {
  exact: Map<string, Permission>;
  never: ((nodeId: string) => boolean)[];
}

/**
 * Opens an allow list. `ns=` ids of its rows keep meaning the namespaces of the first session, also after a restart
 * has shifted the indices; of several rows for one node the first counts.
 * @param now monotonic milliseconds
 */
export function openAllowList(rows: readonly AllowListRow[], now: () => number = monotonicMs): AllowList {
  const permissions = rows.map(({ low = -Infinity, high = Infinity, perMinute = defaultPerMinute }) => ({
    low,
    high,
    rate: openRate(perMinute, now),
  }));
  const resolved = new WeakMap<SessionLink, Resolved>();
  let first: readonly string[] | undefined;

  function resolve(link: SessionLink): Resolved {
    const known = resolved.get(link);
    if (known) return known;
    first ??= link.namespaces;
    const exact = new Map<string, Permission>();
    const never: Resolved['never'] = [];
    for (const [index, { kind, nodeId, objectId }] of rows.entries()) {
      if (kind === 'never') {
        never.push(matcher(link, nodeId, first), matcher(link, nodeId, link.namespaces));
        continue;
      }
      const parts = (kind === 'call' ? [objectId ?? '', nodeId] : [nodeId]).map((id) => parseNodeId(link, id, first));
      if (parts.some((part) => typeof part === 'string')) continue;
      const key = keyOf(link, kind, ...(parts as NodeId[]));
      if (!exact.has(key)) exact.set(key, permissions[index]!);
    }
    const list = { exact, never };
    resolved.set(link, list);
    return list;
  }

  function isNever(link: SessionLink, node: NodeId): boolean {
    const id = canonical(link, node);
    return isSafetyName(link, node) || resolve(link).never.some((matches) => matches(id));
  }

  function find(link: SessionLink, kind: 'write' | 'call', ...nodes: NodeId[]): Permission | Forbidden {
    if (nodes.some((node) => isNever(link, node))) return 'BadNeverWritable';
    return resolve(link).exact.get(keyOf(link, kind, ...nodes)) ?? 'BadNotAllowed';
  }

  return {
    mayWrite: (link, variable) => find(link, 'write', variable),
    mayCall: (link, object, method) => find(link, 'call', object, method),
    isNever,
    refusals: openRate(refusalsPerMinute, now),
  };
}

/**
 * The limits of a row, narrowed by those of a message. What is no number (NaN passes the check of the contract) leaves
 * nothing within them.
 */
export function narrowed(
  permission: Permission,
  { low = -Infinity, high = Infinity }: { low?: number | undefined; high?: number | undefined },
): { low: number; high: number } {
  if (Number.isNaN(low) || Number.isNaN(high)) return { low: Infinity, high: -Infinity };
  return { low: Math.max(low, permission.low), high: Math.min(high, permission.high) };
}

/** Whether a node id or a browse name belongs to OPC UA Safety. */
export function isSafetyName({ namespaces }: SessionLink, name: unknown): boolean {
  if (typeof name !== 'object' || name === null) return false;
  const { namespace, namespaceIndex } = name as { namespace?: number; namespaceIndex?: number };
  return namespaces[namespace ?? namespaceIndex ?? 0]?.startsWith(safetyNamespace) ?? false;
}

/** One spelling for each node: the namespace by its URI, the identifier as the library writes it. */
function canonical({ namespaces }: SessionLink, node: NodeId): string {
  return withNamespaceUri(node.toString(), namespaces);
}

function keyOf(link: SessionLink, kind: 'write' | 'call', ...nodes: NodeId[]): string {
  return [kind, ...nodes.map((node) => canonical(link, node))].join('\n');
}

/** Whether a node is meant by a `never` row; a row that cannot be understood means every node. */
function matcher(link: SessionLink, row: string, namespaces: readonly string[]): (nodeId: string) => boolean {
  if (!row.endsWith('*')) {
    const node = parseNodeId(link, row, namespaces);
    if (node === 'BadNodeIdUnknown') return () => false;
    if (typeof node === 'string') return () => true;
    const only = canonical(link, node);
    return (nodeId) => nodeId === only;
  }
  const start = row.slice(0, -1);
  const byIndex = /^ns=(\d+);(.*)$/s.exec(start);
  if (byIndex) {
    const uri = namespaces[Number(byIndex[1])];
    const prefix = `nsu=${uri ?? ''};${byIndex[2]!}`;
    return (nodeId) => uri !== undefined && nodeId.startsWith(prefix);
  }
  const prefix = start === '' || start.startsWith('ns') ? start : `nsu=${namespaces[0] ?? ''};${start}`;
  return (nodeId) => nodeId.startsWith(prefix);
}

function openRate(perMinute: number, now: () => number): Rate {
  const most = Math.max(1, perMinute);
  let left = most;
  let at = now();
  let omitted = 0;
  return {
    get omitted() {
      return omitted;
    },
    take() {
      const present = now();
      left = Math.min(most, left + ((present - at) * perMinute) / 60_000);
      at = present;
      if (left < 1) {
        omitted++;
        return false;
      }
      left -= 1;
      omitted = 0;
      return true;
    },
  };
}
