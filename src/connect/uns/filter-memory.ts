import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which filters a persistent session at the broker holds; the broker itself does not tell. */
export interface FilterMemory {
  load(): string[];
  save(filters: readonly string[]): void;
}

/** Keeps the filters in a file of a folder; what cannot be read counts as none. */
export function fileFilterMemory(folder: string): FilterMemory {
  const file = join(folder, 'filters.json');
  return {
    load() {
      try {
        const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
        return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : [];
      } catch {
        return [];
      }
    },
    save(filters) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(file, JSON.stringify(filters));
    },
  };
}
