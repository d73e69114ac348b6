/** PackML (ISA-TR88.00.02) states that a machine reports. */
export const packmlStates = [
  'Undefined',
  'Clearing',
  'Stopped',
  'Starting',
  'Idle',
  'Suspended',
  'Execute',
  'Stopping',
  'Aborting',
  'Aborted',
  'Holding',
  'Held',
  'Unholding',
  'Suspending',
  'Unsuspending',
  'Resetting',
  'Completing',
  'Complete',
] as const;
export type PackmlState = (typeof packmlStates)[number];

/** States in which a machine counts as down when they come unplanned. */
export const downStates: readonly PackmlState[] = [
  'Aborted',
  'Aborting',
  'Stopped',
  'Stopping',
  'Held',
  'Holding',
  'Clearing',
];

/** Why a machine did not produce. */
export const downtimeReasons = [
  'breakdown',
  'tool-change',
  'setup',
  'material-shortage',
  'no-operator',
  'cleaning',
  'quality-hold',
  'planned-maintenance',
] as const;
export type DowntimeReason = (typeof downtimeReasons)[number];

/** A stretch during which a machine was in one state; `end` is absent for the present one. */
export interface EquipmentStateEvent {
  equipmentId: string;
  state: PackmlState;
  reason?: DowntimeReason;
  /** Milliseconds since 1970 UTC. */
  start: number;
  end?: number;
}
