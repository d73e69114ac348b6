import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../../src/kernel/index.ts';
import { openScenarioService } from '../../../src/scenarios/index.ts';
import { openStore } from '../../../src/store/index.ts';
import type { Situation } from '../rich/instance.ts';
import { distinctCount, nonDominatedCount } from './fronts.ts';
import { watchLag, watchLagElsewhere } from './lag.ts';

const actor = { id: 'bench' };

/**
 * A request for plans the way the package ships: a store in a file, the service with its threads, search, checker and
 * twin; the time from the request to the saved set.
 */
export async function serviceRun(
  { model, state, live, request }: Situation,
  { count, seed, timeLimitMs }: { count: number; seed: number; timeLimitMs: number },
) {
  const folder = mkdtempSync(join(tmpdir(), 'mw-bench-'));
  const clock = { now: () => state.at };
  const errors: string[] = [];
  const quiet = () => undefined;
  const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: (text) => void errors.push(text) };
  const store = await openStore({ file: join(folder, 'plant.db'), clock });
  const service = openScenarioService({ store, clock, logger });
  try {
    await store.savePlantModel(model, actor);
    const { workRequests, jobOrders, lots, unavailable, absences } = state;
    await store.saveOrders({ workRequests, jobOrders, lots }, actor);
    await store.saveUnavailability([...unavailable, ...absences.map((a) => ({ ...a, reason: 'absent' }))], actor);
    await store.saveSchedule(live, actor);
    await store.publishSchedule(live.scheduleId, undefined, actor);
    const lagControl = await watchLagElsewhere();
    const lag = watchLag();
    const began = performance.now();
    const cpu = process.cpuUsage();
    const { from, frozenUntil, horizon, constraints } = request;
    const set = await service.plan({
      requestId: 'R-1',
      eventId: 'E-1',
      from,
      frozenUntil,
      horizon,
      constraints,
      count,
      timeLimitMs,
      replications: 30,
      seed,
    });
    const wallMs = performance.now() - began;
    const { user, system } = process.cpuUsage(cpu);
    const { scenarios } = set;
    return {
      wallMs,
      cpuMs: (user + system) / 1000,
      plans: scenarios.length,
      distinct: distinctCount(scenarios),
      // What the checker refused never gets into the set; the service names it as an error.
      checked: scenarios.length,
      simulated: scenarios.filter(({ simulated }) => Number.isFinite(simulated.makespanSeconds.mean)).length,
      nonDominated: nonDominatedCount(scenarios.map(({ planned }) => planned)),
      lagP99Ms: lag(),
      lagControlP99Ms: await lagControl(),
      errors,
    };
  } finally {
    await service.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
