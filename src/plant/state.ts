/** PackML (ISA-TR88.00.02) states that a machine reports. */
export type PackmlState =
  | 'Undefined'
  | 'Clearing'
  | 'Stopped'
  | 'Starting'
  | 'Idle'
  | 'Suspended'
  | 'Execute'
  | 'Stopping'
  | 'Aborting'
  | 'Aborted'
  | 'Holding'
  | 'Held'
  | 'Unholding'
  | 'Suspending'
  | 'Unsuspending'
  | 'Resetting'
  | 'Completing'
  | 'Complete';

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
export type DowntimeReason =
  | 'breakdown'
  | 'tool-change'
  | 'setup'
  | 'material-shortage'
  | 'no-operator'
  | 'cleaning'
  | 'quality-hold'
  | 'planned-maintenance';

/** A stretch during which a machine was in one state; `end` is absent for the present one. */
export interface EquipmentStateEvent {
  equipmentId: string;
  state: PackmlState;
  reason?: DowntimeReason;
  /** Milliseconds since 1970 UTC. */
  start: number;
  end?: number;
}
