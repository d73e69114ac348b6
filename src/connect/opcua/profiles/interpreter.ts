import type { Order, Sample } from '../../../contracts/index.ts';
import { isoInstant } from '../../../kernel/index.ts';
import { profileTag } from './discover.ts';
import { jobOrders } from './job-control.ts';
import { modeOfItem, stateOfItem } from './machinery.ts';
import { packmlCount, packmlMode, packmlState, packmlStep } from './packml.ts';
import { profileSignals, type ChosenMachine, type ProfilePayload, type ProfileSignal } from './types.ts';

/** Turns samples of profile tags into payloads of the contracts; samples of other tags are passed over. */
export type ProfileInterpreter = (samples: readonly Sample[]) => ProfilePayload[];

interface Counter {
  value: number;
  atMs: number;
}

/** What is known of one machine between two batches. */
interface Memory {
  equipmentId: string;
  /** Whether its state comes from PackML. */
  packml: boolean;
  values: Map<ProfileSignal, { value: Sample['value']; atMs: number }>;
  shown?: { state: string; mode: string | undefined };
  /** Processed and defective parts at the last count that was told, and since when. */
  processed?: Counter;
  defective?: Counter;
  /** Defective parts told before the processed ones that they belong to. */
  owed: number;
  orders: Map<string, string>;
}

/**
 * Opens an interpreter for chosen machines. Its memory is bounded by their number. State and mode come from PackML
 * where that profile is chosen, else from Machinery by the mapping in `machinery.ts`. Good parts are the processed ones
 * less the defective ones; OPC 30050 knows no rework, so that every defective part counts as scrap. A counter's first
 * value only primes it. A job order is told when it is new or has changed. Bad values are passed over, and so are
 * values older than the last one of their kind, as they come again after a restart.
 */
export function openProfileInterpreter(
  machines: readonly Pick<ChosenMachine, 'name' | 'profiles'>[],
): ProfileInterpreter {
  const places = new Map<string, { memory: Memory; signal: ProfileSignal }>();
  for (const { name, profiles } of machines) {
    const packml = profiles.includes('packml');
    const memory: Memory = { equipmentId: name, packml, values: new Map(), owed: 0, orders: new Map() };
    for (const signal of Object.keys(profileSignals) as ProfileSignal[])
      places.set(profileTag(name, signal), { memory, signal });
  }
  return (samples) => {
    const payloads: ProfilePayload[] = [];
    const moments = new Map<string, { memory: Memory; atMs: number; samples: [ProfileSignal, Sample][] }>();
    for (const sample of samples) {
      const place = places.get(sample.tag);
      if (!place) continue;
      const atMs = Date.parse(sample.sourceTime);
      const key = `${place.memory.equipmentId}\n${String(atMs)}`;
      const moment = moments.get(key) ?? { memory: place.memory, atMs, samples: [] };
      moment.samples.push([place.signal, sample]);
      moments.set(key, moment);
    }
    for (const { memory, atMs, samples: own } of [...moments.values()].sort((a, b) => a.atMs - b.atMs)) {
      const changed = new Set<ProfileSignal>();
      for (const [signal, { value, quality }] of own) {
        const last = memory.values.get(signal);
        if (last && last.atMs > atMs) continue;
        if (quality !== 'bad') memory.values.set(signal, { value, atMs });
        else if (isState(signal)) memory.values.delete(signal);
        changed.add(signal);
      }
      if (changed.has('JobOrders')) tellOrders(memory, payloads);
      tellCounts(memory, changed, payloads);
      tellState(memory, atMs, payloads);
    }
    return payloads;
  };
}

function isState(signal: ProfileSignal): boolean {
  return signal !== 'Processed' && signal !== 'Defective' && signal !== 'JobOrders';
}

/** The numeric identifier of a state's node id, or the state's text where the server gives no id. */
function stateId(memory: Memory, signal: ProfileSignal): number | string | undefined {
  const value = memory.values.get(signal)?.value;
  if (typeof value !== 'string') return undefined;
  const numeric = /(?:^|;)i=(\d+)$/.exec(value);
  return numeric ? Number(numeric[1]) : value;
}

function tellState(memory: Memory, atMs: number, payloads: ProfilePayload[]): void {
  const state = memory.packml
    ? packmlState(stateId(memory, 'BaseState'), stateId(memory, 'MachineState'), stateId(memory, 'ExecuteState'))
    : stateOfItem(stateId(memory, 'ItemState'));
  const mode = packmlMode(memory.values.get('UnitMode')?.value) ?? modeOfItem(stateId(memory, 'OperationMode'));
  if (state === undefined || (memory.shown?.state === state && memory.shown.mode === mode)) return;
  memory.shown = { state, mode };
  const { equipmentId } = memory;
  const payload = { equipmentId, state, ...(mode === undefined ? {} : { mode }), start: isoInstant(atMs) };
  payloads.push({ type: 'mw.state.v1', payload });
}

function tellCounts(memory: Memory, changed: ReadonlySet<ProfileSignal>, payloads: ProfilePayload[]): void {
  const processed = changed.has('Processed') ? count(memory, 'Processed', 'processed') : undefined;
  const defective = changed.has('Defective') ? count(memory, 'Defective', 'defective') : undefined;
  const scrap = defective?.parts ?? 0;
  const balance = (processed?.parts ?? 0) - scrap - memory.owed;
  const good = Math.max(0, balance);
  memory.owed = Math.max(0, -balance);
  if (good + scrap === 0) return;
  const from = Math.min(processed?.fromMs ?? Infinity, defective?.fromMs ?? Infinity);
  const to = Math.max(processed?.toMs ?? 0, defective?.toMs ?? 0);
  const running = [...memory.orders].filter(([, text]) => (JSON.parse(text) as Order).dispatchStatus === 'Running');
  payloads.push({
    type: 'mw.count.v1',
    payload: {
      equipmentId: memory.equipmentId,
      ...(running.length === 1 ? { jobOrderId: running[0]![0] } : {}),
      good,
      scrap,
      rework: 0,
      from: isoInstant(from),
      to: isoInstant(to),
    },
  });
}

function count(memory: Memory, signal: ProfileSignal, counter: 'processed' | 'defective') {
  const reading = memory.values.get(signal);
  const value = packmlCount(reading?.value);
  if (!reading || value === undefined) return undefined;
  const last = memory[counter];
  memory[counter] = { value, atMs: reading.atMs };
  if (!last) return undefined;
  return { parts: packmlStep(last.value, value), fromMs: last.atMs, toMs: reading.atMs };
}

function tellOrders(memory: Memory, payloads: ProfilePayload[]): void {
  const before = memory.orders;
  memory.orders = new Map();
  for (const order of jobOrders(memory.values.get('JobOrders')?.value)) {
    const text = JSON.stringify(order);
    memory.orders.set(order.id, text);
    if (before.get(order.id) !== text) payloads.push({ type: 'mw.order.v1', payload: order });
  }
}
