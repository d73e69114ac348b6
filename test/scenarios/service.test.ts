import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { digestOf } from '../../src/audit/index.ts';
import { Simulation } from '../../src/contracts/index.ts';
import { compileCheck } from '../../src/kernel/index.ts';
import { shownContent, type PlanKpis, type ScenarioRecord, type ScenarioSet } from '../../src/plant/index.ts';
import { checkPlan, searchAlternatives, buildProblem } from '../../src/planning/index.ts';
import { simulate } from '../../src/scenarios/work.ts';
import { openLateExplainer, type PlanProgress } from '../../src/scenarios/index.ts';
import { defaultTwinParameters } from '../../src/twin/index.ts';
import { northfieldEvent, testNow } from '../planning/northfield.ts';
import { fillSite, openSite, planRequest } from './site.ts';

const hour = 3_600_000;
type Site = Awaited<ReturnType<typeof openSite>>;

describe('from a machine-down event to ranked plans', () => {
  let site: Site;
  let set: ScenarioSet;
  let event: Awaited<ReturnType<typeof fillSite>>;
  let lagP99Ms: number;
  const progress: PlanProgress[] = [];
  const request = planRequest();
  before(async () => {
    site = await openSite();
    event = await fillSite(site.store, 60);
    const lag = monitorEventLoopDelay({ resolution: 5 });
    lag.enable();
    set = await site.service.plan(request, { onProgress: (p) => progress.push(p) });
    lag.disable();
    lagP99Ms = lag.percentile(99) / 1e6;
  });
  after(() => site.close());

  it('gives fifty plans that the independent checker accepts', async () => {
    assert.equal(set.scenarios.length, 50);
    const state = await site.store.loadPlantState(testNow);
    const { from, frozenUntil, horizon, constraints } = request;
    for (const { plan, planned } of set.scenarios) {
      const checked = checkPlan(event.model, state, plan, { from, frozenUntil, horizon, constraints }, event.live);
      assert.deepEqual(checked.violations, []);
      assert.deepEqual(checked.kpis, planned);
    }
    assert.deepEqual(
      site.lines.filter((line) => line.includes('refused')),
      [],
    );
  });

  it('keeps free the machine that is down', () => {
    for (const { plan } of set.scenarios)
      for (const entry of plan.entries)
        if (entry.equipmentId === 'CNC-22' && !entry.frozen) assert.ok(entry.start >= testNow + 10 * hour);
  });

  it('ranks them without a gap, doing nothing among them, and marks those that nothing beats', () => {
    assert.deepEqual(
      set.scenarios.map((s) => s.rank),
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      set.scenarios.map((s) => s.plannedRank).sort((a, b) => a - b),
      set.scenarios.map((s) => s.rank),
    );
    assert.equal(set.scenarios.filter((s) => s.doNothing).length, 1);
    const nothing = set.scenarios.find((s) => s.doNothing)!;
    const machines = new Map(event.live.entries.map((entry) => [entry.jobOrderId, entry.equipmentId]));
    for (const entry of nothing.plan.entries) assert.equal(entry.equipmentId, machines.get(entry.jobOrderId));
    const lower: (keyof PlanKpis)[] = [
      'weightedTardinessSeconds',
      'changeovers',
      'makespanSeconds',
      'workloadImbalance',
    ];
    const costs = (s: ScenarioRecord) => [...lower.map((k) => s.simulated[k].mean), -s.simulated.stability.mean];
    for (const s of set.scenarios) {
      const beaten = set.scenarios.some((other) => {
        const [own, theirs] = [costs(s), costs(other)];
        return theirs.every((v, k) => v <= own[k]!) && theirs.some((v, k) => v < own[k]!);
      });
      assert.equal(s.pareto, !beaten);
    }
  });

  it('simulates each one, says what is special about it and what it needs', () => {
    for (const s of set.scenarios) {
      for (const { p10, p50, p90, mean } of Object.values(s.simulated))
        assert.ok(p10 <= p50 && p50 <= p90 && Number.isFinite(mean));
      assert.ok(s.label.length > 0);
      assert.equal(s.lateReasons.length, s.planned.lateOrders);
      const machines = new Map(event.live.entries.map((entry) => [entry.jobOrderId, entry.equipmentId]));
      const elsewhere = s.plan.entries.filter((e) => !e.frozen && machines.get(e.jobOrderId) !== e.equipmentId);
      assert.deepEqual(s.instructionJobs.toSorted(), elsewhere.map((e) => e.jobOrderId).toSorted());
      assert.ok(s.instructionJobs.length <= s.changes);
    }
    assert.equal(new Set(set.scenarios.map((s) => s.label)).size, 50);
    assert.ok(set.scenarios.some((s) => s.staging.length > 0));
    const varied = set.scenarios.filter((s) => s.simulated.makespanSeconds.p10 < s.simulated.makespanSeconds.p90);
    assert.equal(varied.length, 50);
  });

  it('offers none that doing nothing beats in everything, and says how many it left out', () => {
    const nothing = set.scenarios.find((s) => s.doNothing)!;
    const lower = ['weightedTardinessSeconds', 'changeovers', 'makespanSeconds', 'workloadImbalance'] as const;
    for (const s of set.scenarios) {
      const gains = lower.some((k) => s.simulated[k].mean < nothing.simulated[k].mean - 1e-9);
      assert.ok(s.doNothing || gains || s.replications > 30, s.label);
    }
    assert.ok(Number.isInteger(set.dominated) && set.dominated >= 0);
  });

  it('says what each machine and line does with its time, and which is the bottleneck', () => {
    for (const { utilisation, bottleneck, oeeByLine, planned, warnings } of set.scenarios) {
      assert.equal(Object.keys(utilisation).length, 16);
      for (const { busy, setup, blocked, starved, down, waitingForOperator } of Object.values(utilisation))
        assert.ok(Math.abs(busy + setup + blocked + starved + down + waitingForOperator - 1) < 1e-3);
      assert.ok(bottleneck !== null && bottleneck in utilisation);
      assert.equal(Object.keys(oeeByLine).length, 4);
      const oees = Object.values(oeeByLine).map((line) => line.planned.oee);
      assert.ok(Math.min(...oees) <= planned.oee && planned.oee <= Math.max(...oees));
      for (const { simulated } of Object.values(oeeByLine)) assert.ok(simulated.p10 <= simulated.p90);
      for (const { key, text } of warnings) assert.ok(text.length > 10, key);
    }
  });

  it('is in the store with digests over exactly what is shown', async () => {
    const stored = (await site.store.loadScenarioSet('R-1'))!;
    assert.equal(stored.scenarios.length, 50);
    assert.equal(stored.basePlanId, 'LIVE');
    assert.equal(stored.inputsDigest, await site.store.inputsDigest(testNow));
    for (const scenario of stored.scenarios) {
      assert.equal(scenario.digest, digestOf(shownContent(scenario)));
      assert.notEqual(scenario.digest, digestOf(shownContent({ ...scenario, rank: scenario.rank + 1 })));
    }
  });

  it('explains each plan on demand from what it was made from', async () => {
    const explainer = openLateExplainer(site.store);
    const { plan, lateReasons, planned } = set.scenarios[3]!;
    const { relaxations, ...explained } = await explainer.explain(plan.scheduleId);
    const late = (list: typeof lateReasons) => list.map((r) => [r.workRequestId, r.lateSeconds]).sort();
    assert.deepEqual(late(explained.lateReasons), late(lateReasons));
    assert.ok(relaxations.some((r) => r.weightedTardinessSecondsThen < planned.weightedTardinessSeconds));
    assert.equal(await explainer.explain(plan.scheduleId), await explainer.explain(plan.scheduleId));
    await site.store.publishSchedule(set.scenarios[5]!.plan.scheduleId, undefined, { id: 'test' });
    assert.equal(
      (await explainer.explain(set.scenarios[4]!.plan.scheduleId)).lateReasons.length,
      set.scenarios[4]!.lateReasons.length,
    );
    await site.store.publishSchedule(event.live.scheduleId, undefined, { id: 'test' });
    await assert.rejects(explainer.explain('none'), { code: 'MW_PLAN_UNKNOWN' });
    await explainer.close();
  });

  it('tells its progress and leaves the event loop free', () => {
    assert.ok(progress.every((p, i) => p.done >= (progress[i - 1]?.done ?? 0) && p.done <= p.total));
    assert.equal(progress.at(-1)!.done, 100);
    assert.ok(progress.some((p) => p.best !== undefined && p.done > 10 && p.done < 70));
    assert.ok(lagP99Ms < 100, `p99 of the event loop's lag: ${String(lagP99Ms)} ms`);
  });

  it('answers what-ifs on its plans', async () => {
    const basePlanId = set.scenarios[0]!.plan.scheduleId;
    const ask = (changes: Record<string, unknown>[]) =>
      site.service.whatIf({ basePlanId, changes, replications: 10, seed: 1 });
    const as = await ask([]);
    assert.equal(compileCheck(Simulation)(as), undefined);
    const down = await ask([
      { kind: 'machine-down', subject: 'MILL-33', to: new Date(testNow + 60 * hour).toISOString() },
    ]);
    assert.ok(down.kpis.weightedTardinessSeconds.mean > as.kpis.weightedTardinessSeconds.mean);
    assert.equal(compileCheck(Simulation)(down), undefined);
    assert.deepEqual(down.unchanged!.kpis, as.kpis);
    assert.ok(down.differences!.weightedTardinessSeconds.mean > 0);
    await assert.rejects(ask([{ kind: 'flood', subject: 'SITE' }]), { code: 'MW_TWIN_CHANGE_UNKNOWN' });
    await assert.rejects(ask([{ kind: 'speed', subject: 'CNC-99', factor: 2 }]), { code: 'MW_TWIN_SUBJECT_UNKNOWN' });
    await assert.rejects(site.service.whatIf({ basePlanId: 'none', changes: [], replications: 1, seed: 1 }), {
      code: 'MW_PLAN_UNKNOWN',
    });
  });
});

describe('requests that cannot be answered', () => {
  let site: Site;
  beforeEach(async () => {
    site = await openSite();
  });
  afterEach(() => site.close());

  it('an empty store says so', async () => {
    await assert.rejects(site.service.plan(planRequest()), { code: 'MW_PLANT_UNKNOWN' });
  });

  it('a cancelled search ends at once, writes nothing, and the next one works', async () => {
    await fillSite(site.store, 30);
    const stop = new AbortController();
    let asked = NaN;
    const onProgress = ({ done }: PlanProgress) => {
      if (done < 5 || !Number.isNaN(asked)) return;
      asked = performance.now();
      stop.abort();
    };
    const long = planRequest({ timeLimitMs: 20_000 });
    await assert.rejects(site.service.plan(long, { signal: stop.signal, onProgress }), { code: 'MW_ABORTED' });
    assert.ok(performance.now() - asked < 2000);
    assert.equal(await site.store.loadScenarioSet(), undefined);
    const next = await site.service.plan(planRequest({ count: 5, timeLimitMs: 300, replications: 3 }));
    assert.ok(next.scenarios.length >= 2);
  });

  it('an infeasible problem names what is missing', async () => {
    const { model } = await fillSite(site.store, 30);
    const persons = model.persons.filter((person) => !person.qualificationIds.includes('grinding'));
    await site.store.savePlantModel({ ...model, persons }, { id: 'test' });
    await assert.rejects(
      site.service.plan(planRequest({ timeLimitMs: 300 })),
      (error: Error & { code?: string; params?: { conflicts: string } }) => {
        assert.equal(error.code, 'MW_PLAN_INFEASIBLE');
        assert.match(error.params!.conflicts, /^WO-\d+\/30: (no-open-time|qualification-nobody-has) \(/);
        return true;
      },
    );
  });

  it('a weight for something unknown is refused', async () => {
    await fillSite(site.store, 10);
    await assert.rejects(site.service.plan(planRequest({ weights: { beauty: 1 } })), { code: 'MW_PAYLOAD_INVALID' });
  });
});

describe('a plant without a plan', () => {
  let site: Site;
  before(async () => {
    site = await openSite();
  });
  after(() => site.close());

  it('gets a first one, which becomes live', async () => {
    const { model } = await fillSite(site.store, 20, false);
    assert.equal(await site.store.livePlan(), undefined);
    const set = await site.service.plan(planRequest({ count: 5, timeLimitMs: 300, replications: 3 }));
    const live = (await site.store.livePlan())!;
    assert.equal(set.basePlanId, live.scheduleId);
    const state = await site.store.loadPlantState(testNow);
    const request = { from: testNow, frozenUntil: testNow, horizon: planRequest().horizon, constraints: [] };
    assert.deepEqual(checkPlan(model, state, live, request).violations, []);
    assert.equal((await site.service.ensureLivePlan(planRequest())).scheduleId, live.scheduleId);
  });
});

describe('the checker between search and twin', () => {
  it('refuses what search could not have made; the others are simulated', () => {
    const { model, state, live } = northfieldEvent(2, 20);
    const input = {
      model,
      state,
      live,
      request: { from: testNow, frozenUntil: testNow, horizon: testNow + 240 * hour, constraints: [] },
    };
    const { alternatives } = searchAlternatives(buildProblem(model, state, live, input.request), {
      count: 3,
      seed: 1,
      maxDecodes: 50,
    });
    const good = alternatives[0]!.solution;
    const bad = { ...good, order: good.order.slice().reverse() };
    const settings = { parameters: defaultTwinParameters(model), replications: 2, seed: 1 };
    const [first, second] = simulate({ input, settings, solutions: [good, bad] }, () => undefined);
    assert.ok(first && 'simulated' in first);
    assert.ok(second && 'refused' in second && second.refused.length > 0);
  });
});
