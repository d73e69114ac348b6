import type { Job } from './layout.ts';
import { ended, started, waiting } from './status.ts';

/** How far operations are, see `WorkTable`. */
interface Progress {
  lead: Int32Array;
  status: Uint8Array;
  /** Parts still to make when it was laid out. */
  parts: Float64Array;
  runTotal: Float64Array;
}

/** What is left of the operation that a machine does, see `Machine`. */
interface Left {
  setupLeft: number;
  runLeft: number;
}

/**
 * Parts that go on before their operation ends (overlapping), by edge of the work table: each transfer leaves when its
 * last part is made. An operation may begin once the first transfer that it has not used up is there, and waits where
 * it has used up what is there.
 */
export class Transfers {
  /** Operation, successor and parts in each transfer; 0 parts: all goes on at once. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly size: Float64Array;
  /** Parts passed on, and parts there. */
  readonly sent: Float64Array;
  readonly arrived: Float64Array;
  /** Edges from and to the operations of each load, by leader, where parts go on in transfers. */
  private readonly out: number[][];
  private readonly into: number[][];
  private readonly quantity: Float64Array;

  constructor(jobs: readonly Job[], sizes: readonly number[]) {
    const edges = jobs.flatMap((job) =>
      job.successors.map((successor) => ({ from: job.index, to: successor.job.index })),
    );
    this.from = Int32Array.from(edges.map((edge) => edge.from));
    this.to = Int32Array.from(edges.map((edge) => edge.to));
    this.size = Float64Array.from(sizes);
    this.sent = new Float64Array(sizes.length);
    this.arrived = new Float64Array(sizes.length);
    this.quantity = Float64Array.from(jobs.map((job) => job.jobOrder.quantity));
    const edgesBy = (end: Int32Array) => {
      const lists = jobs.map((): number[] => []);
      sizes.forEach((size, edge) => {
        if (size > 0) lists[jobs[end[edge]!]!.load[0]!.index]!.push(edge);
      });
      return lists;
    };
    this.out = edgesBy(this.from);
    this.into = edgesBy(this.to);
  }

  /** Nothing has been passed on. */
  reset(): void {
    this.sent.fill(0);
    this.arrived.fill(0);
  }

  /** Edges on which parts of a load go on before all of them are made. */
  edgesFrom(lead: number): readonly number[] {
    return this.out[lead]!;
  }

  /**
   * Passes on, on one of a load's edges, all that is made.
   * @param left undefined where no machine does it
   * @returns how many parts have left on it by then, 0 where no further ones do
   */
  passOn(work: Progress, lead: number, left: Left | undefined, edge: number): number {
    const before = this.sent[edge]!;
    const total = this.quantity[this.from[edge]!]!;
    while (this.sent[edge]! < total) {
      const next = Math.min(this.sent[edge]! + this.size[edge]!, total);
      if (!this.isMade(work, lead, left, this.from[edge]!, next)) break;
      this.sent[edge] = next;
    }
    return this.sent[edge]! > before ? this.sent[edge]! : 0;
  }

  /** Whether an arrival lets the operation behind an edge begin: it is the first one with parts that it still needs. */
  arrive(work: Progress, edge: number, parts: number): boolean {
    const job = this.to[edge]!;
    const made = this.quantity[job]! - work.parts[job]!;
    const first = this.arrived[edge]! <= made && parts > made && work.status[work.lead[job]!] === waiting;
    this.arrived[edge] = parts;
    return first;
  }

  /** Run time until a load has the next transfer ready or has used up what is there; Infinity: neither. */
  runUntilNext(work: Progress, lead: number, { runLeft }: Left): number {
    let next = Infinity;
    for (const edge of this.out[lead]!) {
      const job = this.from[edge]!;
      const total = this.quantity[job]!;
      if (this.sent[edge]! >= total) continue;
      const left = this.leftWhenMade(work, lead, job, Math.min(this.sent[edge]! + this.size[edge]!, total));
      next = Math.min(next, Math.max(0, runLeft - left));
    }
    return Math.min(next, this.runWithParts(work, lead, runLeft));
  }

  /** Whether a load has used up the parts that are there, although more are to come. */
  isOut(work: Progress, lead: number, { setupLeft, runLeft }: Left): boolean {
    if (this.into[lead]!.length === 0 || work.status[lead] !== started || setupLeft > 0) return false;
    return this.runWithParts(work, lead, runLeft) <= 0;
  }

  /** Run time until a load has used up the parts that are there. */
  private runWithParts(work: Progress, lead: number, runLeft: number): number {
    let run = Infinity;
    for (const edge of this.into[lead]!) {
      const job = this.to[edge]!;
      const there = this.arrived[edge]!;
      if (there >= this.quantity[this.from[edge]!]! || there >= this.quantity[job]!) continue;
      run = Math.min(run, Math.max(0, runLeft - this.leftWhenUsed(work, lead, job, there)));
    }
    return run;
  }

  private isMade(work: Progress, lead: number, left: Left | undefined, job: number, parts: number): boolean {
    if (parts <= this.quantity[job]! - work.parts[job]! || work.status[lead] === ended) return true;
    if (work.status[lead] !== started || !left || left.setupLeft > 0) return false;
    return left.runLeft <= this.leftWhenMade(work, lead, job, parts);
  }

  /** Run time that is left of a load once so many parts of an operation's order are made; planning rounds likewise. */
  private leftWhenMade({ runTotal, parts }: Progress, lead: number, job: number, made: number): number {
    return Math.round((runTotal[lead]! * (this.quantity[job]! - made)) / parts[job]!);
  }

  private leftWhenUsed({ runTotal, parts }: Progress, lead: number, job: number, used: number): number {
    const ahead = used - (this.quantity[job]! - parts[job]!);
    return ahead <= 0 ? runTotal[lead]! : runTotal[lead]! - Math.round((runTotal[lead]! * ahead) / parts[job]!);
  }
}
