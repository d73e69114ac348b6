import { openStore } from '../../src/store/index.ts';
import { actor, jobOrder, machineDown, model, now, scenarioSet, workRequest } from './plant.ts';

/** Writes until it is killed, and tells each change that was confirmed to it on standard output. */
const [file, prefix] = process.argv.slice(2) as [string, string];
const store = await openStore({ file });
await store.savePlantModel(model, actor);
for (let i = 0; ; i++) {
  const id = `WO-${prefix}-${i}`;
  await store.saveOrders({ workRequests: [workRequest(id)], jobOrders: [jobOrder(id, 10), jobOrder(id, 20)] }, actor);
  await store.saveScenarioSet(scenarioSet(`R-${prefix}-${i}`, 4, { createdAt: now + i }), actor);
  const samples = Array.from({ length: 200 }, (_, k) => ({
    tag: `T-${k % 5}`,
    value: i,
    quality: 'good' as const,
    sourceMs: now + k,
  }));
  await store.appendHistory({ samples }, actor);
  await store.saveEvent(machineDown(`E-${prefix}-${i}`), actor);
  process.stdout.write(`${i}\n`);
}
