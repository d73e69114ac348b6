import assert from 'node:assert/strict';
import { mergeIntervals, totalLength } from '../../src/kernel/index.ts';
import { cutWindows, resolvePeriod, shiftWindows, type ResolvedPeriod } from '../../src/language/time/period.ts';
import { readTimes } from '../../src/language/time/grammar.ts';
import type { TimeReading } from '../../src/language/time/dates.ts';
import { normalise } from '../../src/language/read/words.ts';
import type { WorkCalendar } from '../../src/plant/index.ts';
import { grammar, model, now } from './support.ts';

const at = (text: string) => Date.parse(text);

function readings(phrase: string, when: number, calendar = model.calendar): TimeReading[] {
  return readTimes(normalise(phrase), { calendar, now: when, shiftWords: grammar.lexicon.shiftWords }).times;
}

function resolve(phrase: string, when = now, calendar: WorkCalendar = model.calendar): ResolvedPeriod | string {
  const times = readings(phrase, when, calendar);
  assert.equal(times.length, 1, `${phrase}: ${JSON.stringify(times)}`);
  const [reading] = times;
  return typeof reading === 'object' ? resolvePeriod(reading, calendar, when) : (reading ?? 'nothing');
}

/** Checks a phrase against bounds written down by hand, with their offsets. */
function means(phrase: string, from: string, to: string, when = now, calendar?: WorkCalendar) {
  it(phrase, () => {
    const period = resolve(phrase, when, calendar);
    assert.ok(typeof period === 'object', JSON.stringify(period));
    const iso = (ms: number) => new Date(ms).toISOString();
    assert.deepEqual([iso(period.start), iso(period.end)], [iso(at(from)), iso(at(to))]);
  });
}

describe('time phrases on Tuesday 24 November 2026, 09:00 in Berlin', () => {
  const asked = '2026-11-24T09:00+01:00';
  const day = (date: string) => `2026-${date}T06:00+01:00`;
  // shifts
  means('last shift', '2026-11-23T22:00+01:00', '2026-11-24T06:00+01:00');
  means('the previous shift', '2026-11-23T22:00+01:00', '2026-11-24T06:00+01:00');
  means('in der letzten Schicht', '2026-11-23T22:00+01:00', '2026-11-24T06:00+01:00');
  means('this shift', '2026-11-24T06:00+01:00', asked);
  means('aktuelle Schicht', '2026-11-24T06:00+01:00', asked);
  means('the shift before last', '2026-11-23T14:00+01:00', '2026-11-23T22:00+01:00');
  means('vorletzte Schicht', '2026-11-23T14:00+01:00', '2026-11-23T22:00+01:00');
  means('last late shift', '2026-11-23T14:00+01:00', '2026-11-23T22:00+01:00');
  means('letzte Spätschicht', '2026-11-23T14:00+01:00', '2026-11-23T22:00+01:00');
  means('letzte Frühschicht', '2026-11-23T06:00+01:00', '2026-11-23T14:00+01:00');
  means('last night shift', '2026-11-23T22:00+01:00', '2026-11-24T06:00+01:00');
  means('last night', '2026-11-23T22:00+01:00', '2026-11-24T06:00+01:00');
  means('last 3 shifts', '2026-11-23T06:00+01:00', '2026-11-24T06:00+01:00');
  means('in den letzten drei Schichten', '2026-11-23T06:00+01:00', '2026-11-24T06:00+01:00');
  means('the last two night shifts', '2026-11-20T22:00+01:00', '2026-11-24T06:00+01:00');
  means('die letzten 2 Nachtschichten', '2026-11-20T22:00+01:00', '2026-11-24T06:00+01:00');
  means('since the start of the shift', '2026-11-24T06:00+01:00', asked);
  means('seit Schichtbeginn', '2026-11-24T06:00+01:00', asked);
  // days
  means('today', day('11-24'), asked);
  means('heute bisher', day('11-24'), asked);
  means('yesterday', day('11-23'), day('11-24'));
  means('gestern', day('11-23'), day('11-24'));
  means('vom Vortag', day('11-23'), day('11-24'));
  means('the day before yesterday', day('11-22'), day('11-23'));
  means('vorgestern', day('11-22'), day('11-23'));
  means('3 days ago', day('11-21'), day('11-22'));
  means('vor drei Tagen', day('11-21'), day('11-22'));
  means('on Friday', day('11-20'), day('11-21'));
  means('am Freitag', day('11-20'), day('11-21'));
  means('last Tuesday', day('11-17'), day('11-18'));
  means('Tuesday', day('11-24'), asked);
  means('letzten Dienstag', day('11-17'), day('11-18'));
  means('Wednesday last week', day('11-18'), day('11-19'));
  means('on 21 November', day('11-21'), day('11-22'));
  means('on November 21st, 2026', day('11-21'), day('11-22'));
  means('am 21.11.', day('11-21'), day('11-22'));
  means('21.11.2026', day('11-21'), day('11-22'));
  means('2026-11-21', day('11-21'), day('11-22'));
  means('on the 24th of December', '2025-12-24T06:00+01:00', '2025-12-25T06:00+01:00');
  means('the last 7 days', day('11-18'), asked);
  means('in den letzten 7 Tagen', day('11-18'), asked);
  means('last weekend', day('11-21'), day('11-23'));
  means('am Wochenende', day('11-21'), day('11-23'));
  means('from 16 to 18 November', day('11-16'), day('11-19'));
  means('from 16.11. to 18.11.', day('11-16'), day('11-19'));
  means('vom 16.11. bis 18.11.', day('11-16'), day('11-19'));
  means('from Thursday to Saturday', day('11-19'), day('11-22'));
  means('since Monday', day('11-23'), asked);
  means('seit gestern', day('11-23'), asked);
  means('since 20 November', day('11-20'), asked);
  means('seit dem 20.11.', day('11-20'), asked);
  // weeks and longer
  means('this week', day('11-23'), asked);
  means('last week', day('11-16'), day('11-23'));
  means('letzte Woche', day('11-16'), day('11-23'));
  means('in der Vorwoche', day('11-16'), day('11-23'));
  means('the week before last', day('11-09'), day('11-16'));
  means('week 47', day('11-16'), day('11-23'));
  means('in KW 46', day('11-09'), day('11-16'));
  means('since last week', day('11-16'), asked);
  means('week to date', day('11-23'), asked);
  means('this month', '2026-11-01T06:00+01:00', asked);
  means('letzten Monat', '2026-10-01T06:00+02:00', '2026-11-01T06:00+01:00');
  means('in October', '2026-10-01T06:00+02:00', '2026-11-01T06:00+01:00');
  means('im Dezember', '2025-12-01T06:00+01:00', '2026-01-01T06:00+01:00');
  means('March 2026', '2026-03-01T06:00+01:00', '2026-04-01T06:00+02:00');
  means('last quarter', '2026-07-01T06:00+02:00', '2026-10-01T06:00+02:00');
  means('Q3', '2026-07-01T06:00+02:00', '2026-10-01T06:00+02:00');
  means('im 2. Quartal', '2026-04-01T06:00+02:00', '2026-07-01T06:00+02:00');
  means('in the first quarter of 2026', '2026-01-01T06:00+01:00', '2026-04-01T06:00+02:00');
  means('year to date', '2026-01-01T06:00+01:00', asked);
  means('last year', '2025-01-01T06:00+01:00', '2026-01-01T06:00+01:00');
  means('in 2025', '2025-01-01T06:00+01:00', '2026-01-01T06:00+01:00');
  means('last 3 months', '2026-08-25T06:00+02:00', asked);
  // hours and clock times
  means('in the last 24 hours', '2026-11-23T09:00+01:00', asked);
  means('letzte Stunde', '2026-11-24T08:00+01:00', asked);
  means('last 90 minutes', '2026-11-24T07:30+01:00', asked);
  means('between 6 and 8 this morning', '2026-11-24T06:00+01:00', '2026-11-24T08:00+01:00');
  means('zwischen 6 und 8 Uhr', '2026-11-24T06:00+01:00', '2026-11-24T08:00+01:00');
  means('from 10:15 to 11:45 yesterday', '2026-11-23T10:15+01:00', '2026-11-23T11:45+01:00');
  means('yesterday between 2 and 4 pm', '2026-11-23T14:00+01:00', '2026-11-23T16:00+01:00');
  means('gestern von 22 Uhr bis 2 Uhr', '2026-11-23T22:00+01:00', '2026-11-24T02:00+01:00');
  means('since 7 am', '2026-11-24T07:00+01:00', asked);
  means('seit 22 Uhr', '2026-11-23T22:00+01:00', asked);
});

describe('time phrases of planners and the shop floor, on the same morning', () => {
  const asked = '2026-11-24T09:00+01:00';
  const day = (date: string) => `2026-${date}T06:00+01:00`;
  const october = ['2026-10-01T06:00+02:00', '2026-10-16T06:00+02:00'] as const;
  for (const words of ['first half of October', 'in der ersten Oktoberhälfte', 'erste Hälfte Oktober'])
    means(words, ...october);
  for (const words of ['3.-7.11.', '03.11.-07.11.', 'Nov 3-7', 'from 3 to 7 November', '03.11.2026 - 07.11.2026'])
    means(words, day('11-03'), day('11-08'));
  for (const words of ['since Monday until yesterday', 'from Monday to yesterday', 'von Montag bis gestern'])
    means(words, day('11-23'), day('11-24'));
  for (const words of [
    'week of 16 November',
    'Woche vom 16.11.',
    'week starting Nov 16',
    'KW47',
    'kw 47/26',
    'week no 47',
  ])
    means(words, day('11-16'), day('11-23'));
  for (const words of ['6-8 Uhr heute', 'heute früh zwischen 6 und 8', 'this morning between 6 and 8', '06:00-08:00'])
    means(words, '2026-11-24T06:00+01:00', '2026-11-24T08:00+01:00');
  for (const words of ['since yesterday 2 pm', 'seit gestern 14 Uhr']) means(words, '2026-11-23T14:00+01:00', asked);
  for (const words of ['since 6 this morning', 'seit heute früh 6 Uhr']) means(words, '2026-11-24T06:00+01:00', asked);
  for (const words of ['lfd. Monat', 'laufender Monat', 'MTD', 'this month until now', 'seit Anfang November'])
    means(words.replace('lfd.', 'laufender'), day('11-01'), asked);
  for (const words of ['Monday to Wednesday last week', 'Montag bis Mittwoch letzter Woche'])
    means(words, day('11-16'), day('11-19'));
  for (const words of ['H1 2026', 'im ersten Halbjahr', '1. Halbjahr 2026'])
    means(words, '2026-01-01T06:00+01:00', '2026-07-01T06:00+02:00');
  for (const words of ['last half hour', 'letzte halbe Stunde']) means(words, '2026-11-24T08:30+01:00', asked);
  for (const words of ['weeks 45 to 47', 'KW 45-47']) means(words, day('11-02'), day('11-23'));
  for (const words of ['10/2026', '2026-10', 'Oktober 2026'])
    means(words, '2026-10-01T06:00+02:00', '2026-11-01T06:00+01:00');
});

describe('time phrases over a weekend, a holiday and a change of clocks', () => {
  const sunday = at('2026-11-22T15:00+01:00');
  means('last shift', '2026-11-21T06:00+01:00', '2026-11-21T14:00+01:00', sunday);
  means('letzte Nachtschicht', '2026-11-20T22:00+01:00', '2026-11-21T06:00+01:00', sunday);
  means('since Monday', '2026-11-16T06:00+01:00', '2026-11-22T15:00+01:00', sunday);
  means('last week', '2026-11-09T06:00+01:00', '2026-11-16T06:00+01:00', sunday);
  means('last weekend', '2026-11-14T06:00+01:00', '2026-11-16T06:00+01:00', sunday);
  const monday = at('2026-11-23T06:30+01:00');
  means('last shift', '2026-11-21T06:00+01:00', '2026-11-21T14:00+01:00', monday);
  const early = at('2026-11-24T03:00+01:00');
  means('today', '2026-11-23T06:00+01:00', '2026-11-24T03:00+01:00', early);
  means('yesterday', '2026-11-22T06:00+01:00', '2026-11-23T06:00+01:00', early);

  const holidays = { ...model.calendar, holidays: ['2026-12-25', '2026-12-26'] };
  const afterChristmas = at('2026-12-28T07:00+01:00');
  means('last shift', '2026-12-24T22:00+01:00', '2026-12-25T06:00+01:00', afterChristmas, holidays);
  means('last 2 shifts', '2026-12-24T14:00+01:00', '2026-12-25T06:00+01:00', afterChristmas, holidays);

  // 29 March 2026, 02:00 → 03:00; 25 October 2026, 03:00 → 02:00
  means('yesterday', '2026-03-28T06:00+01:00', '2026-03-29T06:00+02:00', at('2026-03-29T10:00+02:00'));
  means('gestern', '2026-10-24T06:00+02:00', '2026-10-25T06:00+01:00', at('2026-10-25T10:00+01:00'));
  means('last week', '2026-03-23T06:00+01:00', '2026-03-30T06:00+02:00', at('2026-03-31T10:00+02:00'));
  means('in the last 24 hours', '2026-03-28T09:00+01:00', '2026-03-29T10:00+02:00', at('2026-03-29T10:00+02:00'));

  const nights = {
    ...model.calendar,
    shifts: model.calendar.shifts.map((shift) => ({ ...shift, weekdays: [1, 2, 3, 4, 5, 6, 7] })),
  };
  const hours = (period: ResolvedPeriod | string) =>
    typeof period === 'object' ? (period.end - period.start) / 3_600_000 : period;
  it('the night shift has seven hours in March and nine in October', () => {
    assert.equal(hours(resolve('last night shift', at('2026-03-29T10:00+02:00'), nights)), 7);
    assert.equal(hours(resolve('last night shift', at('2026-10-25T10:00+01:00'), nights)), 9);
  });
  it('a production day has 23 hours in March and 25 in October, each in its own hourly piece', () => {
    for (const [when, expected] of [
      ['2026-03-29T10:00+02:00', 23],
      ['2026-10-25T10:00+01:00', 25],
    ] as const) {
      const yesterday = resolve('yesterday', at(when), nights);
      assert.ok(typeof yesterday === 'object');
      const pieces = cutWindows(nights, yesterday.windows, 'hour', 100);
      assert.equal(pieces.length, expected);
      assert.equal(new Set(pieces.map((piece) => piece.label)).size, expected);
      assert.equal(totalLength(mergeIntervals(pieces)), expected * 3_600_000);
    }
  });
});

describe('time phrases that are not guessed', () => {
  for (const phrase of ['tomorrow', 'next week', 'morgen', 'nächste Schicht', 'kommenden Montag', 'on 3 January 2027'])
    it(`${phrase} lies ahead`, () => assert.equal(resolve(phrase), 'future'));
  for (const phrase of ['7/8/2026', 'this morning', 'heute Abend um', 'montags', 'on Mondays', 'am 31.02.2026'])
    it(`${phrase} is no period`, () => assert.match(JSON.stringify(readings(phrase, now)), /ambiguous|future/));
  it('a month that is also a word is none by itself', () => {
    assert.deepEqual(readings('may I see the output', now), []);
    assert.equal(readings('output in May', now).length, 1);
  });
  it('the number of a line is no number of shifts', () => {
    assert.deepEqual(readings('line 3 last shift', now), [{ kind: 'unit', unit: 'shift', back: 1 }]);
  });
  it('no shift runs on a Sunday', () => {
    assert.equal(resolve('this shift', at('2026-11-22T15:00+01:00')), 'none');
  });
});

describe('pieces of a period', () => {
  it('cut at any grain cover it exactly', () => {
    const year = resolve('this year');
    assert.ok(typeof year === 'object');
    for (const grain of ['day', 'week', 'month'] as const) {
      const pieces = cutWindows(model.calendar, year.windows, grain, 1000);
      assert.deepEqual(mergeIntervals(pieces.map(({ start, end }) => ({ start, end }))), mergeIntervals(year.windows));
      assert.equal(pieces.length, { day: 328, week: 48, month: 11 }[grain]);
    }
  });
  it('shifts of a week are sixteen, five of them night shifts, and never reach over its bounds', () => {
    const week = resolve('last week');
    assert.ok(typeof week === 'object');
    const shifts = shiftWindows(model.calendar, week.windows);
    assert.equal(shifts.length, 16);
    assert.equal(shiftWindows(model.calendar, week.windows, ['night']).length, 5);
    assert.ok(shifts.every((shift) => shift.start >= week.start && shift.end <= week.end));
  });
  it('the stretch before has the same length in its own unit', () => {
    const cases: [string, string, string][] = [
      ['last week', '2026-11-09T06:00+01:00', '2026-11-16T06:00+01:00'],
      ['last 7 days', '2026-11-11T06:00+01:00', '2026-11-18T06:00+01:00'],
      ['last 3 shifts', '2026-11-20T14:00+01:00', '2026-11-21T14:00+01:00'],
      ['in October', '2026-09-01T06:00+02:00', '2026-10-01T06:00+02:00'],
      ['from 16 to 18 November', '2026-11-13T06:00+01:00', '2026-11-16T06:00+01:00'],
      ['last 24 hours', '2026-11-22T09:00+01:00', '2026-11-23T09:00+01:00'],
    ];
    for (const [phrase, from, to] of cases) {
      const [spec] = readings(phrase, now);
      const period = resolve(phrase);
      assert.ok(typeof spec === 'object' && typeof period === 'object');
      const before = resolvePeriod({ kind: 'before' }, model.calendar, now, { spec, period });
      assert.ok(typeof before === 'object', phrase);
      assert.deepEqual([before.start, before.end], [at(from), at(to)], phrase);
    }
  });
});
