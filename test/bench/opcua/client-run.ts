import { isPromise } from 'node:util/types';

/** What one client process is told to do. */
export interface ClientTask {
  endpointUrl: string;
  nodeIds: string[];
  publishingMs: number;
  /** 0 asks for every change. */
  samplingMs: number;
  queueSize: number;
  holdSeconds: number;
  /** Form of the node's messages; the bare client has none. */
  messages: 'batch' | 'value';
  /** Folder of its own. */
  folder: string;
  /** Time without a subscription, before values are counted, and while they are. */
  idleMs: number;
  warmMs: number;
  measureMs: number;
}

/** What one client process has found. */
export interface ClientResult {
  values: number;
  /** Processor time of all threads, less what the idle process needs in the same time. */
  cpuMicroseconds: number;
  /** Share of one core that the idle process needs. */
  idleShare: number;
  /** Values missing between two values of a counter, or undefined where no tag is a counter. */
  lost: number | undefined;
  createSeconds: number;
  residentMegabytes: number;
}

/** Counts values and the holes between them; a tag is a counter while its values are integers that grow. */
export class Tally {
  values = 0;
  seen = 0;
  private readonly latest: Float64Array;
  private readonly holes: Float64Array;

  constructor(tags: number) {
    this.latest = new Float64Array(tags).fill(NaN);
    this.holes = new Float64Array(tags);
  }

  take(tag: number, value: unknown): void {
    this.values++;
    const before = this.latest[tag]!;
    const now = Number.isInteger(value) ? (value as number) : Infinity;
    this.latest[tag] = now;
    if (now > before) this.holes[tag]! += now - before - 1;
    else if (Number.isNaN(before)) this.seen++;
    else this.holes[tag] = NaN;
  }

  /** Values that are missing; undefined where no tag is a counter. */
  lost(): number | undefined {
    const counted = this.holes.filter(Number.isFinite);
    return counted.length === 0 ? undefined : counted.reduce((sum, holes) => sum + holes, 0);
  }
}

/** A client as the measurement drives it. */
export interface Client {
  /** Begins to subscribe to all tags; the values go to the tally. */
  subscribe(): Promise<void> | void;
  close(): Promise<void>;
}

/**
 * Runs one measurement in this process: receives the task from the parent, connects, takes the idle time, subscribes,
 * warms up, measures, and sends the result.
 */
export function runClient(connect: (task: ClientTask, tally: Tally) => Promise<Client>): void {
  process.once('message', (task: ClientTask) => {
    measure(connect, task).then(
      (result) => process.send!(result, () => process.exit(0)),
      (thrown: unknown) => {
        process.stderr.write(`${thrown instanceof Error ? String(thrown.stack) : String(thrown)}\n`);
        process.exit(1);
      },
    );
  });
}

async function measure(
  connect: (task: ClientTask, tally: Tally) => Promise<Client>,
  task: ClientTask,
): Promise<ClientResult> {
  const tally = new Tally(task.nodeIds.length);
  const client = await connect(task, tally);
  await pause(task.idleMs);
  const idle = await cpuOver(task.idleMs);
  const begun = performance.now();
  const work = client.subscribe();
  if (isPromise(work)) await work;
  while (tally.seen < task.nodeIds.length) {
    if (performance.now() - begun > 60_000) throw new Error(`values of ${tally.seen} tags only after 60 s`);
    await pause(10);
  }
  const createSeconds = (performance.now() - begun) / 1000;
  await pause(task.warmMs);
  const before = tally.values;
  const busy = await cpuOver(task.measureMs);
  const values = tally.values - before;
  const residentMegabytes = process.memoryUsage.rss() / 1e6;
  await client.close();
  return {
    values,
    cpuMicroseconds: busy.cpuMicroseconds - (idle.cpuMicroseconds * busy.ms) / idle.ms,
    idleShare: idle.cpuMicroseconds / 1000 / idle.ms,
    lost: tally.lost(),
    createSeconds,
    residentMegabytes,
  };
}

async function cpuOver(ms: number): Promise<{ cpuMicroseconds: number; ms: number }> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  await pause(ms);
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMicroseconds: user + system, ms: performance.now() - begun };
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
