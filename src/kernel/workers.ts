import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData, type Transferable } from 'node:worker_threads';
import { fromPlainError, MillwrightError, toPlainError, type PlainError } from './errors.ts';

/** Address of a room's worker entry beside its caller: `worker.ts` from sources, `worker.js` from the build. */
export function workerUrl(callerUrl: string, name = 'worker'): URL {
  return new URL(`./${name}.${callerUrl.endsWith('.ts') ? 'ts' : 'js'}`, callerUrl);
}

/** What a handler in a worker gets beside its arguments. */
export interface WorkerContext {
  /** Tells the caller how far the work is. The value must be structured-cloneable. */
  progress(value: unknown): void;
  /** Buffers named here are moved to the caller with the result, not copied. */
  transfer(buffers: Transferable[]): void;
}

/** The handlers that a worker serves, by method name. */
export type WorkerHandlers = Record<string, (args: never, context: WorkerContext) => unknown>;

interface Request {
  id: number;
  method: string;
  args: unknown;
}
type Reply =
  | { id: number; kind: 'result'; value: unknown }
  | { id: number; kind: 'error'; error: PlainError }
  | { id: number; kind: 'progress'; value: unknown };

/** Serves calls inside a worker thread; `create` gets what the starter passed as data. One call runs at a time. */
export function serveWorker<D>(create: (data: D) => WorkerHandlers | Promise<WorkerHandlers>): void {
  const port = parentPort;
  if (!port) throw new MillwrightError('MW_INTERNAL', { reason: 'serveWorker outside a worker thread' });
  const ready = Promise.resolve().then(() => create(workerData as D));
  let chain: Promise<unknown> = ready.catch(() => undefined);

  async function answer({ id, method, args }: Request): Promise<void> {
    let moved: Transferable[] = [];
    const post = (reply: Reply, buffers: Transferable[] = []) => {
      port?.postMessage(reply, buffers);
    };
    try {
      const handler = (await ready)[method];
      if (!handler) throw new MillwrightError('MW_INTERNAL', { reason: `worker has no method ${method}` });
      const context: WorkerContext = {
        progress: (value) => {
          post({ id, kind: 'progress', value });
        },
        transfer: (buffers) => {
          moved = buffers;
        },
      };
      post({ id, kind: 'result', value: await handler(args as never, context) }, moved);
    } catch (thrown) {
      post({ id, kind: 'error', error: toPlainError(thrown) });
    }
  }
  port.on('message', (request: Request) => {
    chain = chain.then(() => answer(request));
  });
}

/** Options of one call into a worker. */
export interface CallOptions {
  signal?: AbortSignal;
  /** The worker is ended (and a service restarted) when the answer takes longer. */
  limitMs?: number;
  transfer?: Transferable[];
  onProgress?: (value: unknown) => void;
}

interface PendingCall {
  resolve(value: unknown): void;
  reject(error: Error): void;
  onProgress: ((value: unknown) => void) | undefined;
}

/** One thread with its pending calls. It does not outlive an error: whoever owns it starts another. */
class WorkerLink {
  readonly worker: Worker;
  private readonly pending = new Map<number, PendingCall>();
  private nextId = 1;
  ended = false;

  private readonly name: string;
  private readonly onEnd: () => void;

  constructor(name: string, url: URL, data: unknown, onEnd: () => void) {
    this.name = name;
    this.onEnd = onEnd;
    this.worker = new Worker(url, { name, workerData: data });
    this.worker.on('message', (reply: Reply) => {
      this.receive(reply);
    });
    this.worker.on('error', (error: unknown) => {
      this.finish(error instanceof Error ? error.message : String(error), error);
    });
    this.worker.on('exit', (code) => {
      this.finish(`ended with code ${String(code)}`);
    });
  }

  /** Rejects what is still open; from here on the link takes no calls. */
  private finish(reason: string, cause?: unknown): void {
    if (this.ended) return;
    this.ended = true;
    const open = [...this.pending.values()];
    this.pending.clear();
    for (const call of open) call.reject(new MillwrightError('MW_WORKER_FAILED', { worker: this.name, reason }, cause));
    this.onEnd();
  }

  private receive(reply: Reply): void {
    const call = this.pending.get(reply.id);
    if (!call) return;
    if (reply.kind === 'progress') {
      call.onProgress?.(reply.value);
      return;
    }
    this.pending.delete(reply.id);
    if (reply.kind === 'result') call.resolve(reply.value);
    else call.reject(fromPlainError(reply.error));
  }

  call(method: string, args: unknown, { signal, limitMs, transfer, onProgress }: CallOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(new MillwrightError('MW_ABORTED', { what: method }));
        return;
      }
      const id = this.nextId++;
      const kill = (error: MillwrightError) => {
        const call = this.pending.get(id);
        this.pending.delete(id);
        call?.reject(error);
        void this.end();
      };
      const abort = () => {
        kill(new MillwrightError('MW_ABORTED', { what: method }));
      };
      const timer =
        limitMs === undefined
          ? undefined
          : setTimeout(() => {
              kill(new MillwrightError('MW_DEADLINE', { what: method, limitMs }));
            }, limitMs);
      const settled = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.pending.set(id, {
        resolve: (value) => {
          settled();
          resolve(value);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
        onProgress,
      });
      try {
        this.worker.postMessage({ id, method, args } satisfies Request, transfer ?? []);
      } catch (cause) {
        this.pending.delete(id);
        settled();
        reject(new MillwrightError('MW_INTERNAL', { reason: `cannot send ${method} to ${this.name}` }, cause));
      }
    });
  }

  async end(): Promise<void> {
    this.finish('ended');
    await this.worker.terminate();
  }
}

/** A long-lived worker that owns one resource (a database connection, an ONNX session). */
export interface WorkerService {
  /** Calls a method; calls are answered in order. After a crash the next call starts a fresh thread. */
  call<R>(method: string, args: unknown, options?: CallOptions): Promise<R>;
  /** Ends the thread; calls still open are rejected. */
  close(): Promise<void>;
}

/** Starts a service; its thread begins with the first call. At most ten crashes a minute are restarted. */
export function startService(name: string, url: URL, data?: unknown): WorkerService {
  let link: WorkerLink | undefined;
  let closed = false;
  let starts: number[] = [];

  function current(): WorkerLink {
    if (closed) throw new MillwrightError('MW_WORKER_FAILED', { worker: name, reason: 'closed' });
    if (link && !link.ended) return link;
    const now = performance.now();
    starts = starts.filter((at) => now - at < 60_000);
    if (starts.length >= 10)
      throw new MillwrightError('MW_WORKER_FAILED', { worker: name, reason: 'crashed ten times within a minute' });
    starts.push(now);
    link = new WorkerLink(name, url, data, () => undefined);
    return link;
  }
  return {
    call: async <R>(method: string, args: unknown, options: CallOptions = {}) =>
      (await current().call(method, args, options)) as R,
    close: async () => {
      closed = true;
      await link?.end();
    },
  };
}

/** A pool of stateless workers for one kind of task. */
export interface TaskPool {
  /** Runs one task on a free thread; waits in a bounded queue for one (`MW_QUEUE_FULL` beyond it). */
  run<R>(method: string, args: unknown, options?: CallOptions): Promise<R>;
  /** Threads that may work at once. */
  readonly size: number;
  close(): Promise<void>;
}

/** Threads that tasks may use: all cores but one, which stays with Node-RED. */
export function taskThreads(): number {
  return Math.max(1, availableParallelism() - 1);
}

/** Opens a pool of at most cores − 1 threads, started when needed and ended by an abort or a deadline. */
export function openTaskPool(name: string, url: URL, { size = taskThreads(), queueLimit = 256 } = {}): TaskPool {
  const idle: WorkerLink[] = [];
  const links = new Set<WorkerLink>();
  const waiting: (() => void)[] = [];
  let closed = false;

  function take(): WorkerLink | undefined {
    const free = idle.pop();
    if (free) return free;
    if (links.size >= size) return undefined;
    const link = new WorkerLink(name, url, undefined, () => {
      links.delete(link);
      const at = idle.indexOf(link);
      if (at >= 0) idle.splice(at, 1);
      waiting.shift()?.();
    });
    links.add(link);
    return link;
  }
  async function acquire(): Promise<WorkerLink> {
    for (;;) {
      if (closed) throw new MillwrightError('MW_WORKER_FAILED', { worker: name, reason: 'closed' });
      const link = take();
      if (link) return link;
      if (waiting.length >= queueLimit) throw new MillwrightError('MW_QUEUE_FULL', { queue: name, limit: queueLimit });
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }
  return {
    size,
    run: async <R>(method: string, args: unknown, options: CallOptions = {}) => {
      const link = await acquire();
      try {
        return (await link.call(method, args, options)) as R;
      } finally {
        if (!link.ended) {
          idle.push(link);
          waiting.shift()?.();
        }
      }
    },
    close: async () => {
      closed = true;
      for (const wake of waiting.splice(0)) wake();
      await Promise.all([...links].map((link) => link.end()));
    },
  };
}
