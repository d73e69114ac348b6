import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Numbers the connections of an edge node, so that a death is matched with the birth it ends. */
export interface DeathCounter {
  /** The number of the connection to be made: one more than the last, also after a restart, and 0 after 255. */
  next(): number;
}

/**
 * Opens the counter of an edge node; its file holds the last number that was used.
 * @param name the same after a restart, unlike that of any other counter in the folder
 */
export function openDeathCounter(folder: string, name: string): DeathCounter {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${encodeURIComponent(name)}.bdseq`);
  let last = readLast(file);
  return {
    next() {
      last = (last + 1) % 256;
      writeFileSync(`${file}.new`, String(last));
      renameSync(`${file}.new`, file);
      return last;
    },
  };
}

/** -1 where there is no file or no number in it: the first connection is number 0. */
function readLast(file: string): number {
  try {
    const last = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(last) && last >= 0 && last <= 255 ? last : -1;
  } catch {
    return -1;
  }
}
