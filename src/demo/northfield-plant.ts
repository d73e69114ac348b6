import { DateTime } from 'luxon';
import type { PlantModel } from '../plant/index.ts';
import type { DayHandover, Office, Unavailability } from './office.ts';
import { nothing, type Happenings, type PlantRun } from './plant-run.ts';

/** Northfield as a whole: its machines and its office, day after day. */
export class NorthfieldPlant {
  readonly run: PlantRun;
  readonly office: Office;
  private readonly zone: string;
  private readonly dayStartHour: number;
  private dayStartsAt: number;
  private maintenance: Unavailability[];

  constructor(model: PlantModel, run: PlantRun, office: Office) {
    this.run = run;
    this.office = office;
    this.zone = model.calendar.timeZone;
    this.dayStartHour = Number(model.calendar.shifts[0]!.start.slice(0, 2));
    this.dayStartsAt = this.dayStartAfter(run.now);
    this.maintenance = office.maintenanceAfter(run.now);
  }

  /**
   * Runs to an instant. On each worked day the office hands over new orders and a plan when the first shift begins;
   * planned maintenance stops its machine.
   */
  advance(to: number): { happened: Happenings; handovers: DayHandover[] } {
    const { run, office } = this;
    const happened = nothing();
    const handovers: DayHandover[] = [];
    while (run.now < to) {
      const due = this.maintenance[0]!;
      append(happened, run.advance(Math.min(to, this.dayStartsAt, due.start)));
      if (run.now === due.start) {
        run.process.stop(due.equipmentId!, due.reason as 'planned-maintenance', due.end);
        this.maintenance = office.maintenanceAfter(run.now + 1);
      }
      if (run.now !== this.dayStartsAt) continue;
      this.dayStartsAt = this.dayStartAfter(run.now);
      if (run.shiftAt(run.now)) handovers.push(office.beginDay(run));
    }
    return { happened, handovers };
  }

  private dayStartAfter(at: number): number {
    const local = DateTime.fromMillis(at, { zone: this.zone });
    const today = local.set({ hour: this.dayStartHour, minute: 0, second: 0, millisecond: 0 });
    return (today.toMillis() > at ? today : today.plus({ days: 1 })).toMillis();
  }
}

function append(all: Happenings, more: Happenings): void {
  all.states.push(...more.states);
  all.counts.push(...more.counts);
  all.inspections.push(...more.inspections);
  all.maintenance.push(...more.maintenance);
  all.jobs.push(...more.jobs);
  all.jobChanges += more.jobChanges;
}
