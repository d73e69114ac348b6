import { DateTime } from 'luxon';
import type { PlantModel, PlantState } from '../plant/index.ts';
import { dispatchRules, type DispatchRule } from '../planning/index.ts';
import type { Store } from '../store/index.ts';
import { HistoryWriter, type HistoryRows } from './history-writer.ts';
import { northfieldModel } from './northfield/model.ts';
import { NorthfieldPlant } from './northfield-plant.ts';
import { numberAfter, Office } from './office.ts';
import { demoActor } from './order-ledger.ts';
import { openingStock } from './orders.ts';
import { PlantRun } from './plant-run.ts';
import { reopenNorthfield } from './reopen.ts';
import { placeStories, type Stories } from './stories.ts';

/** What history to write. */
export interface HistoryOptions {
  seed: number;
  days: number;
  /** End of the history, milliseconds since 1970 UTC. */
  until: number;
  /** Told after each day. */
  onProgress?: (progress: { doneDays: number; totalDays: number }) => void;
  signal?: AbortSignal;
}

/** What was written. */
export interface HistorySummary {
  /** First and last instant, milliseconds since 1970 UTC. */
  from: number;
  until: number;
  rows: HistoryRows;
  openOrders: number;
  completedOrders: number;
  /** Of the completed ones, after their due date. */
  lateOrders: number;
  livePlanId: string;
  stories: Stories;
}

const day = 86_400_000;
/** The plant runs so long before the history begins, so that it does not begin empty. */
const warmUpDays = 13;
const historyRules: readonly DispatchRule[] = ['weighted-due-date', 'slack'];

/**
 * Fills an empty store with Northfield's history: master data, orders, states, counts, inspections, energy, log
 * entries, telemetry (ten-minute means, and 30-second values in the last 24 hours), a plan for each worked day, and at
 * the end the live plan and the signed entry that puts `write` in force. The same seed, days and end give the same
 * rows.
 * @throws MW_ABORTED where the signal ends it; the store is then half full
 */
export async function writeHistory(store: Store, options: HistoryOptions): Promise<HistorySummary> {
  const { seed, days, until, onProgress, signal } = options;
  const model = northfieldModel();
  const { timeZone } = model.calendar;
  const stories = placeStories(model.calendar, until, days);
  const from = dayStartBefore(until - days * day, timeZone);
  await store.savePlantModel(model, demoActor);
  await store.setMode(
    { useCase: 'planning', field: 'plan', mode: 'write', reason: 'The demo plant may be planned by anybody' },
    demoActor,
  );
  const plant = openNorthfield(model, seed, stories, dayStartBefore(from - warmUpDays * day, timeZone));
  plant.advance(from);
  const writer = new HistoryWriter({ store, plant, seed, from, until, onProgress, signal });
  await writer.write();
  await store.saveUnavailability(plant.office.maintenanceAfter(until), demoActor);
  const livePlanId = await publishLivePlan(store, model, plant, seed);
  const late = [...writer.completed.values()];
  return {
    from,
    until,
    rows: writer.rows,
    openOrders: plant.run.process.state().workRequests.filter(({ requestState }) => requestState !== 'Completed')
      .length,
    completedOrders: late.length,
    lateOrders: late.filter(Boolean).length,
    livePlanId,
    stories,
  };
}

/**
 * Writes what the plant did since its store was written last, so that a plant that stood still goes on without a
 * hole: it runs from there to `until`, following the store's live plan and then the office's own.
 */
export async function continueHistory(
  store: Store,
  options: Omit<HistoryOptions, 'days'> & { from: number },
): Promise<void> {
  const { seed, from, until, onProgress, signal } = options;
  const { plant, state } = await reopenNorthfield(store, { seed, at: from, countEverySeconds: 600 });
  await new HistoryWriter({ store, plant, seed, from, until, known: state, onProgress, signal }).write();
}

/** The best plan of all dispatch rules for what is open now, published. */
async function publishLivePlan(store: Store, model: PlantModel, plant: NorthfieldPlant, seed: number): Promise<string> {
  const best = new Office(model, seed, dispatchRules, 0).plan(plant.run);
  const scheduleId = best.scheduleId.replace('PLAN', 'LIVE');
  await store.saveSchedule({ ...best, scheduleId, status: 'published', label: 'Live plan' }, demoActor);
  return scheduleId;
}

/** Northfield with stock, orders of the last days and a plan, as it begins to run at an instant. */
function openNorthfield(model: PlantModel, seed: number, stories: Stories, at: number): NorthfieldPlant {
  const state: PlantState = {
    at,
    workRequests: [],
    jobOrders: [],
    lots: openingStock(model, at),
    setupFamily: {},
    unavailable: [],
    absences: [],
  };
  const office = new Office(model, seed, historyRules, numberAfter([]));
  office.openingOrders(state);
  const schedule = office.planFor(state, []);
  const run = new PlantRun({ model, state, schedule, seed, stories, countEverySeconds: 600 });
  return new NorthfieldPlant(model, run, office);
}

/** The beginning (06:00) of the production day in which an instant lies. */
function dayStartBefore(at: number, zone: string): number {
  const local = DateTime.fromMillis(at, { zone });
  const start = local.set({ hour: 6, minute: 0, second: 0, millisecond: 0 });
  return (start <= local ? start : start.minus({ days: 1 })).toMillis();
}
