import type { SessionLink } from './session-link.ts';

/** Most nodes that one call of a service may name. */
export interface OperationLimits {
  read: number;
  historyRead: number;
  write: number;
  call: number;
  browse: number;
  translate: number;
}

/** The properties below ServerCapabilities/OperationLimits (OPC 10000-5), and what we ask for at most. */
const properties: Record<keyof OperationLimits, { nodeId: string; most: number }> = {
  read: { nodeId: 'i=11705', most: 1_000 },
  historyRead: { nodeId: 'i=12165', most: 100 },
  write: { nodeId: 'i=11707', most: 1_000 },
  call: { nodeId: 'i=11709', most: 100 },
  browse: { nodeId: 'i=11710', most: 500 },
  translate: { nodeId: 'i=11712', most: 1_000 },
};

const known = new WeakMap<SessionLink, Promise<OperationLimits>>();

/** The server's operation limits, read once on each link; where it names none, our own hold. */
export function operationLimits(link: SessionLink): Promise<OperationLimits> {
  const limits = known.get(link) ?? readLimits(link);
  known.set(link, limits);
  limits.catch(() => known.delete(link));
  return limits;
}

async function readLimits({ ua, session }: SessionLink): Promise<OperationLimits> {
  const names = Object.keys(properties) as (keyof OperationLimits)[];
  const values = await session.read(
    names.map((name) => ({
      nodeId: ua.coerceNodeId(properties[name].nodeId),
      attributeId: ua.AttributeIds.Value,
    })),
  );
  const limit = (name: keyof OperationLimits): number => {
    const given = values[names.indexOf(name)]?.value.value as number | null | undefined;
    return Math.min(given && given > 0 ? given : Infinity, properties[name].most);
  };
  const read = limit('read');
  return {
    read,
    // The library's own server holds reads of history to the limit of reads as well.
    historyRead: Math.min(limit('historyRead'), read),
    write: limit('write'),
    call: limit('call'),
    browse: limit('browse'),
    translate: limit('translate'),
  };
}

/** A list in groups of at most `size`. */
export function inGroups<T>(list: readonly T[], size: number): T[][] {
  const groups: T[][] = [];
  for (let from = 0; from < list.length; from += size) groups.push(list.slice(from, from + size));
  return groups;
}
