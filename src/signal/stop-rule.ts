import { downStates, type DowntimeReason, type EquipmentStateEvent } from '../plant/index.ts';
import { subjectMemory, type SignalEvent } from './signal-event.ts';

/** How long a stop must last, and which reasons are no stop of the machine itself. */
export interface StopRuleOptions {
  /** Milliseconds; 5 minutes where absent. */
  delayMs?: number;
  /** Another delay for some machines. */
  delayMsByMachine?: Readonly<Record<string, number>>;
  /** Reasons that plans or other events deal with. */
  otherReasons?: readonly DowntimeReason[];
}

/** Turns machine states into machine-down and machine-up. */
export interface StopRule {
  /** Takes a state; states of one machine come in order of their start, older ones are left out. */
  observe(state: EquipmentStateEvent): SignalEvent[];
  /** Time passes: stops that have lasted long enough by now. Milliseconds since 1970 UTC. */
  tick(now: number): SignalEvent[];
}

const defaultDelayMs = 300_000;
const plannedOrElsewhere: readonly DowntimeReason[] = [
  'planned-maintenance',
  'setup',
  'cleaning',
  'no-operator',
  'material-shortage',
];

interface MachineMemory {
  lastStart: number;
  /** Start of the stop that goes on. */
  since?: number;
  reason?: DowntimeReason | undefined;
  announced: boolean;
}

/**
 * Opens a stop rule. A machine counts as stopped in PackML's down states, unless the reason is another's; Stopped and
 * Stopping without a reason (a closed machine) only continue a stop that has begun. Consecutive down states are one
 * stop. Its reason is the latest that was given before it is announced.
 */
export function stopRule(options: StopRuleOptions = {}): StopRule {
  const { delayMs = defaultDelayMs, delayMsByMachine = {}, otherReasons = plannedOrElsewhere } = options;
  const machines = subjectMemory<MachineMemory>(() => ({ lastStart: -Infinity, announced: false }));
  const delayOf = (equipmentId: string) => delayMsByMachine[equipmentId] ?? delayMs;

  function isStop({ state, reason }: EquipmentStateEvent, begun: boolean): boolean {
    if (!downStates.includes(state)) return false;
    if (reason) return !otherReasons.includes(reason);
    return begun || (state !== 'Stopped' && state !== 'Stopping');
  }

  function announce(equipmentId: string, machine: MachineMemory, now: number): SignalEvent[] {
    const { since, reason } = machine;
    if (since === undefined || machine.announced || now - since < delayOf(equipmentId)) return [];
    machine.announced = true;
    const lasted = { name: 'stoppedSeconds', value: Math.round((now - since) / 1000) };
    return [
      {
        kind: 'machine-down',
        severity: reason === 'breakdown' ? 800 : 600,
        subject: equipmentId,
        start: since,
        ...(reason ? { reason } : {}),
        evidence: [lasted],
      },
    ];
  }

  return {
    observe(state) {
      const machine = machines.of(state.equipmentId);
      if (!machine || state.start < machine.lastStart) return [];
      machine.lastStart = state.start;
      const { since } = machine;
      if (isStop(state, since !== undefined)) {
        machine.since ??= state.start;
        if (!machine.announced) machine.reason = state.reason ?? machine.reason;
        return announce(state.equipmentId, machine, state.start);
      }
      if (since === undefined) return [];
      const events = announce(state.equipmentId, machine, state.start);
      if (machine.announced)
        events.push({
          kind: 'machine-up',
          severity: 100,
          subject: state.equipmentId,
          start: state.start,
          endsStart: since,
          ...(machine.reason ? { reason: machine.reason } : {}),
          evidence: [{ name: 'stoppedSeconds', value: Math.round((state.start - since) / 1000) }],
        });
      delete machine.since;
      machine.reason = undefined;
      machine.announced = false;
      return events;
    },
    tick(now) {
      const events: SignalEvent[] = [];
      for (const [equipmentId, machine] of machines.all()) events.push(...announce(equipmentId, machine, now));
      return events;
    },
  };
}
