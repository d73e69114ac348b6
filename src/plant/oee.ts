import type { Interval } from '../kernel/index.ts';
import type { ShiftInstance } from './calendar.ts';
import { isPlannedStop } from './maintenance.ts';
import { machineOpenTime, type OvertimeStretch } from './open-time.ts';
import type { PlantState } from './plant-model.ts';

/**
 * Times of one line or plant in a stretch of time, in one unit. The names in brackets are ISO 22400-2's of what each
 * comes closest to; no conformity with that standard is claimed.
 */
export interface ProductionTimes {
  /** Shifts and overtime of all its machines without planned maintenance (planned busy time). */
  plannedBusy: number;
  /** Running, without setups (actual production time). */
  production: number;
  /** Parts made × the routing's time of a part on that machine (produced quantity × planned run time per item). */
  standard: number;
  /** The same of the parts that are good without rework (good quantity × planned run time per item). */
  goodStandard: number;
}

/** Overall equipment effectiveness, and the three shares whose product it is. */
export interface Oee {
  availability: number;
  performance: number;
  quality: number;
  oee: number;
}

/**
 * Availability production / plannedBusy, performance standard / production, quality goodStandard / standard; their
 * product is goodStandard / plannedBusy. All are 0 where nothing is planned to be busy.
 */
export function oeeOf({ plannedBusy, production, standard, goodStandard }: ProductionTimes): Oee {
  const share = (part: number, of: number) => (of > 0 ? part / of : 0);
  return {
    availability: share(production, plannedBusy),
    performance: share(standard, production),
    quality: share(goodStandard, standard),
    oee: share(goodStandard, plannedBusy),
  };
}

/** Times of several lines together. */
export function sumOfTimes(list: Iterable<ProductionTimes>): ProductionTimes {
  const sum: ProductionTimes = { plannedBusy: 0, production: 0, standard: 0, goodStandard: 0 };
  for (const times of list) {
    sum.plannedBusy += times.plannedBusy;
    sum.production += times.production;
    sum.standard += times.standard;
    sum.goodStandard += times.goodStandard;
  }
  return sum;
}

/** When a machine is planned to be busy: as `machineOpenTime`, but only planned maintenance closes it. */
export function plannedBusyTime(
  state: PlantState,
  shifts: readonly ShiftInstance[],
  overtime: readonly OvertimeStretch[],
  equipmentId: string,
): Interval[] {
  return machineOpenTime(
    { ...state, unavailable: state.unavailable.filter(isPlannedStop) },
    shifts,
    overtime,
    equipmentId,
  );
}
