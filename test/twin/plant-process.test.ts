import assert from 'node:assert/strict';
import type { PlantModel } from '../../src/plant/index.ts';
import { buildProblem, checkPlan, Decoder, dispatch, toWorkSchedule } from '../../src/planning/index.ts';
import { openPlantProcess, type ProcessEvent, type TwinParameters } from '../../src/twin/index.ts';
import { northfieldEvent } from '../planning/northfield.ts';
import {
  calendarOf,
  exact,
  hour,
  minute,
  monday,
  smallModel,
  smallOrders,
  smallPlan,
  smallState,
} from './small-plant.ts';

const statesOf = (events: ProcessEvent[], equipmentId: string) =>
  events.flatMap((e) =>
    e.kind === 'state' && e.equipmentId === equipmentId
      ? [`${String((e.at - monday) / minute)} ${e.state}${e.reason ? ` ${e.reason}` : ''}`]
      : [],
  );
const open = (model: PlantModel, count: number, quantity: number, parameters: TwinParameters = exact, changes = {}) => {
  const state = smallState(count, quantity, changes);
  return openPlantProcess(model, state, smallPlan(state), parameters, { seed: 1 });
};

describe('plant process', () => {
  it('starts after predecessor and transport, reports states, counts and ends', () => {
    const events = open(smallModel(), 1, 30).advance(monday + 3 * hour);
    assert.deepEqual(statesOf(events, 'M-1'), ['0 Execute', '30 Idle']);
    assert.deepEqual(statesOf(events, 'M-2'), ['0 Idle', '40 Execute', '70 Idle']);
    const jobs = events.filter((e) => e.kind === 'job-started' || e.kind === 'job-ended');
    assert.deepEqual(
      jobs.map((e) => [e.kind, e.jobOrderId, (e.at - monday) / minute]),
      [
        ['job-started', 'WO-1/10', 0],
        ['job-ended', 'WO-1/10', 30],
        ['job-started', 'WO-1/20', 40],
        ['job-ended', 'WO-1/20', 70],
      ],
    );
    const counts = events.filter((e) => e.kind === 'count');
    assert.equal(counts.length, 60);
    assert.ok(counts.every((c) => c.good === 1 && c.at - c.from === minute));
  });

  it('sets up by the matrix, Held for the reason setup, as long as the machine needs', () => {
    const model = smallModel({
      setupMatrices: [{ equipmentClassId: 'cnc', defaultSeconds: 1200, seconds: { X: { A: 600 } } }],
    });
    const plant = open(
      model,
      2,
      10,
      { ...exact, setupFactors: { 'M-1': 2 } },
      { setupFamily: { 'M-1': 'X', 'M-2': 'A' } },
    );
    const events = plant.advance(monday + 2 * hour);
    assert.deepEqual(statesOf(events, 'M-1'), ['0 Held setup', '20 Execute', '30 Execute', '40 Idle']);
    assert.deepEqual(statesOf(events, 'M-2').slice(0, 3), ['0 Idle', '40 Execute', '50 Execute']);
  });

  it('pauses what may pause over closed time and begins what may not where it fits', () => {
    const early = { calendar: calendarOf('early') };
    const paused = open(smallModel(early), 1, 600).advance(monday + 30 * hour);
    assert.deepEqual(statesOf(paused, 'M-1'), ['0 Execute', '480 Stopped', '1440 Execute', '1560 Idle']);
    const whole = open(smallModel(early, { interruptible: false }), 2, 300).advance(monday + 30 * hour);
    assert.deepEqual(statesOf(whole, 'M-1'), ['0 Execute', '300 Idle', '480 Stopped', '1440 Execute', '1740 Idle']);
  });

  it('waits for an operator, shares them by qualification, and lets the work rest while nobody is there', () => {
    const persons = [{ personId: 'OP-1', qualificationIds: ['q'] }];
    const plant = open(smallModel({ persons, transportSeconds: 0 }, { qualificationId: 'q' }), 2, 30);
    const before = plant.advance(monday + 45 * minute);
    assert.deepEqual(statesOf(before, 'M-1'), ['0 Execute', '30 Execute']);
    assert.deepEqual(statesOf(before, 'M-2'), ['0 Idle', '30 Held no-operator']);
    plant.setAbsent('OP-1', monday + 2 * hour);
    const after = plant.advance(monday + 4 * hour);
    assert.deepEqual(statesOf(after, 'M-1'), ['45 Held no-operator', '120 Execute', '135 Idle']);
    assert.deepEqual(statesOf(after, 'M-2'), ['135 Execute', '165 Execute', '195 Idle']);
    assert.throws(() => plant.setAbsent('OP-9', monday), { code: 'MW_TWIN_SUBJECT_UNKNOWN' });
  });

  it('stops on demand until its end or a repair, and the work goes on where it was', () => {
    const plant = open(smallModel(), 1, 30);
    plant.advance(monday + 10 * minute);
    plant.stop('M-1', 'breakdown');
    const { unavailable } = plant.state();
    assert.deepEqual(unavailable, [
      { equipmentId: 'M-1', reason: 'breakdown', start: monday + 10 * minute, end: monday + 70 * minute },
    ]);
    const down = plant.advance(monday + 50 * minute);
    plant.repair('M-1');
    plant.stop('M-2', 'quality-hold', monday + 3 * hour);
    const up = plant.advance(monday + 4 * hour);
    assert.deepEqual(statesOf(down, 'M-1'), ['10 Aborted breakdown']);
    assert.deepEqual(statesOf(up, 'M-1'), ['50 Execute', '70 Idle']);
    assert.deepEqual(statesOf(up, 'M-2'), ['50 Held quality-hold', '180 Execute', '210 Idle']);
    assert.deepEqual(plant.state().unavailable, []);
    assert.throws(() => plant.stop('M-9', 'breakdown'), { code: 'MW_TWIN_SUBJECT_UNKNOWN' });
  });

  it('waits for late material, takes it once, and delivers to stock', () => {
    const consuming = smallModel();
    consuming.workMasters[0]!.segments[0]!.materials = [{ materialId: 'BAR', quantityPerUnit: 2 }];
    consuming.materials.push({ materialId: 'BAR', name: 'Bar', unit: 'pcs' });
    const lot = {
      lotId: 'L-1',
      materialId: 'BAR',
      quantity: 70,
      unit: 'pcs',
      availableAt: monday + hour,
      locationId: 'ST',
    };
    const plant = open(consuming, 2, 30, exact, { lots: [lot] });
    plant.delayLot('L-1', monday + 2 * hour);
    const events = plant.advance(monday + 6 * hour);
    assert.deepEqual(statesOf(events, 'M-1'), [
      '0 Suspended material-shortage',
      '120 Execute',
      '150 Suspended material-shortage',
    ]);
    assert.equal(plant.state().lots[0]!.quantity, 10);
    plant.addLots([{ ...lot, lotId: 'L-2', quantity: 50, availableAt: monday + 6 * hour }]);
    assert.deepEqual(statesOf(plant.advance(monday + 8 * hour), 'M-1'), ['360 Execute', '390 Idle']);
    assert.deepEqual(plant.state().lots, []);
    assert.throws(() => plant.delayLot('L-9', monday), { code: 'MW_TWIN_SUBJECT_UNKNOWN' });
  });

  it('follows another plan while running operations go on, and takes new orders', () => {
    const plant = open(smallModel(), 2, 30);
    plant.advance(monday + 10 * minute);
    const more = smallOrders(3, 30);
    plant.addOrders(more.workRequests.slice(2), more.jobOrders.slice(4));
    const state = plant.state();
    const plan = smallPlan(state, monday + 10 * minute);
    const entries = plan.entries.filter((e) => e.jobOrderId !== 'WO-1/10').reverse();
    plant.follow({ ...plan, entries: entries.map((e, i) => ({ ...e, start: plan.from + i })) });
    const started = plant.advance(monday + 10 * hour).flatMap((e) => (e.kind === 'job-started' ? [e.jobOrderId] : []));
    assert.deepEqual(
      started.filter((id) => id.endsWith('/10')),
      ['WO-3/10', 'WO-2/10'],
    );
    assert.equal(
      plant.state().workRequests.every((r) => r.requestState === 'Completed'),
      true,
    );
  });

  it('is the same whether it runs in one go or in small steps', () => {
    const { model, before, live } = northfieldEvent(4, 30);
    const stops = {
      'CNC-22': [{ reason: 'breakdown' as const, meanRunSecondsBetween: 7200, medianSeconds: 900, sigma: 0.5 }],
    };
    const parameters = {
      runVariation: 0.1,
      setupVariation: 0.1,
      stops,
      rejects: { 'CNC-22': { scrap: 0.05, rework: 0.05 } },
    };
    const run = (step: number) => {
      const plant = openPlantProcess(model, before, live, parameters, { seed: 5 });
      const events: ProcessEvent[] = [];
      for (let at = before.at + step; at <= before.at + 72 * hour; at += step) events.push(...plant.advance(at));
      return { events, state: plant.state() };
    };
    assert.deepEqual(run(72 * hour), run(16 * minute));
  });
});

describe('planning from a living plant', () => {
  it('its state can be planned from at any time, and the new plan is followed to its end', () => {
    const { model, before, live } = northfieldEvent(5, 40);
    const machines = model.equipment.filter((e) => e.level === 'WorkUnit').map((e) => e.equipmentId);
    const law = { reason: 'breakdown' as const, meanRunSecondsBetween: 5 * 3600, medianSeconds: 3600, sigma: 0.7 };
    const parameters = {
      runVariation: 0.1,
      setupVariation: 0.2,
      stops: Object.fromEntries(machines.map((id) => [id, [law]])),
      rejects: {},
    };
    const plant = openPlantProcess(model, before, live, parameters, { seed: 3 });
    const ended = new Set<string>();
    for (let round = 0; round < 6; round++) {
      for (const e of plant.advance(plant.now + 7 * hour)) if (e.kind === 'job-ended') ended.add(e.jobOrderId);
      const state = plant.state();
      const request = { from: state.at, frozenUntil: state.at, horizon: state.at + 200 * hour, constraints: [] };
      const problem = buildProblem(model, state, undefined, request);
      const decoder = new Decoder(problem);
      const plan = decoder.decode(dispatch(problem, decoder, 'earliest-due-date'));
      const schedule = toWorkSchedule(problem, plan, {
        scheduleId: `P-${String(round)}`,
        createdAt: state.at,
        label: '',
        seed: 1,
      });
      assert.deepEqual(checkPlan(model, state, schedule, request).violations, []);
      plant.follow(schedule);
    }
    for (const e of plant.advance(plant.now + 60 * 24 * hour)) if (e.kind === 'job-ended') ended.add(e.jobOrderId);
    const open = before.jobOrders.filter((job) => job.dispatchStatus !== 'Completed').map((job) => job.jobOrderId);
    assert.deepEqual(
      open.filter((id) => !ended.has(id)),
      [],
    );
  });
});

describe('invariants of a disturbed plant', () => {
  const { model, before, live } = northfieldEvent(6, 50);
  const machines = model.equipment.filter((e) => e.level === 'WorkUnit').map((e) => e.equipmentId);
  const parameters: TwinParameters = {
    runVariation: 0.2,
    setupVariation: 0.3,
    stops: Object.fromEntries(
      machines.map((id) => [
        id,
        [{ reason: 'breakdown' as const, meanRunSecondsBetween: 3 * 3600, medianSeconds: 1800, sigma: 1 }],
      ]),
    ),
    rejects: Object.fromEntries(machines.map((id) => [id, { scrap: 0.08, rework: 0.05 }])),
  };
  const plant = openPlantProcess(model, before, live, parameters, { seed: 11 });
  const events: ProcessEvent[] = [];
  for (let day = 0; day < 40; day++) {
    if (day === 1) plant.setAbsent('OP-01', plant.now + 50 * hour);
    if (day === 2) plant.stop('CNC-12', 'breakdown');
    if (day === 4) plant.repair('CNC-12');
    if (day === 5) plant.follow({ ...live, entries: live.entries.map((e) => ({ ...e })) });
    events.push(...plant.advance(plant.now + 24 * hour));
  }

  it('reports in order of time and ends every operation once', () => {
    assert.ok(events.every((e, i) => i === 0 || e.at >= events[i - 1]!.at));
    const ended = events.flatMap((e) => (e.kind === 'job-ended' ? [e.jobOrderId] : []));
    assert.equal(ended.length, live.entries.length);
    assert.deepEqual(new Set(ended), new Set(live.entries.map((e) => e.jobOrderId)));
  });
  it('makes exactly the ordered number of usable parts, and scrap at about its share', () => {
    const usable = new Map<string, number>();
    let scrap = 0;
    let all = 0;
    for (const e of events)
      if (e.kind === 'count') {
        assert.ok([e.good, e.scrap, e.rework].every((n) => Number.isInteger(n) && n >= 0) && e.from < e.at);
        usable.set(e.jobOrderId, (usable.get(e.jobOrderId) ?? 0) + e.good + e.rework);
        scrap += e.scrap;
        all += e.good + e.rework + e.scrap;
      }
    for (const job of before.jobOrders)
      if (job.dispatchStatus !== 'Completed' && job.quantity > job.goodQuantity)
        assert.equal(usable.get(job.jobOrderId), job.quantity - job.goodQuantity, job.jobOrderId);
    const sigma = Math.sqrt((0.08 * 0.92) / all);
    assert.ok(Math.abs(scrap / all - 0.08) < 4 * sigma, `${String(scrap / all)} of ${String(all)}`);
  });
  it('never has two jobs on a machine, a job before its predecessor, or more work than operators', () => {
    const busy = new Map<string, string>();
    const ended = new Map<string, number>();
    const working = new Map<string, string>();
    const qualification = new Map<string, string | undefined>();
    for (const job of before.jobOrders)
      qualification.set(
        job.jobOrderId,
        model.workMasters
          .find((m) => m.workMasterId === job.workMasterId)!
          .segments.find((s) => s.segmentId === job.segmentId)!.qualificationId,
      );
    const shifts = model.calendar.shifts.map((shift) => shift.shiftId);
    const able = (q: string) => model.persons.filter((p) => p.qualificationIds.includes(q));
    const people = (q: string) => Math.max(...shifts.map((shift) => able(q).filter((p) => p.shiftId === shift).length));
    let checked = 0;
    events.forEach((e, i) => {
      if (e.kind === 'job-started') {
        assert.equal(busy.get(e.equipmentId), undefined);
        busy.set(e.equipmentId, e.jobOrderId);
        const [request, sequence] = e.jobOrderId.split('/');
        for (const job of before.jobOrders)
          if (
            job.workRequestId === request &&
            Number(job.jobOrderId.split('/')[1]) < Number(sequence) &&
            job.dispatchStatus !== 'Completed'
          )
            assert.ok((ended.get(job.jobOrderId) ?? Infinity) <= e.at);
      } else if (e.kind === 'job-ended') {
        busy.delete(e.equipmentId);
        ended.set(e.jobOrderId, e.at);
      } else if (e.kind === 'state') {
        if (e.jobOrderId && (e.state === 'Execute' || e.reason === 'setup')) working.set(e.equipmentId, e.jobOrderId);
        else working.delete(e.equipmentId);
      }
      if (events[i + 1]?.at === e.at) return;
      const count = new Map<string, number>();
      for (const id of working.values()) {
        const q = qualification.get(id);
        if (q !== undefined) count.set(q, (count.get(q) ?? 0) + 1);
      }
      for (const [q, n] of count) assert.ok(n <= people(q), `${q} ${String(n)}`);
      checked += count.size;
    });
    assert.ok(checked > 1000);
  });
});
