import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../src/kernel/index.ts';
import { openScenarioService, type PlanRequest } from '../../src/scenarios/index.ts';
import { openStore } from '../../src/store/index.ts';
import { northfieldEvent, testNow } from '../planning/northfield.ts';

const actor = { id: 'test' };
const minute = 60_000;

/** A real store in a folder of its own with a scenario service over it; the clock stands at the test's instant. */
export async function openSite() {
  const folder = mkdtempSync(join(tmpdir(), 'mw-scenarios-'));
  const clock = { now: () => testNow };
  const lines: string[] = [];
  const note = (text: string) => void lines.push(text);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const store = await openStore({ file: join(folder, 'plant.db'), clock });
  const service = openScenarioService({ store, clock, logger });
  return {
    store,
    service,
    lines,
    async close() {
      await service.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Writes the test plant with so many open requests and CNC-22 down; with its live plan unless told otherwise. */
export async function fillSite(store: Awaited<ReturnType<typeof openStore>>, requests: number, withPlan = true) {
  const event = northfieldEvent(1, requests);
  const { workRequests, jobOrders, lots, unavailable, absences } = event.state;
  await store.savePlantModel(event.model, actor);
  await store.saveOrders({ workRequests, jobOrders, lots }, actor);
  await store.saveUnavailability([...unavailable, ...absences.map((a) => ({ ...a, reason: 'absent' }))], actor);
  if (withPlan) {
    await store.saveSchedule(event.live, actor);
    await store.publishSchedule(event.live.scheduleId, undefined, actor);
  }
  return event;
}

/** A request for plans after the CNC-22 event. */
export function planRequest(changes: Partial<PlanRequest> = {}): PlanRequest {
  return {
    requestId: 'R-1',
    eventId: 'E-1',
    from: testNow,
    frozenUntil: testNow + 30 * minute,
    horizon: testNow + 14 * 24 * 60 * minute,
    constraints: [],
    count: 50,
    timeLimitMs: 3000,
    replications: 30,
    seed: 1,
    ...changes,
  };
}
