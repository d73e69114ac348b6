import type { NotificationMessage, Variant } from 'node-opcua-client';
import { withDeadline, type Logger } from '../../kernel/index.ts';
import { isOpaque } from './plain-structure.ts';
import type { SessionLink } from './session-link.ts';

const extensionObject = 22;
/** A server that does not answer what a structure is made of does not hold up values longer than this. */
const resolveLimitMs = 10_000;

/** Encodings whose definition the server did not give, by link: they stay bytes. */
const unknown = new WeakMap<SessionLink, Set<string>>();

/** Values of a message that hold structures whose fields have to be asked for. */
export function unresolvedIn(message: NotificationMessage, link: SessionLink): Variant[] {
  const found: Variant[] = [];
  const needsFields = isUnresolved(link);
  for (const data of message.notificationData ?? []) {
    if (!(data instanceof link.ua.DataChangeNotification)) continue;
    for (const { value } of data.monitoredItems ?? []) if (needsFields(value.value)) found.push(value.value);
  }
  return found;
}

/** Says whether a value holds a structure whose fields have to be asked for on this link. */
function isUnresolved(link: SessionLink): (variant: Variant) => boolean {
  return ({ dataType, value }) => {
    if ((dataType as number) !== extensionObject) return false;
    const opaque = (Array.isArray(value) ? value : [value]).find(isOpaque);
    return opaque !== undefined && !unknown.get(link)?.has(opaque.nodeId.toString());
  };
}

/**
 * Decodes structures in place by the server's data type definitions, each of which is read once a session. One that
 * the server does not define stays bytes, and is said once. Settles by itself.
 */
export async function resolveStructures(
  link: SessionLink,
  variants: readonly Variant[],
  logger: Logger,
): Promise<void> {
  const { ua, session } = link;
  const values = variants.filter(isUnresolved(link));
  if (values.length === 0) return;
  const work = async () => {
    const manager = await ua.getExtraDataTypeManager(session, ua.DataTypeExtractStrategy.Lazy);
    for (const value of values) if (isUnresolved(link)(value)) await resolve(value, manager);
  };
  const resolve = async (value: Variant, manager: Awaited<ReturnType<typeof ua.getExtraDataTypeManager>>) => {
    await ua.resolveDynamicExtensionObject(session, value, manager);
    leave(value);
  };
  const leave = ({ value }: Variant) => {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isOpaque(one)) giveUp(one.nodeId.toString());
  };
  const giveUp = (encoding: string) => {
    const known = unknown.get(link) ?? new Set();
    if (known.has(encoding)) return;
    unknown.set(link, known.add(encoding));
    logger.warn(`OPC UA server does not define the structure with the encoding ${encoding}: its values stay bytes`);
  };
  try {
    await withDeadline('OPC UA structures', work(), resolveLimitMs);
  } catch (thrown) {
    logger.debug(`OPC UA structures: ${String(thrown)}`);
    for (const value of values) leave(value);
  }
}
