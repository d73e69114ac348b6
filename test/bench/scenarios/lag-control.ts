import { watchLag } from './lag.ts';

/** An empty process that watches its own lag until it is told to stop. */
const stop = watchLag();
process.once('message', () => {
  process.send?.(stop());
  process.disconnect();
});
process.send?.('watching');
