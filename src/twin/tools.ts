import type { Tool } from '../plant/index.ts';
import type { Job } from './layout.ts';

/** The tools of a plant that can run short in a layout. */
export interface ToolNeeds {
  copies: Int32Array;
  /** Tools that each operation holds from setup to end, once for each copy; undefined: none. */
  of: (Int32Array | undefined)[];
}

/** Reads which tools operations need, those of a load once; undefined where there are enough copies for all of them at once. */
export function toolNeeds(tools: readonly Tool[], jobs: readonly Job[]): ToolNeeds | undefined {
  const users = new Map<string, number>();
  const toolsOf = (job: Job) =>
    new Set(job.load[0] === job ? job.load.flatMap(({ segment }) => segment.toolIds ?? []) : []);
  for (const job of jobs) for (const toolId of toolsOf(job)) users.set(toolId, (users.get(toolId) ?? 0) + 1);
  const short = tools.filter(({ toolId, copies }) => copies < (users.get(toolId) ?? 0));
  if (short.length === 0) return undefined;
  const indices = new Map(short.map(({ toolId }, index) => [toolId, index]));
  return {
    copies: Int32Array.from(short, (tool) => tool.copies),
    of: jobs.map((job) => {
      const own = [...toolsOf(job)].flatMap((toolId) => indices.get(toolId) ?? []);
      return own.length > 0 ? Int32Array.from(own) : undefined;
    }),
  };
}

/** Which tools are free at the simulation's present instant. */
export class ToolRack<Waiting> {
  private waiting: Waiting[] = [];
  private readonly needs: ToolNeeds;
  private readonly free: Int32Array;
  private readonly holds: Uint8Array;

  constructor(needs: ToolNeeds) {
    this.needs = needs;
    this.free = needs.copies.slice();
    this.holds = new Uint8Array(needs.of.length);
  }

  /** Back to an instant at which nobody holds or waits for anything. */
  reset(): void {
    this.free.set(this.needs.copies);
    this.holds.fill(0);
    this.waiting = [];
  }

  /** Whether an operation holds its tools or finds a copy of each. */
  canTake(job: number): boolean {
    const own = this.needs.of[job];
    if (own === undefined || this.holds[job] === 1) return true;
    for (let i = 0; i < own.length; i++) if (this.free[own[i]!]! <= 0) return false;
    return true;
  }

  /** An operation takes its tools, unless it holds them; what runs at the beginning has them whatever the copies. */
  take(job: number): void {
    if (this.holds[job] === 0) this.change(job, -1);
  }

  /** Notes who waits for a tool. */
  wait(who: Waiting): void {
    if (!this.waiting.includes(who)) this.waiting.push(who);
  }

  /** Lays down what an operation holds. Returns who may find it now, and forgets them. */
  layDown(job: number): Waiting[] {
    if (this.holds[job] === 0) return [];
    this.change(job, 1);
    const { waiting } = this;
    this.waiting = [];
    return waiting;
  }

  private change(job: number, by: number): void {
    const own = this.needs.of[job];
    if (own === undefined) return;
    this.holds[job] = by < 0 ? 1 : 0;
    for (let i = 0; i < own.length; i++) this.free[own[i]!]! += by;
  }
}
