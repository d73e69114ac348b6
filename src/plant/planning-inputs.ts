import type { PlantState } from './plant-model.ts';

/**
 * What an approval depends on: everything that, once changed, makes a shown plan another decision. Ordinary progress
 * is left out (parts made, operations and orders that end, lots that arrive as expected), else no approval would
 * outlive a minute.
 * @param state the plant now; work requests that were completed and lots that arrived after `asOf` still in it
 * @param asOf when the plan was made, milliseconds since 1970 UTC
 */
export function planningInputs(state: PlantState, livePlanId: string | undefined, asOf = state.at) {
  const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return {
    livePlanId: livePlanId ?? null,
    workRequests: state.workRequests
      .map(({ workRequestId, materialId, quantity, dueAt, priority, requestState }) => ({
        workRequestId,
        materialId,
        quantity,
        dueAt,
        priority,
        withdrawn: requestState === 'Cancelled' || requestState === 'Aborted' || requestState === 'Held',
      }))
      .sort(byText),
    arrivals: state.lots
      .filter((lot) => lot.availableAt > asOf)
      .map(({ lotId, materialId, availableAt }) => ({ lotId, materialId, availableAt }))
      .sort(byText),
    unavailable: state.unavailable.map(({ equipmentId, reason, end }) => ({ equipmentId, reason, end })).sort(byText),
    absences: state.absences.map(({ personId, start, end }) => ({ personId, start, end })).sort(byText),
  };
}
