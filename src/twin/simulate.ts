import { MillwrightError } from '../kernel/index.ts';
import type { BanStretch, OvertimeStretch, PlanKpis, PlantModel, PlantState, WorkSchedule } from '../plant/index.ts';
import { layGround, type Ground } from './ground.ts';
import { layOut } from './layout.ts';
import { MaximumLagReader } from './maximum-lags.ts';
import { OutputReader } from './output.ts';
import { PlantFloor } from './plant-floor.ts';
import { KpiReader, stabilityOf } from './realised-kpis.ts';
import { summaryOf, type Replications } from './replications.ts';
import { stopsUnderWay } from './stops-under-way.ts';
import { TimeSplitReader } from './time-split.ts';
import type { SimulationResult, TwinParameters, Watched } from './types.ts';
import { Draws } from './draws.ts';

const day = 86_400_000;

/** How plans are simulated. */
export interface SimulationOptions {
  /** Plan that stability is measured against; absent: every plan counts as stable. */
  base?: WorkSchedule;
  parameters: TwinParameters;
  /** At least 1. */
  replications: number;
  seed: number;
  /** Working time outside the shifts that the plans count on. */
  overtime?: readonly OvertimeStretch[];
  /** When plans use some machines for nothing new. */
  bans?: readonly BanStretch[];
  /** Start operations as soon as they can, not at their planned start. */
  startEarly?: boolean;
  /** What must not be missed; absent: nothing is watched. */
  watched?: Watched;
  /** Asked before each replication; once true, `MW_ABORTED` is thrown. */
  shouldStop?: () => boolean;
}

/** Simulates plans for one state of a plant; all of them meet the same random numbers (common random numbers). */
export interface Simulator {
  /** @param range which replications, the last excluded; absent: all */
  simulate(schedule: WorkSchedule, range?: { from: number; to: number }): SimulationResult;
  /** The same, as it can be joined with other ranges. */
  replicate(schedule: WorkSchedule, range: { from: number; to: number }): Replications;
}

/** Prepares a plant for the simulation of many plans. */
export function openSimulator(model: PlantModel, state: PlantState, options: SimulationOptions): Simulator {
  const { parameters, seed, shouldStop, startEarly = false } = options;
  const { underWay, others } = stopsUnderWay(state, parameters);
  let ground: Ground | undefined;

  function groundFor(schedule: WorkSchedule): Ground {
    const lastEnd = schedule.entries.reduce((latest, entry) => Math.max(latest, entry.end), state.at);
    const needed = lastEnd + 14 * day + (lastEnd - state.at);
    if (!ground || ground.until < needed) {
      const until = Math.min(needed + 7 * day, state.at + 732 * day);
      ground = layGround(model, { ...state, unavailable: others }, until, options);
    }
    return ground;
  }
  const simulator: Simulator = {
    simulate(schedule, range = { from: 0, to: Math.max(1, options.replications) }) {
      return summaryOf(simulator.replicate(schedule, range));
    },
    replicate(schedule, { from: first, to }) {
      const ground = groundFor(schedule);
      const layout = layOut(ground, state, schedule, parameters);
      const floor = new PlantFloor(ground, layout, new Draws(seed, first), state.at, { parameters, startEarly });
      const from = Math.max(schedule.from, state.at);
      const stability = stabilityOf(schedule, options.base, layout.jobs);
      const { watched } = options;
      const kpiReader = new KpiReader(layout.jobs, stability, { from, horizon: ground.until, watched });
      const maximumLags = new MaximumLagReader(layout.jobs);
      const output = new OutputReader(ground, layout, parameters.rejects, from);
      const timeSplit = new TimeSplitReader(ground.machineIds);
      const kpis: PlanKpis[] = [];
      for (let replication = first; replication < to; replication++) {
        if (shouldStop?.()) throw new MillwrightError('MW_ABORTED', { what: 'simulation' });
        floor.begin(new Draws(seed, replication), state.at, state.setupFamily, underWay);
        floor.run(Infinity);
        const result = {
          ...kpiReader.read(floor.work, floor.machines),
          ...output.read(floor.work, floor.machines),
        };
        kpis.push(result);
        maximumLags.read(floor.work);
        floor.close(from + result.makespanSeconds * 1000);
        timeSplit.read(floor.machines);
      }
      const { oeeByLine } = output;
      const { missed } = kpiReader;
      const missedMaximumLags = maximumLags.missed;
      return { from: first, to, kpis, machines: timeSplit.times, oeeByLine, missed, missedMaximumLags };
    },
  };
  return simulator;
}

/**
 * Replays one plan with breakdowns and varying durations. Without variation and stops the replay keeps the plan's
 * times exactly.
 * @throws `MW_ABORTED` when `shouldStop` says so
 */
export function simulatePlan(
  model: PlantModel,
  state: PlantState,
  schedule: WorkSchedule,
  options: SimulationOptions,
): SimulationResult {
  return openSimulator(model, state, options).simulate(schedule);
}
