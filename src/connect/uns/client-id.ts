import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7 } from '../../kernel/index.ts';

/**
 * A client id that is the same after a restart and differs between copies of the same flow: it lies in a folder beside
 * the queues. At most 23 characters of the set that every broker must take (MQTT 3.1.1, 3.1.3.1).
 */
export function stableClientId(folder: string): string {
  const file = join(folder, 'client-id');
  try {
    const known = readFileSync(file, 'utf8').trim();
    if (/^[0-9A-Za-z]{1,23}$/.test(known)) return known;
  } catch {
    // The first start writes it.
  }
  const id = `mw${uuidv7().replaceAll('-', '').slice(-18)}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${id}\n`);
  return id;
}
