import { writeSync } from 'node:fs';
import { openQueue } from '../../src/connect/index.ts';

/** Appends numbered batches until it is killed; tells on stdout what the queue has taken. */
const queue = openQueue({ folder: process.argv[2]!, limitBytes: 64 * 2 ** 20 });
for (let number = 0; ; number++) {
  const offset = queue.append(JSON.stringify({ number, filler: 'x'.repeat(number % 5_000) }), number);
  writeSync(1, `${offset ?? 'refused'}\n`);
}
