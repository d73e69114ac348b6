import { seededRandom, type Random } from '../kernel/index.ts';
import { machineClass, type MachineClass } from './northfield/equipment.ts';
import { bearingGrowthDays, type Stories } from './stories.ts';

/** Components that wear until they fail. */
export const wearingParts = ['bearing', 'spindle', 'seal'] as const;
export type WearingPart = (typeof wearingParts)[number];

const day = 86_400_000;
const hourSeconds = 3600;

interface WearLaw {
  /** Days from the first sign to the failure: uniform between these. */
  growthDays: [number, number];
  /** Mean days from new to the first sign, exponential: incipient damage comes by chance. */
  meanDaysToFirstSign: number;
  /** Repair: lognormal. */
  repairMedianSeconds: number;
  repairSigma: number;
  /** Severity 0…1 at the elapsed share 0…1 of the growth. */
  severity(share: number): number;
}

/**
 * How components wear.
 * - bearing: the degradation signal grows exponentially (Gebraeel, Lawley, Li, Ryan 2005, "Residual-life
 *   distributions from component degradation signals: a Bayesian approach", IIE Transactions 37, 543–557);
 * - spindle: wear volume proportional to the sliding distance (Archard 1953, "Contact and rubbing of flat surfaces",
 *   Journal of Applied Physics 24, 981–988), so play grows linearly with use;
 * - seal: its gap grows linearly by the same law, and laminar leakage through a gap goes with its cube (Poiseuille).
 */
const wearLaws: Record<WearingPart, WearLaw> = {
  bearing: {
    growthDays: [6, 14],
    meanDaysToFirstSign: 140,
    repairMedianSeconds: 6 * hourSeconds,
    repairSigma: 0.25,
    severity: (share) => (Math.exp(bearingGrowth * share) - 1) / (Math.exp(bearingGrowth) - 1),
  },
  spindle: {
    growthDays: [18, 30],
    meanDaysToFirstSign: 220,
    repairMedianSeconds: 9 * hourSeconds,
    repairSigma: 0.2,
    severity: (share) => share,
  },
  seal: {
    growthDays: [8, 16],
    meanDaysToFirstSign: 120,
    repairMedianSeconds: 1.5 * hourSeconds,
    repairSigma: 0.3,
    severity: (share) => share ** 3,
  },
};

/** Exponent of the bearing's growth: from 1.2 to about 9 mm/s RMS. */
const bearingGrowth = 2.2;

const cutting: readonly MachineClass[] = ['saw', 'cnc', 'mill', 'grind', 'deburr'];

/** Whether machines of this class cut with a tool in a spindle. */
export function cuts(kind: MachineClass): boolean {
  return cutting.includes(kind);
}

/**
 * Mean tool life in seconds of cutting by class: Taylor's V·Tⁿ = C (Taylor 1907, "On the art of cutting metals")
 * with carbide's n = 0.25 solved for T, in hours: (C/V)^(1/n).
 */
function meanToolLifeSeconds(kind: MachineClass): number {
  const ratio: Partial<Record<MachineClass, number>> = { saw: 1.75, cnc: 1.6, mill: 1.55, grind: 1.8, deburr: 1.85 };
  return (ratio[kind] ?? 1) ** (1 / 0.25) * hourSeconds;
}

/** A component that is due to fail: nothing is to be seen before `firstSignAt`. */
interface Life {
  part: WearingPart;
  firstSignAt: number;
  failsAt: number;
}

/** A failure of a worn component that is due. */
export interface DueFailure {
  part: WearingPart;
  repairSeconds: number;
}

/** How one machine's tool and components wear; its own stream of the seed. */
export class MachineWear {
  private readonly random: Random;
  private readonly kind: MachineClass;
  private readonly lives: Life[];
  private toolLife: number;
  private cutSeconds: number;

  /** @param at when it begins, milliseconds since 1970 UTC */
  constructor(equipmentId: string, seed: number, stories: Stories, at: number) {
    this.random = seededRandom(seed, `wear/${equipmentId}`);
    this.kind = machineClass(equipmentId);
    const parts: WearingPart[] = cuts(this.kind)
      ? ['bearing', 'spindle']
      : this.kind === 'asm' || this.kind === 'pack'
        ? ['bearing']
        : ['seal'];
    this.lives = parts.map((part) => this.newLife(part, at));
    const failsAt = equipmentId === 'CNC-22' ? stories.bearingFailureAt : undefined;
    if (failsAt !== undefined)
      this.lives[0] = { part: 'bearing', firstSignAt: failsAt - bearingGrowthDays * day, failsAt };
    this.toolLife = this.newToolLife();
    this.cutSeconds = this.random.next() * this.toolLife;
  }

  /** How far a component is on its way from the first sign to its failure, 0…1; 0 where the machine has none. */
  share(part: WearingPart, at: number): number {
    const life = this.lives.find((candidate) => candidate.part === part);
    if (!life || at <= life.firstSignAt) return 0;
    return Math.min(1, (at - life.firstSignAt) / (life.failsAt - life.firstSignAt));
  }

  /** Severity 0…1 of a component's wear at an instant: what its signals show. */
  severity(part: WearingPart, at: number): number {
    return wearLaws[part].severity(this.share(part, at));
  }

  /** A component whose time is up, replaced as of the end of its repair; undefined where all hold. */
  takeFailure(at: number): DueFailure | undefined {
    const index = this.lives.findIndex((life) => life.failsAt <= at);
    if (index < 0) return undefined;
    const { part } = this.lives[index]!;
    const law = wearLaws[part];
    const repairSeconds = law.repairMedianSeconds * Math.exp(law.repairSigma * this.random.normal());
    this.lives[index] = this.newLife(part, at + repairSeconds * 1000);
    return { part, repairSeconds };
  }

  /** The next instant at which a component fails. */
  get failsAt(): number {
    return Math.min(...this.lives.map((life) => life.failsAt));
  }

  /** Cutting time that the tool still has; `Infinity` on a machine without a tool. */
  get toolSecondsLeft(): number {
    return cuts(this.kind) ? Math.max(0, this.toolLife - this.cutSeconds) : Infinity;
  }

  /** Flank wear of the tool, 0 new … 1 worn out: linear in cutting time, as in the steady part of ISO 3685's curve. */
  get toolWear(): number {
    return cuts(this.kind) ? Math.min(1, this.cutSeconds / this.toolLife) : 0;
  }

  /** The tool has cut for so long. */
  cut(seconds: number): void {
    this.cutSeconds += seconds;
  }

  /** Puts a new tool in; returns how long that takes in seconds. */
  changeTool(): number {
    this.cutSeconds = 0;
    this.toolLife = this.newToolLife();
    return 420 * Math.exp(0.25 * this.random.normal());
  }

  private newToolLife(): number {
    return meanToolLifeSeconds(this.kind) * Math.exp(0.12 * this.random.normal());
  }

  private newLife(part: WearingPart, from: number): Life {
    const law = wearLaws[part];
    const [shortest, longest] = law.growthDays;
    const firstSignAt = from + this.random.exponential(law.meanDaysToFirstSign) * day;
    return { part, firstSignAt, failsAt: firstSignAt + (shortest + this.random.next() * (longest - shortest)) * day };
  }
}
