import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openSimulator } from '../../src/twin/index.ts';
import { openFlow } from '../twin/flow-plant.ts';
import type { Bench } from './harness.ts';
import { jobShop } from './twin-plant.ts';

const simpy = fileURLToPath(new URL('simpy-queue.py', import.meta.url));
const customers = 2000;
const replicationsPerRound = 500;

/** The twin's speed beside SimPy on one queue, and the replications of a job shop's plan. */
export const bench: Bench = {
  about: 'speed of the plant process: M/M/5 beside SimPy, and 1,000 replications of 50 machines × 500 operations',
  options: {
    rounds: { default: '3', about: 'rounds in which twin and SimPy take turns; medians are printed' },
    customers: { default: '50000', about: 'customers of a SimPy run' },
    replications: { default: '10000', about: 'replications over which memory is watched' },
  },
  keys: {
    counted: 'what one event is',
    eventsPerCpuSecond: 'M/M/5 at load 0.8 through the plant process, in CPU time of this process',
    simpyEventsPerCpuSecond: "the same queue in SimPy 2.3.1, in CPU time of its own process; 'not run' without it",
    ratioToSimpy: 'of the two',
    simpy4EventsPerSecondPublished: 'published for SimPy 4, on other hardware',
    meanWait: 'mean wait in service times of twin and SimPy, both from an empty plant, and theory (Erlang C)',
    thousandReplicationsCpuMs: "1,000 replications of a plan as the service asks for them, the plan's layout included",
    shopEventsPerCpuSecond: 'starts and ends of operations in those replications',
    heapGrowthMb: 'growth of the collected heap from the first tenth to the end of the replications watched',
  },
  run(options, seed) {
    const rounds = Number(options.rounds);
    const queue = openQueue();
    for (let warmUp = 0; warmUp < 3; warmUp++) runQueue(queue, seed);
    const own: number[] = [];
    const theirs: number[] = [];
    const waits: number[] = [];
    let simpyWait: number | undefined;
    for (let round = 0; round < rounds; round++) {
      const { perSecond, wait } = runQueue(queue, seed + 1 + round);
      own.push(2 * perSecond);
      waits.push(wait);
      const other = runSimpy(Number(options.customers), seed + round);
      if (!other) continue;
      theirs.push(2 * other.perSecond);
      simpyWait = other.wait;
    }
    const shop = shopCpuMs(seed, rounds);
    const eventsPerCpuSecond = median(own);
    const results = {
      counted: 'an arrival or a departure: two for each customer, its random numbers and its recorded times included',
      eventsPerCpuSecond,
      simpyEventsPerCpuSecond: theirs.length > 0 ? median(theirs) : 'not run: python3-simpy is not installed',
      ratioToSimpy: theirs.length > 0 ? eventsPerCpuSecond / median(theirs) : null,
      simpy4EventsPerSecondPublished: 240_000,
      meanWait: {
        twin: waits.reduce((a, b) => a + b, 0) / waits.length,
        simpy: simpyWait ?? null,
        theory: 0.5541,
      },
      thousandReplicationsCpuMs: shop.cpuMs,
      shopEventsPerCpuSecond: (1000 * 1000 * shop.operations * 2) / shop.cpuMs,
      heapGrowthMb: heapGrowthMb(seed, Number(options.replications)),
    };
    return Promise.resolve(results);
  },
};

function openQueue() {
  const exponential = { kind: 'gamma' as const, variation: 1 };
  return openFlow({
    stations: [{ id: 'L', machines: 5, seconds: 100 }],
    orders: customers,
    gapSeconds: 25,
    parameters: {
      releases: exponential,
      runLaws: Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`L-${String(i + 1)}`, exponential])),
    },
  });
}

/** Orders per CPU second over replications of one plan, and their mean wait in service times. */
function runQueue({ run }: ReturnType<typeof openQueue>, seed: number): { perSecond: number; wait: number } {
  let sum = 0;
  const cpuMs = cpuMsOf(() => {
    for (let r = 0; r < replicationsPerRound; r++) {
      const { work } = run(seed * replicationsPerRound + r);
      for (let job = 0; job < customers; job++) sum += work.startedAt[job]! - work.ready[job]!;
    }
  });
  const served = customers * replicationsPerRound;
  return { perSecond: (1000 * served) / cpuMs, wait: sum / served / 100_000 };
}

function runSimpy(count: number, seed: number): { perSecond: number; wait: number } | undefined {
  const { status, stdout } = spawnSync('/usr/bin/python3', [simpy, String(count), String(seed)], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const [perSecond, wait] = stdout.trim().split(' ').map(Number);
  return { perSecond: perSecond!, wait: wait! };
}

/** Median CPU time of 1,000 replications, after one run that warms up. */
function shopCpuMs(seed: number, rounds: number): { cpuMs: number; operations: number } {
  const { model, state, schedule, parameters } = jobShop(seed);
  const times = Array.from({ length: rounds + 1 }, (_, round) =>
    cpuMsOf(() =>
      openSimulator(model, state, { base: schedule, parameters, replications: 1000, seed: seed + round }).simulate(
        schedule,
      ),
    ),
  );
  return { cpuMs: median(times.slice(1)), operations: schedule.entries.length };
}

function heapGrowthMb(seed: number, replications: number): number {
  const { model, state, schedule, parameters } = jobShop(seed);
  const part = Math.max(1, Math.round(replications / 10));
  const simulator = openSimulator(model, state, { base: schedule, parameters, replications: part, seed });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = [];
  for (let from = 0; from < replications; from += part) {
    simulator.simulate(schedule, { from, to: Math.min(replications, from + part) });
    collect();
    used.push(process.memoryUsage().heapUsed / 2 ** 20);
  }
  return used.at(-1)! - used[0]!;
}

function cpuMsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
