import type { Person, ShiftDefinition } from '../../plant/index.ts';

/** Northfield's shifts; the production day begins with the first. */
export const shifts: ShiftDefinition[] = [
  { shiftId: 'early', name: 'Early', start: '06:00', end: '14:00', weekdays: [1, 2, 3, 4, 5, 6] },
  { shiftId: 'late', name: 'Late', start: '14:00', end: '22:00', weekdays: [1, 2, 3, 4, 5] },
  { shiftId: 'night', name: 'Night', start: '22:00', end: '06:00', weekdays: [1, 2, 3, 4, 5] },
];

/** Qualifications of the eight people of one shift. Machining centres, washers and the packer run unattended. */
const crew: string[][] = [
  ['sawing', 'milling'],
  ['milling', 'sawing'],
  ['grinding', 'milling'],
  ['grinding', 'finishing'],
  ['finishing', 'testing'],
  ['assembly', 'testing'],
  ['assembly', 'finishing'],
  ['testing', 'assembly'],
];

/** OP-01 … OP-24: eight a shift, each with two qualifications. */
export function people(): Person[] {
  return shifts.flatMap(({ shiftId }, s) =>
    crew.map((qualificationIds, i) => ({
      personId: `OP-${String(s * crew.length + i + 1).padStart(2, '0')}`,
      shiftId,
      qualificationIds: [...qualificationIds],
    })),
  );
}
