import assert from 'node:assert/strict';
import {
  buildProblem,
  changedJobs,
  Decoder,
  doNothing,
  explainLate,
  labelOf,
  labelsOf,
  outlineOf,
  searchAlternatives,
  stagingNeeds,
} from '../../src/planning/index.ts';
import type { Decoded } from '../../src/planning/decoder.ts';
import type { PlanKpis, WorkSchedule } from '../../src/plant/index.ts';
import { scheduleOf } from './judged.ts';
import { events, plainRequest, quietSituation, testNow } from './northfield.ts';

const hour = 3_600_000;
const kpis = (changes: Partial<PlanKpis>): { kpis: PlanKpis } => ({
  kpis: {
    weightedTardinessSeconds: 36_000,
    lateOrders: 5,
    onTimeShare: 0.9,
    makespanSeconds: 360_000,
    changeovers: 40,
    setupSeconds: 40_000,
    stability: 1,
    workloadImbalance: 0.5,
    expectedScrap: 12,
    oee: 0.6,
    ...changes,
  },
});

describe('words about plans', () => {
  const base = kpis({});
  const few = kpis({ changeovers: 26, stability: 0.6 });
  const punctual = kpis({ weightedTardinessSeconds: 0, lateOrders: 0, stability: 0.2, changeovers: 44 });
  const mixed = kpis({ weightedTardinessSeconds: 18_000, changeovers: 33, stability: 0.8 });
  const all = [base, few, punctual, mixed];

  it('say what a plan is best at, against doing nothing, and at what price', () => {
    assert.deepEqual(labelOf(few, all, base), {
      key: 'best',
      params: { kpi: 'changeovers', amount: '14', price: 'stability', priceAmount: '40' },
      details: [],
      text: 'Fewest changeovers: 14 fewer changeovers than doing nothing; 40 % of operations move',
    });
    assert.match(labelOf(punctual, all, base).text, /^(Least lateness: 10 h less|Fewest late orders: 5 fewer)/);
  });
  it('say what a plan gains where it is best at nothing', () => {
    const { key, text } = labelOf(mixed, all, base);
    assert.equal(key, 'trade-off');
    assert.match(text, /5 h less weighted lateness/);
    assert.match(text, /7 fewer changeovers/);
    assert.match(text, /; 20 % of operations move$/);
  });
  it('say so where it is doing nothing, or much the same, or only worse', () => {
    assert.equal(labelOf(base, all, base).key, 'doing-nothing');
    assert.equal(labelOf(kpis({}), all, base).key, 'alike');
    assert.equal(labelOf(kpis({ changeovers: 41 }), all, base).text, '1 more changeover');
  });

  it('name what tells plans apart by name, even where all KPIs are the same', () => {
    const { model, state, live, request } = events['machine down']!(quietSituation(1));
    const problem = buildProblem(model, state, live, request);
    const { alternatives, doNothing: at } = searchAlternatives(problem, { count: 20, seed: 1, maxDecodes: 2000 });
    const alike = alternatives.map(({ plan }) => ({ kpis: base.kpis, outline: outlineOf(problem, plan) }));
    const nothing = alike[at]!;
    const labels = labelsOf(problem, alike, nothing);
    assert.equal(new Set(labels.map(({ text }) => text)).size, 20);
    assert.deepEqual(labels[at]!.details, []);
    const late = (plan: Decoded, id: string) => {
      const r = problem.requestIds.indexOf(id);
      return plan.end.some((end, i) => problem.requestOf[i] === r && end > problem.due[r]!);
    };
    const seen = new Set<string>();
    alternatives.forEach(({ plan }, i) => {
      for (const { key, params, text } of labels[i]!.details) {
        const [subject, machine] = [String(params['subject']), String(params['machine'])];
        seen.add(key);
        assert.ok(labels[i]!.text.includes(text));
        if (key === 'order-on-time') assert.ok(late(alternatives[at]!.plan, subject) && !late(plan, subject));
        if (key === 'order-late') assert.ok(!late(alternatives[at]!.plan, subject) && late(plan, subject));
        if (key === 'operation-after' || key === 'operation-first') {
          const operation = problem.jobOrderIds.indexOf(subject);
          assert.equal(problem.machineIds[plan.machine[operation]!], machine);
          assert.equal(problem.jobOrderIds[plan.machineBefore[operation]!], params['other']);
        }
      }
    });
    assert.ok(seen.has('order-on-time') && seen.has('machine-more'), [...seen].join());
  });

  describe('of lateness', () => {
    const quiet = quietSituation(1);
    /** The reason for one request, with doing nothing as the plan. */
    const reasonFor = (id: string, changes: Partial<typeof quiet>) => {
      const { model, state, live, request } = { ...quiet, ...changes };
      const problem = buildProblem(model, state, live, request);
      const plan = new Decoder(problem).decode(doNothing(problem));
      const reasons = explainLate(problem, plan);
      assert.equal(reasons.length, plan.lateRequests);
      assert.deepEqual(
        reasons.map((r) => r.lateSeconds),
        reasons.map((r) => r.lateSeconds).sort((a, b) => b - a),
      );
      return reasons.find((r) => r.workRequestId === id);
    };
    const only = (id: string, changes: object = {}) => ({
      ...quiet.state,
      workRequests: quiet.state.workRequests.map((r) =>
        r.workRequestId === id ? { ...r, dueAt: testNow + hour, releasedAt: testNow - hour, ...changes } : r,
      ),
      jobOrders: quiet.state.jobOrders.filter((j) => j.workRequestId === id),
    });
    const fresh = quiet.state.workRequests.find(
      (r) =>
        r.materialId === 'SH-20' &&
        quiet.state.jobOrders.every((j) => j.workRequestId !== r.workRequestId || j.dispatchStatus === 'Waiting'),
    )!.workRequestId;
    const plenty = quiet.state.lots.map((lot) => ({ ...lot, availableAt: testNow - hour }));
    const alone = (state: object) => ({
      live: { ...quiet.live, entries: [] },
      state: { ...only(fresh), lots: plenty, absences: [], unavailable: [], ...state },
      request: plainRequest(),
    });

    it('name the run time where nothing else holds a request up', () => {
      const model = { ...quiet.model, transportSeconds: 0 };
      assert.equal(reasonFor(fresh, { ...alone({}), model })!.reason, 'run-time');
    });
    it('name the material that comes late', () => {
      const lots = plenty.map((lot) => (lot.materialId === 'BAR' ? { ...lot, availableAt: testNow + 50 * hour } : lot));
      const reason = reasonFor(fresh, alone({ lots }))!;
      assert.deepEqual([reason.reason, reason.subject, reason.jobOrderId], ['material', 'BAR', `${fresh}/10`]);
    });
    it('name the machine that is down', () => {
      const unavailable = [{ equipmentId: 'GRIND-23', reason: 'breakdown', start: testNow, end: testNow + 60 * hour }];
      const reason = reasonFor(fresh, alone({ unavailable }))!;
      assert.deepEqual(
        [reason.reason, reason.subject, reason.jobOrderId],
        ['machine-closed', 'GRIND-23', `${fresh}/30`],
      );
    });
    it('name the qualification that nobody is there with', () => {
      const absences = quiet.model.persons
        .filter((p) => p.qualificationIds.includes('grinding'))
        .map(({ personId }) => ({ personId, start: testNow, end: testNow + 60 * hour }));
      const reason = reasonFor(fresh, alone({ absences }))!;
      assert.deepEqual([reason.reason, reason.subject, reason.jobOrderId], ['no-operator', 'grinding', `${fresh}/30`]);
    });
    it('name the release, and the frozen horizon', () => {
      const state = {
        ...alone({}).state,
        ...only(fresh, { releasedAt: testNow + 40 * hour, dueAt: testNow }),
        lots: plenty,
      };
      assert.equal(reasonFor(fresh, { ...alone({}), state })!.reason, 'release');
      const request = plainRequest({ frozenUntil: testNow + 40 * hour });
      assert.equal(reasonFor(fresh, { ...alone({}), request })!.reason, 'frozen-horizon');
    });
    it('name the machine that others keep busy', () => {
      const { model, state } = quiet;
      const problem = buildProblem(model, state, undefined, quiet.request);
      const plan = new Decoder(problem).decode(doNothing(problem));
      const busy = explainLate(problem, plan).filter((r) => r.reason === 'machine-busy');
      assert.ok(busy.length > 5);
      for (const { jobOrderId, subject } of busy) {
        const i = problem.jobOrderIds.indexOf(jobOrderId);
        assert.equal(problem.machineIds[plan.machine[i]!], subject);
        assert.ok(plan.machineBefore[i]! >= 0);
      }
    });
  });

  describe('of what changes', () => {
    const inputs = events['machine down']!(quietSituation(1));
    const { model, state, live, request } = inputs;
    const problem = buildProblem(model, state, live, request);
    const { alternatives } = searchAlternatives(problem, { count: 20, seed: 1, maxDecodes: 2000 });
    const plans = alternatives.map((alternative) => scheduleOf(problem, alternative));

    it('list the jobs whose machine or start differs, and no other', () => {
      assert.deepEqual(changedJobs(live, live), []);
      for (const plan of plans) {
        const changed = new Set(changedJobs(live, plan));
        for (const entry of plan.entries) {
          const before = live.entries.find((e) => e.jobOrderId === entry.jobOrderId)!;
          const differs = before.equipmentId !== entry.equipmentId || Math.abs(before.start - entry.start) >= 60_000;
          assert.equal(changed.has(entry.jobOrderId), differs && !entry.frozen, entry.jobOrderId);
        }
      }
    });
    it('list material for changed jobs only: in the quantity needed, from where it is, in time', () => {
      assert.deepEqual(stagingNeeds(model, state, live, live), []);
      for (const plan of plans) {
        const needs = stagingNeeds(model, state, live, plan);
        const changed = changedJobs(live, plan);
        const startOf = (id: string) => plan.entries.find((e) => e.jobOrderId === id)!;
        for (const id of changed) {
          const job = state.jobOrders.find((j) => j.jobOrderId === id)!;
          const segment = model.workMasters.flatMap((m) => m.segments).find((s) => s.segmentId === job.segmentId)!;
          for (const { materialId, quantityPerUnit } of segment.materials) {
            const own = needs.filter((n) => n.jobOrderId === id && n.materialId === materialId);
            const sum = own.reduce((total, n) => total + n.quantity, 0);
            assert.ok(Math.abs(sum - quantityPerUnit * job.quantity) < 1e-6, `${id} ${materialId}`);
          }
        }
        const drawn = new Map<string, number>();
        for (const need of needs) {
          const { start, equipmentId } = startOf(need.jobOrderId);
          assert.ok(changed.includes(need.jobOrderId));
          assert.ok(need.needAt >= plan.from && need.needAt <= start);
          assert.equal(need.to, equipmentId);
          assert.notEqual(need.from, need.to);
          if (need.lotId === undefined) continue;
          const lot = state.lots.find((l) => l.lotId === need.lotId)!;
          assert.equal(need.from, lot.locationId);
          assert.ok(lot.availableAt <= start);
          drawn.set(lot.lotId, (drawn.get(lot.lotId) ?? 0) + need.quantity);
        }
        for (const [lotId, quantity] of drawn)
          assert.ok(quantity <= state.lots.find((l) => l.lotId === lotId)!.quantity + 1e-6);
      }
    });
    it('list parts in work of a job whose machine changed, from the machine before it', () => {
      const moved = plans.flatMap((plan) =>
        stagingNeeds(model, state, live, plan)
          .filter((need) => need.lotId === undefined)
          .map((need) => ({ need, plan })),
      );
      assert.ok(moved.length > 0);
      const machineOf = (plan: WorkSchedule, id: string) => plan.entries.find((e) => e.jobOrderId === id)?.equipmentId;
      for (const { need, plan } of moved) {
        assert.notEqual(machineOf(live, need.jobOrderId), need.to);
        const workRequestId = need.jobOrderId.split('/')[0]!;
        const sources = state.jobOrders
          .filter((j) => j.workRequestId === workRequestId)
          .map((j) => machineOf(plan, j.jobOrderId) ?? j.equipmentId);
        assert.ok(sources.includes(need.from));
      }
    });
  });
});
