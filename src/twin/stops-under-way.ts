import type { PlantState } from '../plant/index.ts';
import { quantile, survival } from '../statistics/index.ts';
import { keyOf, type Draws } from './draws.ts';
import type { StopLaw, TwinParameters } from './types.ts';

/** A stop that lasts when a simulation begins, whose end is open. Instants in milliseconds since 1970 UTC. */
export interface StopUnderWay {
  equipmentId: string;
  law: StopLaw;
  start: number;
  /** When it is expected to end. */
  end: number;
}

/**
 * The stops of a state that have begun and have a law on their machine; maintenance that is planned ends as planned.
 * @returns them, and the state without them
 */
export function stopsUnderWay(
  state: PlantState,
  { stops }: Pick<TwinParameters, 'stops'>,
): { underWay: StopUnderWay[]; others: PlantState['unavailable'] } {
  const underWay: StopUnderWay[] = [];
  const others = state.unavailable.filter(({ equipmentId, reason, start, end }) => {
    const law = stops[equipmentId]?.find((own) => own.reason === reason);
    const open = law !== undefined && start <= state.at && end > state.at && end < Infinity;
    if (open) underWay.push({ equipmentId, law, start, end });
    return !open;
  });
  return { underWay, others };
}

/**
 * When a stop under way ends in one replication: its repair takes the lognormal time of its law's spread whose median is
 * what is expected, given that it has taken as long as it has.
 */
export function endOf({ equipmentId, law, start, end }: StopUnderWay, at: number, draws: Draws): number {
  const { reason, sigma } = law;
  if (!(sigma > 0)) return end;
  const repair = { family: 'lognormal' as const, shape: sigma, scale: end - start };
  const longer = survival(repair, at - start) * draws.uniform(keyOf(`under way/${equipmentId}/${reason}`), 0);
  return Math.max(at + 1, start + Math.round(quantile(repair, 1 - longer)));
}
