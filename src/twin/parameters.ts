import type { DowntimeReason, PlantModel } from '../plant/index.ts';
import { meanOf, type Distribution } from '../statistics/index.ts';
import type { StopLaw, TwinParameters } from './types.ts';

/** What of a plant can be learned from its history. */
const learnedKinds = ['time-between-stops', 'repair-time', 'run-time', 'changeover-time'] as const;

/** One number or law of the twin: which one it is. */
export type LearnedSubject =
  | { kind: 'time-between-stops' | 'repair-time'; equipmentId: string; reason: DowntimeReason }
  | { kind: 'run-time'; equipmentId: string; materialId: string }
  | { kind: 'changeover-time'; equipmentClassId: string; fromFamily: string; toFamily: string };

/** A law that a person accepted: of seconds for stops and repairs, of time taken / standard time for the others. */
export interface AcceptedLaw {
  subject: LearnedSubject;
  law: Distribution;
}

/** A name for a subject that is the same everywhere. */
export function subjectKey(subject: LearnedSubject): string {
  return Object.values(subject).join('/');
}

/** Spread of repair times where nobody knows better: about a factor of two either way. */
const usualSigma = 0.7;
/** A repair of which only its frequency is known. */
const usualMedianSeconds = 1800;

/**
 * What is assumed of a plant before its history is known: run times vary by 5 %, setups by 15 %, each machine breaks
 * down once in 80 hours of run time for about 40 minutes. Rejects are not assumed.
 */
export function defaultTwinParameters(model: PlantModel): TwinParameters {
  const breakdown: StopLaw = {
    reason: 'breakdown',
    meanRunSecondsBetween: 80 * 3600,
    medianSeconds: 40 * 60,
    sigma: usualSigma,
  };
  const machines = model.equipment.filter((equipment) => equipment.level === 'WorkUnit');
  return {
    runVariation: 0.05,
    setupVariation: 0.15,
    stops: Object.fromEntries(machines.map(({ equipmentId }) => [equipmentId, [breakdown]])),
    rejects: {},
  };
}

/**
 * Parameters with what people accepted in place of the standard. A repair time counts only where something says how
 * often the machine stops for that reason.
 */
export function withAccepted(parameters: TwinParameters, accepted: readonly AcceptedLaw[]): TwinParameters {
  const stops = { ...parameters.stops };
  const runFactors = structuredClone(parameters.runFactors ?? {});
  const changeoverFactors = structuredClone(parameters.changeoverFactors ?? {});
  const order = [...accepted].sort((a, b) => rank(a) - rank(b));
  for (const { subject, law } of order)
    if (subject.kind === 'run-time') (runFactors[subject.equipmentId] ??= {})[subject.materialId] = meanOf(law);
    else if (subject.kind === 'changeover-time') {
      const { equipmentClassId, fromFamily, toFamily } = subject;
      ((changeoverFactors[equipmentClassId] ??= {})[fromFamily] ??= {})[toFamily] = meanOf(law);
    } else {
      const { equipmentId, reason } = subject;
      const own = stops[equipmentId] ?? [];
      const known = own.find((candidate) => candidate.reason === reason);
      if (!known && subject.kind === 'repair-time') continue;
      const base: StopLaw = known ?? {
        reason,
        meanRunSecondsBetween: 0,
        medianSeconds: usualMedianSeconds,
        sigma: usualSigma,
      };
      const changed =
        subject.kind === 'repair-time'
          ? { ...base, medianSeconds: law.scale, sigma: law.shape }
          : { ...base, meanRunSecondsBetween: meanOf(law), shape: law.shape };
      stops[equipmentId] = [...own.filter((candidate) => candidate !== known), changed];
    }
  return { ...parameters, stops, runFactors, changeoverFactors };
}

/** Frequencies first: repairs build on them. */
const rank = ({ subject }: AcceptedLaw) => learnedKinds.indexOf(subject.kind);

/** How many times its standard a product's run takes on a machine. */
export function runFactor({ runFactors }: TwinParameters, equipmentId: string, materialId: string): number {
  return runFactors?.[equipmentId]?.[materialId] ?? 1;
}

/** How many times its standard a change of family takes on machines of a class. */
export function changeoverFactor(
  { changeoverFactors }: TwinParameters,
  { equipmentClassId, fromFamily, toFamily }: { equipmentClassId: string; fromFamily: string; toFamily: string },
): number {
  return changeoverFactors?.[equipmentClassId]?.[fromFamily]?.[toFamily] ?? 1;
}
