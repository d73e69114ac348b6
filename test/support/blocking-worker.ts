import { MillwrightError, serveBlocking, sleep } from '../../src/kernel/index.ts';

serveBlocking((data: { greeting: string }) => ({
  greet: async (name: string) => {
    await sleep(5);
    return `${data.greeting}, ${name}`;
  },
  refuse: () => {
    throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'plan', id: 'P-1' });
  },
  hang: () => new Promise(() => undefined),
  end: () => process.exit(3),
  count: () => ++calls,
}));
let calls = 0;
