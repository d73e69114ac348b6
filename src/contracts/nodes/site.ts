import { Type } from 'typebox';
import { Mode, oneOf } from '../parts.ts';
import { defineNode } from './node-definition.ts';

/** The site: time zone, shift calendar, languages and the highest mode that any use case may reach. */
export const siteNode = defineNode({
  type: 'mw-site',
  kind: 'config',
  version: 1,
  inputs: 0,
  outputs: 0,
  icon: 'mw-site.svg',
  config: {
    enterprise: Type.String({ default: 'Enterprise', minLength: 1, maxLength: 100 }),
    site: Type.String({ default: 'Site', minLength: 1, maxLength: 100 }),
    timeZone: Type.String({ default: 'Europe/Berlin', minLength: 1, maxLength: 60 }),
    language: { ...oneOf('en-US', 'de'), default: 'en-US' },
    highestMode: { ...Mode, default: 'shadow' },
    shifts: Type.Array(
      Type.Object({
        shiftId: Type.String({ minLength: 1, maxLength: 40 }),
        name: Type.String({ minLength: 1, maxLength: 60 }),
        start: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
        end: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
        weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7 }),
      }),
      {
        maxItems: 12,
        'x-hidden': true,
        default: [
          { shiftId: 'early', name: 'Early', start: '06:00', end: '14:00', weekdays: [1, 2, 3, 4, 5, 6] },
          { shiftId: 'late', name: 'Late', start: '14:00', end: '22:00', weekdays: [1, 2, 3, 4, 5] },
          { shiftId: 'night', name: 'Night', start: '22:00', end: '06:00', weekdays: [1, 2, 3, 4, 5] },
        ],
      },
    ),
    /** What this plant changes in the KPI catalogue, as JSON; empty: nothing. */
    kpiCatalogue: Type.String({ default: '', maxLength: 200_000, 'x-hidden': true }),
    holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }), {
      default: [],
      maxItems: 400,
      'x-hidden': true,
    }),
  },
});
