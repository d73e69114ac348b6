import { setupSeconds, type SetupMatrix } from '../plant/index.ts';
import type { Calendar } from './calendar.ts';
import type { Job, Layout } from './layout.ts';
import { waiting } from './status.ts';
import { Transfers } from './transfers.ts';
import type { TwinParameters } from './types.ts';
import { keyOf, type Draws } from './draws.ts';
import { factorOf, prepareLaw } from './variation.ts';

/** What may make an operation's earliest start another one in each replication. */
interface Chances {
  /** Requests that are still to be released, in order of release; the jobs of the i-th are at `firstJob[i]` to `firstJob[i + 1]`. */
  requests: { keys: Int32Array; gaps: Float64Array; firstJob: Int32Array; jobs: Int32Array };
  /** Lots that are still on their way. */
  lots: { key: number; availableAt: number; jobs: number[] }[];
}

/**
 * The operations of one layout in columns, by index: what is fixed, and how far each is in the present replication.
 * Times are milliseconds, instants since 1970 UTC.
 */
export class WorkTable {
  readonly layout: Layout;
  readonly jobs: readonly Job[];
  readonly station: Int32Array;
  readonly plannedStart: Float64Array;
  readonly qualification: Int32Array;
  readonly mayPause: Uint8Array;
  readonly calendars: (readonly Calendar[])[];
  readonly family: string[];
  readonly parts: Float64Array;
  readonly wasRunning: Uint8Array;
  /** Whether it begins and ends in the simplest way: alone, not running at the beginning, and never sent back. */
  readonly plain: Uint8Array;
  /** Who leads the load that an operation is in, itself where it shares none; and by leader what is in its load. */
  readonly lead: Int32Array;
  readonly load: (Int32Array | undefined)[];
  /** Run time of its loads on a batch machine; 0: part by part. */
  readonly loadMs: Float64Array;
  /** Whether a breakdown makes it begin anew, and whether it is to do so when its machine works again. */
  readonly restarts: Uint8Array;
  readonly anew: Uint8Array;
  /** Parts that breakdowns have made scrap. */
  readonly lost: Float64Array;
  /** Whether it takes a place before its station: it comes from another operation. */
  readonly takesPlace: Uint8Array;
  /** Keys of the operations' random numbers. */
  readonly key: Int32Array;
  /** Successors of operation i are at `firstEdge[i]` to `firstEdge[i + 1]`. */
  readonly firstEdge: Int32Array;
  readonly successor: Int32Array;
  readonly delay: Float64Array;
  readonly byMaterial: Uint8Array;
  /** Undefined where all parts go on at once. */
  readonly transfers: Transfers | undefined;
  /** Probability that the order goes back after an operation, to which one, and what is done again with it. */
  readonly loopShare: Float64Array;
  readonly loops: ({ to: number; path: Int32Array; delay: number } | undefined)[];

  readonly status: Uint8Array;
  /** Edges by which the successor knows that this one has ended, or by which it knows nothing of that. */
  readonly delivered: Uint8Array;
  /** Predecessors that have not ended. */
  readonly waitsFor: Int32Array;
  /** Earliest start by all that has happened so far. */
  readonly ready: Float64Array;
  readonly startedAt: Float64Array;
  readonly endedAt: Float64Array;
  readonly setupTotal: Float64Array;
  /** Run time as it was drawn. */
  readonly runTotal: Float64Array;
  readonly partsTotal: Float64Array;
  readonly changeovers: Int32Array;
  readonly visits: Int32Array;

  /** Run time of a part where all machines of the station are equally fast, else 0. */
  private readonly partMs: Float64Array;
  private readonly waitsForAtFirst: Int32Array;
  private readonly readyAtFirst: Float64Array;
  private readonly chances: Chances;
  /** Operations that a breakdown makes begin anew. */
  private readonly restarting: number[];
  /** The setup that was looked up last for each operation: from which family, by which matrix, how long. */
  private readonly setupFrom: (string | undefined)[];
  private readonly setupBy: (SetupMatrix | undefined)[];
  private readonly setupMs: Float64Array;

  /** @param at instant of the plant's state */
  constructor(layout: Layout, parameters: TwinParameters, at: number, startEarly: boolean) {
    const { jobs } = layout;
    const count = jobs.length;
    this.layout = layout;
    this.jobs = jobs;
    this.station = Int32Array.from(jobs.map((job) => job.station));
    this.plannedStart = Float64Array.from(jobs.map((job) => job.plannedStart));
    this.qualification = Int32Array.from(jobs.map((job) => job.qualification));
    this.mayPause = Uint8Array.from(jobs.map(({ load }) => Number(load.every((job) => job.mayPause))));
    this.calendars = jobs.map((job) => job.calendars);
    this.family = jobs.map((job) => job.family);
    this.parts = Float64Array.from(jobs.map((job) => job.parts));
    this.wasRunning = Uint8Array.from(jobs.map((job) => Number(job.wasRunning)));
    this.takesPlace = Uint8Array.from(jobs.map((job) => Number(job.predecessors.length > 0)));
    this.partMs = Float64Array.from(jobs.map((job) => (job.speeds ? 0 : job.millisecondsPerPart)));
    this.key = Int32Array.from(jobs.map((job) => keyOf(job.jobOrder.jobOrderId)));
    this.lead = Int32Array.from(jobs.map((job) => job.load[0]!.index));
    this.load = jobs.map(({ load, index }) =>
      load.length > 1 && load[0]!.index === index ? Int32Array.from(load, (member) => member.index) : undefined,
    );
    this.loadMs = Float64Array.from(jobs.map((job) => job.loadMs));
    this.restarts = Uint8Array.from(jobs.map(({ load }) => Number(load.some((one) => one.interruption !== 'resume'))));
    this.restarting = jobs.flatMap((_, i) => (this.restarts[i] === 1 ? [i] : []));
    this.anew = new Uint8Array(count);
    this.lost = new Float64Array(count);
    const edges = jobs.flatMap((job) => job.successors);
    this.firstEdge = offsets(jobs.map((job) => job.successors.length));
    this.successor = Int32Array.from(edges.map((edge) => this.lead[edge.job.index]!));
    this.delay = Float64Array.from(edges.map((edge) => edge.delay));
    this.byMaterial = Uint8Array.from(edges.map((edge) => Number(edge.material)));
    this.loopShare = new Float64Array(count);
    this.loops = jobs.map(() => undefined);
    this.readLoops(parameters);
    this.plain = Uint8Array.from(
      jobs.map((job, i) => Number(!job.wasRunning && job.load.length === 1 && this.loopShare[i] === 0)),
    );
    // What may go back is passed on when it is known that it does not.
    const sizes = jobs.flatMap((job, i) =>
      job.successors.map(({ transfer }) => (this.loopShare[i]! > 0 ? 0 : transfer)),
    );
    this.transfers = sizes.some((size) => size > 0) ? new Transfers(jobs, sizes) : undefined;

    this.status = new Uint8Array(count);
    this.delivered = new Uint8Array(edges.length);
    this.waitsFor = new Int32Array(count);
    this.ready = new Float64Array(count);
    this.startedAt = new Float64Array(count);
    this.endedAt = new Float64Array(count);
    this.setupTotal = new Float64Array(count);
    this.runTotal = new Float64Array(count);
    this.partsTotal = new Float64Array(count);
    this.changeovers = new Int32Array(count);
    this.visits = new Int32Array(count);
    this.setupFrom = new Array<string | undefined>(count).fill(undefined);
    this.setupBy = new Array<SetupMatrix | undefined>(count).fill(undefined);
    this.setupMs = new Float64Array(count);

    const waits = (job: Job) => (job.wasRunning ? 0 : job.predecessors.length + Number(job.blocked));
    this.waitsForAtFirst = Int32Array.from(jobs.map(({ load }) => load.reduce((sum, job) => sum + waits(job), 0)));
    const readyAt = (job: Job) => {
      if (job.wasRunning) return Math.max(job.materialAt, startEarly ? -Infinity : job.resumesAt);
      const drawn = parameters.releases && job.request.releasedAt > at;
      return Math.max(drawn ? at : job.release, job.materialAt, startEarly ? -Infinity : job.plannedStart);
    };
    this.readyAtFirst = Float64Array.from(jobs.map(({ load }) => Math.max(...load.map(readyAt))));
    this.chances = chancesOf(jobs, parameters, at);
  }

  /** Back to the beginning, with a replication's own releases and arrivals of lots. */
  begin(parameters: TwinParameters, draws: Draws, at: number): void {
    this.status.fill(waiting);
    this.delivered.fill(0);
    if (this.transfers) {
      this.transfers.reset();
      for (let edge = 0; edge < this.delivered.length; edge++)
        if (this.transfers.size[edge]! > 0) this.delivered[edge] = 1;
    }
    this.waitsFor.set(this.waitsForAtFirst);
    this.ready.set(this.readyAtFirst);
    this.endedAt.fill(NaN);
    this.setupTotal.fill(0);
    this.runTotal.fill(0);
    this.changeovers.fill(0);
    this.visits.fill(0);
    this.forgetBreakdowns();
    const { ready } = this;
    const { releases, lateLots } = parameters;
    if (releases) {
      const law = prepareLaw(releases);
      let passed = 0;
      const { keys, gaps, firstJob, jobs } = this.chances.requests;
      for (let i = 0; i < keys.length; i++) {
        passed += Math.round(gaps[i]! * factorOf(law, draws, keys[i]!, 0));
        const release = at + passed;
        for (let k = firstJob[i]!; k < firstJob[i + 1]!; k++) if (release > ready[jobs[k]!]!) ready[jobs[k]!] = release;
      }
    }
    if (lateLots)
      for (const { key, availableAt, jobs } of this.chances.lots) {
        if (draws.uniform(key, 0) >= lateLots.share) continue;
        const late = lateLots.medianSeconds * Math.exp(lateLots.sigma * draws.normal(key, 1));
        const arrival = availableAt + Math.round(1000 * late);
        for (const job of jobs) if (arrival > ready[job]!) ready[job] = arrival;
      }
  }

  /**
   * Goes on with an operation under way in another layout.
   * @param lead who led its load
   */
  takeOver(before: WorkTable, from: number, lead: number, to: number): void {
    const shared = ['status', 'startedAt', 'runTotal', 'mayPause', 'loadMs', 'anew'] as const;
    for (const column of shared) this[column][to] = before[column][lead]!;
    const own = ['setupTotal', 'partsTotal', 'changeovers', 'visits', 'wasRunning', 'parts', 'lost'] as const;
    for (const column of own) this[column][to] = before[column][from]!;
    if (this.wasRunning[to] === 1) this.plain[to] = 0;
  }

  /** What a breakdown makes of an operation holds for one replication. */
  private forgetBreakdowns(): void {
    const { jobs, restarting, lost, anew, parts, mayPause, loadMs } = this;
    for (const job of restarting) {
      const { load } = jobs[job]!;
      anew[job] = 0;
      lost[job] = 0;
      parts[job] = jobs[job]!.parts;
      loadMs[job] = jobs[job]!.loadMs;
      mayPause[job] = Number(load.every((one) => one.mayPause));
    }
  }

  /** Planned milliseconds of setup from a machine's family; a plan asks for the same ones again and again. */
  setupFor(job: number, matrix: SetupMatrix, from: string | undefined): number {
    if (this.setupBy[job] !== matrix || this.setupFrom[job] !== from) {
      this.setupBy[job] = matrix;
      this.setupFrom[job] = from;
      this.setupMs[job] = Math.round(setupSeconds(matrix, from, this.family[job]!) * 1000);
    }
    return this.setupMs[job]!;
  }

  /** Milliseconds of run time that a part of an operation takes on a machine. */
  perPart(job: number, machine: number): number {
    const same = this.partMs[job]!;
    return same > 0 ? same : (this.jobs[job]!.speeds?.[machine] ?? 0);
  }

  /** Planned milliseconds of run time on a machine. */
  standardRun(job: number, machine: number): number {
    if (this.loadMs[job]! > 0) return this.loadMs[job]!;
    return Math.max(1, Math.round(this.parts[job]! * this.perPart(job, machine)));
  }

  /**
   * What an order, or a lot of it, does again when it goes back: all from the operation to which it goes to the one
   * after which it does. A lot goes back to a lot of its number only.
   */
  private readLoops({ reworkLoops }: TwinParameters): void {
    if (!reworkLoops) return;
    const { stations, transportMs } = this.layout;
    const keyOf = ({ request, jobOrder }: Job, segmentId: string) =>
      `${request.workRequestId}\n${segmentId}\n${String(jobOrder.lot ?? '')}`;
    const places = new Map(this.jobs.map((job) => [keyOf(job, job.segment.segmentId), job]));
    for (const job of this.jobs) {
      const loop = reworkLoops[job.segment.segmentId];
      const to = loop && places.get(keyOf(job, loop.backTo));
      const path = to ? pathBetween(to, job) : [];
      if (!loop || !to || path.length === 0) continue;
      const delay = transportMs(stations[job.station]!.line, stations[to.station]!.line);
      this.loopShare[job.index] = loop.share;
      this.loops[job.index] = { to: to.index, path: Int32Array.from(path, (one) => one.index), delay };
    }
  }
}

/** Where each of lists laid one behind the other begins, and the end of the last. */
function offsets(lengths: readonly number[]): Int32Array {
  const first = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => (first[i + 1] = first[i]! + length));
  return first;
}

/** All operations on a way from one operation of a request to another, both included; empty where there is no way. */
function pathBetween(from: Job, to: Job): Job[] {
  const before = new Set<Job>([to]);
  for (const job of before)
    for (const { job: earlier, material } of job.predecessors)
      if (!material && earlier.request === to.request && !earlier.wasRunning) before.add(earlier);
  const path = new Set<Job>(before.has(from) ? [from] : []);
  for (const job of path)
    for (const { job: later, material } of job.successors) if (!material && before.has(later)) path.add(later);
  return [...path];
}

function chancesOf(jobs: readonly Job[], { releases, lateLots }: TwinParameters, at: number): Chances {
  const coming = [
    ...Map.groupBy(
      jobs.filter((job) => releases && job.request.releasedAt > at && !job.wasRunning),
      (job) => job.request,
    ),
  ].sort(([a], [b]) => a.releasedAt - b.releasedAt);
  const gapsFrom = (i: number) => coming[i]![0].releasedAt - (coming[i - 1]?.[0].releasedAt ?? at);
  const chances: Chances = {
    requests: {
      keys: Int32Array.from(coming, ([request]) => keyOf(`release/${request.workRequestId}`)),
      gaps: Float64Array.from(coming, (_, i) => gapsFrom(i)),
      firstJob: offsets(coming.map(([, own]) => own.length)),
      jobs: Int32Array.from(coming.flatMap(([, own]) => own.map((job) => job.load[0]!.index))),
    },
    lots: [],
  };
  if (lateLots) {
    const takers = new Map<string, { availableAt: number; jobs: number[] }>();
    for (const job of jobs)
      for (const { source } of job.pegs) {
        if (!('lot' in source) || source.lot.availableAt <= at) continue;
        const lot = takers.get(source.lot.lotId) ?? { availableAt: source.lot.availableAt, jobs: [] };
        takers.set(source.lot.lotId, lot);
        lot.jobs.push(job.load[0]!.index);
      }
    for (const [lotId, lot] of takers) chances.lots.push({ key: keyOf(`lot/${lotId}`), ...lot });
  }
  return chances;
}
