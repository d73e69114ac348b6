import type { JobState, ServedJob } from './description.ts';

/** Return status of the job control methods (OPC 10031-4, annex B.2): bits of a UInt64, here as its value. */
export const returnStatus = {
  noError: 1,
  unknownJobOrder: 2,
  invalidStatus: 8,
  unableToAccept: 16,
  invalidRequest: 2 ** 32,
} as const;

/** Methods of ISA95JobOrderReceiverObjectType that take an id, with the states they lead from and to. */
const transitions = {
  Start: { from: ['NotAllowedToStart'], to: 'AllowedToStart' },
  RevokeStart: { from: ['AllowedToStart'], to: 'NotAllowedToStart' },
  Pause: { from: ['Running'], to: 'Interrupted' },
  Resume: { from: ['Interrupted'], to: 'Running' },
  Stop: { from: ['Running', 'Interrupted'], to: 'Ended' },
  Abort: { from: ['NotAllowedToStart', 'AllowedToStart', 'Running', 'Interrupted'], to: 'Aborted' },
  Cancel: { from: ['NotAllowedToStart', 'AllowedToStart'], to: 'removed' },
  Clear: { from: ['Ended', 'Aborted'], to: 'removed' },
} as const satisfies Record<string, { from: JobState[]; to: JobState | 'removed' }>;

/** A method that changes the state of a stored job order. */
export type JobCommand = keyof typeof transitions;
/** Every such method. */
export const jobCommands = Object.keys(transitions) as JobCommand[];

/** Job orders that a machine takes from clients at most, beside the plant's own. */
export const mostReceived = 20;

/**
 * A machine's job orders: those of the plant's plan, which clients see but do not command, and those that clients
 * stored. One received order at a time runs, when it is allowed to and the machine is not down; it ends by Stop or
 * Abort. The plan and the parts that the plant makes are not changed by it.
 */
export class JobList {
  private planned: readonly ServedJob[] = [];
  private readonly received = new Map<string, ServedJob>();

  /** All job orders, the plant's first. */
  get jobs(): ServedJob[] {
    return [...this.planned, ...this.received.values()];
  }

  /** Replaces the plant's own orders; one that a client stored under the same id is the plant's from now on. */
  plan(jobs: readonly ServedJob[]): void {
    this.planned = jobs;
    for (const { jobOrderId } of jobs) this.received.delete(jobOrderId);
  }

  /** Takes an order in. @returns the return status */
  store(order: Omit<ServedJob, 'state'>, allowedToStart: boolean): number {
    if (order.jobOrderId === '') return returnStatus.invalidRequest;
    const known = this.jobs.some(({ jobOrderId }) => jobOrderId === order.jobOrderId);
    if (known || this.received.size >= mostReceived) return returnStatus.unableToAccept;
    this.received.set(order.jobOrderId, { ...order, state: allowedToStart ? 'AllowedToStart' : 'NotAllowedToStart' });
    return returnStatus.noError;
  }

  /** Replaces an order that has not begun. @returns the return status */
  update(order: Omit<ServedJob, 'state'>): number {
    const known = this.find(order.jobOrderId);
    if (typeof known === 'number') return known;
    if (known.state !== 'NotAllowedToStart' && known.state !== 'AllowedToStart') return returnStatus.invalidStatus;
    this.received.set(order.jobOrderId, { ...order, state: known.state });
    return returnStatus.noError;
  }

  /** Carries out a method on one order. @returns the return status */
  command(command: JobCommand, jobOrderId: string): number {
    const known = this.find(jobOrderId);
    if (typeof known === 'number') return known;
    const { from, to } = transitions[command];
    if (!(from as readonly JobState[]).includes(known.state)) return returnStatus.invalidStatus;
    if (to === 'removed') this.received.delete(jobOrderId);
    else known.state = to;
    return returnStatus.noError;
  }

  /** Lets the next allowed order run where none does. @returns the one that begins */
  begin(atMs: number): ServedJob | undefined {
    const orders = [...this.received.values()];
    if (orders.some(({ state }) => state === 'Running')) return undefined;
    const next = orders.find(({ state }) => state === 'AllowedToStart');
    if (next) Object.assign(next, { state: 'Running', start: atMs });
    return next;
  }

  private find(jobOrderId: string): ServedJob | number {
    const received = this.received.get(jobOrderId);
    if (received) return received;
    return this.planned.some((job) => job.jobOrderId === jobOrderId)
      ? returnStatus.unableToAccept
      : returnStatus.unknownJobOrder;
  }
}
