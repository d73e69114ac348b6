import type { StandardType } from './standard-types.ts';

const uri = 'http://opcfoundation.org/UA/PackML/';

/** Types of OPC 30050 by which a PackML machine is known. */
export const packmlTypes: StandardType[] = [
  { uri, id: 6, role: 'packml' },
  { uri, id: 3, role: 'BaseState' },
  { uri, id: 2, role: 'MachineState' },
  { uri, id: 1, role: 'ExecuteState' },
  { uri, id: 4, role: 'packml-status' },
  { uri, id: 5, role: 'packml-admin' },
];

/** States by the node ids that OPC 30050 gives them, in its three nested state machines. */
const states: Record<number, string> = {
  61: 'Aborting',
  62: 'Aborted',
  53: 'Stopped',
  54: 'Stopping',
  55: 'Clearing',
  27: 'Resetting',
  28: 'Idle',
  29: 'Starting',
  30: 'Suspending',
  31: 'Suspended',
  32: 'Unsuspending',
  33: 'Holding',
  34: 'Held',
  35: 'Unholding',
  36: 'Execute',
  37: 'Completing',
  38: 'Complete',
};
/** The two states that only say that the next inner machine holds the state. */
const outer = new Set<number | string>([71, 75, 'Cleared', 'Running']);
const names = new Set(Object.values(states));
/** ProductionMaintenanceModeEnum, in the words of ISA-TR88.00.02. */
const modes: Record<number, string> = { 1: 'Production', 2: 'Maintenance', 3: 'Manual' };
/** Counters of OPC 30050 are Int32 and go on from 0 after the greatest. */
const counterRange = 2 ** 31;
/** More parts than this between two readings are not believed: the counter was set back instead. */
const mostRolledOver = 1_000_000;

/** The PackML state that three nested state machines make together; undefined while they do not fit together. */
export function packmlState(
  base: number | string | undefined,
  machine: number | string | undefined,
  execute: number | string | undefined,
): string | undefined {
  for (const id of [base, machine, execute]) {
    if (id === undefined) return undefined;
    if (!outer.has(id)) return typeof id === 'number' ? states[id] : names.has(id) ? id : undefined;
  }
  return undefined;
}

/** Unit mode by its number; vendors number their own from 4 on. */
export function packmlMode(mode: unknown): string | undefined {
  return typeof mode === 'number' && mode > 0 ? (modes[mode] ?? `Mode ${String(mode)}`) : undefined;
}

/**
 * Parts that an array of PackMLCountDataType counts: the sum over its entries, one per product. The accumulated
 * count where the machine keeps it, because operators reset the other; undefined for anything else.
 */
export function packmlCount(value: unknown): number | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  let sum = 0;
  for (const entry of value as Record<string, unknown>[]) {
    const count = Number(entry['count'] ?? entry['Count']);
    const accumulated = Number(entry['accCount'] ?? entry['AccCount']);
    const parts = accumulated >= count ? accumulated : count;
    if (!Number.isFinite(parts) || parts < 0) return undefined;
    sum += parts;
  }
  return sum;
}

/** How far a counter went on: below the last reading it has rolled over, or else was reset and counts in full. */
export function packmlStep(last: number, now: number): number {
  if (now >= last) return now - last;
  const rolledOver = now + counterRange - last;
  return rolledOver >= 0 && rolledOver <= mostRolledOver ? rolledOver : now;
}
