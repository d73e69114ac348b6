import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';
import { buildProblem, searchAlternatives } from '../../src/planning/index.ts';
import type { PlantModel, PlantState, ProcessSegment } from '../../src/plant/index.ts';
import { furnacePlant, type FurnaceJob } from './furnace.ts';
import { searchSound, type Inputs } from './judged.ts';

const now = Date.UTC(2026, 5, 1, 6);

interface Operation {
  /** Seconds by machine. */
  seconds: Record<string, number>;
}
interface Job {
  operations: Operation[];
  family: string;
  dueSeconds: number;
  priority: number;
}

/** A plant that never closes: jobs as chains of operations, machines on one line, one unit each. */
function openPlant(jobs: readonly Job[], setupSecondsBetween: Record<string, Record<string, number>> = {}): Inputs {
  const machineIds = [...new Set(jobs.flatMap((j) => j.operations.flatMap((o) => Object.keys(o.seconds))))].sort();
  const segments = ({ operations }: Job, j: number) =>
    operations.map(({ seconds }, s): ProcessSegment => ({
      segmentId: `J${j}-${s}`,
      sequence: (s + 1) * 10,
      name: '',
      predecessors: s === 0 ? [] : [`J${j}-${s - 1}`],
      equipment: Object.entries(seconds).map(([equipmentId, secondsPerUnit]) => ({ equipmentId, secondsPerUnit })),
      materials: [],
      interruptible: true,
    }));
  const model: PlantModel = {
    enterprise: 'E',
    site: 'S',
    calendar: {
      timeZone: 'UTC',
      shifts: [{ shiftId: 'all', name: '', start: '00:00', end: '00:00', weekdays: [1, 2, 3, 4, 5, 6, 7] }],
      holidays: [],
    },
    equipment: [
      { equipmentId: 'L', level: 'ProductionLine', name: 'L' },
      ...machineIds.map((equipmentId) => ({
        equipmentId,
        level: 'WorkUnit' as const,
        parentId: 'L',
        name: equipmentId,
        equipmentClassId: 'any',
      })),
    ],
    persons: [],
    materials: jobs.map(({ family }, j) => ({ materialId: `J${j}`, name: '', unit: 'pcs', setupFamily: family })),
    workMasters: jobs.map((job, j) => ({
      workMasterId: `W${j}`,
      version: '1',
      materialId: `J${j}`,
      segments: segments(job, j),
    })),
    setupMatrices: [{ equipmentClassId: 'any', seconds: setupSecondsBetween, defaultSeconds: 0 }],
    transportSeconds: 0,
  };
  const state: PlantState = {
    at: now,
    workRequests: jobs.map(({ dueSeconds, priority }, j) => ({
      workRequestId: `J${j}`,
      customer: '',
      materialId: `J${j}`,
      quantity: 1,
      releasedAt: now,
      dueAt: now + dueSeconds * 1000,
      priority,
      requestState: 'Released',
    })),
    jobOrders: jobs.flatMap(({ operations }, j) =>
      operations.map((_, s) => ({
        jobOrderId: `J${j}/${s}`,
        workRequestId: `J${j}`,
        workMasterId: `W${j}`,
        workMasterVersion: '1',
        segmentId: `J${j}-${s}`,
        quantity: 1,
        dispatchStatus: 'Waiting' as const,
        goodQuantity: 0,
      })),
    ),
    lots: [],
    setupFamily: {},
    unavailable: [],
    absences: [],
  };
  const request = { from: now, frozenUntil: now, horizon: now + 86_400_000, constraints: [] };
  return { model, state, live: undefined, request };
}

/** The least of tardiness, makespan and changeovers over all semi-active plans, each by itself, by enumeration. */
function enumerate(jobs: readonly Job[], setup: Record<string, Record<string, number>>) {
  const least = { tardiness: Infinity, makespan: Infinity, changeovers: Infinity };
  const next = jobs.map(() => 0);
  const jobEnd = jobs.map(() => 0);
  const machines = new Map<string, { end: number; family: string | undefined }>();
  const total = jobs.reduce((sum, j) => sum + j.operations.length, 0);
  let plans = 0;
  function place(done: number, changeovers: number): void {
    if (done === total) {
      plans++;
      const late = jobs.map((job, j) => Math.max(0, jobEnd[j]! - job.dueSeconds) / job.priority);
      least.tardiness = Math.min(
        least.tardiness,
        late.reduce((a, b) => a + b, 0),
      );
      least.makespan = Math.min(least.makespan, Math.max(...jobEnd));
      least.changeovers = Math.min(least.changeovers, changeovers);
      return;
    }
    jobs.forEach((job, j) => {
      const operation = job.operations[next[j]!];
      if (!operation) return;
      for (const [machine, seconds] of Object.entries(operation.seconds)) {
        const before = machines.get(machine) ?? { end: 0, family: undefined };
        const setupTime = before.family === undefined ? 0 : (setup[before.family]?.[job.family] ?? 0);
        const ended = jobEnd[j]!;
        const end = Math.max(ended, before.end) + setupTime + seconds;
        next[j]!++;
        jobEnd[j] = end;
        machines.set(machine, { end, family: job.family });
        place(done + 1, changeovers + (setupTime > 0 && before.family !== job.family ? 1 : 0));
        machines.set(machine, before);
        jobEnd[j] = ended;
        next[j]!--;
      }
    });
  }
  place(0, 0);
  return { ...least, plans };
}

/** The least of tardiness, makespan and changeovers over all ways to divide jobs into loads and to order these. */
function enumerateLoads(jobs: readonly FurnaceJob[], capacity: number, setup: Record<string, Record<string, number>>) {
  const least = { tardiness: Infinity, makespan: Infinity, changeovers: Infinity };
  let plans = 0;
  function place(left: readonly FurnaceJob[], now: number, family: string | undefined, late: number, changes: number) {
    if (left.length === 0) {
      plans++;
      least.tardiness = Math.min(least.tardiness, late);
      least.makespan = Math.min(least.makespan, now);
      least.changeovers = Math.min(least.changeovers, changes);
    }
    for (let subset = 1; subset < 1 << left.length; subset++) {
      const load = left.filter((_, j) => subset & (1 << j));
      const [first] = load;
      const parts = load.reduce((sum, job) => sum + job.parts, 0);
      const alike = load.every((job) => job.family === first!.family && job.run === first!.run);
      if (!alike || (load.length > 1 && parts > capacity)) continue;
      const change = family === undefined ? 0 : (setup[family]?.[first!.family!] ?? 0);
      const ready = Math.max(now, ...load.map((job) => job.release!));
      const end = ready + change + first!.run! * Math.ceil(parts / capacity);
      const over = load.reduce((sum, job) => sum + Math.max(0, end - job.due!) / job.priority!, 0);
      const rest = left.filter((job) => !load.includes(job));
      place(rest, end, first!.family, late + over, changes + (change > 0 && family !== first!.family ? 1 : 0));
    }
  }
  place(jobs, 0, undefined, 0, 0);
  return { ...least, plans };
}

/** Fisher and Thompson (1963), 6 jobs on 6 machines: machine and duration by operation. */
const ft06 = `2 1 0 3 1 6 3 7 5 3 4 6
1 8 2 5 4 10 5 10 0 10 3 4
2 5 3 4 5 8 0 9 1 1 4 7
1 5 0 5 2 5 3 3 4 8 5 9
2 9 1 3 4 5 5 4 0 3 3 1
1 3 3 3 5 9 0 10 4 4 2 1`;

describe('search against exact truths', () => {
  it('reaches the best semi-active plan of tiny plants, found by enumeration', () => {
    let changeovers = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const random = seededRandom(seed, 'test/exact');
      const families = ['a', 'b', 'c'];
      const setup = Object.fromEntries(
        families.map((from) => [
          from,
          Object.fromEntries(families.map((to) => [to, from === to ? 0 : 5 + random.int(20)])),
        ]),
      );
      const jobs: Job[] = Array.from({ length: 3 }, () => ({
        operations: Array.from({ length: 2 }, () => ({
          seconds: Object.fromEntries(
            ['M1', 'M2']
              .filter((_, m) => m === random.int(2) || random.next() < 0.2)
              .map((m) => [m, 5 + random.int(50)]),
          ),
        })).map(({ seconds }) => ({ seconds: Object.keys(seconds).length > 0 ? seconds : { M1: 30 } })),
        family: random.pick(families),
        dueSeconds: 20 + random.int(60),
        priority: 1 + random.int(3),
      }));
      const truth = enumerate(jobs, setup);
      changeovers += truth.changeovers;
      assert.ok(truth.plans >= 90);
      const { result } = searchSound(
        openPlant(jobs, setup),
        { count: 30, seed, maxDecodes: 3000 },
        `tiny plant ${seed}`,
      );
      const least = (k: number) => Math.min(...result.alternatives.map(({ plan }) => plan.objectives[k]!));
      assert.ok(Math.abs(least(0) - truth.tardiness) < 1e-6, `${least(0)} against ${truth.tardiness}`);
      assert.ok(Math.abs(least(3) - truth.makespan) < 1e-6, `${least(3)} against ${truth.makespan}`);
      assert.equal(least(1), truth.changeovers);
    }
    assert.ok(changeovers > 4, 'some need changeovers');
  });

  it('reaches the best division into loads of a furnace, found by enumeration', () => {
    let shared = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const random = seededRandom(seed, 'test/loads');
      const families = ['a', 'b'];
      const setup = Object.fromEntries(
        families.map((from) => [
          from,
          Object.fromEntries(families.map((to) => [to, from === to ? 0 : 300 + random.int(900)])),
        ]),
      );
      const capacity = 10;
      const jobs: FurnaceJob[] = Array.from({ length: 5 }, () => ({
        parts: random.next() < 0.15 ? 11 + random.int(15) : 1 + random.int(7),
        family: random.pick(families),
        run: random.pick([3600, 3600, 5400]),
        release: random.int(6) * 1200,
        due: 3600 + random.int(12_000),
        priority: 1 + random.int(3),
      }));
      const truth = enumerateLoads(jobs, capacity, setup);
      assert.ok(truth.plans >= 120);
      const { result } = searchSound(
        furnacePlant(jobs, capacity, setup),
        { count: 30, seed, maxDecodes: 6000 },
        `furnace ${seed}`,
      );
      const least = (k: number) => Math.min(...result.alternatives.map(({ plan }) => plan.objectives[k]!));
      assert.ok(Math.abs(least(0) - truth.tardiness) < 1e-6, `${least(0)} against ${truth.tardiness}`);
      assert.ok(Math.abs(least(3) - truth.makespan) < 1e-6, `${least(3)} against ${truth.makespan}`);
      assert.equal(least(1), truth.changeovers);
      shared += result.alternatives.filter(({ plan }) => plan.joined.includes(1)).length;
    }
    assert.ok(shared > 50, `${shared} plans with shared loads`);
  });

  it('reaches the optimum of ft06, makespan 55', () => {
    const jobs = ft06.split('\n').map((line): Job => {
      const numbers = line.trim().split(/\s+/).map(Number);
      const operations = Array.from({ length: 6 }, (_, k) => ({
        seconds: { [`M${numbers[2 * k]!}`]: numbers[2 * k + 1]! },
      }));
      return { operations, family: 'a', dueSeconds: 1, priority: 1 };
    });
    const { model, state, live, request } = openPlant(jobs);
    const problem = buildProblem(model, state, live, request);
    const weights = { tardiness: 0, changeovers: 0, instability: 0, imbalance: 0 };
    const { alternatives } = searchAlternatives(problem, { count: 5, seed: 1, maxDecodes: 20_000, weights });
    assert.equal(Math.min(...alternatives.map(({ plan }) => plan.objectives[3]!)), 55);
  });
});
