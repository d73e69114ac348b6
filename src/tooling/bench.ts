import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.ts';

/** `npm run bench -- NAME [options]`: runs one benchmark of `test/bench/`. */
const folder = join(root, 'test/bench');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));
const [name = '', ...args] = process.argv.slice(2);
const file = join(folder, `${name}.bench.ts`);
if (!name || !existsSync(file)) {
  process.stdout.write(`Usage: npm run bench -- NAME [--json FILE] [--help]\nBenchmarks: ${names.join(', ')}\n`);
  process.exitCode = name ? 2 : 0;
} else {
  const { runBench } = await import('../../test/bench/harness.ts');
  await runBench(name, args);
}
