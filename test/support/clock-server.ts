import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A server with a clock of its own, as a process: counts `Counter` up every 20 ms. Lines on stdin: the clock's offset in
 * milliseconds. Lines on stdout: where it listens, then each value that it took.
 */
const SystemDate = Date;
let offsetMs = Number(process.argv[3]);
class TurnedDate extends SystemDate {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(SystemDate.now() + offsetMs);
    else super(...(args as [number]));
  }
  static override now(): number {
    return SystemDate.now() + offsetMs;
  }
}
globalThis.Date = TurnedDate as DateConstructor;
createInterface(process.stdin).on('line', (line) => {
  offsetMs = Number(line);
});
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);

const { startFaultyServer } = await import('./faulty-server.ts');
const server = await startFaultyServer({ folder: process.argv[2]!, variables: ['Counter'], maxLifetimeCount: 10 });
say({ port: server.port, nodeId: server.nodeId('Counter') });
let value = 0;
setInterval(() => {
  const sourceMs = Date.now();
  server.set('Counter', ++value, sourceMs);
  say({ tag: 'Counter', value, sourceMs });
}, 20);
