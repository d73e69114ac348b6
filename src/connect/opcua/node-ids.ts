import type { NodeId } from 'node-opcua-client';
import { resolveNamespace } from './namespaces.ts';
import type { SessionLink } from './session-link.ts';

const form = /^(?:ns=\d+;|nsu=[^;]+;)?(?:i=\d+|[sgb]=.+)$/s;

/**
 * Reads the text of a node id, `ns=…;…` or `nsu=<namespace uri>;…`.
 * @param first the namespace array that `ns=` indices refer to; the present one where absent
 * @returns the id, or the status that says why it is none
 */
export function parseNodeId(
  { ua, namespaces }: SessionLink,
  text: string,
  first: readonly string[] = namespaces,
): NodeId | 'BadNodeIdInvalid' | 'BadNodeIdUnknown' {
  if (!form.test(text)) return 'BadNodeIdInvalid';
  const present = resolveNamespace(text, first, namespaces);
  if (present === undefined) return 'BadNodeIdUnknown';
  try {
    const node = ua.coerceNodeId(present);
    return isWhole(node, text) ? node : 'BadNodeIdInvalid';
  } catch {
    return 'BadNodeIdInvalid';
  }
}

/** The library ends a text at a line break and skips over what is no base64: either would mean another node. */
function isWhole({ value }: NodeId, text: string): boolean {
  const identifier = /^(?:ns=\d+;|nsu=[^;]+;)?([sb])=(.*)$/s.exec(text);
  if (!identifier) return true;
  const padding = /={0,2}$/;
  return Buffer.isBuffer(value)
    ? value.toString('base64').replace(padding, '') === identifier[2]!.replace(padding, '')
    : value === identifier[2];
}
