/** Where attempts to change a plant are written down, and where writing is inhibited; the store satisfies it. */
export interface ActionLog {
  /** Writes an audit entry. Rejects where it could not be written. */
  noteAction(
    note: { action: string; subject: string; data: Record<string, unknown> },
    actor: { id: string; correlationId?: string },
  ): Promise<void>;
  /** Why writes are inhibited, where they are. */
  writeInhibit(): Promise<{ reason: string; source: string } | undefined>;
}
