import { DateTime } from 'luxon';
import type { WorkCalendar } from '../plant/index.ts';
import type { TwinParameters } from '../twin/index.ts';
import { lines, machineClass, machineIds, type MachineClass } from './northfield/equipment.ts';

/** When the planted stories happen, milliseconds since 1970 UTC; `-Infinity` is long ago. */
export interface Stories {
  /** Line 3's tools come from another supplier from now on, and its scrap rises. */
  supplierChangeAt: number;
  /** CNC-22's bearing fails; its vibration has grown for nine days by then. Absent: it did so before the history. */
  bearingFailureAt?: number;
}

/** Days for which CNC-22's vibration grows before its bearing fails. */
export const bearingGrowthDays = 9;

/** How many times longer the Night shift's changeovers on Line 2 take. */
const nightSetupFactor = 4 / 3;

/** How many times more parts Line 3's cutting machines scrap after the change of supplier. */
const supplierScrapFactor = 2.8;

/** Stories that are all over: what a plant that goes on live is like. */
export const pastStories: Stories = { supplierChangeAt: -Infinity };

/**
 * Places the stories in a history of so many days: the supplier changes at the beginning of a production day after
 * about half of it; the bearing fails in the morning of a Tuesday to Thursday, a fifth of the history before its end.
 */
export function placeStories(calendar: WorkCalendar, until: number, days: number): Stories {
  const zone = calendar.timeZone;
  const end = DateTime.fromMillis(until, { zone });
  const at = (day: DateTime, hour: number, minute: number) =>
    day.set({ hour, minute, second: 0, millisecond: 0 }).toMillis();
  let failure = end.minus({ days: Math.ceil(days * 0.2) });
  while (failure.weekday < 2 || failure.weekday > 4) failure = failure.minus({ days: 1 });
  return {
    supplierChangeAt: at(end.minus({ days: Math.ceil(days * 0.45) }), 6, 0),
    bearingFailureAt: at(failure, 10, 40),
  };
}

/** Shares of parts by class: scrap and rework in ordinary times. */
const rejects: Record<MachineClass, { scrap: number; rework: number }> = {
  saw: { scrap: 0.004, rework: 0 },
  cnc: { scrap: 0.011, rework: 0.008 },
  mill: { scrap: 0.01, rework: 0.008 },
  grind: { scrap: 0.012, rework: 0.01 },
  deburr: { scrap: 0.003, rework: 0.015 },
  wash: { scrap: 0.001, rework: 0.004 },
  press: { scrap: 0.004, rework: 0.004 },
  asm: { scrap: 0.002, rework: 0.012 },
  test: { scrap: 0.01, rework: 0.02 },
  pack: { scrap: 0, rework: 0.003 },
};

const hour = 3600;

/**
 * How Northfield varies at an instant: breakdowns, cleaning and quality holds by chance, and what the stories change.
 * Tool changes and failures of worn components are not in here: they follow from wear.
 * @param shiftId the shift that works at that instant
 */
export function parametersAt(stories: Stories, at: number, shiftId: string | undefined): TwinParameters {
  const lineTwo = lines[1].machines;
  return {
    runVariation: 0.05,
    setupVariation: 0.12,
    setupFactors: shiftId === 'night' ? Object.fromEntries(lineTwo.map((machine) => [machine, nightSetupFactor])) : {},
    stops: Object.fromEntries(
      machineIds.map((machine) => [
        machine,
        [
          { reason: 'breakdown', meanRunSecondsBetween: 75 * hour, medianSeconds: 2100, sigma: 0.7 },
          { reason: 'cleaning', meanRunSecondsBetween: 40 * hour, medianSeconds: 900, sigma: 0.3 },
          { reason: 'quality-hold', meanRunSecondsBetween: 220 * hour, medianSeconds: 1500, sigma: 0.5 },
        ],
      ]),
    ),
    rejects: Object.fromEntries(
      machineIds.map((machine) => {
        const usual = rejects[machineClass(machine)];
        return [machine, { ...usual, scrap: usual.scrap * scrapFactor(stories, machine, at) }];
      }),
    ),
  };
}

/** 1 in ordinary times; more on the machines of Line 3 that cut with the new supplier's tools. */
function scrapFactor(stories: Stories, machine: string, at: number): number {
  const concerned = machine.includes('-3') && machine !== 'DEBURR-34';
  return concerned && at >= stories.supplierChangeAt ? supplierScrapFactor : 1;
}
