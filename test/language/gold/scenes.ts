import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeHistory } from '../../../src/demo/index.ts';
import { openStore } from '../../../src/store/index.ts';

/** A demo store and the instant at which its questions are asked, with the site's offset: the store's end too. */
interface Scene {
  seed: number;
  days: number;
  now: string;
}

/** Of the first half: wednesday, monday, spring (change of clocks on a Sunday); of the second: the others. */
const scenes: Readonly<Record<string, Scene>> = {
  wednesday: { seed: 11, days: 150, now: '2026-11-25T10:20:00+01:00' },
  monday: { seed: 12, days: 16, now: '2026-11-23T07:10:00+01:00' },
  spring: { seed: 13, days: 10, now: '2026-03-31T12:00:00+02:00' },
  thursday: { seed: 21, days: 125, now: '2026-10-29T16:45:00+01:00' },
  sunday: { seed: 22, days: 16, now: '2026-11-08T09:00:00+01:00' },
  easter: { seed: 23, days: 10, now: '2026-03-30T06:30:00+02:00' },
};

/** A scene by name, with at most so many days of history. */
export function sceneOf(name: string, mostDays = Infinity): Scene {
  const scene = scenes[name];
  if (!scene) throw new Error(`no scene ${name}`);
  return { ...scene, days: Math.min(scene.days, mostDays) };
}

/** The store file of a scene in a folder; written there unless it is there already. */
export async function sceneStore(folder: string, name: string, scene: Scene): Promise<string> {
  const file = join(folder, `${name}.sqlite`);
  if (existsSync(file)) return file;
  const unfinished = `${file}.new`;
  const store = await openStore({ file: unfinished });
  try {
    await writeHistory(store, { seed: scene.seed, days: scene.days, until: Date.parse(scene.now) });
  } finally {
    await store.close();
  }
  renameSync(unfinished, file);
  return file;
}
