import type { DataValue } from 'node-opcua-client';
import { inGroups, operationLimits } from './limits.ts';
import { parseNodeId } from './node-ids.ts';
import type { SessionLink } from './session-link.ts';
import { isLasting } from './status.ts';

/** HistoryRead in the access level (OPC 10000-3, 8.57). */
const historyReadBit = 4;

/**
 * Whether the server records each of these variables and lets this client read what it recorded: attributes
 * Historizing and UserAccessLevel. Undefined where the server cannot say at present.
 * @param first the namespace array that `ns=` indices refer to
 */
export async function readKeepsHistory(
  link: SessionLink,
  nodeIds: readonly string[],
  first: readonly string[],
): Promise<(boolean | undefined)[]> {
  const { ua, session } = link;
  const { read } = await operationLimits(link);
  const keeps = nodeIds.map((): boolean | undefined => false);
  const known = nodeIds.flatMap((text, index) => {
    const nodeId = parseNodeId(link, text, first);
    return typeof nodeId === 'string' ? [] : [{ nodeId, index }];
  });
  for (const group of inGroups(known, Math.max(1, Math.floor(read / 2)))) {
    const values = await session.read(
      group.flatMap(({ nodeId }) => [
        { nodeId, attributeId: ua.AttributeIds.Historizing },
        { nodeId, attributeId: ua.AttributeIds.UserAccessLevel },
      ]),
    );
    for (const [at, { index }] of group.entries()) {
      const [historizing, access] = values.slice(2 * at, 2 * at + 2);
      if (!historizing || !access || isPassing(historizing) || isPassing(access)) keeps[index] = undefined;
      else keeps[index] = historizing.value.value === true && (Number(access.value.value ?? 0) & historyReadBit) !== 0;
    }
  }
  return keeps;
}

function isPassing({ statusCode }: DataValue): boolean {
  return statusCode.isBad() && !isLasting(statusCode.name);
}
