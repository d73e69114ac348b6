import { hierarchical } from '../browse.ts';
import type { SessionLink } from '../session-link.ts';
import { jobControlTypes } from './job-control.ts';
import { machineryTypes } from './machinery.ts';
import { packmlTypes } from './packml.ts';
import type { ProfileSignal } from './types.ts';

/** What an object of a standard type is for us: holder of a signal, or a part by which others are found. */
export type TypeRole =
  | ProfileSignal
  | 'identification'
  | 'component-identification'
  | 'packml'
  | 'packml-status'
  | 'packml-admin'
  | 'job-management';

/** An object type of a companion specification. */
export interface StandardType {
  uri: string;
  /** Numeric identifier in that namespace. */
  id: number;
  role: TypeRole;
}

const objectTypeClass = 8;
const mostSubtypes = 1_000;
const deepest = 8;

/**
 * Roles by type on one server: the standard types that it has, and their subtypes, by indexed node ids. A type that is
 * named itself keeps its own role.
 */
export async function rolesByType(link: SessionLink): Promise<Map<string, TypeRole>> {
  const roles = new Map<string, TypeRole>();
  for (const { uri, id, role } of [...machineryTypes, ...packmlTypes, ...jobControlTypes]) {
    const index = link.namespaces.indexOf(uri);
    if (index > 0) roles.set(`ns=${String(index)};i=${String(id)}`, role);
  }
  let level = [...roles.keys()];
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const below = await hierarchical(link, level, { most: mostSubtypes, classes: objectTypeClass });
    const next: string[] = [];
    for (const [index, { references }] of below.entries())
      for (const { nodeId } of references) {
        const subtype = nodeId.toString();
        if (roles.has(subtype)) continue;
        roles.set(subtype, roles.get(level[index]!)!);
        next.push(subtype);
      }
    level = next;
  }
  return roles;
}
