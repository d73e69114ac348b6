import { openTaskPool, workerUrl } from '../../kernel/index.ts';
import type { ImportBase, ImportPlan } from './import.ts';
import type { ImportFile } from './read-files.ts';

/** Megabytes of text are read in seconds; a text that takes this long is no plant. */
const longestMs = 60_000;

/** `planImport` in a thread of its own, so that large files do not hold up Node-RED. Rejects beyond a minute. */
export async function planImportApart(base: ImportBase, files: readonly ImportFile[]): Promise<ImportPlan> {
  const pool = openTaskPool('store-import', workerUrl(import.meta.url), { size: 1 });
  try {
    return await pool.run<ImportPlan>('plan', { base, files }, { limitMs: longestMs });
  } finally {
    await pool.close();
  }
}
