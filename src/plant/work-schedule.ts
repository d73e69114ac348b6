/** Life of a plan in the store. */
export type ScheduleStatus = 'draft' | 'proposed' | 'approved' | 'published' | 'superseded' | 'rejected';

/**
 * One operation on one machine. Instants in milliseconds since 1970 UTC; `start` is when its setup begins. On a batch
 * machine, entries with the same start and end are one load: each of them gives the load's setup and occupies its people
 * and tools, which count once.
 */
export interface ScheduleEntry {
  jobOrderId: string;
  equipmentId: string;
  personId?: string;
  start: number;
  end: number;
  setupSeconds: number;
  /** Running or within the frozen horizon: nobody may move it. */
  frozen: boolean;
}

/** The one form of a plan (IEC 62264 work schedule), from search to store to board. Entries sorted by start. */
export interface WorkSchedule {
  scheduleId: string;
  /** The plan it departs from; absent for the first. */
  baseScheduleId?: string;
  status: ScheduleStatus;
  createdAt: number;
  /** Planned from this instant on. */
  from: number;
  /** End of the frozen horizon. */
  frozenUntil: number;
  /** In words, for people: what is special about it. */
  label: string;
  seed: number;
  /** SHA-256 of the problem it was made from. */
  inputDigest: string;
  entries: ScheduleEntry[];
}
