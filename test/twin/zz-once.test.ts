import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MillwrightError } from '../../src/kernel/index.ts';
import { buildProblem, searchAlternatives, toWorkSchedule } from '../../src/planning/index.ts';
import {
  jobOrdersBefore,
  transferQuantity,
  type JobOrder,
  type PlantModel,
  type ProcessSegment,
  type WorkSchedule,
} from '../../src/plant/index.ts';
import { openPlantProcess } from '../../src/twin/index.ts';
import { randomCase, type Case } from '../planning/random-plant.ts';
import { replayed } from './replayed.ts';
import { hour } from './small-plant.ts';

const plants = [fc.nat(1_000_000), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 })] as const;

/** Alternative plans of a case; none where no plan is possible. */
function plansOf({ model, state, live, request }: Case, seed: number): WorkSchedule[] {
  try {
    const problem = buildProblem(model, state, live, request);
    const { alternatives } = searchAlternatives(problem, { count: 4, seed, maxDecodes: 80 });
    const header = { scheduleId: 'P', createdAt: request.from, label: '', seed };
    return alternatives.map(({ plan }) => toWorkSchedule(problem, plan, header));
  } catch (thrown) {
    if (thrown instanceof MillwrightError && thrown.code === 'MW_PLAN_INFEASIBLE') return [];
    throw thrown;
  }
}

describe('plans of small random plants', () => {
  it('are replayed to the millisecond where nothing varies', () => {
    let compared = 0;
    fc.assert(
      fc.property(...plants, (seed, machines, requests) => {
        const inputs = randomCase(seed, machines, requests);
        for (const plan of plansOf(inputs, seed)) {
          compared++;
          const planned = plan.entries.map(({ jobOrderId, start, end }) => [jobOrderId, start, end]);
          assert.deepEqual(replayed(inputs, plan).sort(), planned.sort(), `seed ${String(seed)}`);
        }
      }),
      { numRuns: 500, seed: 20261126 },
    );
    assert.ok(compared > 80, String(compared));
  });
});

describe('a disturbed random plant', () => {
  it('keeps every constraint, whatever happens', () => {
    let ended = 0;
    let followed = 0;
    let shared = 0;
    fc.assert(
      fc.property(...plants, (seed, machines, requests) => {
        const inputs = randomCase(seed, machines, requests);
        const [plan] = plansOf(inputs, seed);
        if (!plan) return;
        const happened = disturbed(inputs, plan, seed);
        assertTools(inputs, happened, `seed ${String(seed)}`);
        followed += assertLags(inputs, happened, `seed ${String(seed)}`);
        shared += assertMachines(inputs, happened, `seed ${String(seed)}`);
        ended += happened.length;
      }),
      { numRuns: 80, seed: 20261126 },
    );
    assert.ok(ended > 600 && followed > 100 && shared > 3, JSON.stringify({ ended, followed, shared }));
  });
});

/** An operation as it happened. */
interface Happened {
  jobOrder: JobOrder;
  segment: ProcessSegment;
  equipmentId: string;
  start: number;
  end: number;
  /** Parts made by an instant, from the beginning on. */
  counts: { at: number; parts: number }[];
}

/** What happens to a plan where times vary, machines break down and every operation starts as soon as it can. */
function disturbed({ model, state }: Case, plan: WorkSchedule, seed: number): Happened[] {
  const law = { reason: 'breakdown' as const, meanRunSecondsBetween: 4 * 3600, medianSeconds: 2400, sigma: 0.8 };
  const machines = model.equipment.filter((e) => e.level === 'WorkUnit');
  const stops = Object.fromEntries(machines.map(({ equipmentId }) => [equipmentId, [law]]));
  const parameters = { runVariation: 0.2, setupVariation: 0.2, stops, rejects: {} };
  const plant = openPlantProcess(model, state, plan, parameters, { seed }, { startEarly: true, toStock: () => false });
  const segments = new Map(model.workMasters.flatMap((m) => m.segments.map((s) => [s.segmentId, s] as const)));
  const jobs = new Map<string, Happened>();
  for (const jobOrder of state.jobOrders) {
    const { jobOrderId, segmentId, equipmentId = '', startedAt = NaN } = jobOrder;
    const segment = segments.get(segmentId)!;
    const [start, end] = [startedAt, jobOrder.endedAt ?? NaN];
    const counts = [{ at: -Infinity, parts: jobOrder.goodQuantity }];
    jobs.set(jobOrderId, { jobOrder, segment, equipmentId, start, end, counts });
  }
  for (const event of plant.advance(state.at + 60 * 24 * hour)) {
    if (event.kind === 'job-started' && jobs.get(event.jobOrderId)!.jobOrder.dispatchStatus !== 'Running')
      Object.assign(jobs.get(event.jobOrderId)!, { equipmentId: event.equipmentId, start: event.at });
    if (event.kind === 'count') {
      const { counts } = jobs.get(event.jobOrderId)!;
      counts.push({ at: event.at, parts: counts.at(-1)!.parts + event.good });
    }
    if (event.kind === 'job-ended') jobs.get(event.jobOrderId)!.end = event.at;
  }
  return [...jobs.values()].filter(({ end }) => end > state.at);
}

/** No tool is in more hands than there are copies, but for what ran when it began. */
function assertTools({ model, state }: Case, happened: readonly Happened[], what: string): void {
  for (const { toolId, copies } of model.tools ?? []) {
    const users = happened.filter(({ segment }) => segment.toolIds?.includes(toolId));
    for (const { start, jobOrder } of users) {
      if (start <= state.at) continue;
      const holding = users.filter((other) => other.start <= start && other.end > start);
      const holders = new Set(holding.map((other) => `${other.equipmentId} ${String(other.start)}`));
      assert.ok(holders.size <= copies, `${what}: ${jobOrder.jobOrderId} takes one ${toolId} too many`);
    }
  }
}

/**
 * Nothing starts before its predecessors' minimum lags are over, or makes a part before the transfer with it is there.
 * Returns how many lags were looked at.
 */
function assertLags({ model, state }: Case, happened: readonly Happened[], what: string): number {
  let looked = 0;
  const ordersBefore = jobOrdersBefore(state.jobOrders);
  for (const after of happened) {
    const { segment, jobOrder } = after;
    for (const lag of segment.lags ?? []) {
      const { predecessor, minSeconds = 0 } = lag;
      for (const { jobOrderId } of ordersBefore(jobOrder, predecessor)) {
        const before = happened.find((other) => other.jobOrder.jobOrderId === jobOrderId);
        if (!before || after.start <= state.at) continue;
        looked++;
        const text = `${what}: ${jobOrder.jobOrderId} does not wait for ${before.jobOrder.jobOrderId}`;
        const least = 1000 * minSeconds;
        const each =
          before.equipmentId === after.equipmentId || before.jobOrder.lot !== jobOrder.lot
            ? 0
            : transferQuantity(lag, before.jobOrder.quantity);
        const inLoads = [before, after].some((one) => capacityOf(model, one.equipmentId) !== undefined);
        if (each === 0) assert.ok(after.start >= before.end + least, text);
        else if (!inLoads)
          for (const { at, parts } of after.counts.slice(1)) {
            const needed = Math.min(before.jobOrder.quantity, each * Math.ceil(parts / each));
            const there = before.counts.find((count) => count.parts >= needed)!.at;
            assert.ok(Math.max(there, state.at) + least <= at, text);
          }
      }
    }
  }
  return looked;
}

/**
 * A machine does one thing after the other; what a batch machine does at the same time is one load of one family that
 * it has room for, but for what ran when it began. Returns how many operations shared a load.
 */
function assertMachines({ model, state }: Case, happened: readonly Happened[], what: string): number {
  let shared = 0;
  const families = new Map(model.materials.map((material) => [material.materialId, material.setupFamily]));
  const materials = new Map(state.workRequests.map((request) => [request.workRequestId, request.materialId]));
  const familyOf = ({ jobOrder }: Happened) => {
    const materialId = materials.get(jobOrder.workRequestId)!;
    return families.get(materialId) ?? materialId;
  };
  const begun = happened.filter(({ start }) => start > state.at);
  for (const one of begun) {
    const text = `${what}: ${one.jobOrder.jobOrderId} on ${one.equipmentId}`;
    const others = begun.filter(
      (other) => other.equipmentId === one.equipmentId && other.start < one.end && other.end > one.start,
    );
    if (others.length === 1) continue;
    shared++;
    assert.ok(
      others.every(({ start, end }) => start === one.start && end === one.end),
      text,
    );
    assert.equal(new Set(others.map(familyOf)).size, 1, text);
    const parts = others.reduce((sum, { jobOrder }) => sum + jobOrder.quantity - jobOrder.goodQuantity, 0);
    assert.ok(parts <= (capacityOf(model, one.equipmentId) ?? 0), text);
  }
  return shared;
}

function capacityOf({ equipment }: PlantModel, equipmentId: string): number | undefined {
  return equipment.find((machine) => machine.equipmentId === equipmentId)?.batchCapacity;
}
