import type { PlanConstraint } from '../contracts/index.ts';
import { isoInstant, MillwrightError, parseInstant, subtractIntervals, type Interval } from '../kernel/index.ts';
import { machinesBelow, type PlantModel, type PlantState, type WorkSchedule } from '../plant/index.ts';

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

/**
 * Refuses wishes that no plan can keep, because another wish or a stop of the machine is against them: a locked start at
 * which its machine is forbidden or stopped, and overtime on machines that are all forbidden or stopped throughout.
 * @throws `MW_LOCK_IMPOSSIBLE`, `MW_OVERTIME_IMPOSSIBLE` with the first of them
 */
export function checkContradictions(
  { equipment }: PlantModel,
  { at, unavailable, jobOrders }: PlantState,
  live: WorkSchedule | undefined,
  constraints: readonly PlanConstraint[],
): void {
  const lasting = ({ from, to }: PlanConstraint): Interval => ({
    start: from === undefined ? at : parseInstant(from),
    end: to === undefined ? Infinity : parseInstant(to),
  });
  const machinesOf = ({ subject }: PlanConstraint) => machinesBelow(equipment, subject).map((one) => one.equipmentId);
  const closed = Map.groupBy(
    [
      ...unavailable,
      ...constraints
        .filter(({ kind }) => kind === 'forbid-machine')
        .flatMap((ban) => machinesOf(ban).map((equipmentId) => ({ equipmentId, ...lasting(ban) }))),
    ],
    ({ equipmentId }) => equipmentId,
  );
  const running = new Set(jobOrders.filter((job) => job.dispatchStatus === 'Running').map((job) => job.jobOrderId));
  for (const wish of constraints) {
    const { kind, subject } = wish;
    const entry = live?.entries.find(({ jobOrderId }) => kind === 'lock' && jobOrderId === subject);
    if (entry && !running.has(subject)) {
      const { equipmentId: machine, start } = entry;
      const against = closed.get(machine)?.find((stretch) => stretch.start <= start && start < stretch.end);
      if (against) throw new MillwrightError('MW_LOCK_IMPOSSIBLE', { job: subject, machine, start: isoInstant(start) });
    }
    if (kind === 'overtime') {
      const given = lasting(wish);
      if (machinesOf(wish).every((id) => subtractIntervals([given], closed.get(id) ?? []).length === 0))
        throw new MillwrightError('MW_OVERTIME_IMPOSSIBLE', { subject });
    }
  }
}
