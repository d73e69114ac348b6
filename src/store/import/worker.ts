import { serveWorker } from '../../kernel/index.ts';
import { planImport, type ImportBase } from './import.ts';
import type { ImportFile } from './read-files.ts';

serveWorker(() => ({
  plan: ({ base, files }: { base: ImportBase; files: ImportFile[] }) => planImport(base, files),
}));
