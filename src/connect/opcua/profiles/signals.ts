import { classMask, hierarchical } from '../browse.ts';
import { withNamespaceUri } from '../namespaces.ts';
import type { SessionLink } from '../session-link.ts';
import type { TypeRole } from './standard-types.ts';
import type { DiscoveredMachine, ProfileSignal } from './types.ts';
import type { WalkedObject } from './walk.ts';

const mostChildren = 1_000;

/** Signals of an object in a role, by the browse names of its variables. */
const variablesOf: Partial<Record<TypeRole, Record<string, ProfileSignal>>> = {
  ItemState: { CurrentState: 'ItemState' },
  OperationMode: { CurrentState: 'OperationMode' },
  BaseState: { CurrentState: 'BaseState' },
  MachineState: { CurrentState: 'MachineState' },
  ExecuteState: { CurrentState: 'ExecuteState' },
  'packml-status': { UnitModeCurrent: 'UnitMode' },
  'packml-admin': { ProdProcessedCount: 'Processed', ProdDefectiveCount: 'Defective' },
  JobOrders: { JobOrderList: 'JobOrders' },
};

/** The variables that the parts of one machine have; the id of a current state rather than its text. */
export async function signalsOf(
  link: SessionLink,
  parts: readonly WalkedObject[],
): Promise<DiscoveredMachine['signals']> {
  const holders = parts.flatMap(({ nodeId, role }) => {
    const variables = role && variablesOf[role];
    return variables ? [{ nodeId, variables }] : [];
  });
  const children = await childVariables(
    link,
    holders.map(({ nodeId }) => nodeId),
  );
  const found = new Map<ProfileSignal, string>();
  for (const [index, { variables }] of holders.entries())
    for (const [name, signal] of Object.entries(variables)) {
      const nodeId = children[index]!.get(name);
      if (nodeId !== undefined && !found.has(signal)) found.set(signal, nodeId);
    }
  const signals = [...found];
  const below = await childVariables(
    link,
    signals.map(([, nodeId]) => nodeId),
  );
  return signals.map(([signal, nodeId], index) => ({
    signal,
    nodeId: withNamespaceUri(below[index]!.get('Id') ?? nodeId, link.namespaces),
  }));
}

async function childVariables(link: SessionLink, nodeIds: readonly string[]): Promise<Map<string, string>[]> {
  const below = await hierarchical(link, nodeIds, { most: mostChildren, classes: classMask.variable });
  return below.map(
    ({ references }) => new Map(references.map(({ browseName, nodeId }) => [browseName.name ?? '', nodeId.toString()])),
  );
}
