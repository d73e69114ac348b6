import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MillwrightError, seededRandom } from '../../src/kernel/index.ts';
import { buildProblem, type Conflict, type PlanInputs } from '../../src/planning/index.ts';
import { causeKinds, type Cause } from '../../src/planning/conflict-set.ts';
import type { ProcessSegment } from '../../src/plant/index.ts';
import { randomCase } from './random-plant.ts';

/** A plant in which much has gone wrong for good: stops, bans and absences without an end, long work in one piece. */
function brokenCase(seed: number, machines: number): PlanInputs {
  const { model, state, live, request } = randomCase(seed, machines, 6);
  const random = seededRandom(seed, 'test/conflict-set');
  const chance = (share: number) => random.next() < share;
  const machineIds = model.equipment.filter((e) => e.level === 'WorkUnit').map((e) => e.equipmentId);
  const forever = { start: state.at, end: Infinity };
  const stops = machineIds.filter(() => chance(0.4));
  return {
    model: {
      ...model,
      workMasters: model.workMasters.map((master) => ({
        ...master,
        segments: master.segments.map((segment) =>
          chance(0.2)
            ? {
                ...segment,
                interruptible: false,
                equipment: segment.equipment.map((e) => ({ ...e, secondsPerUnit: e.secondsPerUnit * 40 })),
              }
            : segment,
        ),
      })),
    },
    state: {
      ...state,
      unavailable: [
        ...state.unavailable,
        ...stops.map((equipmentId) => ({ equipmentId, reason: 'breakdown', ...forever })),
      ],
      absences: [
        ...state.absences,
        ...model.persons.filter(() => chance(0.5)).map(({ personId }) => ({ personId, ...forever })),
      ],
    },
    live,
    request: {
      ...request,
      constraints: [
        ...request.constraints,
        ...machineIds.filter(() => chance(0.3)).map((subject) => ({ kind: 'forbid-machine' as const, subject })),
      ],
    },
  };
}

function closedOut(inputs: PlanInputs): Conflict[] {
  try {
    buildProblem(inputs.model, inputs.state, inputs.live, inputs.request);
    return [];
  } catch (thrown) {
    assert.ok(thrown instanceof MillwrightError && thrown.code === 'MW_PLAN_INFEASIBLE');
    return (thrown.cause as Conflict[]).filter(({ kind }) => kind === 'no-open-time');
  }
}

const always = { shiftId: 'always', name: '', start: '00:00', end: '00:00', weekdays: [1, 2, 3, 4, 5, 6, 7] };

/** The inputs with nothing but some causes in force for an operation, changed where a planner would change them. */
function onlyWith(
  { model, state, live, request }: PlanInputs,
  causes: readonly Cause[],
  jobOrderId: string,
): PlanInputs {
  const holds = (kind: Cause['kind'], subject: string) => causes.some((c) => c.kind === kind && c.subject === subject);
  const job = state.jobOrders.find((j) => j.jobOrderId === jobOrderId)!;
  const freed = (segment: ProcessSegment): ProcessSegment => {
    if (segment.segmentId !== job.segmentId) return segment;
    const { qualificationId, ...unattended } = segment;
    return {
      ...(qualificationId !== undefined && holds('qualification', qualificationId) ? segment : unattended),
      ...(holds('one-piece', jobOrderId) ? {} : { interruptible: true, afterInterruption: 'resume' }),
    };
  };
  return {
    live,
    model: {
      ...model,
      calendar: holds('shifts', '') ? model.calendar : { ...model.calendar, shifts: [always], holidays: [] },
      workMasters: model.workMasters.map((master) => ({ ...master, segments: master.segments.map(freed) })),
    },
    state: {
      ...state,
      unavailable: state.unavailable.filter((s) => holds('stop', s.equipmentId)),
      absences: state.absences.filter((a) => holds('absence', a.personId)),
    },
    request: {
      ...request,
      constraints: request.constraints.filter(
        ({ kind, subject }) =>
          (kind !== 'forbid-machine' || holds('ban', subject)) &&
          (kind !== 'no-split' || holds('one-piece', jobOrderId)),
      ),
    },
  };
}

describe('conflicting sets', () => {
  it('are minimal: they alone leave an operation no place, and any one of them less gives it one', () => {
    const seen = new Map<string, number>();
    let sets = 0;
    let joint = 0;
    let checked = 0;
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 2, max: 4 }), (seed, machines) => {
        const inputs = brokenCase(seed, machines);
        for (const { jobOrderId, causes = [] } of closedOut(inputs).slice(0, 4)) {
          assert.ok(causes.length > 0, `seed ${seed}: ${jobOrderId} has no causes`);
          sets++;
          if (causes.length > 1) joint++;
          for (const { kind } of causes) seen.set(kind, (seen.get(kind) ?? 0) + 1);
          // Other shifts are other people too: of attended work there are no inputs without the shifts alone.
          const kinds = causes.map(({ kind }) => kind);
          if (kinds.includes('qualification') && !kinds.includes('shifts')) continue;
          // What waits is refused before what runs is looked at.
          if (inputs.state.jobOrders.find((j) => j.jobOrderId === jobOrderId)!.dispatchStatus === 'Running') continue;
          const isClosedOut = (left: readonly Cause[]) =>
            closedOut(onlyWith(inputs, left, jobOrderId)).some((conflict) => conflict.jobOrderId === jobOrderId);
          const what = `seed ${seed}: ${jobOrderId} of ${JSON.stringify(causes)}`;
          assert.ok(isClosedOut(causes), what);
          for (const cause of causes)
            if (cause.kind !== 'shifts' || !kinds.includes('qualification'))
              assert.ok(!isClosedOut(causes.filter((other) => other !== cause)), `${what} without ${cause.kind}`);
          checked++;
        }
      }),
      { numRuns: 24, seed: 20261126 },
    );
    assert.ok(checked > 15 && joint > 5, `${sets} sets, ${joint} of several members, ${checked} checked`);
    for (const kind of causeKinds) assert.ok((seen.get(kind) ?? 0) > 0, `${kind} never met`);
  });
});
