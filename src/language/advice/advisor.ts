import type { Advice } from '../../contracts/index.ts';
import {
  isoInstant,
  MillwrightError,
  monotonicMs,
  openTaskPool,
  silentLogger,
  startService,
  uuidv7,
  workerUrl,
  type CallOptions,
  type Logger,
  type TaskPool,
} from '../../kernel/index.ts';
import { machinesBelow, type PlantModel } from '../../plant/index.ts';
import { listManuals } from '../retrieval/manuals.ts';
import type { SourceDocument } from '../retrieval/source.ts';
import type { Case } from './cases.ts';
import type { WrittenAdvice } from './advise.ts';
import { observe, readRecords } from './observe.ts';
import type { AdvicePorts } from './ports.ts';
import type { AdviceRequest } from './request.ts';
import { reword } from './reword.ts';
import type { FoundCase, TableText } from './worker.ts';

/** A manual that is handed in as text. */
interface GivenManual {
  name: string;
  text: string;
  language?: 'en' | 'de';
}

/** What a plant hands in beside its store. */
export interface AdviceSources {
  /** Folder of manuals (Markdown, text, PDF). */
  folder?: string;
  /** Failure-mode table and list of short forms, read anew where they have changed. */
  failureModes?: () => Promise<TableText | undefined>;
  meanings?: () => Promise<TableText | undefined>;
  /** Manuals that lie in no folder. */
  manuals?: () => Promise<readonly GivenManual[]>;
  /** Only records of machines at or below this equipment are used; absent: all. */
  scope?: string;
}

/** A question for advice. */
export interface AdviceQuestion extends Pick<AdviceRequest, 'asset' | 'event' | 'question'> {
  at: number;
  language: 'en' | 'de';
}

/** Gives advice on one plant. */
export interface Advisor {
  /** Advice on a machine from what was known before the instant. Rejects with what the ports reject with. */
  advise(question: AdviceQuestion, options?: { signal?: AbortSignal }): Promise<Advice>;
  /** The most similar records of the maintenance log, the best first. */
  searchCases(query: string, limit: number): Promise<FoundCase[]>;
  /** Closed cases whose failure mode is clear, oldest first: the newest so many. */
  closedCases(limit: number): Promise<Case[]>;
  /** Reads what there is, so that the first question need not wait for it. Rejects as `advise` does. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/** What the worker has been told. */
interface Known {
  lookedAt: number;
  recordsUntil: number;
  model: PlantModel | undefined;
  /** Tables by the method that takes them, as their text. */
  tables: Map<string, string>;
  /** Manuals by name, as their version. */
  manuals: Map<string, string>;
}

const nothingKnown = (): Known => ({
  lookedAt: -Infinity,
  recordsUntil: 0,
  model: undefined,
  tables: new Map(),
  manuals: new Map(),
});

/** The folder of manuals is looked at again after this long; everything else at each question. */
const folderAgeMs = 30_000;
/** Records may be written later than they are dated. */
const lateMs = 14 * 86_400_000;
const callLimitMs = 60_000;
const manualLimitMs = 60_000;
/** After a failure, meaning is left out for so long; vectors made for one question at most. */
const restMs = 300_000;
const batchesAtOnce = 8;

/**
 * Opens advice over a plant. Its knowledge grows in a worker of its own, record by record; when that worker ends, the
 * next question fills it again.
 */
export function openAdvisor(ports: AdvicePorts, sources: AdviceSources = {}, logger: Logger = silentLogger): Advisor {
  const service = startService('advice', workerUrl(import.meta.url));
  let pool: TaskPool | undefined;
  let known = nothingKnown();
  let filling: Promise<void> | undefined;
  let meaningRestsUntil = -Infinity;

  /** A worker that has ended knows nothing any more. */
  async function call<R>(method: string, args?: unknown, options: CallOptions = {}): Promise<R> {
    try {
      return await service.call<R>(method, args, { limitMs: callLimitMs, ...options });
    } catch (thrown) {
      const code = thrown instanceof MillwrightError ? thrown.code : '';
      if (['MW_WORKER_FAILED', 'MW_DEADLINE', 'MW_ABORTED'].includes(code)) known = nothingKnown();
      throw thrown;
    }
  }

  /** One filling at a time; whoever comes meanwhile waits for it. */
  function fill(): Promise<void> {
    filling ??= fillNow().finally(() => (filling = undefined));
    return filling;
  }

  async function fillNow(): Promise<void> {
    const held = known;
    await putTable('setMeanings', await sources.meanings?.(), held);
    await putTable('setFailureModes', await sources.failureModes?.(), held);
    await putClasses(await ports.model(), held);
    for await (const records of readRecords(ports, held.recordsUntil - lateMs)) {
      await call('putRecords', records);
      held.recordsUntil = Math.max(held.recordsUntil, records.at(-1)!.at);
    }
    const given = (await sources.manuals?.()) ?? [];
    for (const { name, text, language } of given) {
      if (held.manuals.has(name)) continue;
      const document: SourceDocument = { docId: `manual/${name}`, kind: 'manual', title: name, text };
      await putManual(name, 'given', [{ ...document, ...(language ? { language } : {}) }], held);
    }
    if (sources.folder === undefined || monotonicMs() - held.lookedAt < folderAgeMs) return;
    await readFolder(sources.folder, given, held);
    held.lookedAt = monotonicMs();
  }

  async function putTable(method: string, table: TableText | undefined, held: Known): Promise<void> {
    if (!table || held.tables.get(method) === table.text) return;
    await call(method, table);
    held.tables.set(method, table.text);
  }

  async function putClasses(model: PlantModel | undefined, held: Known): Promise<void> {
    if (!model || model === held.model) return;
    const classes = model.equipment.flatMap(({ equipmentId, equipmentClassId }): [string, string][] =>
      equipmentClassId === undefined ? [] : [[equipmentId, equipmentClassId]],
    );
    await call('setClasses', classes);
    held.model = model;
  }

  async function putManual(name: string, version: string, documents: SourceDocument[], held: Known): Promise<void> {
    await call('putManual', { name, documents });
    held.manuals.set(name, version);
  }

  /** A manual that cannot be read is named once and leaves the others alone. */
  async function readFolder(folder: string, given: readonly GivenManual[], held: Known): Promise<void> {
    pool ??= openTaskPool('manuals', workerUrl(import.meta.url), { size: 1 });
    const files = await listManuals(folder);
    for (const file of files) {
      if (held.manuals.get(file.name) === file.version) continue;
      const documents = await pool
        .run<SourceDocument[]>('readManual', file, { limitMs: manualLimitMs })
        .catch((thrown: unknown) => {
          logger.warn(thrown instanceof MillwrightError ? thrown.message : String(thrown));
          return [];
        });
      await putManual(file.name, file.version, documents, held);
    }
    const names = new Set([...files.map(({ name }) => name), ...given.map(({ name }) => name)]);
    for (const name of [...held.manuals.keys()].filter((one) => !names.has(one))) {
      await putManual(name, '', [], held);
      held.manuals.delete(name);
    }
  }

  /** The vector of a text, and a few more of what is known; nothing where the endpoint has none or fails. */
  async function vectorOf(text: string, signal?: AbortSignal): Promise<Float32Array | undefined> {
    const { embed } = ports;
    if (!embed || text === '' || monotonicMs() < meaningRestsUntil) return undefined;
    try {
      for (let batch = 0; batch < batchesAtOnce; batch++) {
        const missing = await call<{ passageId: string; text: string }[]>('withoutVector');
        if (missing.length === 0) break;
        const vectors = await embed(
          missing.map((passage) => passage.text),
          signal,
        );
        const placed = await call<number>(
          'putVectors',
          missing.map(({ passageId }, i) => ({ passageId, vector: vectors[i] })),
        );
        if (placed === 0) break;
      }
      return (await embed([text], signal))[0];
    } catch (thrown) {
      meaningRestsUntil = monotonicMs() + restMs;
      logger.warn(`advice goes on without embeddings: ${String(thrown)}`);
      return undefined;
    }
  }

  function scopeOf({ model }: Known): readonly string[] | undefined {
    if (sources.scope === undefined || !model) return undefined;
    return machinesBelow(model.equipment, sources.scope).map(({ equipmentId }) => equipmentId);
  }

  return {
    async advise({ asset, at, language, event, question }, { signal } = {}) {
      await fill();
      const scope = scopeOf(known);
      const request: AdviceRequest = {
        ...{ adviceId: uuidv7(), asset, at, language },
        ...(event ? { event } : {}),
        ...(question === undefined ? {} : { question }),
        ...(scope ? { scope } : {}),
        measured: await observe(ports, asset, at, language, signal),
      };
      const vector = ports.embed ? await vectorOf(await call<string>('symptoms', request), signal) : undefined;
      const written = await call<WrittenAdvice>('advise', vector ? { ...request, vector } : request);
      const people = (await ports.model())?.persons.map(({ personId }) => personId) ?? [];
      const options = { people, ...(signal ? { signal } : {}) };
      const advice = ports.languageModel ? await reword(written, ports.languageModel, logger, options) : written.advice;
      for (const { text, reason } of advice.dropped)
        logger.warn(`advice ${advice.adviceId} of ${isoInstant(at)}: dropped “${text.slice(0, 200)}”: ${reason}`);
      return advice;
    },
    async searchCases(query, limit) {
      await fill();
      const vector = await vectorOf(query);
      const most = Math.max(1, Math.min(50, Math.trunc(limit)));
      return call<FoundCase[]>('searchCases', { query, limit: most, ...(vector ? { vector } : {}) });
    },
    async closedCases(limit) {
      await fill();
      return call<Case[]>('closedCases', limit);
    },
    prepare: fill,
    async close() {
      await Promise.all([service.close(), pool?.close()]);
    },
  };
}
