import { uuidv7, type Clock } from '../../src/kernel/index.ts';
import type { PlantEventRecord } from '../../src/plant/index.ts';
import { lateMaterial, materialNeeds, type SignalEvent } from '../../src/signal/index.ts';
import type { Actor, Store } from '../../src/store/index.ts';

/** Looks for late material in the store. */
export interface MaterialWatch {
  /** Writes what has begun, changed or ended into the store; gives the new events, each state of things once. */
  check(): Promise<PlantEventRecord[]>;
  /** Late lots and short materials by the last look. */
  readonly open: number;
}

/** Opens a watch. What is open already is known from the store, also after a restart. */
export function openMaterialWatch(store: Store, clock: Clock, actor: Actor, graceMs: number): MaterialWatch {
  let open = 0;
  return {
    get open() {
      return open;
    },
    async check() {
      const at = clock.now();
      const [model, state, plan, events] = await Promise.all([
        store.loadPlantModel(),
        store.loadPlantState(at),
        store.livePlan(),
        store.openEvents(),
      ]);
      const known = new Map(events.filter(isOurs).map((event) => [event.subject, event]));
      const lots = state.lots.map((lot) => ({ ...lot, availableAt: lot.overdueSince ?? lot.availableAt }));
      const needs = model ? materialNeeds(model, state.jobOrders, plan) : [];
      const found = lateMaterial({ at, lots, needs, graceMs });
      open = found.length;
      const made: PlantEventRecord[] = [];
      for (const late of found) {
        const before = known.get(late.subject);
        known.delete(late.subject);
        if (before && stateOf(before) === stateOf(late)) continue;
        const replaced = before ? { supersedes: before.eventId } : {};
        const event: PlantEventRecord = { ...late, eventId: uuidv7(clock), ...replaced };
        await store.saveEvent(event, actor);
        made.push(event);
      }
      for (const over of known.values()) await store.saveEvent({ ...over, endedAt: Math.max(over.start, at) }, actor);
      return made;
    },
  };
}

/** Others report late material too; only what names a cause is ours to end. */
function isOurs({ kind, evidence }: PlantEventRecord): boolean {
  return kind === 'material-late' && evidence.some(({ name }) => name === 'cause');
}

/** What must differ for another event: the cause, and the date where somebody has told one. */
function stateOf({ evidence, expectedEnd }: SignalEvent | PlantEventRecord): string {
  const cause = evidence.find(({ name }) => name === 'cause')?.value;
  return JSON.stringify([cause, expectedEnd?.basis === 'person' ? expectedEnd.p50 : null]);
}
