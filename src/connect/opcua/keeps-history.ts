import { inGroups, operationLimits } from './limits.ts';
import { parseNodeId } from './node-ids.ts';
import type { SessionLink } from './session-link.ts';

/** HistoryRead in the access level (OPC 10000-3, 8.57). */
const historyReadBit = 4;

/**
 * Whether the server records each of these variables and lets this client read what it recorded: attributes
 * Historizing and UserAccessLevel. A node that cannot be read keeps no history.
 * @param first the namespace array that `ns=` indices refer to
 */
export async function readKeepsHistory(
  link: SessionLink,
  nodeIds: readonly string[],
  first: readonly string[],
): Promise<boolean[]> {
  const { ua, session } = link;
  const { read } = await operationLimits(link);
  const keeps = nodeIds.map(() => false);
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
      const historizing = values[2 * at]?.value.value === true;
      const access = Number(values[2 * at + 1]?.value.value ?? 0);
      keeps[index] = historizing && (access & historyReadBit) !== 0;
    }
  }
  return keeps;
}
