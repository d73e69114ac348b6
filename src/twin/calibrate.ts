import type { DowntimeReason, EquipmentStateEvent, PlantModel } from '../plant/index.ts';
import type { StopLaw, TwinParameters } from './types.ts';

/** Reasons that stops happen by themselves; setups, shortages and maintenance come from plan and people. */
const unplanned: readonly (DowntimeReason | undefined)[] = ['breakdown', 'tool-change', 'cleaning', 'quality-hold'];

/** Spread of repair times where fewer than three are known: about a factor of two either way. */
const usualSigma = 0.7;

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
 * Laws of unplanned stops by machine and reason, fitted by maximum likelihood: time between is exponential on run
 * time (Execute) with mean run time / number of stops, duration is lognormal. A stop that still lasts counts as a stop,
 * its duration does not. Machines without a stop are absent.
 * @param histories state events of any machines, in any order
 */
export function calibrateStops(histories: readonly EquipmentStateEvent[]): Record<string, StopLaw[]> {
  const laws: Record<string, StopLaw[]> = {};
  for (const [equipmentId, events] of Map.groupBy(histories, (event) => event.equipmentId)) {
    const inOrder = [...events].sort((a, b) => a.start - b.start);
    const stops = stopsIn(inOrder);
    if (stops.length === 0) continue;
    const runSeconds = inOrder.reduce(
      (sum, { state, start, end }) => sum + (state === 'Execute' && end !== undefined ? (end - start) / 1000 : 0),
      0,
    );
    laws[equipmentId] = [...Map.groupBy(stops, (stop) => stop.reason)].map(([reason, list]) => ({
      reason,
      meanRunSecondsBetween: Math.max(1, runSeconds / list.length),
      ...lognormalFit(list.flatMap(({ seconds }) => (seconds === undefined ? [] : [seconds]))),
    }));
  }
  return laws;
}

/** Unplanned stops of one machine; states that follow each other for the same reason are one stop. */
function stopsIn(events: readonly EquipmentStateEvent[]): { reason: DowntimeReason; seconds?: number }[] {
  const stops: { reason: DowntimeReason; start: number; end: number | undefined }[] = [];
  let open: (typeof stops)[number] | undefined;
  for (const { state, reason, start, end } of events) {
    if (state === 'Execute' || reason === undefined || !unplanned.includes(reason)) {
      open = undefined;
      continue;
    }
    if (open?.reason === reason && open.end === start) open.end = end;
    else {
      open = { reason, start, end };
      stops.push(open);
    }
  }
  return stops.map(({ reason, start, end }) =>
    end === undefined ? { reason } : { reason, seconds: Math.max(1, (end - start) / 1000) },
  );
}

function lognormalFit(seconds: readonly number[]): Pick<StopLaw, 'medianSeconds' | 'sigma'> {
  if (seconds.length === 0) return { medianSeconds: 1800, sigma: usualSigma };
  const logs = seconds.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  if (logs.length < 3) return { medianSeconds: Math.exp(mean), sigma: usualSigma };
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length;
  return { medianSeconds: Math.exp(mean), sigma: Math.sqrt(variance) };
}
