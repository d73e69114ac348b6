import type { JobOrder, MaterialLot, PlantState, WorkRequest } from '../plant/index.ts';
import type { Actor, Store } from '../store/index.ts';

/** Orders, operations and lots that differ from what was written last. */
export interface OrderChanges {
  workRequests: WorkRequest[];
  jobOrders: JobOrder[];
  lots: MaterialLot[];
}

/** Who writes what the demo plant does. */
export const demoActor: Actor = { id: 'demo-plant' };

/** Knows what of a plant's orders and stock has been written, so that only changes are written again. */
export class OrderLedger {
  private readonly written = new Map<string, string>();
  private lots = new Map<string, MaterialLot>();

  /** Takes a state as written already. */
  constructor(known?: PlantState) {
    if (known) this.changes(known);
  }

  /** What has changed since the last call; a lot that is used up comes once more with nothing in it. */
  changes(state: PlantState): OrderChanges {
    const now = new Map(state.lots.map((lot) => [lot.lotId, lot]));
    const usedUp = [...this.lots.values()].filter((lot) => !now.has(lot.lotId)).map((lot) => ({ ...lot, quantity: 0 }));
    this.lots = now;
    return {
      workRequests: state.workRequests.filter((request) => this.isNew(request.workRequestId, request)),
      jobOrders: state.jobOrders.filter((job) => this.isNew(job.jobOrderId, job)),
      lots: [...state.lots.filter((lot) => this.isNew(`lot/${lot.lotId}`, lot)), ...usedUp],
    };
  }

  /** Writes what has changed. */
  async save(store: Pick<Store, 'saveOrders'>, state: PlantState): Promise<void> {
    const changed = this.changes(state);
    if (changed.workRequests.length + changed.jobOrders.length + changed.lots.length > 0)
      await store.saveOrders(changed, demoActor);
    const live = new Set([
      ...state.workRequests.map((request) => request.workRequestId),
      ...state.jobOrders.map((job) => job.jobOrderId),
      ...state.lots.map((lot) => `lot/${lot.lotId}`),
    ]);
    for (const key of this.written.keys()) if (!live.has(key)) this.written.delete(key);
  }

  private isNew(key: string, value: object): boolean {
    const text = JSON.stringify(value);
    if (this.written.get(key) === text) return false;
    this.written.set(key, text);
    return true;
  }
}
