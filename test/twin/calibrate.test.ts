import assert from 'node:assert/strict';
import { seededRandom } from '../../src/kernel/index.ts';
import type { EquipmentStateEvent } from '../../src/plant/index.ts';
import {
  calibrate,
  defaultTwinParameters,
  findDrift,
  observe,
  openPlantProcess,
  simulatePlan,
  subjectKey,
  withAccepted,
  type AcceptedLaw,
  type JobRecord,
  type Observations,
  type PlantHistory,
  type TwinParameters,
} from '../../src/twin/index.ts';
import { exact, hour, monday, smallModel, smallPlan, smallState } from './small-plant.ts';

const model = smallModel();
const law = { reason: 'breakdown' as const, meanRunSecondsBetween: 7200, medianSeconds: 1200, sigma: 0.6 };
const minutes = (n: number) => monday + n * 60_000;

function state(
  name: EquipmentStateEvent['state'],
  from: number,
  to?: number,
  reason?: EquipmentStateEvent['reason'],
): EquipmentStateEvent {
  const end = to === undefined ? {} : { end: minutes(to) };
  return { equipmentId: 'M-1', state: name, start: minutes(from), ...end, ...(reason ? { reason } : {}) };
}

const historyOf = (states: EquipmentStateEvent[], to: number, jobs: JobRecord[] = []): PlantHistory => ({
  from: monday,
  to: minutes(to),
  states,
  jobs,
});

/** What M-1, which always has work, does by a law of stops. */
function simulated(seed: number, days: number): PlantHistory {
  const plant = smallState(1, 10_000_000);
  const parameters = { ...exact, stops: { 'M-1': [law] } };
  const process = openPlantProcess(model, plant, smallPlan(plant), parameters, { seed }, { countEverySeconds: 86_400 });
  const to = monday + days * 24 * hour;
  const changes = process.advance(to).flatMap((e) => (e.kind === 'state' && e.equipmentId === 'M-1' ? [e] : []));
  const states = changes.map(({ state: name, at, reason }, i): EquipmentStateEvent => {
    const end = changes[i + 1]?.at;
    const known = { ...(end === undefined ? {} : { end }), ...(reason ? { reason } : {}) };
    return { equipmentId: 'M-1', state: name, start: at, ...known };
  });
  return { from: monday, to, states, jobs: [] };
}

describe('history as samples', () => {
  it('joins the states of one stop, counts run time only, and censors what has not ended', () => {
    const { stops, runSeconds } = observe(
      model,
      historyOf(
        [
          state('Execute', 0, 60),
          state('Aborting', 60, 61, 'breakdown'),
          state('Aborted', 61, 80, 'breakdown'),
          state('Execute', 80, 140),
          state('Held', 140, 150, 'setup'),
          state('Execute', 150, 180),
          state('Aborted', 180, 200, 'breakdown'),
          state('Execute', 200, 215),
          state('Held', 215, undefined, 'cleaning'),
        ],
        230,
      ),
    );
    assert.deepEqual(stops, [
      {
        equipmentId: 'M-1',
        reason: 'breakdown',
        between: [
          { time: 90 * 60, ended: true },
          { time: 15 * 60, ended: false },
        ],
        repair: [
          { time: 20 * 60, ended: true },
          { time: 20 * 60, ended: true },
        ],
      },
      { equipmentId: 'M-1', reason: 'cleaning', between: [], repair: [{ time: 15 * 60, ended: false }] },
    ]);
    assert.deepEqual(runSeconds, { 'M-1': 165 * 60 });
  });

  it('takes run time and setup of a job from the states between its start and its end', () => {
    const { materialId } = model.materials[0]!;
    const two = {
      ...model,
      materials: [
        { ...model.materials[0]!, setupFamily: 'red' },
        { ...model.materials[0]!, materialId: 'OTHER', setupFamily: 'blue' },
      ],
      equipment: model.equipment.map((e) => (e.level === 'WorkUnit' ? { ...e, equipmentClassId: 'press' } : e)),
      setupMatrices: [{ equipmentClassId: 'press', seconds: { red: { blue: 600 } }, defaultSeconds: 300 }],
    };
    const jobs: JobRecord[] = [
      {
        equipmentId: 'M-1',
        materialId,
        startedAt: minutes(0),
        endedAt: minutes(60),
        standardSeconds: 2400,
      },
      { equipmentId: 'M-1', materialId: 'OTHER', startedAt: minutes(60), endedAt: minutes(200), standardSeconds: 6000 },
      { equipmentId: 'M-1', materialId: 'OTHER', startedAt: minutes(200), standardSeconds: 6000 },
    ];
    const { runs, changeovers } = observe(
      two,
      historyOf(
        [
          state('Execute', 0, 60),
          state('Held', 60, 68, 'setup'),
          state('Stopped', 68, 90),
          state('Held', 90, 95, 'setup'),
          state('Execute', 95, 260),
        ],
        260,
        jobs,
      ),
    );
    assert.deepEqual(
      runs.map(({ materialId, ratio }) => [materialId, ratio]),
      [
        [materialId, 1.5],
        ['OTHER', 1.05],
      ],
    );
    assert.deepEqual(
      changeovers.map(({ fromFamily, toFamily, ratio }) => [fromFamily, toFamily, ratio]),
      [['red', 'blue', 1.3]],
    );
  });
});

describe('calibration', () => {
  it("recovers the twin's own law of stops from what it did, whatever the seed", () => {
    const truth = { 'time-between-stops': 7200, 'repair-time': 1200 * Math.exp(0.18) };
    const covered = { 'time-between-stops': 0, 'repair-time': 0 };
    for (let seed = 1; seed <= 20; seed++)
      for (const { subject, fitted } of calibrate(observe(model, simulated(seed, 40)), exact, seed)) {
        const kind = subject.kind as keyof typeof truth;
        assert.ok(fitted && fitted.pValue > 0.005, `${kind} ${String(fitted?.pValue)}`);
        if (fitted.mean.low <= truth[kind] && truth[kind] <= fitted.mean.high) covered[kind]++;
      }
    // 20 intervals of 95 %: fewer than 16 are chance once in 400.
    assert.ok(covered['time-between-stops'] >= 16 && covered['repair-time'] >= 16, JSON.stringify(covered));
  });

  it('says so where there is too little, and where the twin knows no such stops', () => {
    const few = observe(model, historyOf([state('Execute', 0, 60), state('Aborted', 60, 70, 'breakdown')], 70));
    const standard = defaultTwinParameters(model);
    assert.deepEqual(
      calibrate(few, standard, 1).map(({ verdict, count, fitted }) => [verdict, count, fitted]),
      [
        ['too-few', 0, undefined],
        ['too-few', 1, undefined],
      ],
    );
    assert.deepEqual(
      calibrate(few, exact, 1).map(({ current }) => current),
      [null, null],
    );
    assert.deepEqual(calibrate(observe(model, historyOf([], 10)), standard, 1), []);
  });

  it('counts with accepted laws and leaves everything else', () => {
    const standard = defaultTwinParameters(model);
    const stop = { equipmentId: 'M-1', reason: 'breakdown' as const };
    const accepted: AcceptedLaw[] = [
      { subject: { kind: 'repair-time', ...stop }, law: { family: 'lognormal', scale: 900, shape: 0.5 } },
      { subject: { kind: 'time-between-stops', ...stop }, law: { family: 'exponential', scale: 5000, shape: 1 } },
      {
        subject: { kind: 'repair-time', equipmentId: 'M-1', reason: 'cleaning' },
        law: { family: 'lognormal', scale: 1, shape: 1 },
      },
    ];
    const text = JSON.stringify(standard);
    const changed = withAccepted(standard, accepted);
    assert.deepEqual(changed.stops['M-1'], [
      { reason: 'breakdown', meanRunSecondsBetween: 5000, shape: 1, medianSeconds: 900, sigma: 0.5 },
    ]);
    assert.equal(JSON.stringify(standard), text);
    assert.equal(subjectKey(accepted[0]!.subject), 'repair-time/M-1/breakdown');
  });

  it('finds wear: stops after an even run time are a Weibull law to it, and the twin takes its shape over', () => {
    const even = Array.from({ length: 30 }, (_, i) => [
      state('Execute', i * 100, i * 100 + 60 + (i % 7)),
      state('Held', i * 100 + 60 + (i % 7), i * 100 + 70, 'tool-change'),
    ]).flat();
    const [proposal] = calibrate(observe(model, historyOf(even, 3000)), exact, 1);
    const { fitted, subject, current } = proposal!;
    assert.deepEqual([current, fitted?.law.family], [null, 'weibull']);
    assert.ok(fitted!.law.shape > 10 && Math.abs(fitted!.mean.value / (63 * 60) - 1) < 0.02);
    const [stop] = withAccepted(exact, [{ subject, law: fitted!.law }]).stops['M-1']!;
    assert.deepEqual([stop?.reason, stop?.shape], ['tool-change', fitted!.law.shape]);
    const again = { subject, law: { family: 'exponential' as const, scale: 100, shape: 1 } };
    assert.equal(withAccepted({ ...exact, stops: { 'M-1': [stop!] } }, [again]).stops['M-1']![0]!.shape, 1);
  });

  it('makes runs as long as the accepted factor says', () => {
    const plant = smallState(1, 100);
    const plan = smallPlan(plant);
    const { materialId } = plant.workRequests[0]!;
    const makespan = (parameters: TwinParameters) =>
      simulatePlan(model, plant, plan, { base: plan, parameters, replications: 1, seed: 1 }).kpis.makespanSeconds.mean;
    const longer = withAccepted(exact, [
      {
        subject: { kind: 'run-time', equipmentId: plan.entries[0]!.equipmentId, materialId },
        law: { family: 'lognormal', scale: 1.5, shape: 1e-9 },
      },
    ]);
    assert.ok(makespan(longer) > makespan(exact));
  });
});

describe('drift of the plant from the twin', () => {
  const parameters: TwinParameters = { ...exact, runVariation: 0.05, setupVariation: 0.15, stops: { 'M-1': [law] } };

  /** A window as the parameters say, or with runs, stops and repairs so many times longer or more. */
  function observed(seed: number, { run = 1, stops = 1, repair = 1 } = {}): Observations {
    const random = seededRandom(seed, 'drift');
    const runSeconds = 100 * 7200;
    let [count, at] = [0, 0];
    while ((at += random.exponential(7200 / stops)) < runSeconds) count++;
    const lasted = () => ({ time: repair * 1200 * Math.exp(0.6 * random.normal()), ended: true });
    const sigma = Math.sqrt(Math.log(1 + 0.05 ** 2));
    return {
      stops: [{ equipmentId: 'M-1', reason: 'breakdown', between: [], repair: Array.from({ length: count }, lasted) }],
      runs: Array.from({ length: 30 }, () => ({
        ...{ equipmentId: 'M-1', materialId: 'PART', at: 0 },
        ratio: run * Math.exp(sigma * random.normal() - sigma ** 2 / 2),
      })),
      changeovers: [],
      runSeconds: { 'M-1': runSeconds },
    };
  }
  const measures = (seed: number, changes?: Parameters<typeof observed>[1]) =>
    findDrift(observed(seed, changes), parameters).drifts.map(({ measure }) => measure);

  it('alarms falsely at most as often as it says', () => {
    const alarms = Array.from({ length: 2000 }, (_, seed) => measures(seed)).filter((list) => list.length > 0).length;
    // 2,000 looks at 1 %: more than 34 would be chance once in a thousand.
    assert.ok(alarms <= 34, String(alarms));
    assert.ok(alarms >= 4, 'a test that never alarms would be no test');
  });

  it('finds runs 5 % longer, 60 % more stops, repairs twice as long, and names no other', () => {
    const found = (changes: Parameters<typeof observed>[1], measure: string) =>
      Array.from({ length: 50 }, (_, seed) => measures(seed, changes)).filter((list) => list[0] === measure).length;
    assert.ok(found({ run: 1.05 }, 'run-time') >= 48);
    assert.ok(found({ stops: 1.6 }, 'stops') >= 48);
    assert.ok(found({ repair: 2 }, 'repair-time') >= 48);
  });

  it('says what was predicted, what was seen, and the availability of both', () => {
    const { drifts, tests, falseAlarmRate, availability } = findDrift(observed(1, { run: 1.2 }), parameters);
    assert.deepEqual([tests, falseAlarmRate, drifts.length], [3, 0.01, 1]);
    const [{ predicted, actual, count }] = drifts as [(typeof drifts)[0]];
    assert.ok(Math.abs(predicted - 1) < 0.002 && Math.abs(actual - 1.2) < 0.04 && count === 30);
    const expected = 7200 / (7200 + 1200 * Math.exp(0.18));
    assert.ok(Math.abs(availability['M-1']!.predicted - expected) < 1e-12);
    assert.ok(Math.abs(availability['M-1']!.actual - expected) < 0.04);
  });
});
