import type { Clock } from '../kernel/index.ts';
import type { PlantState, WorkSchedule } from '../plant/index.ts';
import type { Store } from '../store/index.ts';
import type { DayHandover, Unavailability } from './office.ts';
import { demoActor, OrderLedger } from './order-ledger.ts';
import type { PlantRun } from './plant-run.ts';

/** How often the live plan is looked up, and progress without a start or an end is written, in wall-clock time. */
const planEveryMs = 2_000;
const progressEveryMs = 60_000;

/**
 * Keeps a live plant and its store in step, one thing after the other: writes orders as they start, end and go on, what
 * the office hands over and who is absent, and follows the plan that is live.
 */
export class Desk {
  private readonly store: Store;
  private readonly run: PlantRun;
  /** Wall clock. */
  private readonly clock: Clock;
  private readonly ledger: OrderLedger;
  private planId: string;
  private handovers: DayHandover[] = [];
  private unavailable: Unavailability[] = [];
  private changed = false;
  private planAt = -Infinity;
  private progressAt: number;
  private work: Promise<void> | undefined;
  private looked: WorkSchedule | undefined;

  /** @param known orders as the store has them */
  constructor(store: Store, run: PlantRun, clock: Clock, known: PlantState, planId: string) {
    this.store = store;
    this.run = run;
    this.clock = clock;
    this.ledger = new OrderLedger(known);
    this.planId = planId;
    this.progressAt = clock.now();
  }

  /** The live plan when it was looked up last; the same object as long as it is the same plan. */
  get plan(): WorkSchedule | undefined {
    return this.looked;
  }

  /** Takes in what is to be written: handovers, absences, and whether some order changed. */
  note(noted: {
    handovers?: readonly DayHandover[];
    unavailable?: readonly Unavailability[];
    changed?: boolean;
  }): void {
    this.handovers.push(...(noted.handovers ?? []));
    this.unavailable.push(...(noted.unavailable ?? []));
    this.changed ||= noted.changed ?? false;
  }

  /** Writes and looks up what is due, unless it is at it already. Rejects with the store's error; nothing is lost. */
  keepUp(): Promise<void> {
    this.work ??= this.once().finally(() => (this.work = undefined));
    return this.work;
  }

  /** Writes everything that is left. */
  async finish(): Promise<void> {
    await this.work?.catch(() => undefined);
    this.changed = true;
    await this.write();
  }

  private async once(): Promise<void> {
    const now = this.clock.now();
    if (now - this.progressAt >= progressEveryMs) this.changed = true;
    await this.write();
    if (now - this.planAt < planEveryMs) return;
    this.planAt = now;
    await this.followLivePlan();
  }

  private async write(): Promise<void> {
    for (let handover = this.handovers[0]; handover; handover = this.handovers[0]) {
      await this.ledger.save(this.store, handover.closing);
      await this.ledger.save(this.store, this.run.process.state());
      await this.store.saveUnavailability(handover.unavailable, demoActor);
      await this.store.saveSchedule({ ...handover.plan, status: 'published' }, demoActor);
      this.planId = handover.plan.scheduleId;
      this.handovers.shift();
    }
    if (this.unavailable.length > 0) {
      const rows = this.unavailable;
      await this.store.saveUnavailability(rows, demoActor);
      this.unavailable = this.unavailable.slice(rows.length);
    }
    if (!this.changed) return;
    this.changed = false;
    this.progressAt = this.clock.now();
    await this.ledger.save(this.store, this.run.process.state());
  }

  /** Follows the published plan where it is another one; orders in it that the plant does not know are taken in. */
  private async followLivePlan(): Promise<void> {
    const plan = await this.store.livePlan();
    if (plan && plan.scheduleId !== this.looked?.scheduleId) this.looked = plan;
    if (!plan || plan.scheduleId === this.planId) return;
    const known = new Set(this.run.process.state().jobOrders.map((job) => job.jobOrderId));
    if (plan.entries.some((entry) => !known.has(entry.jobOrderId))) {
      const { workRequests, jobOrders } = await this.store.loadPlantState(this.run.now);
      const added = jobOrders.filter((job) => !known.has(job.jobOrderId));
      const requests = new Set(added.map((job) => job.workRequestId));
      this.run.addOrders(
        workRequests.filter((request) => requests.has(request.workRequestId)),
        added,
      );
    }
    if (this.handovers.length > 0) return;
    this.planId = plan.scheduleId;
    this.run.process.follow(plan);
  }
}
