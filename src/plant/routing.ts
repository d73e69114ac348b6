/** A machine that can do a segment, and how fast it does it. */
export interface SegmentEquipment {
  equipmentId: string;
  /** Run time of one part. */
  secondsPerUnit: number;
}

/** Material that one unit of output consumes at a segment. */
export interface SegmentMaterial {
  materialId: string;
  quantityPerUnit: number;
}

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
