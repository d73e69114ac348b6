import { fork } from 'node:child_process';

const tickMs = 10;

/** Watches how late this process's timers fire. */
export function watchLag(): () => number {
  const lags: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    lags.push(Math.max(0, now - last - tickMs));
    last = now;
  }, tickMs);
  return () => {
    clearInterval(timer);
    lags.sort((a, b) => a - b);
    return lags[Math.floor(0.99 * (lags.length - 1))] ?? 0;
  };
}

/** The same in an empty process of its own; resolves once it watches. The result asks it for the 99th percentile. */
export async function watchLagElsewhere(): Promise<() => Promise<number>> {
  const child = fork(new URL('./lag-control.ts', import.meta.url), { stdio: 'inherit' });
  const message = () =>
    new Promise<unknown>((resolve, reject) => {
      child.once('message', resolve);
      child.once('error', reject);
    });
  await message();
  return () => {
    const answer = message() as Promise<number>;
    child.send('stop');
    return answer;
  };
}
