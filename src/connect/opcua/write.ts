import type { DataValue, NodeId, VariantOptions } from 'node-opcua-client';
import type { OpcuaItem, Sample } from '../../contracts/index.ts';
import { sleep } from '../../kernel/index.ts';
import { isSafetyName, narrowed, type Permission } from './allow-list.ts';
import { carryOut, type ActionContext, type ActionResult } from './carry-out.ts';
import { withNamespaceUri } from './namespaces.ts';
import { parseNodeId } from './node-ids.ts';
import { readAttributes } from './read.ts';
import { plainValue } from './samples.ts';
import type { SessionLink } from './session-link.ts';
import { toVariant } from './to-variant.ts';
import { describeType } from './value-type.ts';

/** Waits before each reading back: a controller takes a value over at its next cycle. */
const readBackAfterMs = [0, 50, 150, 300, 500];
const variableClass = 2;
const [mayReadBit, mayWriteBit] = [1, 2];

/** A value that may be written, in the server's type. */
interface Prepared {
  variant: VariantOptions;
  dataType: string;
  canReadBack: boolean;
}

/**
 * Writes one variable of the allow list and reads it back. The status is the server's, that of the check which refused
 * it, `BadReadBackDiffers` with what was read, or `UncertainNotReadBack` where it cannot be read.
 */
export async function writeItem(
  link: SessionLink,
  item: OpcuaItem<'write'>,
  context: ActionContext,
): Promise<ActionResult> {
  const { nodeId, value, dryRun } = item;
  const node = parseNodeId(link, nodeId);
  const permission = typeof node === 'string' ? node : context.allowList.mayWrite(link, node);
  const prepared =
    typeof node === 'string' || typeof permission === 'string'
      ? (permission as string)
      : await prepare(link, node, item, permission);
  const isReady = typeof prepared !== 'string';
  const result = await carryOut(
    {
      name: 'opcua.write',
      subject: typeof node === 'string' ? nodeId : withNamespaceUri(node.toString(), link.namespaces),
      data: { value, ...(isReady ? { dataType: prepared.dataType } : {}) },
      refusal: isReady ? undefined : prepared,
      permission: typeof permission === 'string' ? undefined : permission,
      isWrite: true,
      dryRun,
      perform: () => write(link, node as NodeId, prepared as Prepared),
    },
    context,
  );
  return { nodeId, ...(isReady ? { dataType: prepared.dataType } : {}), ...result };
}

async function prepare(
  link: SessionLink,
  node: NodeId,
  { value, low, high }: OpcuaItem<'write'>,
  permission: Permission,
): Promise<Prepared | string> {
  const { AttributeIds: ids, DataType } = link.ua;
  const wanted = [ids.NodeClass, ids.BrowseName, ids.DataType, ids.ValueRank, ids.AccessLevel, ids.UserAccessLevel];
  const attributes = await readAttributes(
    link,
    wanted.map((attributeId) => ({ node, attributeId })),
  );
  const [nodeClass, browseName, dataType, rank, access, userAccess] = attributes.map(valueOf);
  if (nodeClass === undefined) return statusOf(attributes[0]);
  if (nodeClass !== variableClass || !(dataType instanceof link.ua.NodeId)) return 'BadNotWritable';
  if (isSafetyName(link, browseName) || isSafetyName(link, dataType)) return 'BadNeverWritable';
  if (((access as number) & mayWriteBit) === 0) return 'BadNotWritable';
  const granted = (userAccess ?? access) as number;
  if ((granted & mayWriteBit) === 0) return 'BadUserAccessDenied';
  let type = await describeType(link, dataType);
  if (type?.builtIn === 0) {
    const [present] = await readAttributes(link, [{ node, attributeId: ids.Value }]);
    const builtIn = typeof present === 'object' ? present.value.dataType : DataType.Null;
    type = builtIn === DataType.Null || builtIn === DataType.ExtensionObject ? undefined : { builtIn };
  }
  if (!type) return 'BadTypeMismatch';
  const converted = await toVariant(link, { type, rank: (rank as number | undefined) ?? -1 }, value);
  if (typeof converted === 'string') return converted;
  const range = narrowed(permission, { low, high });
  const isBounded = range.low > -Infinity || range.high < Infinity;
  if (isBounded && converted.hasOther) return 'BadOutOfRange';
  if (!converted.numbers.every((number) => number >= range.low && number <= range.high)) return 'BadOutOfRange';
  return {
    variant: converted.variant,
    dataType: DataType[type.builtIn] ?? 'Variant',
    canReadBack: (granted & (access as number) & mayReadBit) !== 0,
  };
}

async function write(link: SessionLink, nodeId: NodeId, { variant, canReadBack }: Prepared): Promise<ActionResult> {
  const { ua, session } = link;
  const attributeId = ua.AttributeIds.Value;
  const status = await session.write({ nodeId, attributeId, value: { value: variant } });
  if (status.isBad()) return { status: status.name };
  if (!canReadBack) return { status: 'UncertainNotReadBack' };
  const sent = JSON.stringify(plainValue(new ua.Variant(variant)));
  let readBack: Sample['value'] | undefined;
  for (const pauseMs of readBackAfterMs) {
    await sleep(pauseMs);
    const [found] = await readAttributes(link, [{ node: nodeId, attributeId }]).catch(() => ['BadConnectionClosed']);
    if (typeof found !== 'object' || found.statusCode.isBad()) continue;
    readBack = plainValue(found.value);
    if (JSON.stringify(readBack) === sent) return { status: 'Good', readBack };
  }
  return readBack === undefined ? { status: 'UncertainNotReadBack' } : { status: 'BadReadBackDiffers', readBack };
}

function valueOf(attribute: DataValue | string): unknown {
  if (typeof attribute === 'string' || attribute.statusCode.isBad()) return undefined;
  return (attribute.value.value as unknown) ?? undefined;
}

function statusOf(attribute: DataValue | string | undefined): string {
  return typeof attribute === 'string' ? attribute : (attribute?.statusCode.name ?? 'BadUnexpectedError');
}
