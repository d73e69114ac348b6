import type { WorkSchedule, ScenarioSet } from '../../src/plant/index.ts';
import type {
  ApprovalRecord,
  DispatchRow,
  NotificationRecord,
  OutboxCommand,
  StagingRow,
  Store,
  StoredMode,
} from '../../src/store/index.ts';

/** The part of the store's face that dispatch uses, in memory and with its promises: what the tests turn and read. */
export class MemoryStore {
  readonly approvals = new Map<string, ApprovalRecord>();
  readonly schedules = new Map<string, WorkSchedule>();
  readonly rows = new Map<string, DispatchRow>();
  readonly outbox = new Map<string, OutboxCommand>();
  readonly stagingRows = new Map<string, StagingRow>();
  readonly notes = new Map<string, NotificationRecord>();
  readonly published: { scheduleId: string; approvalId: string | undefined; evidence: unknown }[] = [];
  readonly calls: string[] = [];
  set: ScenarioSet | undefined;
  liveId: string | undefined;
  mode: StoredMode = 'write';
  inputs = '';
  inhibit: { reason: string; source: string; at: number } | undefined;
  /** Called before each method with its name; may throw, or change what the plant is. */
  before: (method: string) => void = () => undefined;

  /** The fake as the store that it stands for. */
  asStore(): Store {
    return new Proxy(this, {
      get: (fake, key) => {
        const method = (fake as unknown as Record<string | symbol, unknown>)[key];
        if (typeof method !== 'function') return undefined;
        return async (...args: unknown[]) => {
          await Promise.resolve();
          this.before(String(key));
          this.calls.push(String(key));
          return structuredClone((method as (...a: unknown[]) => unknown).apply(fake, args));
        };
      },
    }) as unknown as Store;
  }

  loadApproval(id: string) {
    return this.approvals.get(id);
  }
  approvalsOf(planId: string) {
    return [...this.approvals.values()].filter((a) => a.planId === planId);
  }
  findScenario(planId: string) {
    const index = this.set?.scenarios.findIndex((s) => s.plan.scheduleId === planId) ?? -1;
    return this.set && index >= 0 ? { set: this.set, index } : undefined;
  }
  loadSchedule(id: string) {
    return this.schedules.get(id);
  }
  livePlan() {
    return this.liveId === undefined ? undefined : this.schedules.get(this.liveId);
  }
  publishSchedule(scheduleId: string, approvalId: string | undefined, _actor: unknown, evidence: unknown) {
    if (this.liveId === scheduleId) return;
    this.liveId = scheduleId;
    this.published.push({ scheduleId, approvalId, evidence });
  }
  inputsDigest() {
    return this.inputs;
  }
  modeInForce() {
    return this.mode;
  }
  writeInhibit() {
    return this.inhibit;
  }
  setWriteInhibit(inhibit: { reason: string; source: string } | undefined) {
    this.inhibit = inhibit && { ...inhibit, at: 0 };
  }
  dispatchRows(ids: string[]) {
    return ids.flatMap((id) => this.rows.get(id) ?? []);
  }
  enqueueCommands(commands: OutboxCommand[]) {
    for (const command of commands)
      if (!this.outbox.has(command.commandId)) this.outbox.set(command.commandId, command);
  }
  commands(approvalId: string) {
    return [...this.outbox.values()].filter((c) => c.approvalId === approvalId);
  }
  applyCommand(commandId: string): OutboxCommand {
    const command = this.outbox.get(commandId)!;
    if (command.state !== 'pending' && command.state !== 'sent') return command;
    const row = this.rows.get(command.jobOrderId)!;
    const fits = row.rowVersion === command.expectedVersion;
    if (fits) Object.assign(row, command.after, { rowVersion: row.rowVersion + 1 });
    const state = fits ? 'acknowledged' : 'conflict';
    const done: OutboxCommand = { ...command, state, attempts: command.attempts + 1, readBack: { ...row } };
    this.outbox.set(commandId, done);
    return done;
  }
  recordCommand(command: OutboxCommand) {
    this.outbox.set(command.commandId, command);
  }
  saveStaging(rows: StagingRow[]) {
    for (const row of rows) if (!this.stagingRows.has(row.stagingId)) this.stagingRows.set(row.stagingId, row);
  }
  saveNotification(note: NotificationRecord) {
    if (!this.notes.has(note.notificationId)) this.notes.set(note.notificationId, note);
  }
}
