import { readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { MillwrightError, monotonicMs, type Logger } from '../../src/kernel/index.ts';
import { openAdvisor, type AdvicePorts, type Advisor, type TableText } from '../../src/language/index.ts';
import type { PlantModel } from '../../src/plant/index.ts';
import type { LlmService } from '../mw-llm/mw-llm.ts';
import type { StoreService } from '../mw-store/mw-store.ts';

/** Master data are read again after this long. */
const modelAgeMs = 30_000;
const largestTable = 5_000_000;

/** What a plant's advice is drawn from beside its store. Paths that are relative lie in `userDir`; empty: none. */
export interface PlantAdviceSources {
  store: StoreService;
  llm?: LlmService | undefined;
  logger: Logger;
  userDir: string;
  folder?: string;
  failureModes?: string;
  abbreviations?: string;
  scope?: string;
}

/** Advice over the store that a node has chosen, and the ports that a back-test reads through. */
export interface PlantAdvice {
  advisor: Advisor;
  ports: AdvicePorts;
  /** The master data, at most half a minute old. */
  model: () => Promise<PlantModel | undefined>;
}

/**
 * Opens advice over the store that a node has chosen. A demo plant brings its own table and manuals where none are set.
 */
export function openPlantAdvice(sources: PlantAdviceSources): PlantAdvice {
  const { store: service, llm, logger, userDir, folder = '', failureModes = '', abbreviations = '', scope } = sources;
  const { store } = service;
  const inUserDir = (path: string) => (isAbsolute(path) ? path : join(userDir, path));
  let known: { readAt: number; value: Promise<PlantModel | undefined> } | undefined;
  const model = () => {
    if (!known || monotonicMs() - known.readAt > modelAgeMs) {
      const reading = { readAt: monotonicMs(), value: store.loadPlantModel() };
      known = reading;
      // A plant that is not there yet is looked for again at once, and so is one that could not be read.
      const forget = () => {
        if (known === reading) known = undefined;
      };
      void reading.value.then((found) => found ?? forget(), forget);
    }
    return known.value;
  };
  const ports: AdvicePorts = {
    query: (sql, parameters) => store.query(sql, parameters),
    aggregates: (tag, from, to, limit) => store.aggregates(tag, from, to, limit),
    model,
    ...(llm ? { languageModel: llm.model } : {}),
    ...(llm?.hasEmbeddings && llm.model.egress === 'full'
      ? {
          embed: async (texts, signal) => {
            const people = (await model())?.persons.map(({ personId }) => personId) ?? [];
            return llm.model.embed(texts, 'full', { people, ...(signal ? { signal } : {}) });
          },
        }
      : {}),
  };
  const advisor = openAdvisor(
    ports,
    {
      ...(folder === '' ? {} : { folder: inUserDir(folder) }),
      ...(scope ? { scope } : {}),
      failureModes: async () => {
        if (failureModes !== '') return readTable(inUserDir(failureModes));
        return service.demo ? { text: (await demo()).northfieldFailureModes, file: 'Northfield' } : undefined;
      },
      meanings: async () => (abbreviations === '' ? undefined : readTable(inUserDir(abbreviations))),
      manuals: async () => (folder === '' && service.demo ? (await demo()).northfieldManuals : []),
    },
    logger,
  );
  return { advisor, ports, model };
}

/** Loaded only where a demo plant runs. */
function demo() {
  return import('../../src/demo/index.ts');
}

async function readTable(path: string): Promise<TableText> {
  const file = basename(path);
  const wrong = (reason: string, cause?: unknown) =>
    new MillwrightError('MW_TABLE_INVALID', { file, line: 1, reason }, cause);
  const { size } = await stat(path).catch((cause: unknown) => {
    throw wrong(`it cannot be read (${String((cause as NodeJS.ErrnoException).code)})`, cause);
  });
  if (size > largestTable) throw wrong(`it is larger than ${largestTable / 1e6} MB`);
  return { text: await readFile(path, 'utf8'), file };
}
