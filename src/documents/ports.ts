import type { PlantModel, PlantState, StagingNeed, WorkSchedule } from '../plant/index.ts';

/** A staging row as the store keeps it. */
export interface StagedMove extends StagingNeed {
  stagingId: string;
}

/** A document's revision as the store keeps it. `createdAt` in milliseconds since 1970 UTC. */
export interface StoredDocument {
  documentId: string;
  kind: string;
  jobOrderId?: string;
  revision: number;
  locale: string;
  status: string;
  body: Record<string, unknown>;
  sources: Record<string, unknown>[];
  createdAt: number;
}

/** What documents need of the plant's database; the store has this shape. */
export interface DocumentPorts {
  loadPlantModel(): Promise<PlantModel | undefined>;
  loadPlantState(at: number): Promise<PlantState>;
  loadSchedule(scheduleId: string): Promise<WorkSchedule | undefined>;
  /** Signatures on a plan, oldest first. */
  approvalsOf(planId: string): Promise<{ approvalId: string; meaning: 'reviewed' | 'approved' | 'rejected' }[]>;
  staging(planId: string): Promise<StagedMove[]>;
  loadDocument(documentId: string): Promise<StoredDocument | undefined>;
  saveDocument(document: StoredDocument, actor: { id: string; correlationId?: string }): Promise<void>;
}
