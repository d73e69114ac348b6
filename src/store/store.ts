import type {
  EquipmentStateEvent,
  ExpectedEnd,
  HistoryBatch,
  JobOrder,
  MaterialLot,
  PlantEventRecord,
  PlantModel,
  PlantState,
  ScenarioSet,
  StagingNeed,
  TagSample,
  WorkRequest,
  WorkSchedule,
} from '../plant/index.ts';
import type { Dialect } from './database.ts';

export type { Dialect };

/** Who caused a change; every change is written together with its audit entry. */
export interface Actor {
  /** Person id, or the id of the node that did it. */
  id: string;
  role?: string;
  /** Whether the person logged in; absent for nodes. */
  authenticated?: boolean;
  /** Chain of messages that it belongs to. */
  correlationId?: string;
}

/** A planned stretch without a machine or without a person: exactly one of the two. Milliseconds since 1970 UTC. */
export interface Unavailability {
  equipmentId?: string;
  personId?: string;
  reason: string;
  start: number;
  end: number;
}

/** A row of the tag table. */
export interface TagDefinition {
  tag: string;
  nodeId?: string;
  equipmentId?: string;
  dataType?: string;
  unit?: string;
  low?: number;
  high?: number;
}

/** Ten minutes of a tag's numbers (a boolean counts as 0 or 1), those of bad quality left out. */
export interface TagAggregate {
  /** Milliseconds since 1970 UTC; a multiple of ten minutes. */
  start: number;
  count: number;
  mean: number;
  min: number;
  max: number;
  last: number;
}

/** What became of a written batch. */
export interface AppendResult {
  written: number;
  /** Samples that were there already, by (tag, source time, value). */
  duplicates: number;
}

/** A mode that one field of one use case is in. */
export type StoredMode = 'shadow' | 'advise' | 'write';

/** A person's signed decision, as the store keeps it. Instants in milliseconds since 1970 UTC. */
export interface ApprovalRecord {
  approvalId: string;
  planId: string;
  planDigest: string;
  decision: 'approved' | 'rejected';
  meaning: 'reviewed' | 'approved' | 'rejected';
  personId: string;
  role: string;
  authenticated: boolean;
  reason: string;
  signedAt: number;
}

/** A change of one job order in the MES on its way out and back. */
export interface OutboxCommand {
  commandId: string;
  approvalId: string;
  target: string;
  jobOrderId: string;
  expectedVersion: number;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  state: 'pending' | 'sent' | 'acknowledged' | 'rejected' | 'conflict' | 'dead';
  attempts: number;
  readBack?: Record<string, unknown>;
  error?: string;
}

/** A job order as the embedded MES table holds it: what a plan's publication writes and reads back. */
export interface DispatchRow {
  jobOrderId: string;
  equipmentId: string | null;
  plannedStart: number | null;
  plannedEnd: number | null;
  dispatchStatus: string;
  rowVersion: number;
}

/** A staging row in the store. */
export interface StagingRow extends StagingNeed {
  stagingId: string;
  planId: string;
  status: 'open' | 'done' | 'cancelled';
}

/** A notification to a role, kept until it is acknowledged. */
export interface NotificationRecord {
  notificationId: string;
  role: string;
  severity: number;
  templateId: string;
  params: Record<string, unknown>;
  createdAt: number;
  acknowledgedBy?: string;
}

/** A document's revision (work instruction): `body` is the document model, never HTML. */
export interface DocumentRecord {
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

/** What a person accepted for the twin in place of the standard. */
export interface TwinParameterRow {
  /** Which number or law of the twin: its own name for it. */
  subject: string;
  value: Record<string, unknown>;
  personId: string;
  /** Milliseconds since 1970 UTC. */
  acceptedAt: number;
}

/** What a person says of an answer or a prediction. */
export interface FeedbackRecord {
  subjectType: string;
  subjectId: string;
  verdict: 'agree' | 'disagree' | 'unsure';
  correctedValue?: number | string;
  reason: string;
  personId: string;
  /** What it was said of, for whoever looks into it: question, reading, value. */
  data: Record<string, unknown>;
  /** Milliseconds since 1970 UTC; set by the store. */
  at?: number;
}

/** A question whose reading a person has verified; `body` is the reading as `language` made it. */
export interface VerifiedQuestionRow {
  key: string;
  body: Record<string, unknown>;
  personId: string;
  reason: string;
  /** Milliseconds since 1970 UTC. */
  verifiedAt: number;
}

/** A row of a read-only question. */
export type QueryRow = Record<string, unknown>;

/** One entry of the audit log as people read it. */
export interface AuditRow {
  seq: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  correlationId?: string;
  data: unknown;
  leafHash: string;
}

/** Result of a verification. */
export interface AuditVerification {
  verified: boolean;
  size: number;
  rootHash: string;
  /** Sequence number of the first entry that does not match. */
  firstBad?: number;
}

/**
 * The plant's database. Every promise rejects with a `MillwrightError`; each change is one transaction together with
 * its audit entry. Instants are milliseconds since 1970 UTC.
 */
export interface Store {
  /** The file, or the server's address without secrets. */
  readonly file: string;
  /** The engine that the data lies in: what `query` is written for. */
  readonly dialect: Dialect;

  /** Replaces master data; what is no longer in the model is marked invalid, never deleted. */
  savePlantModel(model: PlantModel, actor: Actor): Promise<void>;
  /** The model, or undefined in a new store. */
  loadPlantModel(): Promise<PlantModel | undefined>;
  /** Inserts or changes orders, operations and lots; execution fields included. */
  saveOrders(
    orders: { workRequests?: WorkRequest[]; jobOrders?: JobOrder[]; lots?: MaterialLot[] },
    actor: Actor,
  ): Promise<void>;
  /** Both of the above as one change: all of it or nothing. @param tables named in the audit entry */
  importPlant(
    model: PlantModel,
    orders: { workRequests: WorkRequest[]; jobOrders: JobOrder[]; lots: MaterialLot[] },
    tables: readonly string[],
    actor: Actor,
  ): Promise<void>;
  /**
   * What is true now: open orders and the job orders of open requests, lots, last setup family of each machine,
   * unavailability (planned maintenance rows, and open machine-down events until their expected median end),
   * absences (rows, and open operator-absent events).
   */
  loadPlantState(at: number): Promise<PlantState>;
  /** Planned unavailability of equipment or people: maintenance, holidays of a person. */
  saveUnavailability(rows: Unavailability[], actor: Actor): Promise<void>;
  /**
   * Digest of `planningInputs` of the present state and live plan.
   * @param asOf when the plan was made that it is compared for; what has gone on as expected since changes nothing
   */
  inputsDigest(at: number, asOf?: number): Promise<string>;

  /** Writes what happened; a sample that is there already is dropped and counted. Samples of unknown tags add a tag. */
  appendHistory(batch: HistoryBatch, actor: Actor): Promise<AppendResult>;
  /** Keeps the tag table in step; `MW_TAG_TAKEN` where another source already has one of the names. */
  putTags(tags: TagDefinition[], source: string): Promise<void>;
  /** Samples of one tag in [from, to), oldest first, at most `limit`. */
  samples(tag: string, from: number, to: number, limit: number): Promise<TagSample[]>;
  /** Ten minutes each of one tag, beginning in [from, to), oldest first, at most `limit`: also where samples are past their retention. */
  aggregates(tag: string, from: number, to: number, limit: number): Promise<TagAggregate[]>;
  /** The newest sample of each of these tags that has one. */
  lastSamples(tags: string[]): Promise<TagSample[]>;
  /** The state that each machine is in now. */
  currentStates(): Promise<EquipmentStateEvent[]>;
  /** Lengths in seconds of past stops for a reason on a machine, newest first, at most 200; its class where it has fewer than five. */
  stopDurations(equipmentId: string, reason: string): Promise<number[]>;

  /** Writes an event. A machine-up ends the open machine-down of the same subject. */
  saveEvent(event: PlantEventRecord, actor: Actor): Promise<void>;
  /** Corrects when an open event is expected to end. */
  correctExpectedEnd(eventId: string, expectedEnd: ExpectedEnd, actor: Actor): Promise<PlantEventRecord>;
  loadEvent(eventId: string): Promise<PlantEventRecord | undefined>;
  openEvents(): Promise<PlantEventRecord[]>;

  /**
   * Writes a set of alternatives, plans included, as proposed.
   * @param state what the plans were made from; kept for the newest three sets
   */
  saveScenarioSet(set: ScenarioSet, actor: Actor, state?: PlantState): Promise<void>;
  /** The plant's state that a set was made from, where it is kept. */
  scenarioState(requestId: string): Promise<PlantState | undefined>;
  /** One set, or the newest. */
  loadScenarioSet(requestId?: string): Promise<ScenarioSet | undefined>;
  /** The set that a plan belongs to, with that plan's place in it. */
  findScenario(planId: string): Promise<{ set: ScenarioSet; index: number } | undefined>;
  /** Writes a plan outside any set (the first live plan of a plant) as it is. */
  saveSchedule(schedule: WorkSchedule, actor: Actor): Promise<void>;
  loadSchedule(scheduleId: string): Promise<WorkSchedule | undefined>;
  /** The published plan. */
  livePlan(): Promise<WorkSchedule | undefined>;
  /**
   * Makes a plan the live one and the former superseded; a plan that is live already is left as it is.
   * @param evidence kept in the audit entry, for example the commands that would undo it
   */
  publishSchedule(
    scheduleId: string,
    approvalId: string | undefined,
    actor: Actor,
    evidence?: Record<string, unknown>,
  ): Promise<void>;

  /** Writes a signature; unless it means no more than `reviewed`, its plan becomes approved or rejected with it. */
  saveApproval(approval: ApprovalRecord, actor: Actor): Promise<void>;
  loadApproval(approvalId: string): Promise<ApprovalRecord | undefined>;
  approvalsOf(planId: string): Promise<ApprovalRecord[]>;
  /** Mode of a field of a use case; `shadow` where no signed entry says otherwise. */
  modeInForce(useCase: string, field: string): Promise<StoredMode>;
  /** Writes a signed entry that changes a mode. */
  setMode(entry: { useCase: string; field: string; mode: StoredMode; reason: string }, actor: Actor): Promise<void>;
  /**
   * Puts what a person accepted for the twin in place of the standard, all or nothing, with one audit entry; a row
   * without a value brings the standard back.
   * @param evidence kept in the audit entry: what the person saw
   */
  acceptTwinParameters(
    rows: { subject: string; value?: Record<string, unknown> }[],
    evidence: Record<string, unknown>,
    actor: Actor,
  ): Promise<void>;
  /** What people have accepted for the twin. */
  twinParameters(): Promise<TwinParameterRow[]>;
  /** Whether writes are inhibited, with the reason. */
  writeInhibit(): Promise<{ reason: string; source: string; at: number } | undefined>;
  setWriteInhibit(inhibit: { reason: string; source: string } | undefined, actor: Actor): Promise<void>;

  /** The embedded MES's rows of these job orders. */
  dispatchRows(jobOrderIds: string[]): Promise<DispatchRow[]>;
  /** Queues commands in the state that they carry; those with an id that is known already are left as they are. */
  enqueueCommands(commands: OutboxCommand[], actor: Actor): Promise<void>;
  commands(approvalId: string): Promise<OutboxCommand[]>;
  /**
   * Applies one command to the embedded MES where the row still has the expected version and reads the row back;
   * the command's new state is written in the same transaction.
   */
  applyCommand(commandId: string, actor: Actor): Promise<OutboxCommand>;
  /** Writes what became of a command outside `applyCommand`: its state, attempts, read-back and error. */
  recordCommand(command: OutboxCommand, actor: Actor): Promise<void>;
  /** Writes staging rows; those with an id that is known already are left as they are. */
  saveStaging(rows: StagingRow[], actor: Actor): Promise<void>;
  staging(planId: string): Promise<StagingRow[]>;
  /** Writes a notification; one with an id that is known already is left as it is. */
  saveNotification(notification: NotificationRecord, actor: Actor): Promise<void>;
  acknowledgeNotification(notificationId: string, actor: Actor): Promise<void>;
  notifications(limit: number): Promise<NotificationRecord[]>;
  saveDocument(document: DocumentRecord, actor: Actor): Promise<void>;
  /** The newest revision. */
  loadDocument(documentId: string): Promise<DocumentRecord | undefined>;
  documents(limit: number): Promise<DocumentRecord[]>;

  /** Keeps what a person says of an answer or a prediction. */
  saveFeedback(feedback: FeedbackRecord, actor: Actor): Promise<void>;
  /** What was said of subjects of one type, newest first. */
  feedback(subjectType: string, limit: number): Promise<FeedbackRecord[]>;
  /** Keeps a question's verified reading in place of an earlier one. */
  saveVerifiedQuestion(row: VerifiedQuestionRow, actor: Actor): Promise<void>;
  /** Forgets a verified reading; whether there was one. */
  deleteVerifiedQuestion(key: string, actor: Actor): Promise<boolean>;
  verifiedQuestions(): Promise<VerifiedQuestionRow[]>;

  /** One read-only SELECT over the `kpi_…` views on a connection of its own; ended at the deadline. */
  query(
    sql: string,
    parameters: readonly (string | number | null)[],
    limits?: { rows?: number; limitMs?: number },
  ): Promise<QueryRow[]>;

  /** Writes an audit entry of something that is done outside the store: a write to a machine, a call. */
  noteAction(note: { action: string; subject: string; data: Record<string, unknown> }, actor: Actor): Promise<void>;
  auditRows(filter: { subject?: string; from?: number; to?: number; limit?: number }): Promise<AuditRow[]>;
  verifyAudit(): Promise<AuditVerification>;
  /** Writes the log as JSON lines with a signed checkpoint; returns its size. */
  exportAudit(file: string): Promise<{ entries: number; rootHash: string }>;

  close(): Promise<void>;
}
