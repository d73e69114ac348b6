/** A machine that can do a segment, and how fast it does it. */
export interface SegmentEquipment {
  equipmentId: string;
  /** Run time of one part. */
  secondsPerUnit: number;
  /** On a batch machine (`batchCapacity`): run time of one load, whatever is in it; `secondsPerUnit` does not count there. */
  secondsPerBatch?: number;
}

/** Material that one unit of output consumes at a segment. */
export interface SegmentMaterial {
  materialId: string;
  quantityPerUnit: number;
}

/** How an operation follows one of its predecessors, where it is more than "after its end and transport". */
export interface SegmentLag {
  /** One of the segment's predecessors. */
  predecessor: string;
  /** It starts at least so long after the predecessor's end (cooling, curing); transport happens meanwhile. */
  minSeconds?: number;
  /** It starts at most so long after the predecessor's end (before the adhesive sets). Not together with an overlap. */
  maxSeconds?: number;
  /**
   * Overlapping: parts go on in transfers of so many. It may start once the first transfer is there, and never runs
   * out of parts before the predecessor has made them; transport and the minimum lag hold for each transfer. Absent:
   * the whole quantity goes on at once, as it always does on one and the same machine.
   */
  transferQuantity?: number;
}

/** Of more transfers than this, neighbours go on together. */
const mostTransfers = 100;

/** How an operation follows one of its predecessors. */
export function lagBehind(segment: Pick<ProcessSegment, 'lags'>, predecessor: string): SegmentLag | undefined {
  return segment.lags?.find((lag) => lag.predecessor === predecessor);
}

/**
 * Parts in each transfer of so many; 0 where all go on at once. There are at most a hundred transfers, for which
 * several of a routing's are put together.
 */
export function transferQuantity(lag: SegmentLag | undefined, quantity: number): number {
  const wanted = lag?.transferQuantity ?? 0;
  if (!(wanted > 0 && wanted < quantity) || lag?.maxSeconds !== undefined) return 0;
  return wanted * Math.ceil(quantity / wanted / mostTransfers);
}

/** Where an operation may be split into lots that different machines can make at the same time. */
export interface LotSplitting {
  /** At most so many lots. */
  mostLots: number;
  /** No lot is smaller, unless the whole order is. */
  leastQuantity: number;
}

/**
 * What a breakdown does to an operation under way: it resumes where it stood; or it restarts, setup and all parts,
 * with the same material (a furnace load); or its parts are scrap, and it restarts with new material. Its machine is set
 * up for it by then: setting up again takes what the matrix says from its family to itself (see `workLeft`).
 */
export const interruptionModes = ['resume', 'restart', 'scrap'] as const;
export type InterruptionMode = (typeof interruptionModes)[number];

/** One operation of a routing (IEC 62264 process segment). */
export interface ProcessSegment {
  segmentId: string;
  /** 10, 20, 30 …: place in the routing. */
  sequence: number;
  name: string;
  /** Segments of the same routing that must have ended before; transport time to this one is added. */
  predecessors: string[];
  /** Machines to choose from; never empty. */
  equipment: SegmentEquipment[];
  /** Qualification an operator needs; absent means it runs unattended. */
  qualificationId?: string;
  materials: SegmentMaterial[];
  /** Whether an operation may pause over a closed shift and go on after it. */
  interruptible: boolean;
  /** What a breakdown does to it; absent: it resumes. Only what resumes can be `interruptible`. */
  afterInterruption?: InterruptionMode;
  /** How it follows single predecessors; absent or without an entry: after their end and transport. */
  lags?: SegmentLag[];
  /** Tools of which it needs one each from setup to end, pauses included; a load of a batch machine needs each once. */
  toolIds?: string[];
  /** Absent: it is never split. */
  lots?: LotSplitting;
}

/** A routing (IEC 62264 work master): how one material is made. */
export interface WorkMaster {
  workMasterId: string;
  version: string;
  materialId: string;
  segments: ProcessSegment[];
}

/** Setup times of one equipment class between setup families. */
export interface SetupMatrix {
  equipmentClassId: string;
  /** Seconds from one family to another: `seconds[from][to]`; a missing pair takes `defaultSeconds`. */
  seconds: Record<string, Record<string, number>>;
  defaultSeconds: number;
}

/** Setup time for a change of family; nothing set up before counts as an unknown family. */
export function setupSeconds(matrix: SetupMatrix | undefined, from: string | undefined, to: string): number {
  if (!matrix) return 0;
  if (from === undefined) return matrix.defaultSeconds;
  return matrix.seconds[from]?.[to] ?? (from === to ? 0 : matrix.defaultSeconds);
}
