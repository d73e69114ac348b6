import type { NodeId } from 'node-opcua-client';
import type { OpcuaItem } from '../../contracts/index.ts';
import { hierarchical } from './browse.ts';
import { carryOut, type ActionContext, type ActionResult } from './carry-out.ts';
import { withNamespaceUri } from './namespaces.ts';
import { parseNodeId } from './node-ids.ts';
import { readAttributes } from './read.ts';
import type { SessionLink } from './session-link.ts';

/** Methods of AcknowledgeableConditionType (OPC 10000-9, 5.7), called with the condition as their object. */
const methods = { acknowledge: 'i=9111', confirm: 'i=9113' };
const mostProperties = 1_000;

/**
 * Acknowledges or confirms one condition where the endpoint allows it. Without an event id, the condition's newest
 * event is meant; `BadEventIdUnknown` where the server does not show that.
 */
export async function settleCondition(
  link: SessionLink,
  operation: 'acknowledge' | 'confirm',
  { conditionId, eventId, comment = '' }: OpcuaItem<'acknowledge'>,
  context: ActionContext,
): Promise<ActionResult> {
  const condition = parseNodeId(link, conditionId);
  let refusal: string | undefined;
  let event: Buffer | undefined;
  if (typeof condition === 'string') refusal = condition;
  else if (!context.acknowledge) refusal = 'BadNotAllowed';
  else if (context.allowList.isNever(link, condition)) refusal = 'BadNeverWritable';
  else {
    event = eventId === undefined ? await newestEvent(link, condition) : Buffer.from(eventId, 'base64');
    if (!event) refusal = 'BadEventIdUnknown';
  }
  const result = await carryOut(
    {
      name: `opcua.${operation}`,
      subject: typeof condition === 'string' ? conditionId : withNamespaceUri(condition.toString(), link.namespaces),
      data: { eventId: event?.toString('base64') ?? eventId, comment },
      refusal,
      isWrite: false,
      perform: async () => {
        const { ua, session } = link;
        const { statusCode } = await session.call({
          objectId: condition,
          methodId: ua.coerceNodeId(methods[operation]),
          inputArguments: [
            { dataType: ua.DataType.ByteString, value: event },
            { dataType: ua.DataType.LocalizedText, value: { text: comment } },
          ],
        });
        return { status: statusCode.name };
      },
    },
    context,
  );
  return { conditionId, ...result };
}

/** The id of the last event of a condition that stands in the address space. */
async function newestEvent(link: SessionLink, condition: NodeId): Promise<Buffer | undefined> {
  const [below] = await hierarchical(link, [condition.toString()], { most: mostProperties });
  const property = below?.references.find(({ browseName }) => browseName.name === 'EventId');
  if (!property) return undefined;
  const attributeId = link.ua.AttributeIds.Value;
  const [found] = await readAttributes(link, [{ node: property.nodeId, attributeId }]);
  const id = typeof found === 'object' ? (found.value.value as unknown) : undefined;
  return Buffer.isBuffer(id) && id.length > 0 ? id : undefined;
}
