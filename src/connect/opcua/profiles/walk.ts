import { monotonicMs } from '../../../kernel/index.ts';
import { classMask, hierarchical } from '../browse.ts';
import type { SessionLink } from '../session-link.ts';
import type { TypeRole } from './standard-types.ts';

/** An object on the way through an address space. */
export interface WalkedObject {
  /** By the namespace's present index. */
  nodeId: string;
  name: string;
  role: TypeRole | undefined;
  /** Objects that refer to it, in the order in which they were found. */
  parents: string[];
}

/** How far to go. */
export interface WalkLimits {
  /** Longest time, milliseconds. */
  limitMs: number;
  /** Most objects. */
  most: number;
}

/** The server's own object and its types' folder hold no machines. */
const skipped = ['ns=0;i=2253', 'ns=0;i=86', 'ns=0;i=87'];
const mostChildren = 10_000;
const placesPerStep = 500;

/**
 * The objects below some nodes, level by level, each once, with their roles by type. `complete` is false where the
 * limits ended it.
 */
export async function walkObjects(
  link: SessionLink,
  roots: readonly WalkedObject[],
  roles: ReadonlyMap<string, TypeRole>,
  { limitMs, most }: WalkLimits,
): Promise<{ objects: Map<string, WalkedObject>; complete: boolean }> {
  const until = monotonicMs() + limitMs;
  const objects = new Map(roots.map((root) => [root.nodeId, root]));
  let complete = true;
  let level = [...objects.keys()];
  while (level.length > 0) {
    const next: string[] = [];
    for (let from = 0; from < level.length; from += placesPerStep) {
      if (monotonicMs() > until || objects.size >= most) return { objects, complete: false };
      const places = level.slice(from, from + placesPerStep);
      const below = await hierarchical(link, places, { most: mostChildren, classes: classMask.object });
      for (const [index, { references, complete: whole }] of below.entries()) {
        complete &&= whole;
        for (const { nodeId, browseName, typeDefinition } of references) {
          const id = nodeId.toString();
          if (skipped.includes(id)) continue;
          const known = objects.get(id);
          if (known) {
            known.parents.push(places[index]!);
            continue;
          }
          const role = roles.get(typeDefinition.toString());
          objects.set(id, { nodeId: id, name: browseName.name ?? id, role, parents: [places[index]!] });
          next.push(id);
        }
      }
    }
    level = next;
  }
  return { objects, complete };
}
