import { classMask, hierarchical } from '../browse.ts';
import { withNamespaceUri } from '../namespaces.ts';
import { readValues } from '../read.ts';
import type { SessionLink } from '../session-link.ts';
import type { OpcuaConnection, SubscribedTag } from '../types.ts';
import { signalsOf } from './signals.ts';
import { rolesByType } from './standard-types.ts';
import { profileSignals, type ChosenMachine, type DiscoveredMachine, type ProfileSignal } from './types.ts';
import { walkObjects, type WalkedObject, type WalkLimits } from './walk.ts';

const objectsFolder = 'ns=0;i=85';
const farthest: WalkLimits = { limitMs: 20_000, most: 50_000 };
const highest = 8;
const mostProperties = 1_000;

/** Machines of a server, and whether all of it was looked at. */
export interface DiscoveredMachines {
  machines: DiscoveredMachine[];
  /** False where a limit ended the search. */
  complete: boolean;
}

/**
 * Finds machines by the types of their parts: Machinery identifications, PackML objects and job order receivers,
 * wherever they lie below Objects and whatever optional nodes the server leaves out. Parts that lie below a machine
 * with an identification belong to it; others make a machine of the object that holds them.
 * @throws MW_OPCUA_NOT_CONNECTED
 */
export function discoverMachines(
  connection: OpcuaConnection,
  limits: Partial<WalkLimits> = {},
): Promise<DiscoveredMachines> {
  return connection.withLink(async (link) => {
    const roles = await rolesByType(link);
    if (roles.size === 0) return { machines: [], complete: true };
    const root: WalkedObject = { nodeId: objectsFolder, name: 'Objects', role: undefined, parents: [] };
    const { objects, complete } = await walkObjects(link, [root], roles, { ...farthest, ...limits });
    const parts = [...objects.values()].filter(({ role }) => role !== undefined && role !== 'component-identification');
    const byMachine = new Map<string, WalkedObject[]>();
    const identified = identifiedMachines(objects);
    for (const part of parts) {
      const owner = ownerOf(part, objects, identified);
      byMachine.set(owner, [...(byMachine.get(owner) ?? []), part]);
    }
    const machines: DiscoveredMachine[] = [];
    for (const [nodeId, own] of byMachine) {
      const machine = await describe(link, nodeId, objects.get(nodeId)?.name ?? nodeId, own);
      if (machine.profiles.length > 0) machines.push(machine);
    }
    return { machines, complete };
  });
}

/** The tags of chosen machines, named `<machine>/<signal>`; they are subscribed to like any others. */
export function profileTags(machines: readonly ChosenMachine[]): SubscribedTag[] {
  return machines.flatMap(({ name, profiles, signals }) =>
    signals
      .filter(({ signal }) => profiles.includes(profileSignals[signal]))
      .map(({ signal, nodeId }) => ({ tag: profileTag(name, signal), nodeId, intervalMs: 0 })),
  );
}

/** Name of the tag for a signal of a chosen machine. */
export function profileTag(machine: string, signal: ProfileSignal): string {
  return `${machine}/${signal}`;
}

/** Objects with an identification of their own, directly or in their folder of building blocks. */
function identifiedMachines(objects: ReadonlyMap<string, WalkedObject>): Set<string> {
  const machines = new Set<string>();
  for (const { role, parents } of objects.values()) {
    if (role !== 'identification') continue;
    for (const parent of parents) {
      const holder = objects.get(parent);
      if (holder?.name === 'MachineryBuildingBlocks') for (const above of holder.parents) machines.add(above);
      else machines.add(parent);
    }
  }
  return machines;
}

/** The nearest identified machine above a part; without one, the object that holds it. */
function ownerOf(
  part: WalkedObject,
  objects: ReadonlyMap<string, WalkedObject>,
  identified: ReadonlySet<string>,
): string {
  if (identified.has(part.nodeId)) return part.nodeId;
  let level = part.parents;
  for (let height = 0; height < highest && level.length > 0; height++) {
    const machine = level.find((nodeId) => identified.has(nodeId));
    if (machine !== undefined) return machine;
    level = level.flatMap((nodeId) => objects.get(nodeId)?.parents ?? []);
  }
  let holder = part;
  for (let height = 0; height < highest; height++) {
    if (holder.role === 'packml') break;
    const above = objects.get(holder.parents[0] ?? '');
    if (!above || above.nodeId === objectsFolder) break;
    const within = above.role !== undefined || holder === part;
    if (!within) break;
    holder = above;
  }
  return holder.nodeId;
}

async function describe(
  link: SessionLink,
  nodeId: string,
  name: string,
  parts: readonly WalkedObject[],
): Promise<DiscoveredMachine> {
  const signals = await signalsOf(link, parts);
  const identification = parts.find(({ role }) => role === 'identification');
  const profiles = new Set(signals.map(({ signal }) => profileSignals[signal]));
  if (identification) profiles.add('machinery');
  return {
    nodeId: withNamespaceUri(nodeId, link.namespaces),
    name,
    ...(identification ? await nameplate(link, identification.nodeId) : {}),
    profiles: [...profiles],
    signals,
  };
}

async function nameplate(
  link: SessionLink,
  nodeId: string,
): Promise<Pick<DiscoveredMachine, 'manufacturer' | 'model' | 'serialNumber'>> {
  const fields = { Manufacturer: 'manufacturer', Model: 'model', SerialNumber: 'serialNumber' } as const;
  const [below] = await hierarchical(link, [nodeId], { most: mostProperties, classes: classMask.variable });
  const plate: Pick<DiscoveredMachine, 'manufacturer' | 'model' | 'serialNumber'> = {};
  const named = (below?.references ?? []).flatMap(({ browseName, nodeId: id }) => {
    const field = fields[browseName.name as keyof typeof fields] as (typeof fields)[keyof typeof fields] | undefined;
    return field ? [{ field, id: id.toString() }] : [];
  });
  const values = await readValues(
    link,
    named.map(({ id }) => id),
  );
  for (const [index, { value, quality }] of values.entries())
    if (quality !== 'bad' && typeof value === 'string' && value !== '') plate[named[index]!.field] = value;
  return plate;
}
