import assert from 'node:assert/strict';
import { checkCalendar, productionDayOf, shiftsBetween, type WorkCalendar } from '../../src/plant/index.ts';

const calendar: WorkCalendar = {
  timeZone: 'Europe/Berlin',
  shifts: [
    { shiftId: 'early', name: 'Early', start: '06:00', end: '14:00', weekdays: [1, 2, 3, 4, 5, 6] },
    { shiftId: 'late', name: 'Late', start: '14:00', end: '22:00', weekdays: [1, 2, 3, 4, 5] },
    { shiftId: 'night', name: 'Night', start: '22:00', end: '06:00', weekdays: [1, 2, 3, 4, 5, 6, 7] },
  ],
  holidays: ['2026-12-25'],
};
const at = (text: string) => Date.parse(text);
const hours = (shift: { start: number; end: number } | undefined) =>
  ((shift?.end ?? 0) - (shift?.start ?? 0)) / 3_600_000;

describe('work calendar', () => {
  it('keeps wall-clock times across daylight saving: nights of seven and nine hours (Berlin, 2026)', () => {
    const night = (from: string, to: string) =>
      shiftsBetween(calendar, at(from), at(to)).find((s) => s.shiftId === 'night');
    assert.equal(hours(night('2026-03-28T21:30:00Z', '2026-03-28T23:00:00Z')), 7);
    assert.equal(hours(night('2026-10-24T20:30:00Z', '2026-10-24T22:00:00Z')), 9);
    assert.equal(hours(night('2026-06-10T20:30:00Z', '2026-06-10T22:00:00Z')), 8);
  });
  it('gives a night shift to the day on which it began', () => {
    const [night] = shiftsBetween(calendar, at('2026-06-11T01:00:00Z'), at('2026-06-11T02:00:00Z'));
    assert.equal(night?.shiftId, 'night');
    assert.equal(night.productionDay, '2026-06-10');
    assert.equal(productionDayOf(calendar, at('2026-06-11T03:59:00Z')), '2026-06-10');
    assert.equal(productionDayOf(calendar, at('2026-06-11T04:00:00Z')), '2026-06-11');
  });
  it('starts no shift on a holiday', () => {
    const started = shiftsBetween(calendar, at('2026-12-25T06:00:00Z'), at('2026-12-26T04:00:00Z'));
    assert.deepEqual(
      started.map((s) => s.productionDay),
      [],
    );
  });
  it('refuses a zone or a time that does not exist', () => {
    assert.throws(() => checkCalendar({ ...calendar, timeZone: 'Mars/Base' }), { code: 'MW_TIME_ZONE_UNKNOWN' });
    const [early] = calendar.shifts;
    assert.throws(() => checkCalendar({ ...calendar, shifts: [{ ...early!, start: '6 am' }] }), {
      code: 'MW_CALENDAR_INVALID',
    });
  });
});
