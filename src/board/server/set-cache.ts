import type { Clock } from '../../kernel/index.ts';
import type { ScenarioRecord, ScenarioSet } from '../../plant/index.ts';
import type { BoardStore } from './options.ts';

/** A newer set that nobody told of is found after this long. */
const newestAgeMs = 30_000;

/** The newest set of alternatives, kept in memory: the store reads fifty plans with all their operations for it. */
export class SetCache {
  #store: BoardStore;
  #wallClock: Clock;
  #newest: { readAt: number; set: Promise<ScenarioSet | undefined> } | undefined;

  constructor(store: BoardStore, wallClock: Clock) {
    this.#store = store;
    this.#wallClock = wallClock;
  }

  /** The newest set, if there is any. */
  newest(): Promise<ScenarioSet | undefined> {
    const now = this.#wallClock.now();
    if (this.#newest && now - this.#newest.readAt < newestAgeMs) return this.#newest.set;
    const read = { readAt: now, set: this.#store.loadScenarioSet() };
    this.#newest = read;
    read.set.catch(() => {
      if (this.#newest === read) this.#newest = undefined;
    });
    return read.set;
  }

  /** One set by its request. */
  async find(requestId: string): Promise<ScenarioSet | undefined> {
    const newest = await this.newest();
    return newest?.requestId === requestId ? newest : this.#store.loadScenarioSet(requestId);
  }

  /** The alternative that a plan is, if it is one. */
  async scenario(planId: string): Promise<ScenarioRecord | undefined> {
    const newest = (await this.newest())?.scenarios.find(({ plan }) => plan.scheduleId === planId);
    if (newest) return newest;
    const found = await this.#store.findScenario(planId);
    return found?.set.scenarios[found.index];
  }

  /** There is a newer set. */
  forget(): void {
    this.#newest = undefined;
  }
}
