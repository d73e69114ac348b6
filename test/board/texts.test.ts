import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { labelOf as wordsOf, missedText, warningText } from '../../src/board/ui/labels.ts';
import { Texts } from '../../src/board/ui/text.ts';
import { instantOf, wallTime, zoneTicks } from '../../src/board/ui/zone-time.ts';
import { buildProblem, labelOf, labelsOf, outlineOf, searchAlternatives } from '../../src/planning/index.ts';
import { warningsOf } from '../../src/scenarios/judgement.ts';
import { lateReasonKinds } from '../../src/plant/index.ts';
import { root } from '../../src/tooling/project.ts';
import { northfieldEvent } from '../planning/northfield.ts';

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'];
const from = Date.UTC(2026, 0, 1);
const to = Date.UTC(2028, 0, 1);

describe("planning board: the site's clocks", () => {
  it('show what luxon shows, and find the instant back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: from / 60_000, max: to / 60_000 }), (zone, minutes) => {
        const instant = minutes * 60_000;
        const wall = wallTime(instant, zone);
        assert.equal(wall, DateTime.fromMillis(instant, { zone }).toFormat("yyyy-MM-dd'T'HH:mm"));
        const back = instantOf(wall, zone);
        assert.equal(wallTime(back, zone), wall);
        assert.ok(back <= instant && instant - back <= 3_600_000, 'the first of two where clocks go back');
      }),
      { numRuns: 300 },
    );
  });

  it('refuse the hour that is left out when clocks go forward, and what is no time', () => {
    assert.ok(Number.isNaN(instantOf('2027-03-28T02:30', 'Europe/Berlin')));
    assert.ok(Number.isNaN(instantOf('', 'Europe/Berlin')));
    assert.ok(Number.isNaN(instantOf('2027-13-01T00:00', 'Europe/Berlin')));
    assert.equal(instantOf('2026-10-25T02:30', 'Europe/Berlin'), Date.UTC(2026, 9, 25, 0, 30));
  });

  it('give ticks at round local times, each once, in order, not too many', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: from / 60_000, max: to / 60_000 }),
        fc.double({ min: 0.5, max: 24 * 20, noNaN: true }),
        fc.integer({ min: 3, max: 20 }),
        (zone, minutes, hours, most) => {
          const start = minutes * 60_000;
          const end = start + hours * 3_600_000;
          const ticks = zoneTicks(start, end, zone, most);
          // Where clocks go back an hour comes twice, so a day has one hour's ticks more.
          assert.ok(ticks.length <= most + 3, `${ticks.length} of ${most}`);
          ticks.forEach(({ at, day }, index) => {
            assert.ok(at >= start && at <= end && (index === 0 || at > ticks[index - 1]!.at));
            assert.equal(wallTime(at, zone).endsWith('T00:00'), day);
            assert.equal(Number(wallTime(at, zone).slice(14)) % 5, 0);
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('planning board: texts', () => {
  const folder = join(root, 'src/board/ui');
  const sources = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const keys = Object.keys(
    JSON.parse(readFileSync(join(root, 'locales/en-US/board.json'), 'utf8')) as Record<string, string>,
  );

  it('are all used: by name, by a name made from a code, or by the prefix of one', () => {
    const made = [...sources.matchAll(/[`']([a-z]+(?:\.[a-z]+)*)(?:\.\$\{|', )/g)].map((match) => match[1] ?? '');
    const unused = keys.filter(
      (key) => !sources.includes(`'${key}'`) && !made.some((prefix) => key.startsWith(`${prefix}.`)),
    );
    assert.deepEqual(unused, []);
  });

  it('name everything that an order can wait for', () => {
    for (const kind of lateReasonKinds) {
      assert.ok(keys.includes(`why.${kind}`) && keys.includes(`reason.${kind}`), kind);
      assert.equal(keys.includes(`relax.${kind}`), kind !== 'run-time', kind);
    }
  });

  it('say of a plan in English what planning says, and in German something else, from the same wording', () => {
    const [en, de] = [new Texts('en-US', 'UTC'), new Texts('de', 'UTC')];
    const kpis = fc.record({
      weightedTardinessSeconds: fc.integer({ min: 0, max: 900_000 }),
      lateOrders: fc.integer({ min: 0, max: 60 }),
      onTimeShare: fc.double({ min: 0, max: 1, noNaN: true }),
      makespanSeconds: fc.integer({ min: 100_000, max: 900_000 }),
      changeovers: fc.integer({ min: 0, max: 200 }),
      setupSeconds: fc.integer({ min: 0, max: 100_000 }),
      stability: fc.double({ min: 0, max: 1, noNaN: true }),
      workloadImbalance: fc.double({ min: 0, max: 2, noNaN: true }),
      expectedScrap: fc.double({ min: 0, max: 200, noNaN: true }),
      oee: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(kpis, { minLength: 2, maxLength: 6 }), (list) => {
        const plans = list.map((values) => ({ kpis: values }));
        for (const plan of plans) {
          const { key, params, text } = labelOf(plan, plans, plans[0]!);
          const scenario = { label: text, wording: { key, params } };
          assert.equal(wordsOf(en, scenario).full, text);
          assert.notEqual(wordsOf(de, scenario).full, text);
          assert.ok(!wordsOf(de, scenario).full.includes('{{'));
          seen.add(key);
        }
      }),
      { numRuns: 200 },
    );
    assert.ok(seen.size >= 3, [...seen].join());
  });

  it('name orders, machines and operations of a label, and warn, in English as planning does', () => {
    const { model, state, live } = northfieldEvent(1, 40);
    const hour = 3_600_000;
    const request = { from: state.at, frozenUntil: state.at, horizon: state.at + 240 * hour, constraints: [] };
    const problem = buildProblem(model, state, live, request);
    const { alternatives, doNothing } = searchAlternatives(problem, { count: 12, seed: 1, maxDecodes: 800 });
    for (const same of [false, true]) {
      const plans = alternatives.map(({ plan, kpis }) => ({
        kpis: same ? alternatives[0]!.kpis : kpis,
        outline: outlineOf(problem, plan),
      }));
      for (const { key, params, details, text } of labelsOf(problem, plans, plans[doNothing]!)) {
        const scenario = { label: text, wording: { key, params, details: [...details] } };
        assert.equal(wordsOf(new Texts('en-US', 'UTC'), scenario).full, text);
        const german = wordsOf(new Texts('de', 'UTC'), scenario).full;
        assert.ok(german !== text && !german.includes('{{'), german);
      }
    }
    const nothing = { costs: [[], [], [], [], [], [20, 21, 19]].map((list) => Float64Array.from(list)) };
    const before = {
      ...nothing,
      seen: { bottleneck: 'M-1', activePeriodSeconds: { 'M-1': 9, 'M-2': 1800 }, missed: {}, missedMaximumLags: {} },
    };
    const after = {
      costs: nothing.costs.map((list) => list.map((parts) => parts + 5)),
      seen: {
        bottleneck: 'M-2',
        activePeriodSeconds: { 'M-1': 9, 'M-2': 5400 },
        missed: { A: 0.4, B: 0.5 },
        missedMaximumLags: { C: 0.35 },
      },
    };
    const promises = new Map([['A', 'lock'] as const, ['B', 'must-be-on-time'] as const]);
    const warnings = warningsOf(after, before, promises);
    assert.deepEqual(warnings.map(({ key }) => key).sort(), [
      'lock',
      'maximum-lag-missed',
      'more-scrap',
      'must-be-on-time',
      'new-bottleneck',
    ]);
    for (const warning of warnings) {
      assert.equal(warningText(new Texts('en-US', 'UTC'), warning), warning.text);
      const german = warningText(new Texts('de', 'UTC'), warning);
      assert.ok(german !== warning.text && !german.includes('{{'), german);
    }
  });

  it('say every missed wish in both languages, instants on the clocks of the site', () => {
    const params = {
      subject: 'WO-1/10',
      kind: 'overtime',
      machine: 'M-1',
      startAt: '2026-11-24T08:00:00.000Z',
      otherMachine: 'M-2',
      otherStartAt: '2026-11-24T09:30:00.000Z',
      dueAt: '2026-11-25T08:00:00.000Z',
      endAt: '2026-11-25T09:00:00.000Z',
      latestAt: '2026-11-24T08:00:00.000Z',
      before: 'WO-1/5',
      job: 'WO-1/10',
      reason: 'material',
      about: 'BAR',
    };
    for (const key of ['unknown', 'lock', 'must-be-on-time', 'maximum-lag', 'never-on-time'] as const) {
      const [en, de] = (['en-US', 'de'] as const).map((language) =>
        missedText(new Texts(language, 'Europe/Berlin'), { key, params, text: '' }),
      );
      for (const text of [en!, de!]) assert.ok(text.includes('WO-1/10') && !/\{\{|T0\d|undefined/.test(text), text);
      assert.notEqual(en, de);
    }
    const lock = missedText(new Texts('de', 'Europe/Berlin'), { key: 'lock', params, text: '' });
    assert.match(lock, /auf M-1 um .*09:00.* fixiert, aber auf M-2 um .*10:30.* eingeplant/);
  });
});
