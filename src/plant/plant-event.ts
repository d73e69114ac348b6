/** Kinds of events that a plan may have to answer. */
export type PlantEventKind =
  | 'machine-down'
  | 'machine-up'
  | 'quality-drift'
  | 'maintenance-due'
  | 'demand-change'
  | 'material-late'
  | 'operator-absent'
  | 'rush-order'
  | 'quality-hold';

/** When a stop is expected to end. Instants in milliseconds since 1970 UTC. */
export interface ExpectedEnd {
  p50: number;
  p90: number;
  basis: 'reason-history' | 'person' | 'default';
}

/** Something that happened on the shop floor, as the store keeps it. */
export interface PlantEventRecord {
  eventId: string;
  kind: PlantEventKind;
  severity: number;
  /** Equipment, order, lot or person. */
  subject: string;
  start: number;
  expectedEnd?: ExpectedEnd;
  /** Set when it is over. */
  endedAt?: number;
  /** The earlier event that this one replaces or ends. */
  supersedes?: string;
  reason?: string;
  evidence: { name: string; value: number | string | boolean }[];
}
