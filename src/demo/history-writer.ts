import { setImmediate } from 'node:timers/promises';
import { MillwrightError } from '../kernel/index.ts';
import type { EquipmentStateEvent, HistoryBatch, PlantState } from '../plant/index.ts';
import type { Store } from '../store/index.ts';
import { machineIds } from './northfield/equipment.ts';
import type { NorthfieldPlant } from './northfield-plant.ts';
import type { DayHandover } from './office.ts';
import { demoActor, OrderLedger } from './order-ledger.ts';
import type { Happenings } from './plant-run.ts';
import { Telemetry } from './telemetry.ts';

/** Rows written, by kind. */
export type HistoryRows = Record<Exclude<keyof HistoryBatch, 'gaps'>, number>;

/** What to write of a plant that runs. */
export interface HistoryWriterOptions {
  store: Store;
  /** Runs from `from` on, or is there already. */
  plant: NorthfieldPlant;
  seed: number;
  from: number;
  until: number;
  /** What of the orders the store knows already. */
  known?: PlantState;
  /** Told after each day. */
  onProgress?: ((progress: { doneDays: number; totalDays: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Telemetry is the mean of this stretch, and in the last 24 hours of the shorter one. */
const aggregateMs = 10 * minute;
const rawMs = 30_000;
/** A batch is written when it holds so many rows. */
const batchRows = 20_000;

/** Writes what a plant does over a stretch of time. */
export class HistoryWriter {
  /** Completed work requests, and whether they were late. */
  readonly completed = new Map<string, boolean>();
  readonly rows: HistoryRows = { states: 0, counts: 0, inspections: 0, energy: 0, maintenance: 0, samples: 0 };
  private readonly options: HistoryWriterOptions;
  private readonly telemetry: Telemetry;
  private readonly ledger: OrderLedger;
  private readonly open = new Map<string, EquipmentStateEvent>();
  private readonly energyAt = new Map<string, number>();
  private energyFrom: number;
  private batch = emptyBatch();
  private pending: Promise<unknown> = Promise.resolve();

  constructor(options: HistoryWriterOptions) {
    this.options = options;
    this.telemetry = new Telemetry(options.seed);
    this.ledger = new OrderLedger(options.known);
    this.energyFrom = options.from;
  }

  /**
   * Lets the plant run to the end and writes on the way. No breakdown is under way at the end, so that a plant goes
   * on without a stop that no event tells of.
   */
  async write(): Promise<void> {
    const { plant, from, until, onProgress } = this.options;
    const { run } = plant;
    const totalDays = Math.ceil((until - from) / day);
    for (const id of machineIds) this.beginMachine(id);
    await this.saveOrders(run.process.state());
    for (let doneDays = 0; run.now < until;) {
      const started = run.now;
      const step = started >= until - day ? rawMs : aggregateMs;
      const { happened, handovers } = plant.advance(Math.min(until, (Math.floor(started / step) + 1) * step));
      this.take(happened);
      for (const handover of handovers) await this.handOver(handover);
      this.measure(started);
      if (run.now % hour === 0) await this.endHour();
      if (run.now < from + (doneDays + 1) * day) continue;
      doneDays = Math.floor((run.now - from) / day);
      onProgress?.({ doneDays, totalDays });
    }
    for (const id of machineIds)
      if (run.machine(id)!.reason === 'breakdown') this.take(run.act((process) => process.repair(id)));
    this.batch.states.push(...this.open.values());
    await this.endHour();
    await this.flush();
    await this.pending;
    await this.saveOrders(run.process.state());
  }

  /** States and energy of a machine count from the beginning of the stretch on. */
  private beginMachine(equipmentId: string): void {
    const { run } = this.options.plant;
    const { state, reason, energyKwh } = run.machine(equipmentId)!;
    this.energyAt.set(equipmentId, energyKwh);
    run.takeActivity(equipmentId);
    const start = this.options.from;
    if (state !== 'Undefined')
      this.open.set(equipmentId, { equipmentId, state, ...(reason === undefined ? {} : { reason }), start });
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
    const { run } = this.options.plant;
    const samples = this.telemetry.sample(
      from,
      run.now,
      (id) => run.takeActivity(id),
      (id) => run.machine(id)!.wear,
    );
    this.batch.samples.push(...samples);
  }

  private async endHour(): Promise<void> {
    const { plant, signal } = this.options;
    if (signal?.aborted) throw new MillwrightError('MW_ABORTED', { what: 'history' });
    const { now } = plant.run;
    if (now > this.energyFrom)
      for (const equipmentId of machineIds) {
        const { energyKwh } = plant.run.machine(equipmentId)!;
        const kWh = Math.round((energyKwh - this.energyAt.get(equipmentId)!) * 10_000) / 10_000;
        this.energyAt.set(equipmentId, energyKwh);
        this.batch.energy.push({ equipmentId, startMs: this.energyFrom, endMs: now, kWh });
      }
    this.energyFrom = now;
    const size = Object.values(this.batch).reduce((sum, list) => sum + list.length, 0);
    if (size >= batchRows) await this.flush();
    else await setImmediate();
  }

  /** Hands a batch to the store's worker while the simulation goes on; at most one is under way. */
  private async flush(): Promise<void> {
    const { batch } = this;
    this.batch = emptyBatch();
    for (const kind of Object.keys(this.rows) as (keyof HistoryRows)[]) this.rows[kind] += batch[kind].length;
    await this.pending;
    this.pending = this.options.store.appendHistory(batch, demoActor);
    this.pending.catch(() => undefined);
  }

  private async handOver({ closing, unavailable, plan }: DayHandover): Promise<void> {
    const { store, plant } = this.options;
    await this.saveOrders(closing);
    await this.saveOrders(plant.run.process.state());
    await store.saveUnavailability(unavailable, demoActor);
    await store.saveSchedule({ ...plan, status: 'published' }, demoActor);
  }

  private async saveOrders(state: PlantState): Promise<void> {
    for (const { workRequestId, requestState, dueAt } of state.workRequests) {
      if (requestState !== 'Completed' || this.completed.has(workRequestId)) continue;
      const own = state.jobOrders.filter((job) => job.workRequestId === workRequestId);
      const endedAt = Math.max(...own.map((job) => job.endedAt ?? 0));
      if (endedAt >= this.options.from) this.completed.set(workRequestId, endedAt > dueAt);
    }
    await this.ledger.save(this.options.store, state);
  }
}

function emptyBatch(): Required<Omit<HistoryBatch, 'gaps'>> {
  return { states: [], counts: [], inspections: [], energy: [], maintenance: [], samples: [] };
}
