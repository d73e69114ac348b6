import type { PlantState } from './plant-model.ts';

/**
 * What an approval depends on: everything that, once changed, makes a shown plan another decision. Ordinary
 * progress (parts made, operations that start as planned) is left out, else no approval would outlive a minute.
 */
export function planningInputs(state: PlantState, livePlanId: string | undefined) {
  const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return {
    livePlanId: livePlanId ?? null,
    workRequests: state.workRequests
      .filter(({ requestState }) => requestState !== 'Completed' && requestState !== 'Closed')
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
      .filter((lot) => lot.availableAt > state.at)
      .map(({ lotId, materialId, availableAt }) => ({ lotId, materialId, availableAt }))
      .sort(byText),
    unavailable: state.unavailable.map(({ equipmentId, reason, end }) => ({ equipmentId, reason, end })).sort(byText),
    absences: state.absences.map(({ personId, start, end }) => ({ personId, start, end })).sort(byText),
  };
}
