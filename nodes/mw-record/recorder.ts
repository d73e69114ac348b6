import type { Count, Gap, Order, PlantEvent, Sample, State } from '../../src/contracts/index.ts';
import type { Clock } from '../../src/kernel/index.ts';
import { toEventRecord, toState } from '../shared/plant-event.ts';
import { toCount, toGaps, toTagSample } from './to-plant.ts';
import { recordOrder } from './orders.ts';
import type { TagSample } from '../../src/plant/index.ts';
import { machineSignalMemory, samplesToHistory } from '../../src/signal/index.ts';
import type { Actor, Store, TagDefinition } from '../../src/store/index.ts';
import type { Admitted } from '../shared/door.ts';

/** Writes admitted messages into a store. */
export interface Recorder {
  /** Resolves after the commit, with the number of rows that the message carried. */
  record(message: Admitted): Promise<number>;
}

/** Opens a recorder. Counters of machines go on from what the store last saw, also after a restart or a failed write. */
export function openRecorder(store: Store, clock: Clock, nodeId: string): Recorder {
  let memory = machineSignalMemory();
  const primed = new Set<string>();
  const tagged = new Map<string, Set<string>>();

  /** The store's tag table follows what comes in; two sources with one name are refused. */
  async function registerTags(samples: readonly Sample[], source: string): Promise<void> {
    const known = tagged.get(source) ?? new Set<string>();
    tagged.set(source, known);
    const fresh = samples.filter(({ tag }) => !known.has(tag));
    if (fresh.length === 0) return;
    const rows = new Map<string, TagDefinition>(
      fresh.map(({ tag, dataType, unit }) => [tag, { tag, dataType, ...(unit === undefined ? {} : { unit }) }]),
    );
    await store.putTags([...rows.values()], source);
    for (const tag of rows.keys()) known.add(tag);
  }

  async function prime(samples: readonly TagSample[]): Promise<void> {
    const fresh = [...new Set(samples.map(({ tag }) => tag))].filter((tag) => !primed.has(tag));
    if (fresh.length === 0) return;
    samplesToHistory(await store.lastSamples(fresh), memory);
    for (const tag of fresh) primed.add(tag);
  }

  async function recordSamples(samples: readonly Sample[], source: string, actor: Actor): Promise<number> {
    await registerTags(samples, source);
    const values = samples.flatMap(toTagSample);
    await prime(values);
    try {
      await store.appendHistory({ samples: values, ...samplesToHistory(values, memory) }, actor);
    } catch (thrown) {
      // The memory is ahead of the store now: begin again from what the store holds.
      memory = machineSignalMemory();
      primed.clear();
      throw thrown;
    }
    return values.length;
  }

  return {
    async record({ type, payload, mw }) {
      const actor: Actor = { id: nodeId, correlationId: mw.correlationId };
      if (type === 'mw.samples.v1')
        return recordSamples((payload as { samples: Sample[] }).samples, mw.delivery?.queue ?? mw.source, actor);
      if (type === 'mw.state.v1') await store.appendHistory({ states: [toState(payload as State)] }, actor);
      else if (type === 'mw.count.v1') await store.appendHistory({ counts: [toCount(payload as Count)] }, actor);
      else if (type === 'mw.event.v1') await store.saveEvent(toEventRecord(payload as PlantEvent, clock), actor);
      else if (type === 'mw.gap.v1') await store.appendHistory({ gaps: toGaps(payload as Gap) }, actor);
      else await recordOrder(store, payload as Order, clock, actor);
      return 1;
    },
  };
}
