import { DateTime } from 'luxon';
import { isoInstant, seededRandom } from '../kernel/index.ts';
import type { PlantModel, PlantState, WorkRequest, WorkSchedule } from '../plant/index.ts';
import type { DispatchRule } from '../planning/index.ts';
import { dailyPlan } from './daily-plan.ts';
import { machineIds } from './northfield/equipment.ts';
import { deliveriesAfter, newOrder, ordersOfDay, promisedDate, workRequestNumber, type NewOrders } from './orders.ts';
import type { PlantRun } from './plant-run.ts';

/** Planned unavailability of a machine or a person. */
export interface Unavailability {
  equipmentId?: string;
  personId?: string;
  reason: string;
  start: number;
  end: number;
}

/** What the office hands to the plant when a production day begins. */
export interface DayHandover {
  /** The plant as it was just before: also what has been completed since the last handover. */
  closing: PlantState;
  unavailable: Unavailability[];
  plan: WorkSchedule;
}

/**
 * Northfield's office: takes orders in, buys material, knows who is absent and what is maintained, and makes the plan
 * of the day. Everything by seed and day.
 */
export class Office {
  private nextNumber: number;
  private readonly model: PlantModel;
  private readonly seed: number;
  private readonly rules: readonly DispatchRule[];

  /** @param nextNumber number of the next new work request */
  constructor(model: PlantModel, seed: number, rules: readonly DispatchRule[], nextNumber: number) {
    this.model = model;
    this.seed = seed;
    this.rules = rules;
    this.nextNumber = nextNumber;
  }

  /** Orders of the last three workdays before the plant begins, so that it does not begin empty. */
  openingOrders(state: PlantState): void {
    const begin = DateTime.fromMillis(state.at, { zone: this.model.calendar.timeZone });
    const days = [1, 2, 3, 4, 5].map((back) => begin.minus({ days: back })).filter((day) => day.weekday <= 5);
    for (const day of days.slice(0, 3).reverse()) {
      const orders = this.ordersOf(state, day.toMillis());
      state.workRequests.push(...orders.workRequests);
      state.jobOrders.push(...orders.jobOrders);
    }
  }

  /** New orders, deliveries, absences and planned maintenance of a day, and its plan; the run follows it at once. */
  beginDay(run: PlantRun): DayHandover {
    const closing = run.process.state();
    const { workRequests, jobOrders } = this.ordersOf(closing, run.now);
    run.addOrders(workRequests, jobOrders);
    this.buy(run);
    const absent = this.absencesOf(run.now);
    for (const { personId, end } of absent) run.process.setAbsent(personId, end);
    const maintained = this.maintenanceAfter(run.now);
    const plan = this.plan(run, maintained);
    run.addOrders(this.promise(workRequests, plan), []);
    run.process.follow(plan);
    return { closing, unavailable: [...absent, ...maintained], plan };
  }

  /** An order between two handovers, with the material for it: a rush order, or more of something. */
  extraOrder(run: PlantRun, wanted: Parameters<typeof newOrder>[2]): NewOrders {
    const order = newOrder(this.model, this.nextNumber++, wanted);
    run.addOrders(order.workRequests, order.jobOrders);
    this.buy(run);
    return order;
  }

  /** A new plan for what is open in a run now. */
  plan(run: PlantRun, maintained: readonly Unavailability[] = this.maintenanceAfter(run.now)): WorkSchedule {
    return this.planFor(run.process.state(), maintained);
  }

  /** A plan for what is open in a state; its id follows from the state's instant. */
  planFor(state: PlantState, maintained: readonly Unavailability[]): WorkSchedule {
    const known = maintained.flatMap(({ equipmentId, reason, start, end }) =>
      equipmentId === undefined ? [] : [{ equipmentId, reason, start, end }],
    );
    const scheduleId = `PLAN-${isoInstant(state.at).slice(0, 16).replaceAll(/[-:]/g, '')}`;
    const limits = { ...state, unavailable: [...state.unavailable, ...known] };
    return dailyPlan(this.model, limits, this.rules, scheduleId, this.seed);
  }

  /** One machine after the other is maintained for two hours on a Wednesday or Saturday morning: the next two. */
  maintenanceAfter(at: number): Unavailability[] {
    const planned: Unavailability[] = [];
    let day = DateTime.fromMillis(at, { zone: this.model.calendar.timeZone }).startOf('day');
    for (; planned.length < 2; day = day.plus({ days: 1 })) {
      if (day.weekday !== 3 && day.weekday !== 6) continue;
      const start = day.set({ hour: 7 }).toMillis();
      if (start < at) continue;
      const turn = 2 * Math.floor(day.toSeconds() / (7 * 86_400)) + (day.weekday === 6 ? 1 : 0);
      const equipmentId = machineIds[turn % machineIds.length]!;
      planned.push({ equipmentId, reason: 'planned-maintenance', start, end: start + 2 * 3_600_000 });
    }
    return planned;
  }

  /** The requests with the dates that a plan allows to promise; without a place in it the date asked for stays. */
  private promise(workRequests: readonly WorkRequest[], plan: WorkSchedule): WorkRequest[] {
    const ends = new Map<string, number>();
    for (const { jobOrderId, end } of plan.entries) {
      const id = jobOrderId.slice(0, jobOrderId.indexOf('/'));
      ends.set(id, Math.max(ends.get(id) ?? 0, end));
    }
    return workRequests.map((request) => {
      const end = ends.get(request.workRequestId);
      return end === undefined ? request : { ...request, dueAt: promisedDate(this.model, request, end, this.seed) };
    });
  }

  private buy(run: PlantRun): void {
    const lots = deliveriesAfter(this.model, run.process.state(), this.seed, run.now);
    if (lots.length > 0) run.process.addLots(lots);
  }

  private ordersOf(state: PlantState, dayStart: number) {
    const orders = ordersOfDay(this.model, state, this.seed, dayStart, this.nextNumber);
    this.nextNumber += orders.workRequests.length;
    return orders;
  }

  private absencesOf(at: number) {
    const end = at + 86_400_000;
    const day = DateTime.fromMillis(at, { zone: this.model.calendar.timeZone }).toISODate() ?? '';
    const random = seededRandom(this.seed, `absence/${day}`);
    return this.model.persons
      .filter(() => random.next() < 0.03)
      .map(({ personId }) => ({ personId, reason: 'absent', start: at, end }));
  }
}

/** The number after the highest of these work requests' numbers; 26001 where there is none. */
export function numberAfter(workRequestIds: readonly string[]): number {
  return Math.max(26_000, ...workRequestIds.map(workRequestNumber)) + 1;
}
