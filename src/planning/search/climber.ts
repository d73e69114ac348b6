import type { Scalarisation } from './scalarisation.ts';
import { Walker, type Ground } from './walker.ts';

/** A climber that gains nothing over so many steps, and two more per operation, starts anew elsewhere. */
const patience = 60;
/** It starts anew after at most so many steps at random. */
const longestKick = 6;

/**
 * A local search that lasts: it goes on from turn to turn, and where it gains nothing any more it takes an archived
 * plan, stumbles a few steps away from it and climbs again (iterated local search).
 */
export class Climber {
  private readonly ground: Ground;
  private readonly aim: Scalarisation;
  private readonly limit: number;
  private walker: Walker | undefined;
  private idle = 0;

  constructor(ground: Ground, aim: Scalarisation) {
    this.ground = ground;
    this.aim = aim;
    this.limit = patience + 2 * ground.problem.jobOrderIds.length;
  }

  /** Takes the ground after others. */
  resume(): void {
    this.walker ??= new Walker(this.ground, this.aim, this.ground.archive.bestFor(this.aim));
    this.walker.resume();
  }

  /** Tries one move, or starts anew. */
  step(): void {
    this.idle = this.walker?.step(0) ? 0 : this.idle + 1;
    if (this.idle <= this.limit) return;
    const { archive, random } = this.ground;
    this.idle = 0;
    this.walker = new Walker(this.ground, this.aim, archive.parentFor(this.aim, random));
    this.walker.resume();
    for (let steps = 1 + random.int(longestKick); steps > 0; steps--) this.walker.step(Infinity);
  }
}
