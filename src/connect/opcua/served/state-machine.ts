import type { LocalizedText, UAObject, UAObjectType, UAVariable } from 'node-opcua';
import type { ServerLibrary } from '../server.ts';

/**
 * What sets the current state of a state machine object: text, id and (where it has one) number, all with the same
 * source time. A state that the type does not have, or the empty text, makes it Bad_StateNotActive.
 */
export function stateSetter(ua: ServerLibrary, machine: UAObject): (state: string, atMs: number) => void {
  const current = machine.getComponentByName('CurrentState') as UAVariable;
  const id = current.getPropertyByName('Id');
  const number = current.getPropertyByName('Number');
  const known = new Map<string, UAObject | undefined>();
  let shown: string | undefined;

  function find(state: string): UAObject | undefined {
    let type: UAObjectType | null = machine.typeDefinitionObj;
    while (type) {
      const found: unknown = type.getComponentByName(state);
      if (found) return found as UAObject;
      type = type.subtypeOfObj;
    }
    return undefined;
  }
  return (state, atMs) => {
    if (state === shown) return;
    shown = state;
    if (!known.has(state)) known.set(state, state === '' ? undefined : find(state));
    const node = known.get(state);
    const status = node ? ua.StatusCodes.Good : ua.StatusCodes.BadStateNotActive;
    const at = new Date(atMs);
    const text: Partial<LocalizedText> = { text: node ? state : '', locale: 'en' };
    current.setValueFromSource({ dataType: ua.DataType.LocalizedText, value: text }, status, at);
    id?.setValueFromSource({ dataType: ua.DataType.NodeId, value: node?.nodeId ?? ua.NodeId.nullNodeId }, status, at);
    const value: unknown = node ? (node.getPropertyByName('StateNumber') as UAVariable).readValue().value.value : 0;
    number?.setValueFromSource({ dataType: ua.DataType.UInt32, value }, status, at);
  };
}
