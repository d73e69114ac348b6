import { countPValue, holm, meanPValue } from '../statistics/index.ts';
import type { DowntimeReason } from '../plant/index.ts';
import type { Observations } from './observations.ts';
import { changeoverFactor, runFactor } from './parameters.ts';
import type { TwinParameters } from './types.ts';

/** Where the plant no longer does what the twin predicts. */
export interface Drift {
  measure: 'run-time' | 'changeover-time' | 'stops' | 'repair-time';
  equipmentId: string;
  reason?: DowntimeReason;
  /**
   * Predicted and actual: number of stops; geometric mean seconds of a repair; geometric mean factor to the standard of
   * run times and changeovers.
   */
  predicted: number;
  actual: number;
  count: number;
  pValue: number;
}

/** Twin against plant over a stretch of time. */
export interface DriftReport {
  drifts: Drift[];
  /** Comparisons made, and the chance that a look at a plant as predicted shows any drift at all. */
  tests: number;
  falseAlarmRate: number;
  /** Run time / (run time + unplanned stops) by machine, 0…1. */
  availability: Record<string, { predicted: number; actual: number }>;
}

/** Chance of any false alarm per look. */
const falseAlarmRate = 0.01;
/** Fewer jobs, changeovers or repairs than this are not compared. */
const least = 5;

/**
 * Compares what happened in a window with what the twin predicts: number of stops by the exact Poisson test, which for
 * stops by wear (they come more evenly) rather keeps silent; repairs,
 * run times of completed jobs and changeovers by Student's test of mean logarithms. All tests of one look together
 * raise a false alarm with a probability of at most 1 % (Holm).
 */
export function findDrift(observations: Observations, parameters: TwinParameters): DriftReport {
  const compared = [
    ...compareStops(observations, parameters),
    ...compareWork('run-time', observations.runs, parameters.runVariation, ({ equipmentId, materialId }) =>
      runFactor(parameters, equipmentId, materialId),
    ),
    ...compareWork(
      'changeover-time',
      observations.changeovers,
      parameters.setupVariation,
      (changeover) =>
        changeoverFactor(parameters, changeover) * (parameters.setupFactors?.[changeover.equipmentId] ?? 1),
    ),
  ];
  const rejected = holm(
    compared.map(({ pValue }) => pValue),
    falseAlarmRate,
  );
  return {
    drifts: compared.filter((_, i) => rejected[i]).sort((a, b) => a.pValue - b.pValue),
    tests: compared.length,
    falseAlarmRate,
    availability: availabilityOf(observations, parameters),
  };
}

function compareStops({ stops, runSeconds }: Observations, parameters: TwinParameters): Drift[] {
  return Object.entries(parameters.stops).flatMap(([equipmentId, laws]) => {
    const run = runSeconds[equipmentId] ?? 0;
    if (run === 0) return [];
    return laws.flatMap((law): Drift[] => {
      const { reason } = law;
      const repairs = stops.find((own) => own.equipmentId === equipmentId && own.reason === reason)?.repair ?? [];
      const predicted = run / law.meanRunSecondsBetween;
      const counted: Drift = {
        measure: 'stops',
        equipmentId,
        reason,
        predicted,
        actual: repairs.length,
        count: repairs.length,
        pValue: countPValue(repairs.length, predicted),
      };
      const logs = repairs.filter(({ ended }) => ended).map(({ time }) => Math.log(time));
      if (logs.length < least) return [counted];
      const repaired: Drift = {
        measure: 'repair-time',
        equipmentId,
        reason,
        predicted: law.medianSeconds,
        actual: Math.exp(average(logs)),
        count: logs.length,
        pValue: meanPValue(logs, Math.log(law.medianSeconds)),
      };
      return [counted, repaired];
    });
  });
}

/** Ratios against the twin's factor, by machine. A factor with mean 1 has a mean logarithm of −σ²/2. */
function compareWork<T extends { equipmentId: string; ratio: number }>(
  measure: 'run-time' | 'changeover-time',
  work: readonly T[],
  variation: number,
  factorOf: (item: T) => number,
): Drift[] {
  const shift = -Math.log(1 + variation * variation) / 2;
  return [...Map.groupBy(work, (item) => item.equipmentId)].flatMap(([equipmentId, list]) => {
    if (list.length < least) return [];
    const logs = list.map((item) => Math.log(item.ratio / factorOf(item)));
    const predicted = Math.exp(average(list.map((item) => Math.log(factorOf(item)))) + shift);
    const actual = Math.exp(average(list.map((item) => Math.log(item.ratio))));
    return [{ measure, equipmentId, predicted, actual, count: list.length, pValue: meanPValue(logs, shift) }];
  });
}

function availabilityOf({ stops, runSeconds }: Observations, parameters: TwinParameters): DriftReport['availability'] {
  return Object.fromEntries(
    Object.entries(runSeconds).flatMap(([equipmentId, run]) => {
      if (run === 0) return [];
      const own = stops.filter((stop) => stop.equipmentId === equipmentId);
      const down = own.reduce((sum, { repair }) => sum + repair.reduce((total, { time }) => total + time, 0), 0);
      const perSecond = (parameters.stops[equipmentId] ?? []).reduce(
        (sum, law) => sum + (law.medianSeconds * Math.exp(law.sigma ** 2 / 2)) / law.meanRunSecondsBetween,
        0,
      );
      return [[equipmentId, { predicted: 1 / (1 + perSecond), actual: run / (run + down) }]];
    }),
  );
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
