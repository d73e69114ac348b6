import type { NodeId, VariantOptions } from 'node-opcua-client';
import type { OpcuaItem } from '../../contracts/index.ts';
import { isSafetyName, narrowed, type Permission } from './allow-list.ts';
import { carryOut, type ActionContext, type ActionResult } from './carry-out.ts';
import { withNamespaceUri } from './namespaces.ts';
import { parseNodeId } from './node-ids.ts';
import { readAttributes } from './read.ts';
import { plainValue } from './samples.ts';
import type { SessionLink } from './session-link.ts';
import { toVariant } from './to-variant.ts';
import { describeType } from './value-type.ts';

/**
 * Calls one method of the allow list on its object. Arguments take their types from the method's description; every
 * number in them must lie within the row's range.
 */
export async function callItem(
  link: SessionLink,
  item: OpcuaItem<'call'>,
  context: ActionContext,
): Promise<ActionResult> {
  const { objectId, methodId, arguments: given = [], dryRun } = item;
  const object = parseNodeId(link, objectId);
  const method = parseNodeId(link, methodId);
  const canonical = (node: NodeId | string, text: string) =>
    typeof node === 'string' ? text : withNamespaceUri(node.toString(), link.namespaces);
  const target = typeof object === 'string' ? object : typeof method === 'string' ? method : { object, method };
  const permission =
    typeof target === 'string' ? target : context.allowList.mayCall(link, target.object, target.method);
  const prepared =
    typeof target === 'string' || typeof permission === 'string'
      ? (permission as string)
      : await prepare(link, target, item, permission);
  const result = await carryOut(
    {
      name: 'opcua.call',
      subject: canonical(method, methodId),
      data: { objectId: canonical(object, objectId), arguments: given },
      refusal: typeof prepared === 'string' ? prepared : undefined,
      permission: typeof permission === 'string' ? undefined : permission,
      isWrite: true,
      dryRun,
      perform: () => call(link, target as Target, prepared as VariantOptions[]),
    },
    context,
  );
  return { objectId, methodId, ...result };
}

interface Target {
  object: NodeId;
  method: NodeId;
}

async function prepare(
  link: SessionLink,
  { object, method }: Target,
  { arguments: given = [], low, high }: OpcuaItem<'call'>,
  permission: Permission,
): Promise<VariantOptions[] | string> {
  const ids = link.ua.AttributeIds;
  const [methodName, objectName, executable, userExecutable] = await readAttributes(link, [
    { node: method, attributeId: ids.BrowseName },
    { node: object, attributeId: ids.BrowseName },
    { node: method, attributeId: ids.Executable },
    { node: method, attributeId: ids.UserExecutable },
  ]);
  for (const attribute of [methodName, objectName, executable]) {
    if (typeof attribute !== 'object') return attribute ?? 'BadUnexpectedError';
    if (attribute.statusCode.isBad()) return attribute.statusCode.name;
    if (isSafetyName(link, attribute.value.value)) return 'BadNeverWritable';
    if (attribute.value.value === false) return 'BadNotExecutable';
  }
  if (typeof userExecutable === 'object' && userExecutable.value.value === false) return 'BadUserAccessDenied';
  const { inputArguments } = await link.session.getArgumentDefinition(method);
  if (given.length < inputArguments.length) return 'BadArgumentsMissing';
  if (given.length > inputArguments.length) return 'BadTooManyArguments';
  const range = narrowed(permission, { low, high });
  const variants: VariantOptions[] = [];
  for (const [index, { dataType, valueRank: rank }] of inputArguments.entries()) {
    const type = await describeType(link, dataType);
    if (!type || type.builtIn === 0) return 'BadTypeMismatch';
    const converted = await toVariant(link, { type, rank }, given[index]);
    if (typeof converted === 'string') return converted;
    if (!converted.numbers.every((number) => number >= range.low && number <= range.high)) return 'BadOutOfRange';
    variants.push(converted.variant);
  }
  return variants;
}

async function call(
  { session }: SessionLink,
  { object, method }: Target,
  inputArguments: VariantOptions[],
): Promise<ActionResult> {
  const answer = await session.call({ objectId: object, methodId: method, inputArguments });
  const argumentStatus = (answer.inputArgumentResults ?? []).map(({ name }) => name);
  return {
    status: answer.statusCode.name,
    outputs: (answer.outputArguments ?? []).map(plainValue),
    ...(argumentStatus.some((name) => name !== 'Good') ? { argumentStatus } : {}),
  };
}
