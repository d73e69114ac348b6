import { after, before } from 'mocha';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../../src/store/index.ts';
import { model, now } from '../plant.ts';

/** Opens one store of one kind for a suite and gets rid of it. */
export type StoreForTest = () => { store: Store; clock: { at: number }; folder: string };

/** An embedded store in a folder of its own, with the small plant in it and a clock to turn. */
export const embeddedStore: StoreForTest = () => {
  const held = { store: undefined as unknown as Store, clock: { at: now }, folder: '' };
  before(async () => {
    held.folder = await mkdtemp(join(tmpdir(), 'mw-store-'));
    held.store = await openStore({ file: join(held.folder, 'plant.sqlite'), clock: { now: () => held.clock.at } });
    await held.store.savePlantModel(model, { id: 'setup' });
  });
  after(async () => {
    await held.store.close();
    await rm(held.folder, { recursive: true });
  });
  return held;
};
