import { downtimeReasons } from './state.ts';

const otherReasons: readonly string[] = downtimeReasons.filter((reason) => reason !== 'breakdown');

/**
 * Whether a stretch without a machine is planned maintenance. Plans leave it free as they do a repair; but it was
 * planned: no loss of availability, and it interrupts nothing: what is running pauses and resumes.
 */
export function isPlannedStop({ reason }: { reason: string }): boolean {
  return reason === 'planned-maintenance';
}

/** Whether a machine that is down has broken down: so for any reason that is none of the other downtime reasons. */
export function isBreakdown({ reason }: { reason: string }): boolean {
  return !otherReasons.includes(reason);
}
