import type { EquipmentStateEvent } from './state.ts';

/** Quality of a value as OPC UA grades it. */
export type SampleQuality = 'good' | 'uncertain' | 'bad';

/** One value of one tag (`line/machine/signal`). Instants in milliseconds since 1970 UTC. */
export interface TagSample {
  tag: string;
  value: number | string | boolean;
  unit?: string;
  quality: SampleQuality;
  sourceMs: number;
  serverMs?: number;
}

/** Parts made by one machine in a stretch of time: each part is counted once, as good, scrap or rework. */
export interface ProductionCount {
  equipmentId: string;
  jobOrderId?: string;
  materialId?: string;
  good: number;
  scrap: number;
  rework: number;
  startMs: number;
  endMs: number;
}

/** One inspected part or measurement. */
export interface InspectionResult {
  inspectionId: string;
  equipmentId: string;
  materialId?: string;
  jobOrderId?: string;
  atMs: number;
  verdict: 'pass' | 'fail' | 'review';
  /** porosity, scratch, burr, dimension, crack, missing-part. */
  defect?: string;
  value?: number;
  unit?: string;
}

/** Energy that one machine used in a stretch of time. */
export interface EnergyReading {
  equipmentId: string;
  startMs: number;
  endMs: number;
  kWh: number;
}

/** What a person wrote about a machine. */
export interface MaintenanceEntry {
  entryId: string;
  equipmentId: string;
  atMs: number;
  author: string;
  language: 'en' | 'de';
  text: string;
}

/** A stretch of time for which values of a tag are missing. */
export interface TagGap {
  tag: string;
  fromMs: number;
  toMs: number;
  reason: 'overflow' | 'resubscribed' | 'sequence' | 'restart';
  backfilled: boolean;
}

/** A batch of what happened, in any mixture; the store writes it in one transaction. */
export interface HistoryBatch {
  states?: EquipmentStateEvent[];
  counts?: ProductionCount[];
  inspections?: InspectionResult[];
  energy?: EnergyReading[];
  maintenance?: MaintenanceEntry[];
  samples?: TagSample[];
  gaps?: TagGap[];
}
