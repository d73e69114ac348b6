import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openOpcuaConnection, openTagSource } from '../../src/connect/index.ts';

/** Subscribes through a durable queue until it is killed; tells on stdout, line by line, what came and what was missing. */
const [endpointUrl = '', folder = '', tags = '', limitBytes = '4000000'] = process.argv.slice(2);
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);
/** Every other batch is confirmed; all of them from the first line on stdin on. */
let keenly = false;
const unconfirmed: number[] = [];
process.stdin.once('data', () => {
  keenly = true;
  for (const offset of unconfirmed) source.confirm(offset);
});
const connection = openOpcuaConnection({
  ...{ endpointUrl, security: 'none', login: 'anonymous' },
  folder: join(folder, 'client'),
  onState: ({ state }) => say({ state }),
});
const source = openTagSource(
  {
    connection,
    tags: (JSON.parse(tags) as { tag: string; nodeId: string }[]).map((row) => ({ ...row, intervalMs: 0 })),
    ...{ publishingMs: 50, holdSeconds: 10, batchSize: 4, delivery: 'confirmed', mostUnconfirmed: 10_000 },
    queue: { name: 'q', folder: join(folder, 'queue'), limitBytes: Number(limitBytes) },
  },
  {
    onBatch(samples, delivery) {
      say({ samples, delivery });
      if (delivery.offset % 2 === 0 || keenly) source.confirm(delivery.offset);
      else unconfirmed.push(delivery.offset);
    },
    onGap: (gap) => say({ gap }),
    onTagError: (tag) => say({ refused: tag }),
    onStalled: () => undefined,
    onRefusing: (refusing) => say({ refusing }),
  },
);
