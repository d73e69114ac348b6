import {
  downtimeReasons,
  packmlStates,
  type DowntimeReason,
  type EnergyReading,
  type EquipmentStateEvent,
  type PackmlState,
  type ProductionCount,
  type TagSample,
} from '../plant/index.ts';

/** What samples of machine signals mean: changes of state, parts made and energy used. */
export interface MachineHistory {
  states: EquipmentStateEvent[];
  counts: ProductionCount[];
  energy: EnergyReading[];
}

interface Counter {
  value: number;
  atMs: number;
}

interface MachineMemory {
  state?: PackmlState;
  reason?: DowntimeReason | undefined;
  stateMs: number;
  jobOrderId?: string | undefined;
  counters: Partial<Record<CounterName, Counter>>;
}

/** The last readings by machine, between two batches of samples; bounded by the number of machines it may hold. */
export interface MachineSignalMemory {
  machines: Map<string, MachineMemory>;
  limit: number;
}

const partCounters = ['Good', 'Scrap', 'Rework'] as const;
type CounterName = (typeof partCounters)[number] | 'Energy';

const states = new Set<string>(packmlStates);
const reasons = new Set<string>(downtimeReasons);
const signalNames = new Set<string>(['State', 'Reason', 'JobOrder', 'Energy', ...partCounters]);

/** An empty memory for so many machines; past that, the one that has been silent longest is forgotten. */
export function machineSignalMemory(limit = 10_000): MachineSignalMemory {
  return { machines: new Map(), limit };
}

/**
 * Reads samples of the tags `line/machine/State`, `Reason`, `JobOrder`, `Good`, `Scrap`, `Rework` and `Energy` (kWh).
 * Other tags, bad values, values older than the last one of their kind and unknown state names are passed over. A
 * counter's first value only primes it; a value below the last one is a reset and counts in full. Parts that are
 * counted at the instant at which a machine changes its job order belong to the former one.
 * @param memory readings of earlier batches; updated in place
 */
export function samplesToHistory(samples: readonly TagSample[], memory: MachineSignalMemory): MachineHistory {
  const history: MachineHistory = { states: [], counts: [], energy: [] };
  for (const { equipmentId, atMs, values } of moments(samples)) {
    const machine = remember(memory, equipmentId);
    readCounts(machine, equipmentId, atMs, values, history);
    const energy = values.get('Energy');
    const used = typeof energy === 'number' ? step(machine, 'Energy', energy, atMs) : undefined;
    if (used && used.amount > 0)
      history.energy.push({ equipmentId, startMs: used.sinceMs, endMs: atMs, kWh: used.amount });
    readState(machine, equipmentId, atMs, values, history);
    const job = values.get('JobOrder');
    if (typeof job === 'string') machine.jobOrderId = job === '' ? undefined : job;
  }
  return history;
}

interface Moment {
  equipmentId: string;
  atMs: number;
  values: Map<string, TagSample['value']>;
}

/** All known signals of one machine at one instant, in order of time. */
function moments(samples: readonly TagSample[]): Moment[] {
  const byKey = new Map<string, Moment>();
  for (const { tag, value, quality, sourceMs } of samples) {
    if (quality === 'bad') continue;
    const path = tag.split('/');
    const signal = path.at(-1) ?? '';
    const equipmentId = path.at(-2);
    if (equipmentId === undefined || !signalNames.has(signal)) continue;
    const key = `${equipmentId}\n${String(sourceMs)}`;
    const moment = byKey.get(key) ?? { equipmentId, atMs: sourceMs, values: new Map() };
    moment.values.set(signal, value);
    byKey.set(key, moment);
  }
  return [...byKey.values()].sort((a, b) => a.atMs - b.atMs);
}

function remember({ machines, limit }: MachineSignalMemory, equipmentId: string): MachineMemory {
  const machine = machines.get(equipmentId) ?? { stateMs: -Infinity, counters: {} };
  machines.delete(equipmentId);
  machines.set(equipmentId, machine);
  if (machines.size > limit) machines.delete(machines.keys().next().value!);
  return machine;
}

function readCounts(
  machine: MachineMemory,
  equipmentId: string,
  endMs: number,
  values: Moment['values'],
  { counts }: MachineHistory,
): void {
  const made = { Good: 0, Scrap: 0, Rework: 0 };
  let startMs = endMs;
  for (const name of partCounters) {
    const value = values.get(name);
    if (typeof value !== 'number') continue;
    const counted = step(machine, name, value, endMs);
    if (!counted || counted.amount === 0) continue;
    made[name] = counted.amount;
    startMs = Math.min(startMs, counted.sinceMs);
  }
  if (made.Good + made.Scrap + made.Rework === 0) return;
  const job = machine.jobOrderId ?? values.get('JobOrder');
  counts.push({
    equipmentId,
    ...(typeof job === 'string' && job !== '' ? { jobOrderId: job } : {}),
    good: made.Good,
    scrap: made.Scrap,
    rework: made.Rework,
    startMs,
    endMs,
  });
}

/** How far a counter went on since its last reading; undefined for its first value and for one that is out of date. */
function step(machine: MachineMemory, name: CounterName, value: number, atMs: number) {
  const last = machine.counters[name];
  if (!Number.isFinite(value) || value < 0 || (last && atMs < last.atMs)) return undefined;
  machine.counters[name] = { value, atMs };
  if (!last) return undefined;
  return { amount: value < last.value ? value : value - last.value, sinceMs: last.atMs };
}

function readState(
  machine: MachineMemory,
  equipmentId: string,
  start: number,
  values: Moment['values'],
  history: MachineHistory,
): void {
  const state = values.get('State');
  const reason = values.get('Reason');
  if ((state === undefined && reason === undefined) || start < machine.stateMs) return;
  const before = { state: machine.state, reason: machine.reason };
  if (typeof state === 'string' && states.has(state)) machine.state = state as PackmlState;
  if (typeof reason === 'string') machine.reason = reasons.has(reason) ? (reason as DowntimeReason) : undefined;
  if (machine.state === undefined || (machine.state === before.state && machine.reason === before.reason)) return;
  machine.stateMs = start;
  history.states.push({
    equipmentId,
    state: machine.state,
    ...(machine.reason === undefined ? {} : { reason: machine.reason }),
    start,
  });
}
