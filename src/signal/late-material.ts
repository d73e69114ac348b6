import { isoInstant } from '../kernel/index.ts';
import {
  openDispatchStates,
  type JobOrder,
  type MaterialLot,
  type PlantModel,
  type WorkSchedule,
} from '../plant/index.ts';
import type { SignalEvent } from './signal-event.ts';

/** What a planned operation takes at its start. */
export interface MaterialNeed {
  jobOrderId: string;
  materialId: string;
  quantity: number;
  /** Milliseconds since 1970 UTC. */
  start: number;
}

/** What late material is judged from. */
export interface MaterialSituation {
  /** Milliseconds since 1970 UTC. */
  at: number;
  lots: readonly MaterialLot[];
  needs: readonly MaterialNeed[];
  /** Milliseconds that a lot may be behind its time. */
  graceMs: number;
}

const hour = 3_600_000;
/** Assumed where nobody has said when it comes. */
const usual = { p50: 24 * hour, p90: 72 * hour };
const rounding = 1e-9;

/** What the operations of a plan that have not begun will take, in order of their start. */
export function materialNeeds(
  { workMasters }: Pick<PlantModel, 'workMasters'>,
  jobOrders: readonly JobOrder[],
  plan: Pick<WorkSchedule, 'entries'> | undefined,
): MaterialNeed[] {
  const segments = new Map(
    workMasters.flatMap((master) =>
      master.segments.map((segment) => [
        JSON.stringify([master.workMasterId, master.version, segment.segmentId]),
        segment,
      ]),
    ),
  );
  const starts = new Map(plan?.entries.map(({ jobOrderId, start }) => [jobOrderId, start]));
  return jobOrders
    .filter((job) => openDispatchStates.includes(job.dispatchStatus) && starts.has(job.jobOrderId))
    .flatMap((job) => {
      const segment = segments.get(JSON.stringify([job.workMasterId, job.workMasterVersion, job.segmentId]));
      return (segment?.materials ?? []).map(({ materialId, quantityPerUnit }) => ({
        jobOrderId: job.jobOrderId,
        materialId,
        quantity: quantityPerUnit * job.quantity,
        start: starts.get(job.jobOrderId)!,
      }));
    })
    .sort((a, b) => a.start - b.start || (a.jobOrderId < b.jobOrderId ? -1 : 1));
}

/**
 * Announced lots that are not there in time (`cause` in the evidence: `not-received` past its time, `postponed` to a
 * later one), and materials of which what is there and promised does not cover what the plan takes (`short`). A material
 * without any lot is not kept track of, and never short.
 */
export function lateMaterial(situation: MaterialSituation): SignalEvent[] {
  return [...situation.lots.flatMap((lot) => lateLot(lot, situation)), ...shortMaterials(situation)];
}

function lateLot(lot: MaterialLot, { at, lots, needs, graceMs }: MaterialSituation): SignalEvent[] {
  const { lotId, materialId, quantity, availableAt, promisedAt } = lot;
  if (promisedAt === undefined) return [];
  const isOver = availableAt + graceMs <= at;
  if (!isOver && availableAt <= promisedAt + graceMs) return [];
  const expectedEnd = isOver
    ? { p50: at + usual.p50, p90: at + usual.p90, basis: 'default' as const }
    : { p50: availableAt, p90: availableAt, basis: 'person' as const };
  const without = lots.filter((other) => other !== lot);
  const waiting = shortage(materialId, needs, without, (other) => other.availableAt);
  const isNeeded = waiting !== undefined && waiting.start < expectedEnd.p50;
  return [
    {
      kind: 'material-late',
      severity: isNeeded ? 700 : 400,
      subject: lotId,
      start: isOver ? availableAt : at,
      expectedEnd,
      evidence: [
        { name: 'cause', value: isOver ? 'not-received' : 'postponed' },
        { name: 'materialId', value: materialId },
        { name: 'quantity', value: quantity },
        { name: 'promisedAt', value: isoInstant(promisedAt) },
        ...(isOver ? [] : [{ name: 'expectedAt', value: isoInstant(availableAt) }]),
        ...(isNeeded ? neededBy(waiting) : []),
      ],
    },
  ];
}

function shortMaterials({ at, lots, needs }: MaterialSituation): SignalEvent[] {
  return [...new Set(lots.map(({ materialId }) => materialId))].flatMap((materialId): SignalEvent[] => {
    // A lot that is late has its own event: taken to be in time, it hides no shortage beyond itself.
    const missing = shortage(materialId, needs, lots, (lot) => Math.min(lot.promisedAt ?? Infinity, lot.availableAt));
    if (!missing) return [];
    const later = lots
      .filter((lot) => lot.materialId === materialId && lot.availableAt > missing.start)
      .sort((a, b) => a.availableAt - b.availableAt);
    let open = missing.quantity;
    const enough = later.find((lot) => (open -= lot.quantity) <= rounding);
    return [
      {
        kind: 'material-late',
        severity: 700,
        subject: materialId,
        start: at,
        expectedEnd: enough
          ? { p50: enough.availableAt, p90: enough.availableAt, basis: 'person' }
          : { p50: at + usual.p50, p90: at + usual.p90, basis: 'default' },
        evidence: [
          { name: 'cause', value: 'short' },
          { name: 'missing', value: Number(missing.quantity.toFixed(6)) },
          ...neededBy(missing),
        ],
      },
    ];
  });
}

/** The first operation that finds too little of a material, and how much too little. */
function shortage(
  materialId: string,
  needs: readonly MaterialNeed[],
  lots: readonly MaterialLot[],
  arrival: (lot: MaterialLot) => number,
): MaterialNeed | undefined {
  const own = lots.filter((lot) => lot.materialId === materialId);
  let taken = 0;
  for (const need of needs) {
    if (need.materialId !== materialId) continue;
    taken += need.quantity;
    const there = own.reduce((sum, lot) => sum + (arrival(lot) <= need.start ? lot.quantity : 0), 0);
    if (taken > there + rounding) return { ...need, quantity: taken - there };
  }
  return undefined;
}

function neededBy({ jobOrderId, start }: MaterialNeed) {
  return [
    { name: 'jobOrderId', value: jobOrderId },
    { name: 'neededAt', value: isoInstant(start) },
  ];
}
