import { MillwrightError, startService, toMillwrightError, workerUrl } from '../../kernel/index.ts';
import type { ServedJob, ServedRequest, ServedUpdate } from './served/description.ts';
import type { OpcuaServer, OpcuaServerOptions } from './server.ts';

const startLimitMs = 60_000;
const callLimitMs = 30_000;
/** Values that wait for the thread at most; beyond it each node keeps its latest only. */
const mostWaiting = 20_000;

/** Errors after which the thread has no server any more. */
const lost: ReadonlySet<string> = new Set(['MW_WORKER_FAILED', 'MW_DEADLINE', 'MW_OPCUA_LISTEN_FAILED']);

/** What is shown at once: new values, and the job lists that changed. */
export interface ShownBatch {
  updates: ServedUpdate[];
  jobs: { machine: string; list: readonly ServedJob[]; atMs: number }[];
}

/** Who hears from a server in a thread. */
export interface HostedServerHandlers {
  /** What clients wrote, called and ordered. */
  onRequest(request: ServedRequest): void;
  /** A batch was refused, or the thread ended; the server is started again with every value as it is. */
  onFailed(error: MillwrightError): void;
}

/** A server in a thread of its own. Values and jobs are taken at once and shown in order, soon. */
export interface HostedOpcuaServer extends OpcuaServer {
  /** Resolves when everything taken so far is shown and what clients did before has been told; never rejects. */
  settled(): Promise<void>;
}

/**
 * Starts an OPC UA server in a thread, so that loading its address space and serving its clients never block this one.
 * @throws as `startOpcuaServer`
 */
export async function hostOpcuaServer(
  options: OpcuaServerOptions,
  handlers: HostedServerHandlers,
): Promise<HostedOpcuaServer> {
  const service = startService('opcua-server', workerUrl(import.meta.url, '../worker'));
  const start = (port: number) =>
    service.call<Pick<OpcuaServer, 'endpointUrl' | 'port'>>('start', { ...options, port }, { limitMs: startLimitMs });
  let started: Pick<OpcuaServer, 'endpointUrl' | 'port'>;
  try {
    started = await start(options.port);
  } catch (thrown) {
    await service.close();
    throw thrown;
  }
  const { endpointUrl, port } = started;
  const latest = new Map<string, ServedUpdate>();
  const latestJobs = new Map<string, ShownBatch['jobs'][number]>();
  let waiting: ServedUpdate[] = [];
  let waitingJobs = new Map<string, ShownBatch['jobs'][number]>();
  const life = { down: false, closed: false };
  let work = Promise.resolve();
  let scheduled = false;

  async function show(): Promise<void> {
    if (life.down) {
      await start(port);
      life.down = false;
      waiting = [...latest.values()];
      waitingJobs = new Map(latestJobs);
    }
    const batch: ShownBatch = { updates: waiting, jobs: [...waitingJobs.values()] };
    waiting = [];
    waitingJobs = new Map();
    for (const request of await service.call<ServedRequest[]>('show', batch, { limitMs: callLimitMs }))
      handlers.onRequest(request);
  }
  /** Tries again once where the thread was lost; what does not work then waits for the next batch. */
  async function showWaiting(): Promise<void> {
    scheduled = false;
    for (let attempt = 0; attempt < 2 && !life.closed; attempt++)
      try {
        await show();
        return;
      } catch (thrown) {
        const error = toMillwrightError(thrown);
        handlers.onFailed(error);
        if (!lost.has(error.code)) return;
        life.down = true;
      }
  }
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    work = work.then(showWaiting);
  }
  return {
    endpointUrl,
    port,
    setValues(updates) {
      for (const update of updates) latest.set(update.nodeId, update);
      waiting.push(...updates);
      if (waiting.length > mostWaiting) waiting = [...latest.values()];
      schedule();
    },
    setJobs(machine, list, atMs) {
      const jobs = { machine, list, atMs };
      latestJobs.set(machine, jobs);
      waitingJobs.set(machine, jobs);
      schedule();
    },
    settled() {
      schedule();
      return work;
    },
    async close() {
      await work;
      life.closed = true;
      await service.call('close', undefined, { limitMs: callLimitMs }).catch(() => undefined);
      await service.close();
    },
  };
}
