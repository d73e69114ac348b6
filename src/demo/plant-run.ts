import type {
  DowntimeReason,
  EquipmentStateEvent,
  InspectionResult,
  JobOrder,
  MaintenanceEntry,
  PackmlState,
  PlantModel,
  PlantState,
  ProductionCount,
  WorkRequest,
  WorkSchedule,
} from '../plant/index.ts';
import { shiftsBetween, type ShiftInstance } from '../plant/index.ts';
import { seededRandom, type Random } from '../kernel/index.ts';
import { openPlantProcess, type PlantProcess, type ProcessEvent } from '../twin/index.ts';
import { Inspection } from './inspection.ts';
import { MaintenanceLog } from './maintenance-log.ts';
import { machineIds } from './northfield/equipment.ts';
import { stockCustomer } from './orders.ts';
import { parametersAt, type Stories } from './stories.ts';
import { powerKw, type Activity } from './telemetry.ts';
import { MachineWear, wearingParts } from './wear.ts';

/** What happened in a stretch of time, in order of time; a state lasts until the machine's next one. */
export interface Happenings {
  states: EquipmentStateEvent[];
  counts: ProductionCount[];
  inspections: InspectionResult[];
  maintenance: MaintenanceEntry[];
  /** Changes of the job order on a machine; undefined where it has none now. */
  jobs: { equipmentId: string; jobOrderId: string | undefined; at: number }[];
  /** Job orders that started or ended. */
  jobChanges: number;
}

/** Nothing has happened yet. */
export function nothing(): Happenings {
  return { states: [], counts: [], inspections: [], maintenance: [], jobs: [], jobChanges: 0 };
}

/** How a run of the plant begins. */
export interface PlantRunOptions {
  model: PlantModel;
  state: PlantState;
  schedule: WorkSchedule;
  seed: number;
  stories: Stories;
  /** Run time between two counts of a machine. */
  countEverySeconds: number;
}

/** A machine as the run sees it: present state and job, wear, and energy used since the run began. */
export interface RunningMachine {
  equipmentId: string;
  state: PackmlState;
  reason: DowntimeReason | undefined;
  jobOrderId: string | undefined;
  since: number;
  wear: MachineWear;
  energyKwh: number;
}

interface Machine extends RunningMachine {
  /** Up to when executing time and energy are booked. */
  bookedTo: number;
  executedMs: number;
  poweredMs: number;
  activityFrom: number;
  /** A worn component's failure is being repaired; its log entry is written already. */
  wornStop: boolean;
  /** Log entries already written for components that wear now. */
  noted: Set<string>;
}

const day = 86_400_000;
/** Work requests whose family is remembered: more than are ever open. */
const familiesKept = 5000;

/**
 * Northfield at work: the twin's plant process, with tools and components that wear and fail, variation that follows
 * the stories and the shifts, inspections and what people write down. History and live plant are both such a run.
 */
export class PlantRun {
  readonly process: PlantProcess;
  private readonly model: PlantModel;
  private readonly stories: Stories;
  private readonly inspection: Inspection;
  private readonly log: MaintenanceLog;
  private readonly chance: Random;
  private readonly machines = new Map<string, Machine>();
  private readonly families = new Map<string, string>();
  private shifts: ShiftInstance[] = [];
  private shiftsTo = -Infinity;
  private shiftChangeAt: number;

  constructor({ model, state, schedule, seed, stories, countEverySeconds }: PlantRunOptions) {
    this.model = model;
    this.stories = stories;
    this.inspection = new Inspection(seed);
    this.log = new MaintenanceLog(seed);
    this.chance = seededRandom(seed, 'run');
    this.shiftChangeAt = state.at;
    this.learnFamilies(state.workRequests);
    for (const equipmentId of machineIds)
      this.machines.set(equipmentId, {
        equipmentId,
        state: 'Undefined',
        reason: undefined,
        jobOrderId: undefined,
        since: state.at,
        wear: new MachineWear(equipmentId, seed, stories, state.at),
        energyKwh: 0,
        bookedTo: state.at,
        executedMs: 0,
        poweredMs: 0,
        activityFrom: state.at,
        wornStop: false,
        noted: new Set(),
      });
    this.process = openPlantProcess(
      model,
      state,
      schedule,
      parametersAt(stories, state.at, this.shiftAt(state.at)?.shiftId),
      { seed },
      { startEarly: true, countEverySeconds, toStock: ({ customer }) => customer === stockCustomer },
    );
  }

  /** Milliseconds since 1970 UTC. */
  get now(): number {
    return this.process.now;
  }

  /** A machine's present state and counters. @throws nothing; undefined for an unknown id */
  machine(equipmentId: string): RunningMachine | undefined {
    return this.machines.get(equipmentId);
  }

  /** Runs to an instant and tells what happened. */
  advance(to: number): Happenings {
    const happened = nothing();
    while (this.now < to) {
      if (this.now >= this.shiftChangeAt) this.changeShift(happened);
      const next = Math.min(to, this.shiftChangeAt, this.nextWearOut());
      for (const event of this.process.advance(next)) this.take(event, happened);
      for (const machine of this.machines.values()) this.book(machine, next);
      this.wearOut(happened);
    }
    return happened;
  }

  /** Does something to the process now and tells what it changed at once. */
  act(deed: (process: PlantProcess) => void): Happenings {
    const happened = nothing();
    deed(this.process);
    for (const event of this.process.advance(this.now)) this.take(event, happened);
    return happened;
  }

  /** Takes new orders in; they are made once a plan names them. */
  addOrders(workRequests: readonly WorkRequest[], jobOrders: readonly JobOrder[]): void {
    this.learnFamilies(workRequests);
    this.process.addOrders(workRequests, jobOrders);
  }

  /** What a machine did since the last call, and what family it makes. */
  takeActivity(equipmentId: string): Activity {
    const machine = this.machines.get(equipmentId)!;
    const family = this.families.get(machine.jobOrderId?.split('/')[0] ?? '');
    const span = Math.max(1, this.now - machine.activityFrom);
    const activity = { executeShare: machine.executedMs / span, powered: machine.poweredMs > span / 2, family };
    machine.executedMs = 0;
    machine.poweredMs = 0;
    machine.activityFrom = this.now;
    return activity;
  }

  /** The shift that works at an instant. */
  shiftAt(at: number): ShiftInstance | undefined {
    if (at >= this.shiftsTo) {
      this.shifts = shiftsBetween(this.model.calendar, at - day, at + 15 * day);
      this.shiftsTo = at + 14 * day;
    }
    return this.shifts.find((shift) => shift.start <= at && shift.end > at);
  }

  private learnFamilies(workRequests: readonly WorkRequest[]): void {
    for (const { workRequestId, materialId } of workRequests) {
      const material = this.model.materials.find((candidate) => candidate.materialId === materialId);
      this.families.set(workRequestId, material?.setupFamily ?? materialId);
      if (this.families.size > familiesKept) this.families.delete(this.families.keys().next().value!);
    }
  }

  private changeShift(happened: Happenings): void {
    const { now, stories } = this;
    const shift = this.shiftAt(now);
    const next = shift?.end ?? this.shifts.find((candidate) => candidate.start > now)?.start ?? now + day;
    const change = stories.supplierChangeAt;
    this.shiftChangeAt = change > now && change < next ? change : next;
    this.process.vary(parametersAt(stories, now, shift?.shiftId));
    if (now === change) happened.maintenance.push(this.log.entry('tool-supplier', 'CNC-31', now));
    if (shift) for (const machine of this.machines.values()) this.notice(machine, happened);
  }

  /** People write down what they see of a component that wears. */
  private notice({ equipmentId, wear, noted }: Machine, { maintenance }: Happenings): void {
    for (const part of wearingParts) {
      const share = wear.share(part, this.now);
      const stage = share > 0.75 ? 'late' : share > 0.35 ? 'early' : undefined;
      const key = `${part}-${stage ?? ''}` as const;
      if (!stage || noted.has(key)) continue;
      noted.add(key);
      const later = Math.round(this.chance.next() * 3 * 3_600_000);
      maintenance.push(this.log.entry(`${part}-${stage}`, equipmentId, this.now + later));
    }
  }

  /** When the first tool or component wears out, if every machine goes on as it does now. */
  private nextWearOut(): number {
    let next = Infinity;
    for (const { state, wear } of this.machines.values()) {
      if (state !== 'Execute') continue;
      next = Math.min(next, this.now + wear.toolSecondsLeft * 1000, wear.failsAt);
    }
    return Math.max(this.now + 1, Math.ceil(next));
  }

  private wearOut(happened: Happenings): void {
    for (const machine of this.machines.values()) {
      if (machine.state !== 'Execute') continue;
      const { equipmentId, wear } = machine;
      const failure = wear.takeFailure(this.now);
      if (failure) {
        const until = this.now + Math.round(failure.repairSeconds * 1000);
        this.process.stop(equipmentId, 'breakdown', until);
        machine.wornStop = true;
        machine.noted.clear();
        happened.maintenance.push(this.log.entry(`${failure.part}-failed`, equipmentId, until));
      } else if (wear.toolSecondsLeft <= 0)
        this.process.stop(equipmentId, 'tool-change', this.now + Math.round(wear.changeTool() * 1000));
      else continue;
      for (const event of this.process.advance(this.now)) this.take(event, happened);
    }
  }

  private take(event: ProcessEvent, happened: Happenings): void {
    const machine = this.machines.get(event.equipmentId)!;
    if (event.kind === 'state') this.takeState(machine, event, happened);
    else if (event.kind === 'count') this.takeCount(machine, event, happened);
    else happened.jobChanges++;
  }

  private takeState(machine: Machine, event: Extract<ProcessEvent, { kind: 'state' }>, happened: Happenings): void {
    const { at, state, reason, jobOrderId } = event;
    this.book(machine, at);
    if (machine.jobOrderId !== jobOrderId) happened.jobs.push({ equipmentId: machine.equipmentId, jobOrderId, at });
    machine.jobOrderId = jobOrderId;
    if (machine.state === state && machine.reason === reason) return;
    this.writeUp(machine, at, happened);
    Object.assign(machine, { state, reason, since: at });
    const { equipmentId } = machine;
    happened.states.push({ equipmentId, state, ...(reason === undefined ? {} : { reason }), start: at });
  }

  /** When a stop is over, somebody may write down what it was. */
  private writeUp(machine: Machine, at: number, { maintenance }: Happenings): void {
    const { reason, equipmentId } = machine;
    if (reason === 'breakdown') {
      if (!machine.wornStop && this.chance.next() < 0.6) maintenance.push(this.log.entry('breakdown', equipmentId, at));
      machine.wornStop = false;
    } else if (reason === 'quality-hold' && this.chance.next() < 0.4)
      maintenance.push(this.log.entry('hold', equipmentId, at));
  }

  private takeCount(machine: Machine, event: Extract<ProcessEvent, { kind: 'count' }>, happened: Happenings): void {
    const { equipmentId, jobOrderId, materialId, good, scrap, rework, from, at } = event;
    const count = { equipmentId, jobOrderId, materialId, good, scrap, rework, startMs: from, endMs: at };
    happened.counts.push(count);
    happened.inspections.push(...this.inspection.of(count));
  }

  /** Books cutting time, energy and activity of the present state up to an instant. */
  private book(machine: Machine, to: number): void {
    const elapsed = to - machine.bookedTo;
    if (elapsed <= 0) return;
    machine.bookedTo = to;
    const executes = machine.state === 'Execute';
    const powered = machine.state !== 'Stopped' && machine.state !== 'Undefined';
    if (executes) {
      machine.executedMs += elapsed;
      machine.wear.cut(elapsed / 1000);
    }
    if (powered) machine.poweredMs += elapsed;
    machine.energyKwh += (powerKw(machine.equipmentId, executes ? 1 : 0, powered) * elapsed) / 3_600_000;
  }
}
