import assert from 'node:assert/strict';
import type { PlantState, ProcessSegment } from '../../src/plant/index.ts';
import { defaultTwinParameters, simulatePlan, whatIf } from '../../src/twin/index.ts';
import { northfieldEvent } from '../planning/northfield.ts';
import { calendarOf, exact, hour, monday, smallModel, smallPlan, smallState } from './small-plant.ts';

describe('what if', () => {
  const { model, before, live } = northfieldEvent(1, 80);
  const options = { base: live, parameters: exact, replications: 1, seed: 1 };
  const tardiness = (changes: Record<string, unknown>[], state: PlantState = before) =>
    whatIf(model, state, live, changes, options).kpis.weightedTardinessSeconds.mean;
  const iso = (hours: number) => new Date(before.at + hours * hour).toISOString();
  const base = simulatePlan(model, before, live, options).kpis.weightedTardinessSeconds.mean;

  it('without changes gives the plan, and leaves its inputs as they are', () => {
    const text = JSON.stringify([model, before]);
    assert.equal(tardiness([]), base);
    assert.ok(tardiness([{ kind: 'machine-down', subject: 'MILL-33', to: iso(30) }]) > base);
    assert.equal(JSON.stringify([model, before]), text);
  });
  it('answers each kind of change in the direction that it must have', () => {
    assert.ok(
      tardiness([
        { kind: 'machine-down', subject: 'LINE-3', from: iso(1), to: iso(40), reason: 'planned-maintenance' },
      ]) > base,
    );
    assert.ok(tardiness([{ kind: 'speed', subject: 'MILL-33', factor: 0.5 }]) > base);
    assert.ok(tardiness([{ kind: 'material-late', subject: 'CAST', to: iso(120) }]) > base);
    assert.ok(tardiness([{ kind: 'material-late', subject: 'L-4', to: iso(120) }]) > base);
    assert.ok(
      tardiness(model.persons.map((p) => ({ kind: 'operator-absent', subject: p.personId, to: iso(20) }))) > base,
    );
    const stops = {
      kind: 'stop-law',
      subject: 'MILL-33',
      reason: 'breakdown',
      meanRunSecondsBetween: 3600,
      medianSeconds: 3600,
      sigma: 0.2,
    };
    assert.ok(tardiness([stops]) > base);
    assert.ok(tardiness([{ kind: 'speed', subject: 'SITE', factor: 2 }]) <= base);
  });
  it('takes durations from now, or from the beginning, in place of instants', () => {
    const down = { kind: 'machine-down', subject: 'MILL-33' };
    assert.equal(tardiness([{ ...down, to: 'PT30H' }]), tardiness([{ ...down, to: iso(30) }]));
    assert.equal(
      tardiness([{ ...down, from: 'P1DT30M', to: 'PT8H' }]),
      tardiness([{ ...down, from: iso(24.5), to: iso(32.5) }]),
    );
    const late = { kind: 'material-late', subject: 'CAST' };
    assert.equal(tardiness([{ ...late, to: 'P5D' }]), tardiness([{ ...late, to: iso(120) }]));
    for (const to of ['P', 'PT', 'P1M', '8h', 'P1.5D', `PT${'9'.repeat(40)}H`])
      assert.throws(() => tardiness([{ ...down, to }]), { code: 'MW_PAYLOAD_INVALID' });
  });
  const kpis = ['weightedTardinessSeconds', 'makespanSeconds', 'lateOrders'] as const;
  /** Differences of a varied plan, and both sides of them. */
  const compare = (changes: Record<string, unknown>[], replications = 20, state: PlantState = before) => {
    const varied = { ...options, parameters: defaultTwinParameters(model), replications };
    const { differences, unchanged, ...changed } = whatIf(model, state, live, changes, varied);
    assert.ok(differences && unchanged);
    for (const kpi of kpis) {
      const gap = changed.kpis[kpi].mean - unchanged.kpis[kpi].mean;
      assert.ok(Math.abs(differences[kpi].mean - gap) < 1e-6 * (1 + Math.abs(gap)));
      assert.ok(differences[kpi].p10 <= differences[kpi].p90);
      const each = changed.replications.map((k, i) => k[kpi] - unchanged.replications[i]![kpi]);
      assert.ok(Math.min(...each) <= differences[kpi].p10 && Math.max(...each) >= differences[kpi].p90);
    }
    return { differences, unchanged, changed };
  };
  const lot = (materialId: string, unit: string) => ({
    ...{ lotId: `more ${materialId}`, materialId, unit, quantity: 1e6 },
    ...{ availableAt: before.at, locationId: 'SITE' },
  });
  const busiest = () => {
    const load = new Map<string, number>();
    for (const { equipmentId, start, end } of live.entries)
      load.set(equipmentId, (load.get(equipmentId) ?? 0) + end - start);
    return [...load].sort((a, b) => b[1] - a[1])[0]![0];
  };

  it('is right to the second on a plant that can be worked out by hand', () => {
    const at = (minutes: number) => new Date(monday + minutes * 60_000).toISOString();
    const minutesBy = (
      count: number,
      quantity: number,
      kind: 'always' | 'early',
      changes: Record<string, unknown>[],
      segment: Partial<ProcessSegment> = {},
    ) => {
      const state = smallState(count, quantity);
      const small = smallModel({ calendar: calendarOf(kind) }, segment);
      const settings = { parameters: exact, replications: 2, seed: 1 };
      const { differences } = whatIf(small, state, smallPlan(state), changes, settings);
      assert.equal(differences!.makespanSeconds.p10, differences!.makespanSeconds.p90);
      return differences!.makespanSeconds.mean / 60;
    };
    // 600 min on M-1, 10 min transport, 600 min on M-2 in shifts of 480 min a day: a second shift saves a day.
    assert.equal(minutesBy(1, 600, 'early', [{ kind: 'shift', subject: 'S', from: at(480), to: at(960) }]), -24 * 60);
    assert.equal(minutesBy(1, 600, 'early', [{ kind: 'shift', subject: 'L2', from: at(480), to: at(960) }]), 0);
    // Four orders of 30 min pass both machines by 160; with two of each by 100, with two of the first only as before.
    const machine = (subject: string) => ({ kind: 'machine-added', subject });
    assert.equal(minutesBy(4, 30, 'always', [machine('M-1')]), 0);
    assert.equal(minutesBy(4, 30, 'always', [machine('M-1'), machine('M-2')]), -60);
    assert.equal(minutesBy(4, 30, 'always', [{ ...machine('M-1'), from: at(1000) }, machine('M-2')]), 0);
    assert.equal(minutesBy(2, 30, 'always', [{ kind: 'order-added', subject: 'A', quantity: 30, dueAt: at(600) }]), 30);
    assert.equal(minutesBy(2, 30, 'always', [{ kind: 'order-removed', subject: 'WO-1' }]), -30);
    // An order of an hour behind one of ten minutes; in two lots, the first moves on while the second is made.
    const hourMore = [{ kind: 'order-added', subject: 'A', quantity: 60, dueAt: at(600) }];
    assert.equal(minutesBy(1, 10, 'always', hourMore), 110);
    assert.equal(minutesBy(1, 10, 'always', hourMore, { lots: { mostLots: 2, leastQuantity: 20 } }), 80);
  });
  it('compares with the plan without the changes under the same random numbers: nothing changed is no difference', () => {
    const { differences, unchanged } = compare([{ kind: 'speed', subject: 'SITE', factor: 1 }]);
    for (const { mean, p10, p90 } of Object.values(differences)) assert.deepEqual([mean, p10, p90], [0, 0, 0]);
    assert.ok(unchanged.kpis.makespanSeconds.p90 > unchanged.kpis.makespanSeconds.p10);
    const slower = compare([{ kind: 'speed', subject: 'SITE', factor: 0.9 }]).differences.makespanSeconds;
    assert.ok(slower.p10 > 0, 'slower in nine runs of ten');
  });
  it('a further shift over the weekend lets the same work end earlier, on a line and on the whole site', () => {
    const { mean, p90 } = compare([{ kind: 'shift', subject: 'SITE', to: iso(400) }]).differences.makespanSeconds;
    assert.ok(mean < 0 && p90 <= 0, `${String(mean)} ${String(p90)}`);
    assert.ok(compare([{ kind: 'shift', subject: 'LINE-3', to: iso(400) }]).differences.makespanSeconds.mean <= 0);
  });
  it('a further machine takes its share of the busiest one, and only of what is open', () => {
    const subject = busiest();
    const { differences, changed, unchanged } = compare([{ kind: 'machine-added', subject }]);
    assert.ok(differences.weightedTardinessSeconds.mean < 0);
    const [own, more, alone] = [
      changed.utilisation[subject]!,
      changed.utilisation[`${subject} (2)`]!,
      unchanged.utilisation[subject]!,
    ];
    assert.ok(own.busy < 0.75 * alone.busy && more.busy > 0.25 * alone.busy);
    assert.ok(
      compare([{ kind: 'machine-added', subject, from: iso(2000) }]).changed.utilisation[`${subject} (2)`]!.busy <
        more.busy,
    );
    const two = compare(
      [
        { kind: 'machine-added', subject },
        { kind: 'machine-added', subject },
      ],
      5,
    );
    assert.ok(two.changed.utilisation[`${subject} (3)`]!.busy > 0);
  });
  it('one more order comes behind the plan and leaves it alone, or rushes in and is early itself', () => {
    const { materialId: subject } = model.workMasters[0]!;
    const stocked = { ...before, lots: model.materials.map(({ materialId, unit }) => lot(materialId, unit)) };
    const added = { kind: 'order-added', subject, quantity: 40, dueAt: iso(60) };
    const behind = compare([added], 20, stocked);
    const rush = compare([{ ...added, rush: true }], 20, stocked);
    assert.ok(behind.differences.makespanSeconds.mean > 0 && behind.differences.makespanSeconds.p90 < 48 * 3600);
    assert.ok(behind.differences.lateOrders.mean <= 1 + 1e-9);
    assert.ok(rush.differences.makespanSeconds.mean < behind.differences.makespanSeconds.mean);
    assert.throws(() => compare([{ ...added, subject: 'GOLD' }]), { code: 'MW_TWIN_SUBJECT_UNKNOWN' });
  });
  it('without an order the others have its time; without all but one it is alone', () => {
    const [, ...others] = before.workRequests.filter(({ workRequestId }) =>
      live.entries.some(({ jobOrderId }) => jobOrderId.startsWith(`${workRequestId}/`)),
    );
    const removed = (ids: string[]) => ids.map((subject) => ({ kind: 'order-removed', subject }));
    const one = compare(removed([others[0]!.workRequestId]));
    assert.ok(one.differences.weightedTardinessSeconds.mean < 0);
    const alone = compare(removed(others.slice(0, 99).map((request) => request.workRequestId)));
    assert.ok(alone.changed.kpis.lateOrders.mean <= 1 && alone.differences.makespanSeconds.p90 < 0);
    assert.throws(() => compare(removed(['W-none'])), { code: 'MW_TWIN_SUBJECT_UNKNOWN' });
  });

  it('refuses what it does not know, by code and place', () => {
    assert.throws(() => tardiness([{ kind: 'earthquake', subject: 'SITE' }]), { code: 'MW_TWIN_CHANGE_UNKNOWN' });
    assert.throws(() => tardiness([{ subject: 'SITE' }]), { code: 'MW_TWIN_CHANGE_UNKNOWN' });
    assert.throws(() => tardiness([{ kind: 'speed', subject: 'CNC-99', factor: 2 }]), {
      code: 'MW_TWIN_SUBJECT_UNKNOWN',
    });
    assert.throws(() => tardiness([{ kind: 'operator-absent', subject: 'OP-99', to: iso(1) }]), {
      code: 'MW_TWIN_SUBJECT_UNKNOWN',
    });
    assert.throws(() => tardiness([{ kind: 'material-late', subject: 'GOLD', to: iso(1) }]), {
      code: 'MW_TWIN_SUBJECT_UNKNOWN',
    });
    for (const bad of [{ factor: 0 }, { factor: '2' }, {}, { factor: 1, extra: 1 }])
      assert.throws(
        () =>
          tardiness([
            { kind: 'speed', subject: 'SITE', factor: 1 },
            { kind: 'speed', subject: 'SITE', ...bad },
          ]),
        (error: Error & { code?: string; params?: { pointer: string } }) =>
          error.code === 'MW_PAYLOAD_INVALID' && error.params!.pointer.startsWith('/changes/1'),
      );
  });
});
