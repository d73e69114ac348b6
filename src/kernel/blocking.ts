import { MessageChannel, receiveMessageOnPort, Worker, workerData, type MessagePort } from 'node:worker_threads';
import { fromPlainError, MillwrightError, toPlainError, type PlainError } from './errors.ts';

/** What the caller's flag says: nothing yet, an answer lies at the port, the thread has ended. */
const flagged = { waiting: 0, answered: 1, ended: 2 } as const;

/** How a thread that is waited for is started. */
interface BlockingStart {
  port: MessagePort;
  flag: Int32Array<SharedArrayBuffer>;
  data: unknown;
}

type Answer = { value: unknown } | { error: PlainError };

/** A thread whose caller waits for each answer without going back to its own event loop. */
export interface BlockingService {
  /** Throws what the method throws; `MW_WORKER_FAILED` where the thread ended, `MW_DEADLINE` past `limitMs`. */
  call<R>(method: string, args: unknown, limitMs: number): R;
  close(): void;
}

/**
 * Starts a thread that works for one other worker, never for the main thread: the caller stands still while it waits.
 * So synchronous code can use a library that has only promises. A thread that ended is started anew by the next call.
 */
export function startBlockingService(name: string, url: URL, data: unknown): BlockingService {
  let link: { worker: Worker; port: MessagePort; flag: BlockingStart['flag'] } | undefined;
  const start = () => {
    const { port1, port2 } = new MessageChannel();
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const begin: BlockingStart = { port: port2, flag, data };
    const worker = new Worker(url, { name, workerData: begin, transferList: [port2] });
    // What a thread fails with reaches the caller by its flag; this loop may hear of it long afterwards.
    worker.on('error', () => undefined);
    return (link = { worker, port: port1, flag });
  };
  const end = () => {
    const ended = link;
    link = undefined;
    ended?.port.close();
    void ended?.worker.terminate();
  };
  return {
    call<R>(method: string, args: unknown, limitMs: number): R {
      const { port, flag } = link ?? start();
      port.postMessage({ method, args });
      if (Atomics.wait(flag, 0, flagged.waiting, limitMs) === 'timed-out') {
        end();
        throw new MillwrightError('MW_DEADLINE', { what: `${name} ${method}`, limitMs });
      }
      if (Atomics.exchange(flag, 0, flagged.waiting) === flagged.ended) {
        end();
        throw new MillwrightError('MW_WORKER_FAILED', { worker: name, reason: 'ended' });
      }
      const { message } = receiveMessageOnPort(port) as { message: Answer };
      if ('error' in message) throw fromPlainError(message.error);
      return message.value as R;
    },
    close: end,
  };
}

/** Serves such calls inside the thread, one at a time, until the thread ends. */
export function serveBlocking<D>(create: (data: D) => Record<string, (args: never) => unknown>): void {
  const { port, flag, data } = workerData as BlockingStart;
  const raise = (state: number) => {
    Atomics.store(flag, 0, state);
    Atomics.notify(flag, 0);
  };
  process.on('exit', () => {
    raise(flagged.ended);
  });
  const handlers = create(data as D);
  port.on('message', ({ method, args }: { method: string; args: unknown }) => {
    void Promise.resolve()
      .then(() => handlers[method]?.(args as never))
      .then(
        (value): Answer => ({ value }),
        (thrown: unknown): Answer => ({ error: toPlainError(thrown) }),
      )
      .then((answer) => {
        port.postMessage(answer);
        raise(flagged.answered);
      });
  });
}
