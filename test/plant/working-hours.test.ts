import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeIntervals, totalLength, type Interval } from '../../src/kernel/index.ts';
import { findExcessHours } from '../../src/planning/checker/working-hours.ts';
import { personPresence, shiftsBetween, type Person, type PlantModel, type PlantState } from '../../src/plant/index.ts';
import { localDays, withinWorkingHours } from '../../src/plant/working-hours.ts';

const hour = 3_600_000;
const quarter = hour / 4;
const zone = 'Europe/Berlin';
const at = (text: string) => Date.parse(text);
const cut = (stretches: Interval[], limits: Pick<Person, 'mostHoursPerDay' | 'mostHoursPerWeek'>) =>
  withinWorkingHours(stretches, limits, localDays(zone, stretches[0]!.start, stretches.at(-1)!.end));

/** Takes quarter hours one by one, in order, as long as their local date and week have hours left. */
function takeQuarters(stretches: readonly Interval[], perDay: number, perWeek: number): Interval[] {
  const dates = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
  const taken = new Map<string, number>();
  const kept: Interval[] = [];
  for (const { start, end } of stretches)
    for (let q = start; q < end; q += quarter) {
      const date = dates.format(q);
      const monday = at(`${date}T00:00:00Z`) - ((new Date(date).getUTCDay() + 6) % 7) * 24 * hour;
      const [day, week] = [taken.get(date) ?? 0, taken.get(String(monday)) ?? 0];
      if (day + 0.25 > perDay || week + 0.25 > perWeek) continue;
      taken.set(date, day + 0.25).set(String(monday), week + 0.25);
      kept.push({ start: q, end: q + quarter });
    }
  return mergeIntervals(kept);
}

describe('limits of working time', () => {
  it('leave the first hours of each local day: a night shift counts on both of its days', () => {
    const night = { start: at('2026-06-10T20:00:00Z'), end: at('2026-06-11T04:00:00Z') };
    assert.deepEqual(cut([night], { mostHoursPerDay: 5 }), [{ ...night, end: at('2026-06-11T03:00:00Z') }]);
    assert.deepEqual(cut([night], { mostHoursPerDay: 1 }), [
      { start: night.start, end: night.start + hour },
      { start: at('2026-06-10T22:00:00Z'), end: at('2026-06-10T23:00:00Z') },
    ]);
  });

  it('count from Monday in the plant’s time zone', () => {
    const days = Array.from({ length: 10 }, (_, d) => ({
      start: at('2026-06-08T06:00:00Z') + d * 24 * hour,
      end: at('2026-06-08T14:00:00Z') + d * 24 * hour,
    }));
    const kept = cut(days, { mostHoursPerWeek: 38.5 });
    assert.equal(totalLength(kept.filter(({ start }) => start < at('2026-06-14T22:00:00Z'))), 38.5 * hour);
    assert.deepEqual(kept.at(-1), days.at(-1));
  });

  it('are days of 23 and 25 hours where clocks change', () => {
    const lengths = (from: string) =>
      localDays(zone, at(from), at(from) + 3 * 24 * hour).map((day) => (day.end - day.start) / hour);
    assert.deepEqual(lengths('2026-03-28T00:00:00Z'), [24, 23, 24, 24]);
    assert.deepEqual(lengths('2026-10-24T00:00:00Z'), [24, 25, 24, 24]);
  });

  it('take hours one by one, as counting quarters of an hour does', () => {
    const stretch = fc.tuple(fc.nat(4 * 24 * 40), fc.integer({ min: 1, max: 60 }));
    const limit = fc.option(fc.integer({ min: 0, max: 4 * 12 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1 }), limit, limit, (list, day, week) => {
        const first = at('2026-03-09T23:00:00Z');
        const stretches = mergeIntervals(
          list.map(([start, length]) => ({
            start: first + start * quarter,
            end: first + (start + length) * quarter,
          })),
        );
        const limits = {
          ...(day === undefined ? {} : { mostHoursPerDay: day / 4 }),
          ...(week === undefined ? {} : { mostHoursPerWeek: week }),
        };
        assert.deepEqual(cut(stretches, limits), takeQuarters(stretches, (day ?? 96) / 4, week ?? Infinity));
      }),
      { numRuns: 120, seed: 5 },
    );
  });

  describe('of people in a plant', () => {
    const worker = (personId: string, limits: Partial<Person>): Person => ({
      personId,
      qualificationIds: [],
      ...limits,
    });
    const model = {
      calendar: {
        timeZone: zone,
        shifts: [{ shiftId: 'a', name: 'A', start: '06:00', end: '14:00', weekdays: [1, 2, 3, 4, 5] }],
        holidays: [],
      },
      persons: [worker('FREE', {}), worker('DAY', { mostHoursPerDay: 9 }), worker('WEEK', { mostHoursPerWeek: 36 })],
    } as Partial<PlantModel> as PlantModel;
    const shifts = shiftsBetween(model.calendar, at('2026-06-07T22:00:00Z'), at('2026-06-14T22:00:00Z'));
    const overtime = [{ equipmentIds: [], start: at('2026-06-09T12:00:00Z'), end: at('2026-06-09T15:00:00Z') }];
    const presence = personPresence(model, { absences: [] } as Partial<PlantState> as PlantState, shifts, overtime);
    const hoursOf = (id: string) => totalLength(presence.get(id)!) / hour;

    it('hold with overtime included', () => {
      assert.deepEqual(['FREE', 'DAY', 'WEEK'].map(hoursOf), [43, 41, 36]);
    });
    it('are checked by who checks plans: hours that were not cut are found', () => {
      assert.deepEqual(findExcessHours(model, presence), []);
      const uncut = new Map(model.persons.map(({ personId }) => [personId, presence.get('FREE')!]));
      assert.deepEqual(findExcessHours(model, uncut), [
        'DAY is counted on for 11 h on 2026-06-09, but may work 9 h',
        'WEEK is counted on for 43 h in the week of 2026-06-08, but may work 36 h',
      ]);
      const night = [{ start: at('2026-06-12T20:00:00Z'), end: at('2026-06-13T08:00:00Z') }];
      assert.deepEqual(findExcessHours(model, new Map([['DAY', night]])), [
        'DAY is counted on for 10 h on 2026-06-13, but may work 9 h',
      ]);
    });
  });
});
