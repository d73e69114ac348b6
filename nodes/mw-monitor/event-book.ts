import { uuidv7, type Clock } from '../../src/kernel/index.ts';
import type { PlantEventRecord } from '../../src/plant/index.ts';
import { expectedEnd, type SignalEvent } from '../../src/signal/index.ts';
import type { Actor, Store } from '../../src/store/index.ts';

/** Keeps what rules find in step with the store's open events, also over a restart. */
export interface EventBook {
  /** Writes an event into the store; gives the record to send, or nothing where the store knows of it already. */
  enter(found: SignalEvent): Promise<PlantEventRecord | undefined>;
  /** A machine is seen running: ends a machine-down that a former run left open. */
  running(equipmentId: string, at: number): Promise<PlantEventRecord | undefined>;
  /** Open events as far as this book knows. */
  readonly open: number;
}

/** Opens a book over a store. */
export async function openEventBook(store: Store, clock: Clock, actor: Actor): Promise<EventBook> {
  const open = new Map((await store.openEvents()).map((event) => [keyOf(event), event]));

  async function save(record: PlantEventRecord): Promise<PlantEventRecord> {
    await store.saveEvent(record, actor);
    return record;
  }

  async function enterDown(found: SignalEvent): Promise<PlantEventRecord> {
    const now = clock.now();
    const reason = found.reason ?? 'unknown';
    const durations = await store.stopDurations(found.subject, reason);
    const expected = expectedEnd(durations, Math.max(0, (now - found.start) / 1000), now);
    const evidence = [
      ...found.evidence,
      { name: 'reason', value: reason },
      { name: 'pastStops', value: durations.length },
    ];
    const record = { ...found, eventId: uuidv7(clock), evidence, expectedEnd: expected };
    open.set(keyOf(record), record);
    return save(record);
  }

  async function enterUp(found: SignalEvent): Promise<PlantEventRecord> {
    const key = keyOf({ kind: 'machine-down', subject: found.subject });
    const ended = open.get(key);
    open.delete(key);
    const { kind, severity, subject, start, reason, evidence } = found;
    return save({
      kind,
      severity,
      subject,
      start,
      evidence,
      eventId: uuidv7(clock),
      ...(reason === undefined ? {} : { reason }),
      ...(ended ? { supersedes: ended.eventId } : {}),
    });
  }

  return {
    get open() {
      return open.size;
    },
    async enter(found) {
      if (found.kind === 'machine-up') return enterUp(found);
      const key = keyOf(found);
      const known = open.get(key);
      if (found.endedAt !== undefined) {
        open.delete(key);
        if (known) await save({ ...known, endedAt: found.endedAt });
        return undefined;
      }
      if (known) return undefined;
      if (found.kind === 'machine-down') return enterDown(found);
      const record = { ...found, eventId: uuidv7(clock) };
      open.set(key, record);
      return save(record);
    },
    async running(equipmentId, at) {
      const known = open.get(keyOf({ kind: 'machine-down', subject: equipmentId }));
      if (!known || at < known.start) return undefined;
      return enterUp({ kind: 'machine-up', severity: 100, subject: equipmentId, start: at, evidence: [] });
    },
  };
}

function keyOf({ kind, subject }: Pick<PlantEventRecord, 'kind' | 'subject'>): string {
  return `${kind}\n${subject}`;
}
