import { setImmediate } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { MillwrightError } from '../kernel/index.ts';
import type { EnergyReading, EquipmentStateEvent, HistoryBatch, PlantModel, PlantState } from '../plant/index.ts';
import { dispatchRules, type DispatchRule } from '../planning/index.ts';
import type { Store } from '../store/index.ts';
import { machineIds } from './northfield/equipment.ts';
import { northfieldModel } from './northfield/model.ts';
import { NorthfieldPlant } from './northfield-plant.ts';
import { numberAfter, Office, type DayHandover } from './office.ts';
import { demoActor, OrderLedger } from './order-ledger.ts';
import { openingStock } from './orders.ts';
import { PlantRun, type Happenings } from './plant-run.ts';
import { placeStories, type Stories } from './stories.ts';
import { Telemetry } from './telemetry.ts';

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
  rows: Record<'states' | 'counts' | 'inspections' | 'energy' | 'maintenance' | 'samples', number>;
  openOrders: number;
  completedOrders: number;
  /** Of the completed ones, after their due date. */
  lateOrders: number;
  livePlanId: string;
  stories: Stories;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** The plant runs so long before the history begins, so that it does not begin empty. */
const warmUpDays = 6;
/** Telemetry is the mean of this stretch, and in the last 24 h of the shorter one. */
const aggregateMs = 10 * minute;
const rawMs = 30_000;
/** A batch is written when it holds so many rows. */
const batchRows = 20_000;
const historyRules: readonly DispatchRule[] = ['weighted-due-date', 'slack'];

/**
 * Fills an empty store with Northfield's history: master data, orders, states, counts, inspections, energy, log
 * entries, telemetry (ten-minute means, and 30-second values in the last 24 hours), a plan for each worked day, and at
 * the end the live plan and the signed entry that puts `write` in force. The same seed, days and end give the same
 * rows. No breakdown is under way at the end, so the plant goes on live without a stop that no event tells of.
 * @throws MW_ABORTED where the signal ends it; the store is then half full
 */
export async function writeHistory(store: Store, options: HistoryOptions): Promise<HistorySummary> {
  const model = northfieldModel();
  await store.savePlantModel(model, demoActor);
  const writer = new HistoryWriter(store, model, options);
  const summary = await writer.write();
  await store.setMode(
    { useCase: 'planning', field: 'plan', mode: 'write', reason: 'The demo plant may be planned by anybody' },
    demoActor,
  );
  return summary;
}

class HistoryWriter {
  private readonly store: Store;
  private readonly options: HistoryOptions;
  private readonly stories: Stories;
  private readonly from: number;
  private readonly plant: NorthfieldPlant;
  private readonly telemetry: Telemetry;
  private readonly ledger = new OrderLedger();
  private readonly open = new Map<string, EquipmentStateEvent>();
  private readonly families: ReadonlyMap<string, string>;
  private readonly energyAt = new Map<string, number>();
  private energyFrom: number;
  private batch: Required<HistoryBatch> = emptyBatch();
  private pending: Promise<unknown> = Promise.resolve();
  private readonly rows: HistorySummary['rows'] = {
    states: 0,
    counts: 0,
    inspections: 0,
    energy: 0,
    maintenance: 0,
    samples: 0,
  };
  private readonly completed = new Map<string, boolean>();

  constructor(store: Store, model: PlantModel, options: HistoryOptions) {
    const { seed, days, until } = options;
    this.store = store;
    this.options = options;
    this.stories = placeStories(model.calendar, until, days);
    this.from = dayStartBefore(until - days * day, model.calendar.timeZone);
    this.families = new Map(
      model.materials.map(({ materialId, setupFamily }) => [materialId, setupFamily ?? materialId]),
    );
    this.telemetry = new Telemetry(seed);
    this.plant = openNorthfield(
      model,
      seed,
      this.stories,
      dayStartBefore(this.from - warmUpDays * day, model.calendar.timeZone),
    );
    this.energyFrom = this.from;
  }

  async write(): Promise<HistorySummary> {
    const { run, office } = this.plant;
    const { until, days, onProgress } = this.options;
    await this.handOver(this.plant.advance(this.from).handovers);
    for (const id of machineIds) this.beginMachine(id);
    await this.ledger.save(this.store, run.process.state());
    let told = 0;
    while (run.now < until) {
      const step = run.now >= until - day ? rawMs : aggregateMs;
      const started = run.now;
      if (until - run.now <= minute) for (const id of machineIds) this.endBreakdown(id);
      const to = Math.min(
        until,
        (Math.floor(run.now / step) + 1) * step,
        until - run.now > minute ? until - minute : until,
      );
      const { happened, handovers } = this.plant.advance(to);
      this.take(happened);
      if (handovers.length > 0) await this.handOver(handovers);
      this.measure(started);
      if (run.now % hour === 0 || run.now === until) await this.afterHour();
      const doneDays = Math.floor((run.now - this.from) / day);
      if (doneDays > told) onProgress?.({ doneDays: (told = doneDays), totalDays: days });
    }
    for (const state of this.open.values()) this.batch.states.push(state);
    await this.flush();
    await this.pending;
    const best = new Office(northfieldModel(), this.options.seed, dispatchRules, 0).plan(run);
    const plan = { ...best, scheduleId: best.scheduleId.replace('PLAN', 'LIVE') };
    this.note(run.process.state());
    await this.ledger.save(this.store, run.process.state());
    await this.store.saveUnavailability(office.maintenanceAfter(run.now), demoActor);
    await this.store.saveSchedule({ ...plan, status: 'published', label: 'Live plan' }, demoActor);
    const open = run.process.state().workRequests.filter((request) => request.requestState !== 'Completed');
    return {
      from: this.from,
      until,
      rows: this.rows,
      openOrders: open.length,
      completedOrders: this.completed.size,
      lateOrders: [...this.completed.values()].filter(Boolean).length,
      livePlanId: plan.scheduleId,
      stories: this.stories,
    };
  }

  /** States and energy of a machine count from the beginning of the history on. */
  private beginMachine(equipmentId: string): void {
    const { state, reason, energyKwh } = this.plant.run.machine(equipmentId)!;
    this.open.set(equipmentId, { equipmentId, state, ...(reason === undefined ? {} : { reason }), start: this.from });
    this.energyAt.set(equipmentId, energyKwh);
    this.plant.run.takeActivity(equipmentId, undefined);
  }

  private endBreakdown(equipmentId: string): void {
    if (this.plant.run.machine(equipmentId)!.reason === 'breakdown') this.plant.run.process.repair(equipmentId);
  }

  private take({ states, counts, inspections, maintenance }: Happenings): void {
    for (const state of states) {
      const before = this.open.get(state.equipmentId);
      if (before && before.start < state.start) this.batch.states.push({ ...before, end: state.start });
      this.open.set(state.equipmentId, state);
    }
    this.batch.counts.push(...counts);
    this.batch.inspections.push(...inspections);
    this.batch.maintenance.push(...maintenance.filter((entry) => entry.atMs < this.options.until));
  }

  private measure(from: number): void {
    const { run } = this.plant;
    const samples = this.telemetry.sample(
      from,
      run.now,
      (id) => run.takeActivity(id, this.familyOn(id)),
      (id) => run.machine(id)!.wear,
    );
    this.batch.samples.push(...samples);
  }

  private readonly requestFamilies = new Map<string, string>();
  private familyOn(equipmentId: string): string | undefined {
    const job = this.plant.run.machine(equipmentId)!.jobOrderId;
    return job === undefined ? undefined : this.requestFamilies.get(job.slice(0, job.indexOf('/')));
  }

  private async afterHour(): Promise<void> {
    const { run } = this.plant;
    const energy: EnergyReading[] = machineIds.map((equipmentId) => {
      const { energyKwh } = run.machine(equipmentId)!;
      const kWh = Math.round((energyKwh - this.energyAt.get(equipmentId)!) * 10_000) / 10_000;
      this.energyAt.set(equipmentId, energyKwh);
      return { equipmentId, startMs: this.energyFrom, endMs: run.now, kWh };
    });
    this.energyFrom = run.now;
    this.batch.energy.push(...energy);
    if (this.options.signal?.aborted) throw new MillwrightError('MW_ABORTED', { what: 'history' });
    const size = Object.values(this.batch).reduce((sum, list) => sum + list.length, 0);
    if (size >= batchRows) await this.flush();
    else await setImmediate();
  }

  /** Hands a batch to the store's worker while the simulation goes on; at most one is under way. */
  private async flush(): Promise<void> {
    const { batch } = this;
    this.batch = emptyBatch();
    for (const kind of Object.keys(this.rows) as (keyof HistorySummary['rows'])[])
      this.rows[kind] += batch[kind].length;
    await this.pending;
    this.pending = this.store.appendHistory(batch, demoActor);
    this.pending.catch(() => undefined);
  }

  private async handOver(handovers: readonly DayHandover[]): Promise<void> {
    const { run } = this.plant;
    for (const { closing, unavailable, plan, workRequests } of handovers) {
      for (const { workRequestId, materialId } of [...closing.workRequests, ...workRequests])
        this.requestFamilies.set(workRequestId, this.families.get(materialId) ?? materialId);
      if (run.now < this.from) continue;
      this.note(closing);
      await this.ledger.save(this.store, closing);
      await this.ledger.save(this.store, run.process.state());
      await this.store.saveUnavailability(unavailable, demoActor);
      await this.store.saveSchedule({ ...plan, status: 'published' }, demoActor);
    }
  }

  /** Keeps count of what was completed within the history, and whether it was late. */
  private note({ workRequests, jobOrders }: PlantState): void {
    for (const { workRequestId, requestState, dueAt } of workRequests) {
      if (requestState !== 'Completed' || this.completed.has(workRequestId)) continue;
      const own = jobOrders.filter((job) => job.workRequestId === workRequestId);
      const endedAt = Math.max(...own.map((job) => job.endedAt ?? 0));
      if (endedAt >= this.from) this.completed.set(workRequestId, endedAt > dueAt);
    }
  }
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
  office.openingOrders(state, 5);
  const schedule = office.planFor(state, []);
  const run = new PlantRun({ model, state, schedule, seed, stories, countEverySeconds: 600 });
  return new NorthfieldPlant(model, run, office);
}

function emptyBatch(): Required<HistoryBatch> {
  return { states: [], counts: [], inspections: [], energy: [], maintenance: [], samples: [] };
}

/** The beginning (06:00) of the production day in which an instant lies. */
function dayStartBefore(at: number, zone: string): number {
  const local = DateTime.fromMillis(at, { zone });
  const start = local.set({ hour: 6, minute: 0, second: 0, millisecond: 0 });
  return (start <= local ? start : start.minus({ days: 1 })).toMillis();
}
