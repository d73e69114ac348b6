import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MaterialLot } from '../../src/plant/index.ts';
import { lateMaterial, materialNeeds, type MaterialNeed } from '../../src/signal/index.ts';
import { hour, jobOrder, model, now, schedule } from '../store/plant.ts';

const lot = (lotId: string, quantity: number, comes: number, more: Partial<MaterialLot> = {}): MaterialLot => ({
  ...{ lotId, materialId: 'BAR', quantity, unit: 'm', locationId: 'STORE', availableAt: now + comes * hour },
  ...more,
});
const announced = (lotId: string, quantity: number, comes: number, promised = comes) =>
  lot(lotId, quantity, comes, { promisedAt: now + promised * hour });
const need = (jobOrderId: string, quantity: number, start: number): MaterialNeed => ({
  ...{ jobOrderId, materialId: 'BAR', quantity, start: now + start * hour },
});
const judge = (lots: MaterialLot[], needs: MaterialNeed[] = [], at = now): Record<string, unknown>[] =>
  lateMaterial({ at, lots, needs, graceMs: 60_000 }).map(({ subject, severity, expectedEnd, evidence }) => ({
    subject,
    severity,
    end: [expectedEnd!.basis, (expectedEnd!.p50 - now) / hour, (expectedEnd!.p90 - now) / hour].join(' '),
    ...Object.fromEntries(evidence.map(({ name, value }) => [name, value])),
  }));
const iso = (hours: number) => new Date(now + hours * hour).toISOString();

describe('late material', () => {
  it('is a lot whose time has passed by more than the grace, unless it is there or nobody announced it', () => {
    const late = { ...{ subject: 'L', severity: 400, end: 'default 24 72', cause: 'not-received', materialId: 'BAR' } };
    assert.deepEqual(judge([announced('L', 5, -1)]), [{ ...late, quantity: 5, promisedAt: iso(-1) }]);
    assert.deepEqual(judge([announced('L', 5, 1), announced('M', 5, 0), lot('N', 5, -1)]), []);
    assert.equal(judge([announced('L', 5, 0)], [], now + 59_000).length, 0);
    assert.equal(judge([announced('L', 5, 0)], [], now + 60_000).length, 1);
  });

  it('is a lot that was put off, with the new date as its end, but not one that comes earlier', () => {
    assert.deepEqual(judge([announced('L', 5, 30, 6)]), [
      {
        ...{ subject: 'L', severity: 400, end: 'person 30 30', cause: 'postponed', materialId: 'BAR', quantity: 5 },
        ...{ promisedAt: iso(6), expectedAt: iso(30) },
      },
    ]);
    assert.deepEqual(judge([announced('L', 5, 3, 6)]), []);
    const [passed] = judge([announced('L', 5, -2, -20)]);
    assert.equal(passed?.['cause'], 'not-received');
  });

  it('is more urgent where the plan needs it before it comes, and names the first operation', () => {
    const lots = [lot('S', 10, -5), announced('L', 5, 30, 6)];
    const [late] = judge(lots, [need('J-1', 8, 4), need('J-2', 4, 8), need('J-3', 1, 9)]);
    assert.deepEqual([late?.['severity'], late?.['jobOrderId'], late?.['neededAt']], [700, 'J-2', iso(8)]);
    const [fine] = judge(lots, [need('J-1', 8, 4), need('J-2', 4, 31)]);
    assert.deepEqual([fine?.['severity'], fine?.['jobOrderId']], [400, undefined]);
  });

  it('is a material of which the plan takes more than is there and promised', () => {
    const short = (lots: MaterialLot[], needs: MaterialNeed[]) =>
      judge(lots, needs).filter(({ cause }) => cause === 'short');
    const needs = [need('J-1', 8, 4), need('J-2', 4, 8)];
    assert.deepEqual(short([lot('S', 10, -5)], needs), [
      {
        ...{ subject: 'BAR', severity: 700, end: 'default 24 72', cause: 'short', missing: 2 },
        ...{ jobOrderId: 'J-2', neededAt: iso(8) },
      },
    ]);
    assert.equal(
      short([lot('S', 10, -5), announced('L', 1, 9), announced('M', 2, 20)], needs)[0]?.['end'],
      'person 20 20',
    );
    assert.deepEqual(short([lot('S', 10, -5), announced('L', 2, 7)], needs), []);
    assert.deepEqual(short([lot('S', 10, -5), announced('L', 2, 30, 7)], needs), [], 'the late lot has its own event');
    assert.deepEqual(short([lot('S', 12, -5)], needs), []);
    assert.deepEqual(judge([], needs), [], 'no lot: not kept track of');
  });

  it('needs what operations of the plan that have not begun take, in order of their start', () => {
    const jobs = [
      jobOrder('WO-1', 10, { quantity: 20 }),
      jobOrder('WO-2', 10, { dispatchStatus: 'Running' }),
      jobOrder('WO-3', 10),
      jobOrder('WO-1', 20),
    ];
    const plan = schedule('P');
    const [entry] = plan.entries;
    const at = (jobOrderId: string, start: number) => ({ ...entry!, jobOrderId, start });
    const entries = [at('WO-3/10', now + 2), at('WO-1/10', now + 1), at('WO-2/10', now), at('WO-1/20', now + 3)];
    assert.deepEqual(
      materialNeeds(model, jobs, { entries }).map((each) => [
        each.jobOrderId,
        each.materialId,
        each.quantity,
        each.start - now,
      ]),
      [
        ['WO-1/10', 'BAR', 7, 1],
        ['WO-3/10', 'BAR', 14, 2],
      ],
    );
    assert.deepEqual(materialNeeds(model, jobs, undefined), []);
  });

  it('is never short where every need finds its own lot before it', () => {
    const pair = fc.record({
      quantity: fc.double({ min: 0.1, max: 50, noNaN: true }),
      at: fc.integer({ min: -20, max: 100 }),
    });
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 12 }), (pairs) => {
        const sorted = pairs.toSorted((a, b) => a.at - b.at);
        const lots = sorted.map(({ quantity, at }, i) => lot(`L${i}`, quantity, at));
        const needs = sorted.map(({ quantity, at }, i) => need(`J${i}`, quantity, at));
        assert.deepEqual(judge(lots, needs), []);
        if (pairs.length > 0) assert.equal(judge(lots, [...needs, need('J', 0.1, 200)]).length, 1);
      }),
    );
  });
});
