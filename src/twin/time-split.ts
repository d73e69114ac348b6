import type { TimeSplit } from '../plant/index.ts';
import { conditions, type Machine } from './machine.ts';
import type { SimulationResult } from './types.ts';

/** Whole milliseconds of one machine over replications, so that sums of parts are exact, and active periods begun. */
export type MachineTimes = Record<keyof TimeSplit | 'activePeriods', number>;

/** Gathers over replications what machines do with their time. */
export class TimeSplitReader {
  /** By machine. */
  readonly times: Record<string, MachineTimes>;

  /** The same by index of the machine. */
  private readonly sums: MachineTimes[];

  constructor(machineIds: readonly string[]) {
    this.sums = machineIds.map(noTime);
    this.times = Object.fromEntries(machineIds.map((id, index) => [id, this.sums[index]!]));
  }

  /** Takes a replication in that has been closed at its end. */
  read(machines: readonly Machine[]): void {
    for (const { index, time, activePeriods } of machines) {
      const sum = this.sums[index]!;
      sum.busy += time[conditions.busy]!;
      sum.setup += time[conditions.setup]!;
      sum.blocked += time[conditions.blocked]!;
      sum.starved += time[conditions.starved]!;
      sum.down += time[conditions.down]!;
      sum.waitingForOperator += time[conditions.operator]!;
      sum.activePeriods += activePeriods;
    }
  }
}

/** Times of machines over two lots of replications. */
export function addTimes(
  a: Record<string, MachineTimes>,
  b: Record<string, MachineTimes>,
): Record<string, MachineTimes> {
  const sums = Object.keys(a).map((id) => {
    const names = Object.keys(noTime()) as (keyof MachineTimes)[];
    return [id, Object.fromEntries(names.map((name) => [name, a[id]![name] + (b[id]?.[name] ?? 0)]))];
  });
  return Object.fromEntries(sums) as Record<string, MachineTimes>;
}

/** What times of machines come to: shares, and the bottleneck. */
export function splitTimes(
  times: Record<string, MachineTimes>,
): Pick<SimulationResult, 'utilisation' | 'bottleneck' | 'activePeriodSeconds'> {
  const periods = Object.entries(times).map(([id, { busy, setup, down, activePeriods }]): [string, number] => [
    id,
    (busy + setup + down) / 1000 / Math.max(1, activePeriods),
  ]);
  const [longest] = periods.toSorted(([, a], [, b]) => b - a);
  return {
    utilisation: Object.fromEntries(Object.entries(times).map(([id, own]) => [id, sharesOf(own)])),
    bottleneck: longest && longest[1] > 0 ? longest[0] : null,
    activePeriodSeconds: Object.fromEntries(periods),
  };
}

function sharesOf({ busy, setup, blocked, starved, down, waitingForOperator }: MachineTimes): TimeSplit {
  const all = busy + setup + blocked + starved + down + waitingForOperator;
  const share = (time: number) => (all > 0 ? time / all : 0);
  return {
    busy: share(busy),
    setup: share(setup),
    blocked: share(blocked),
    starved: all > 0 ? share(starved) : 1,
    down: share(down),
    waitingForOperator: share(waitingForOperator),
  };
}

function noTime(): MachineTimes {
  return { busy: 0, setup: 0, blocked: 0, starved: 0, down: 0, waitingForOperator: 0, activePeriods: 0 };
}
