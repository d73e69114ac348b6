import { after, before } from 'mocha';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store, type StoreOptions } from '../../../src/store/index.ts';
import type { PostgresServer } from '../postgres-server.ts';
import { model, now } from '../plant.ts';

/** Opens one store of one kind for a suite and gets rid of it. */
export type StoreForTest = () => { store: Store; clock: { at: number }; folder: string };

function storeForTest(options: () => Promise<Partial<StoreOptions>>): StoreForTest {
  return () => {
    const held = { store: undefined as unknown as Store, clock: { at: now }, folder: '' };
    before(async () => {
      held.folder = await mkdtemp(join(tmpdir(), 'mw-store-'));
      const file = join(held.folder, 'plant.sqlite');
      held.store = await openStore({ file, clock: { now: () => held.clock.at }, ...(await options()) });
      await held.store.savePlantModel(model, { id: 'setup' });
    });
    after(async () => {
      await held.store.close();
      await rm(held.folder, { recursive: true });
    });
    return held;
  };
}

/** An embedded store in a folder of its own, with the small plant in it and a clock to turn. */
export const embeddedStore = storeForTest(() => Promise.resolve({}));

/** A store in a database of its own on a PostgreSQL server, with the same plant. */
export const postgresStore = (server: () => PostgresServer): StoreForTest =>
  storeForTest(async () => ({ postgres: await server().database() }));
