import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../src/store/index.ts';
import { signApproval } from '../../src/trust/index.ts';
import { jobOrders, livePlan, model, now, proposedPlan, scenarioSet, workRequests } from '../trust/small-plant.ts';

const actor = { id: 'test' };

/** The site's time in these tests. */
export const clock = { now: () => now };

const folders: string[] = [];

/** A new database file in a folder of its own. */
export function newStoreFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mw-dispatch-'));
  folders.push(folder);
  return join(folder, 'plant.db');
}

/** Removes the folders that were made; their stores must be closed. */
export function removeStoreFiles(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A real store with the small plant, its live plan, one proposed plan, and write in force. */
export async function openSmallPlant(file = newStoreFile()): Promise<Store> {
  const store = await openStore({ file, clock });
  await store.savePlantModel(model, actor);
  await store.saveOrders({ workRequests, jobOrders }, actor);
  await store.saveSchedule(livePlan(), actor);
  await store.saveScenarioSet(scenarioSet(await store.inputsDigest(now), [proposedPlan()]), actor);
  await store.setMode({ useCase: 'planning', field: 'plan', mode: 'write', reason: 'test' }, actor);
  return store;
}

/** Signs the proposed plan as a planner would on the board; returns the approval's id. */
export async function signProposed(store: Store, decision: 'approved' | 'rejected' = 'approved'): Promise<string> {
  const found = await store.findScenario('PLAN-1');
  const { approvalId } = await signApproval(store, {
    planId: 'PLAN-1',
    planDigest: found!.set.scenarios[found!.index]!.digest,
    decision,
    meaning: decision,
    reason: 'seen',
    person: { personId: 'P-1', role: 'planner', authenticated: true },
    clock,
  });
  return approvalId;
}
