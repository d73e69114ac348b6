import { MillwrightError } from '../kernel/index.ts';
import type {
  KpiDistribution,
  OvertimeStretch,
  PlanKpis,
  PlantModel,
  PlantState,
  WorkSchedule,
} from '../plant/index.ts';
import { openBetween } from './calendar.ts';
import { layGround, type Ground } from './ground.ts';
import { layOut } from './layout.ts';
import { PlantFloor } from './plant-floor.ts';
import { realisedKpis, stabilityOf } from './realised-kpis.ts';
import type { SimulationResult, TwinParameters } from './types.ts';
import { Draws } from './variation.ts';

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
  /** Start operations as soon as they can, not at their planned start. */
  startEarly?: boolean;
  /** Asked before each replication; once true, `MW_ABORTED` is thrown. */
  shouldStop?: () => boolean;
}

/** Simulates plans for one state of a plant; all of them meet the same random numbers (common random numbers). */
export interface Simulator {
  simulate(schedule: WorkSchedule): SimulationResult;
}

/** Prepares a plant for the simulation of many plans. */
export function openSimulator(model: PlantModel, state: PlantState, options: SimulationOptions): Simulator {
  const { parameters, seed, shouldStop, startEarly = false } = options;
  const draws = Array.from({ length: Math.max(1, options.replications) }, (_, r) => new Draws(seed, r));
  let ground: Ground | undefined;

  function groundFor(schedule: WorkSchedule): Ground {
    const lastEnd = schedule.entries.reduce((latest, entry) => Math.max(latest, entry.end), state.at);
    const needed = lastEnd + 14 * day + (lastEnd - state.at);
    if (!ground || ground.until < needed) {
      const until = Math.min(needed + 7 * day, state.at + 732 * day);
      ground = layGround(model, state, until, options.overtime);
    }
    return ground;
  }
  return {
    simulate(schedule) {
      const ground = groundFor(schedule);
      const layout = layOut(ground, state, schedule);
      const floor = new PlantFloor(ground, draws[0]!, { parameters, startEarly });
      const from = Math.max(schedule.from, state.at);
      const stability = stabilityOf(schedule, options.base, layout.jobs);
      const worked = new Float64Array(ground.machineIds.length);
      const kpis: PlanKpis[] = [];
      for (const replication of draws) {
        if (shouldStop?.()) throw new MillwrightError('MW_ABORTED', { what: 'simulation' });
        floor.begin(layout, replication, state.at, state.setupFamily);
        floor.run(Infinity);
        const result = realisedKpis(layout.jobs, floor.machines, stability, from, ground.until);
        kpis.push(result);
        const end = from + result.makespanSeconds * 1000;
        floor.machines.forEach(({ busy }, m) => {
          const open = openBetween(ground.machineCalendars[m]!, state.at, end);
          if (open > 0) worked[m]! += Math.min(1, busy / open) / draws.length;
        });
      }
      return summarise(kpis, ground.machineIds, worked);
    },
  };
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

function summarise(kpis: PlanKpis[], machineIds: readonly string[], worked: Float64Array): SimulationResult {
  const names = Object.keys(kpis[0]!) as (keyof PlanKpis)[];
  const bottleneck = worked.indexOf(Math.max(...worked));
  return {
    kpis: Object.fromEntries(names.map((name) => [name, distributionOf(kpis.map((k) => k[name]))])) as Record<
      keyof PlanKpis,
      KpiDistribution
    >,
    utilisation: Object.fromEntries(machineIds.map((id, m) => [id, worked[m]!])),
    bottleneck: bottleneck >= 0 && worked[bottleneck]! > 0 ? machineIds[bottleneck]! : null,
    replications: kpis,
  };
}

/** Mean and quantiles (Hyndman and Fan's type 7: linear between order statistics). */
function distributionOf(values: readonly number[]): KpiDistribution {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.ceil(place);
    return sorted[low]! + (sorted[high]! - sorted[low]!) * (place - low);
  };
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}
