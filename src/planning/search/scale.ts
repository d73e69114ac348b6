import { objectives } from '../decoder.ts';

/** Number of objectives. */
export const dimensions = objectives.length;

/** Objectives in which some first plans are worse than anybody would accept: their median is the worst that counts. */
const unbounded = ['tardiness', 'makespan'];

/**
 * Puts objectives on a common scale: 0 is the best seen of each, 1 the worst that counts. The best moves as the
 * search goes on.
 */
export class Scale {
  readonly best = new Float64Array(dimensions);
  private readonly worst = new Float64Array(dimensions);

  /**
   * @param first objectives of the first plans, doing nothing first; what doing nothing costs always counts
   */
  constructor(first: readonly Float64Array[]) {
    objectives.forEach((objective, k) => {
      const values = first.map((plan) => plan[k]!).sort((a, b) => a - b);
      const median = values[values.length >> 1]!;
      this.best[k] = values[0]!;
      this.worst[k] = unbounded.includes(objective) ? Math.max(median, first[0]![k]!) : values.at(-1)!;
    });
  }

  /** Notes a plan that is better than all before in some objective; returns the largest step by share of the range. */
  improve(values: Float64Array): number {
    let step = 0;
    for (let k = 0; k < dimensions; k++) {
      const gain = this.best[k]! - values[k]!;
      if (gain <= 0) continue;
      step = Math.max(step, gain / this.range(k));
      this.best[k] = values[k]!;
    }
    return step;
  }

  /** One objective on the scale; above 1 where it is worse than the worst of the first plans. */
  position(k: number, value: number): number {
    return (value - this.best[k]!) / this.range(k);
  }

  /** Never less than a tenth of the worst, so that an objective that hardly varies hardly counts. */
  private range(k: number): number {
    return Math.max(this.worst[k]! - this.best[k]!, Math.abs(this.worst[k]!) * 0.1, 1e-9);
  }
}
