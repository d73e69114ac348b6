import type { OpcuaItem, OpcuaRequest } from '../../contracts/index.ts';
import { opcuaAttributes } from '../../contracts/index.ts';
import { MillwrightError, withDeadline } from '../../kernel/index.ts';
import { browseTree } from './browse-tree.ts';
import { callItem } from './call.ts';
import type { ActionContext, ActionResult } from './carry-out.ts';
import { settleCondition } from './conditions.ts';
import { readHistory } from './history.ts';
import { parseNodeId } from './node-ids.ts';
import { readPresentAlarms } from './present-alarms.ts';
import { readAttributes, readResult } from './read.ts';
import type { SessionLink } from './session-link.ts';
import { statusNameOf } from './status.ts';
import type { OpcuaConnection } from './types.ts';
import { writeItem } from './write.ts';

/** What came of one item, beside what belongs to its operation. */
export interface ItemResult {
  /** Name of an OPC UA status, or of one of ours, which begin with the severity as well. */
  status: string;
}

/** What a request needs, and how long it may take. */
export interface RequestContext extends ActionContext {
  limitMs: number;
}

/**
 * Carries out a request: one result per item, in the items' order, each with its status. Reading, browsing and history
 * reject where the connection is lost, the time is over or the signal fires. What changes the plant never rejects once
 * it has begun, so that the outcome of every item is told; items that are not begun in time are cancelled.
 * @throws MW_OPCUA_NOT_CONNECTED, MW_OPCUA_SESSION_LOST, MW_DEADLINE, MW_ABORTED
 */
export async function runRequest(
  connection: OpcuaConnection,
  request: OpcuaRequest,
  context: RequestContext,
): Promise<ItemResult[]> {
  const ending = new AbortController();
  const { limitMs } = context;
  const signal = AbortSignal.any([ending.signal, ...(context.signal ? [context.signal] : [])]);
  const work = perform(connection, request, { ...context, signal });
  work.catch(() => undefined);
  const timer = setTimeout(() => {
    ending.abort();
  }, limitMs);
  try {
    return await (isChange(request) ? work : withDeadline('OPC UA request', work, limitMs, context.signal));
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}

/** Whether a request changes something on the server. */
export function isChange({ operation }: OpcuaRequest): boolean {
  return operation === 'write' || operation === 'call' || operation === 'acknowledge' || operation === 'confirm';
}

async function perform(
  connection: OpcuaConnection,
  request: OpcuaRequest,
  context: ActionContext & { signal: AbortSignal },
): Promise<ItemResult[]> {
  const { signal } = context;
  switch (request.operation) {
    case 'read':
      return onLink(connection, (link) => readItems(link, request.items, signal));
    case 'browse':
      return onLink(connection, (link) => inTurn(request.items, (item) => browseTree(link, item, signal)));
    case 'history':
      return onLink(connection, (link) => readHistory(link, request.items, signal));
    case 'refresh':
      await connection.withLink(() => Promise.resolve());
      return inTurn(request.items, (item) => readPresentAlarms(connection, item, signal));
    case 'write':
      return change(connection, request.items, signal, (link, item) => writeItem(link, item, context));
    case 'call':
      return change(connection, request.items, signal, (link, item) => callItem(link, item, context));
    case 'acknowledge':
    case 'confirm':
      return change(connection, request.items, signal, (link, item) =>
        settleCondition(link, request.operation, item, context),
      );
  }
}

async function readItems(
  link: SessionLink,
  items: readonly OpcuaItem<'read'>[],
  signal: AbortSignal | undefined,
): Promise<ItemResult[]> {
  const wanted = items.map(({ nodeId, attribute = 'Value' }) => ({
    node: parseNodeId(link, nodeId),
    attributeId: opcuaAttributes.indexOf(attribute) + 1,
  }));
  const values = await readAttributes(link, wanted, signal);
  return items.map(({ nodeId, attribute }, index) => ({
    ...readResult(nodeId, values[index]!),
    ...(attribute === undefined ? {} : { attribute }),
  }));
}

async function inTurn<I, R>(items: readonly I[], work: (item: I) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** One item after the other, each on the link of its moment; what is lost on the way is that item's status. */
async function change<I>(
  connection: OpcuaConnection,
  items: readonly I[],
  signal: AbortSignal | undefined,
  work: (link: SessionLink, item: I) => Promise<ActionResult>,
): Promise<ActionResult[]> {
  await connection.withLink(() => Promise.resolve());
  return inTurn(items, async (item) => {
    if (signal?.aborted) return { status: 'BadRequestCancelledByClient' };
    try {
      return await onLink(connection, (link) => work(link, item));
    } catch (thrown) {
      const isOffline = thrown instanceof MillwrightError && thrown.code.startsWith('MW_OPCUA_');
      return { status: isOffline ? 'BadNotConnected' : statusNameOf(thrown) };
    }
  });
}

async function onLink<T>(connection: OpcuaConnection, work: (link: SessionLink) => Promise<T>): Promise<T> {
  try {
    return await connection.withLink(work);
  } catch (thrown) {
    if (thrown instanceof MillwrightError) throw thrown;
    const { endpointUrl: endpoint } = connection;
    throw new MillwrightError('MW_OPCUA_SESSION_LOST', { endpoint, reason: statusNameOf(thrown) }, thrown);
  }
}
