import type { PlanConstraint } from '../contracts/index.ts';
import { MillwrightError } from '../kernel/index.ts';
import { machinesBelow, type PlantModel, type PlantState } from '../plant/index.ts';

/**
 * Refuses wishes that can have no effect because what they are about is not there.
 * @throws `MW_RECORD_UNKNOWN` for a machine, line or area that the plant has not, and for an order that is not open
 */
export function checkWishes(
  { equipment }: PlantModel,
  { workRequests, jobOrders }: PlantState,
  constraints: readonly PlanConstraint[],
): void {
  const isOrder = (id: string) => workRequests.some(({ workRequestId }) => workRequestId === id);
  const isJob = (id: string) => jobOrders.some(({ jobOrderId }) => jobOrderId === id);
  const isMachine = (id: string) => machinesBelow(equipment, id).length > 0;
  const subjects: Record<PlanConstraint['kind'], { what: string; exists: (id: string) => boolean }> = {
    lock: { what: 'open job order', exists: isJob },
    'forbid-machine': { what: 'machine', exists: isMachine },
    overtime: { what: 'machine', exists: isMachine },
    'must-be-on-time': { what: 'open work request', exists: isOrder },
    'no-split': { what: 'open order', exists: (id) => isJob(id) || isOrder(id) },
  };
  for (const { kind, subject: id } of constraints) {
    const { what, exists } = subjects[kind];
    if (!exists(id)) throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: what, id });
  }
}
