import { openDispatch } from '../../src/dispatch/index.ts';
import { openStore } from '../../src/store/index.ts';
import { clock } from './small-plant-store.ts';

/** Carries out an approval and ends itself with SIGKILL at one change of the store: while it runs or right after. */
const [file = '', approvalId = '', step = '', when = ''] = process.argv.slice(2);

const changes = ['enqueueCommands', 'applyCommand', 'publishSchedule', 'saveStaging', 'saveNotification'];
let count = 0;

const store = await openStore({ file, clock });
const ending = new Proxy(store, {
  get(target, key) {
    const method: unknown = Reflect.get(target, key);
    if (typeof method !== 'function' || !changes.includes(String(key))) return method;
    return async (...args: unknown[]) => {
      const mine = ++count === Number(step);
      const done = (method as (...args: unknown[]) => Promise<unknown>)(...args);
      if (mine && when === 'during') setImmediate(() => process.kill(process.pid, 'SIGKILL'));
      const result = await done;
      if (mine) process.kill(process.pid, 'SIGKILL');
      return result;
    };
  },
});
await openDispatch({
  store: ending,
  clock,
  nodeId: 'dispatch-1',
  highestMode: () => 'write',
  changeLimit: 10,
}).carryOut(approvalId);
await store.close();
