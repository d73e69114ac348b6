import type { Layout, Station } from './layout.ts';

/** Operations that have arrived before their stations, by station in order of arrival, and the places they take. */
export class Queues {
  readonly stations: readonly Station[];
  private readonly head: Int32Array;
  private readonly tail: Int32Array;
  private readonly behind: Int32Array;
  /** Places taken, by what waits or is on its way. */
  private readonly taken: Int32Array;

  constructor({ stations, jobs }: Layout) {
    this.stations = stations;
    this.head = new Int32Array(stations.length).fill(-1);
    this.tail = new Int32Array(stations.length).fill(-1);
    this.taken = new Int32Array(stations.length);
    this.behind = new Int32Array(jobs.length);
  }

  clear(): void {
    this.head.fill(-1);
    this.taken.fill(0);
  }

  /** The operation that arrived first before a station, −1 for none. */
  first(station: number): number {
    return this.head[station]!;
  }

  push(station: number, job: number): void {
    this.behind[job] = -1;
    if (this.head[station]! < 0) this.head[station] = job;
    else this.behind[this.tail[station]!] = job;
    this.tail[station] = job;
  }

  /** Takes the first operation before a station out. */
  shift(station: number): void {
    this.head[station] = this.behind[this.head[station]!]!;
  }

  /** Whether there is a place before a station of which so many machines have nothing in hand. */
  hasPlace(station: number, freeMachines: number): boolean {
    return this.taken[station]! < this.stations[station]!.places + freeMachines;
  }

  takePlace(station: number): void {
    this.taken[station]!++;
  }

  givePlace(station: number): void {
    this.taken[station]!--;
  }
}
