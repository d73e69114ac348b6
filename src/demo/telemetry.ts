import { seededRandom, type Random } from '../kernel/index.ts';
import type { TagSample } from '../plant/index.ts';
import { machineClass, machineIds, type MachineClass } from './northfield/equipment.ts';
import { signalsOf, tagOf, type Signal } from './tags.ts';
import type { MachineWear } from './wear.ts';

/** What a machine did in a stretch of time. */
export interface Activity {
  /** Share of the stretch in which it executed, 0…1. */
  executeShare: number;
  /** Whether it is switched on at all. */
  powered: boolean;
  /** Setup family of what it makes. */
  family: string | undefined;
}

const hour = 3_600_000;
/** Time constant with which a machine warms up and cools down (Newton's law of cooling). */
const thermalMs = 0.75 * hour;

/** Power in kW when off, on and executing, warming in K and RMS vibration in mm/s of a sound machine. */
const nature: Record<MachineClass, { idle: number; run: number; warming: number; vibration: number }> = {
  saw: { idle: 0.8, run: 6, warming: 14, vibration: 1.9 },
  cnc: { idle: 2.2, run: 14, warming: 20, vibration: 1.2 },
  mill: { idle: 2, run: 11, warming: 18, vibration: 1.4 },
  grind: { idle: 2.5, run: 9, warming: 16, vibration: 0.9 },
  deburr: { idle: 0.6, run: 3, warming: 8, vibration: 1.1 },
  wash: { idle: 4, run: 18, warming: 30, vibration: 0.8 },
  press: { idle: 1, run: 7, warming: 10, vibration: 1 },
  asm: { idle: 0.5, run: 1.5, warming: 5, vibration: 0.4 },
  test: { idle: 1.2, run: 8, warming: 12, vibration: 1 },
  pack: { idle: 0.4, run: 1.8, warming: 5, vibration: 0.6 },
};

/** Spindle speed by family in rpm. */
const speeds: Record<string, number> = { housing: 4200, impeller: 9500, shaft: 3200, bracket: 5200 };

/** Power that a machine takes when it is on but does not execute, and when it does, in kW. */
export function powerKw(equipmentId: string, executeShare: number, powered: boolean): number {
  const { idle, run } = nature[machineClass(equipmentId)];
  return powered ? idle + (run - idle) * executeShare : 0.05;
}

/** Temperature in °C that a sound machine of a class reaches at hard work on a warm day. */
export function fullTemperature(kind: MachineClass): number {
  return 25 + nature[kind].warming;
}

/** The measured quantities of one machine: physics in a few lines each, noise from its own stream of the seed. */
class MachineTelemetry {
  private readonly random: Random;
  private readonly kind: MachineClass;
  private readonly analog: { tag: string; signal: Signal; last: number }[];
  private warmth = 0;
  private readonly equipmentId: string;

  constructor(equipmentId: string, seed: number) {
    this.equipmentId = equipmentId;
    this.random = seededRandom(seed, `telemetry/${equipmentId}`);
    this.kind = machineClass(equipmentId);
    this.analog = signalsOf(this.kind)
      .filter((signal) => signal.analog)
      .map((signal) => ({ tag: tagOf(equipmentId, signal.name), signal, last: NaN }));
  }

  /** Means over [from, to), stamped with its end; only what changed by more than its deadband. */
  sample(from: number, to: number, activity: Activity, wear: MachineWear, out: TagSample[]): void {
    const target = nature[this.kind].warming * activity.executeShare * (1 + 0.6 * wear.severity('spindle', to));
    this.warmth += (target - this.warmth) * (1 - Math.exp(-(to - from) / thermalMs));
    for (const entry of this.analog) {
      const { analog, unit, name } = entry.signal;
      if (analog!.executingOnly && activity.executeShare < 0.05) continue;
      const value = round(this.value(name, to, activity, wear));
      if (Math.abs(value - entry.last) < analog!.deadband) continue;
      entry.last = value;
      out.push({ tag: entry.tag, value, quality: 'good', sourceMs: to, ...(unit === undefined ? {} : { unit }) });
    }
  }

  private value(name: string, at: number, { executeShare, powered, family }: Activity, wear: MachineWear): number {
    const noise = this.random.normal();
    switch (name) {
      case 'Power':
        return powerKw(this.equipmentId, executeShare, powered) * (1 + 0.03 * noise);
      case 'Temperature':
        return ambient(at) + this.warmth + 0.2 * noise;
      case 'Vibration':
        return vibration(this.kind, wear, at) * (1 + 0.05 * noise);
      case 'SpindleSpeed':
        return (speeds[family ?? ''] ?? 4000) * executeShare;
      case 'SpindleLoad':
        return 42 * (1 + 0.3 * wear.toolWear + 0.15 * wear.severity('spindle', at)) + 2 * noise;
      case 'ToolLife':
        return 100 * (1 - wear.toolWear);
      case 'Pressure':
        return (this.kind === 'wash' ? 8 : 10) * (1 - 0.35 * wear.severity('seal', at)) + 0.06 * noise;
      case 'Force':
        return 32 * (1 - 0.2 * wear.severity('seal', at)) + 0.5 * noise;
      case 'Torque':
        return 18 + 0.3 * noise;
      default:
        return Math.max(0, 0.6 + 2.5 * wear.severity('seal', at) + 0.08 * noise);
    }
  }
}

/** The measured quantities of all machines. */
export class Telemetry {
  private readonly machines: Map<string, MachineTelemetry>;

  constructor(seed: number) {
    this.machines = new Map(machineIds.map((id) => [id, new MachineTelemetry(id, seed)]));
  }

  /** Samples of all machines for the stretch [from, to). */
  sample(
    from: number,
    to: number,
    activityOf: (equipmentId: string) => Activity,
    wearOf: (equipmentId: string) => MachineWear,
  ): TagSample[] {
    const out: TagSample[] = [];
    for (const [id, machine] of this.machines) machine.sample(from, to, activityOf(id), wearOf(id), out);
    return out;
  }
}

/** RMS velocity that a bearing in a given condition shows: from the machine's own level to about 9 mm/s at its end. */
function vibration(kind: MachineClass, wear: MachineWear, at: number): number {
  const sound = nature[kind].vibration * (1 + 0.1 * wear.toolWear);
  return sound + (9 - nature[kind].vibration) * wear.severity('bearing', at);
}

/** Temperature of the hall in °C: a day's and a year's sine. */
function ambient(at: number): number {
  const day = (at / (24 * hour)) % 1;
  const year = (at / (365.25 * 24 * hour)) % 1;
  return 20 - 3 * Math.cos(2 * Math.PI * year) - 2 * Math.cos(2 * Math.PI * (day - 0.15));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
