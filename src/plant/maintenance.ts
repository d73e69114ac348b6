/**
 * Whether a stretch without a machine is planned maintenance. Plans leave it free as they do a repair; but it was
 * planned: no loss of availability, and it interrupts nothing: what is running pauses and resumes.
 */
export function isPlannedStop({ reason }: { reason: string }): boolean {
  return reason === 'planned-maintenance';
}
