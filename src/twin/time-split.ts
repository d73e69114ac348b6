import type { TimeSplit } from '../plant/index.ts';
import { conditions, type Machine } from './machine.ts';
import type { SimulationResult } from './types.ts';

/** Gathers over replications what machines do with their time. */
export class TimeSplitReader {
  private readonly ids: readonly string[];
  /** Sums of shares by machine and condition. */
  private readonly shares: Float64Array[];
  private readonly activeMs: Float64Array;
  private readonly periods: Float64Array;
  private replications = 0;

  constructor(machineIds: readonly string[]) {
    this.ids = machineIds;
    this.shares = machineIds.map(() => new Float64Array(6));
    this.activeMs = new Float64Array(machineIds.length);
    this.periods = new Float64Array(machineIds.length);
  }

  /** Takes a replication in that has been closed at its end. */
  read(machines: readonly Machine[]): void {
    this.replications++;
    for (const { index, time, activePeriods } of machines) {
      const shares = this.shares[index]!;
      const { busy, setup, down, starved } = conditions;
      let all = 0;
      for (let c = 0; c < 6; c++) all += time[c]!;
      if (all > 0) for (let c = 0; c < 6; c++) shares[c]! += time[c]! / all;
      else shares[starved]!++;
      this.activeMs[index]! += time[busy]! + time[setup]! + time[down]!;
      this.periods[index]! += activePeriods;
    }
  }

  /** What the replications showed so far. */
  summary(): Pick<SimulationResult, 'utilisation' | 'bottleneck' | 'activePeriodSeconds'> {
    const periods = this.ids.map((_, m) => this.activeMs[m]! / 1000 / Math.max(1, this.periods[m]!));
    const longest = periods.indexOf(Math.max(...periods));
    return {
      utilisation: Object.fromEntries(this.ids.map((id, m) => [id, this.splitOf(this.shares[m]!)])),
      bottleneck: longest >= 0 && periods[longest]! > 0 ? this.ids[longest]! : null,
      activePeriodSeconds: Object.fromEntries(this.ids.map((id, m) => [id, periods[m]!])),
    };
  }

  private splitOf(shares: Float64Array): TimeSplit {
    const mean = (condition: number) => shares[condition]! / Math.max(1, this.replications);
    return {
      busy: mean(conditions.busy),
      setup: mean(conditions.setup),
      blocked: mean(conditions.blocked),
      starved: mean(conditions.starved),
      down: mean(conditions.down),
      waitingForOperator: mean(conditions.operator),
    };
  }
}
