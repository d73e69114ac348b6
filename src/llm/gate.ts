import { MillwrightError, monotonicMs } from '../kernel/index.ts';

/** Lets few calls through at once; some wait, more are refused. */
export interface Gate {
  /** Runs work in its turn; `MW_QUEUE_FULL` when too many wait, `MW_ABORTED` when the signal fires while it waits. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  readonly waiting: number;
}

/** Opens a gate. */
export function openGate(name: string, concurrency: number, limit: number): Gate {
  const queue: (() => void)[] = [];
  let running = 0;
  const turn = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        queue.splice(queue.indexOf(go), 1);
        reject(new MillwrightError('MW_ABORTED', { what: name }));
      };
      queue.push(go);
      signal.addEventListener('abort', leave, { once: true });
    });
  return {
    get waiting() {
      return queue.length;
    },
    async run(work, signal) {
      if (signal.aborted) throw new MillwrightError('MW_ABORTED', { what: name });
      if (running < concurrency) running++;
      else {
        if (queue.length >= limit) throw new MillwrightError('MW_QUEUE_FULL', { queue: name, limit });
        await turn(signal);
      }
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else running--;
      }
    },
  };
}

/** Stops asking an endpoint that fails again and again. */
export interface Breaker {
  /**
   * Runs work, or throws `MW_LLM_OFFLINE` while the endpoint rests. `faultOf` says of what was thrown whether it is the
   * endpoint's fault: the pause in milliseconds that it asked for (0 for none), or undefined.
   */
  run<T>(work: () => Promise<T>, faultOf: (thrown: unknown) => number | undefined): Promise<T>;
  readonly isOpen: boolean;
}

const failuresToOpen = 5;
const shortestPauseMs = 10_000;
const longestPauseMs = 300_000;

/** Opens a breaker: five failures in a row stop all calls for 10 s, then one tries; each failure doubles the pause. */
export function openBreaker(endpoint: string, now: () => number = monotonicMs): Breaker {
  let failures = 0;
  let until = 0;
  let isTrying = false;

  function failed(askedMs: number): void {
    failures++;
    const doubled = shortestPauseMs * 2 ** Math.min(10, failures - failuresToOpen);
    const pause = Math.max(askedMs, failures >= failuresToOpen ? doubled : 0);
    if (pause > 0) until = now() + Math.min(pause, longestPauseMs);
  }
  return {
    get isOpen() {
      return now() < until;
    },
    async run(work, faultOf) {
      const left = until - now();
      if (left > 0 || isTrying)
        throw new MillwrightError('MW_LLM_OFFLINE', { endpoint, seconds: Math.max(1, Math.ceil(left / 1000)) });
      const isTrial = failures >= failuresToOpen;
      if (isTrial) isTrying = true;
      try {
        const result = await work();
        failures = 0;
        until = 0;
        return result;
      } catch (thrown) {
        const pause = faultOf(thrown);
        if (pause !== undefined) failed(pause);
        throw thrown;
      } finally {
        if (isTrial) isTrying = false;
      }
    },
  };
}
