import type { StandardType } from './standard-types.ts';

const uri = 'http://opcfoundation.org/UA/Machinery/';

/** Types of OPC 40001-1 by which a machine and its states are known. */
export const machineryTypes: StandardType[] = [
  { uri, id: 1005, role: 'component-identification' },
  { uri, id: 1004, role: 'identification' },
  { uri, id: 1002, role: 'ItemState' },
  { uri, id: 1008, role: 'OperationMode' },
];

/**
 * MachineryItemState (OPC 40001-1, states of MachineryItemState_StateMachineType) as the PackML state that comes
 * nearest. The standard states no such mapping, this one is ours: a machine that is not executing but could is Idle;
 * one that is out of service cannot do anything, which is Aborted; of one that is not available nothing is known.
 */
const itemStates: Record<number, string> = { 5004: 'Aborted', 5005: 'Undefined', 5006: 'Execute', 5007: 'Idle' };
const itemStateNames: Record<string, string> = {
  OutOfService: 'Aborted',
  NotAvailable: 'Undefined',
  Executing: 'Execute',
  NotExecuting: 'Idle',
};
/** States of MachineryOperationModeStateMachineType as unit modes; in mode None a machine has none. */
const modes: Record<number, string> = { 5025: 'Maintenance', 5026: 'Production', 5027: 'Setup' };
const modeNames: Record<string, string> = { Maintenance: 'Maintenance', Processing: 'Production', Setup: 'Setup' };

/** PackML state for a MachineryItemState; undefined for one that the specification does not have. */
export function stateOfItem(stateId: number | string | undefined): string | undefined {
  return typeof stateId === 'number' ? itemStates[stateId] : itemStateNames[stateId ?? ''];
}

/** Unit mode for a MachineryOperationMode; undefined where it says nothing. */
export function modeOfItem(stateId: number | string | undefined): string | undefined {
  return typeof stateId === 'number' ? modes[stateId] : modeNames[stateId ?? ''];
}
