import type { Sample } from '../../src/contracts/index.ts';

/** The longest path that the tags of all samples have in common. */
export function commonPath(samples: readonly Sample[]): string {
  let path = samples[0]?.tag ?? '';
  let below = `${path}/`;
  for (const { tag } of samples)
    while (tag !== path && !tag.startsWith(below)) {
      path = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      if (path === '') return '';
      below = `${path}/`;
    }
  return path;
}
