import { ResourceProfiles } from './constraints/shared-resources.ts';
import type { Problem } from './problem.ts';

/** How far a plan under construction has come: machines, people, tools and materials after the operations placed so far. */
export class BuildingState {
  readonly resources: ResourceProfiles;
  readonly machineReady: Float64Array;
  readonly machineFamily: Int32Array;
  /** Last operation on each machine, −1 for none. */
  readonly lastOn: Int32Array;
  readonly busy: Float64Array;
  /** By material. */
  readonly claimed: Float64Array;
  changeovers: number;
  setupMs: number;

  /** The state before the first free operation. */
  constructor(problem: Problem) {
    this.resources = new ResourceProfiles(problem.pools);
    this.machineReady = problem.machineReady.slice();
    this.machineFamily = problem.machineFamily.slice();
    this.lastOn = problem.fixedLast.slice();
    this.busy = problem.fixedBusy.slice();
    this.claimed = problem.fixedClaims.slice();
    this.changeovers = problem.fixedChangeovers;
    this.setupMs = problem.fixedSetupMs;
  }

  /** Takes over another state of the same problem. */
  copyFrom(other: BuildingState): void {
    this.resources.copyFrom(other.resources);
    this.copyAllButResources(other);
  }

  /** As `copyFrom`, where people and tools are given back one by one. */
  copyAllButResources(other: BuildingState): void {
    this.machineReady.set(other.machineReady);
    this.machineFamily.set(other.machineFamily);
    this.lastOn.set(other.lastOn);
    this.busy.set(other.busy);
    this.claimed.set(other.claimed);
    this.changeovers = other.changeovers;
    this.setupMs = other.setupMs;
  }
}
