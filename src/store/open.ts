import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  MillwrightError,
  startService,
  systemClock,
  workerUrl,
  type Clock,
  type WorkerService,
} from '../kernel/index.ts';
import { addressOf, type PostgresSettings } from './postgres.ts';
import { startQueries, type QueryService } from './query/service.ts';
import type { Store } from './store.ts';
import type { StoreCall, StoreMethod, StoreWorkerData } from './wire.ts';

/** How a store is opened. */
export interface StoreOptions {
  /** Path of the SQLite database; made, with its folder, where there is none. With PostgreSQL the key files lie there. */
  file: string;
  /** The PostgreSQL database to use in place of the file. */
  postgres?: PostgresSettings;
  /** Where the times of audit entries come from; the system's clock by default. */
  clock?: Clock;
  /** Ed25519 private key as PEM; without one the key file beside the database is used, and made on first use. */
  auditKey?: string;
  /** Days that tag samples are kept, 400 by default; then their aggregates are. Everything else is kept for good. */
  retentionDays?: number;
  /** Days that aggregates of ten minutes are kept, 1,825 by default. */
  aggregateDays?: number;
}

/** A file's worker, shared by all who opened the file in this process. */
interface SharedFile {
  service: WorkerService;
  queries: QueryService;
  ready: Promise<void>;
  users: number;
}

const openFiles = new Map<string, SharedFile>();
const closing = new Map<string, Promise<void>>();

const methods: Record<StoreMethod, true> = {
  savePlantModel: true,
  loadPlantModel: true,
  saveOrders: true,
  importPlant: true,
  loadPlantState: true,
  saveUnavailability: true,
  inputsDigest: true,
  appendHistory: true,
  putTags: true,
  samples: true,
  aggregates: true,
  lastSamples: true,
  currentStates: true,
  stopDurations: true,
  saveEvent: true,
  correctExpectedEnd: true,
  loadEvent: true,
  openEvents: true,
  saveScenarioSet: true,
  scenarioState: true,
  loadScenarioSet: true,
  findScenario: true,
  saveSchedule: true,
  loadSchedule: true,
  livePlan: true,
  publishSchedule: true,
  saveApproval: true,
  loadApproval: true,
  approvalsOf: true,
  modeInForce: true,
  setMode: true,
  acceptTwinParameters: true,
  twinParameters: true,
  writeInhibit: true,
  setWriteInhibit: true,
  dispatchRows: true,
  enqueueCommands: true,
  commands: true,
  applyCommand: true,
  recordCommand: true,
  saveStaging: true,
  staging: true,
  saveNotification: true,
  acknowledgeNotification: true,
  notifications: true,
  saveDocument: true,
  loadDocument: true,
  documents: true,
  saveFeedback: true,
  feedback: true,
  saveVerifiedQuestion: true,
  deleteVerifiedQuestion: true,
  verifiedQuestions: true,
  noteAction: true,
  auditRows: true,
  verifyAudit: true,
  exportAudit: true,
};

/**
 * Opens a plant's database in a worker of its own. Whoever opens the same file again in this process shares that
 * worker (and the first opener's key and retention); it ends when the last of them has closed.
 * Rejects with `MW_PACKAGE_MISSING`, `MW_STORE_SERVER`, `MW_STORE_LOST`, `MW_STORE_UNSUPPORTED`, `MW_STORE_DAMAGED`, `MW_STORE_NEWER`, `MW_STORE_LOCKED`,
 * `MW_STORE_READ_ONLY`, `MW_STORE_FULL`, `MW_STORE_UNAVAILABLE` or `MW_AUDIT_KEY_INVALID`.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const clock = options.clock ?? systemClock;
  const file = options.postgres ? addressOf(options.postgres) : canonicalPath(options.file);
  while (closing.has(file)) await closing.get(file);
  const shared = openFiles.get(file) ?? start(file, options, clock);
  shared.users++;
  let closed: Promise<void> | undefined;
  try {
    await shared.ready;
  } catch (thrown) {
    await release(file, shared);
    throw thrown;
  }
  const refuseClosed = () => {
    if (closed) throw new MillwrightError('MW_STORE_CLOSED', { file });
  };
  const call = async (method: StoreMethod, args: unknown[]): Promise<unknown> => {
    refuseClosed();
    const request: StoreCall = { method, now: clock.now(), args };
    return shared.service.call('call', request);
  };
  const calls = Object.fromEntries(
    Object.keys(methods).map((name) => [name, (...args: unknown[]) => call(name as StoreMethod, args)]),
  ) as unknown as Pick<Store, StoreMethod>;
  return {
    ...calls,
    file,
    dialect: options.postgres ? 'postgres' : 'sqlite',
    query: async (...args) => {
      refuseClosed();
      return shared.queries.query(...args);
    },
    close: () => (closed ??= release(file, shared)),
  };
}

function start(name: string, options: StoreOptions, clock: Clock): SharedFile {
  const { auditKey, postgres, retentionDays = 400, aggregateDays = 1_825 } = options;
  const file = canonicalPath(options.file);
  const data: StoreWorkerData = { file, postgres, auditKey, retentionDays, aggregateDays, now: clock.now() };
  const service = startService('store', workerUrl(import.meta.url), data);
  const shared = {
    service,
    queries: startQueries({ file, postgres }),
    ready: service.call<undefined>('open', {}),
    users: 0,
  };
  openFiles.set(name, shared);
  return shared;
}

/** Ends the worker when nobody uses it any more, after everything that was called has been written. */
async function release(file: string, shared: SharedFile): Promise<void> {
  shared.users--;
  if (shared.users > 0) return;
  openFiles.delete(file);
  const end = async () => {
    await shared.queries.close();
    await shared.service.call('close', {}).catch(() => undefined);
    await shared.service.close();
    closing.delete(file);
  };
  const ended = end();
  closing.set(file, ended);
  await ended;
}

/** One name per file, whatever links lead to its folder. */
function canonicalPath(file: string): string {
  const path = resolve(file);
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}
