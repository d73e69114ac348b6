import { parentPort, workerData } from 'node:worker_threads';
import { improve, type Shop } from '../../src/planning/graph/index.ts';

/** One thread of the planning bench: searches with its own seed until its time is over. */
const { shop, seed, milliseconds } = workerData as { shop: Shop; seed: number; milliseconds: number };
const until = performance.now() + milliseconds;
parentPort?.postMessage(improve(shop, { seed, expired: () => performance.now() >= until }).best);
