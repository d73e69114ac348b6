import type { Order } from '../../src/contracts/index.ts';
import { MillwrightError, parseInstant, type Clock } from '../../src/kernel/index.ts';
import { jobOrdersOf, withQuantity, type DispatchStatus, type WorkRequest } from '../../src/plant/index.ts';
import type { Actor, Store } from '../../src/store/index.ts';

/**
 * Records a work request with the operations of its routing, the state of a job order, a receipt on its way, or stock.
 * A receipt in the past, and stock, say that the lot is there.
 * @throws MW_RECORD_UNKNOWN for a material without routing or a job order that is not there
 * @throws MW_PAYLOAD_INVALID where a field is missing that this kind needs
 */
export async function recordOrder(store: Store, order: Order, clock: Clock, actor: Actor): Promise<void> {
  if (order.kind === 'work-request') await saveWorkRequest(store, order, clock, actor);
  else if (order.kind === 'job-order') await saveJobState(store, order, clock, actor);
  else {
    const materialId = needed(order, 'materialId');
    const quantity = needed(order, 'quantity');
    const now = clock.now();
    const availableAt = order.kind === 'receipt' ? parseInstant(needed(order, 'availableAt')) : now;
    const known = (await store.loadPlantState(now)).lots.find(({ lotId }) => lotId === order.id);
    const lot = { lotId: order.id, materialId, quantity, unit: order.unit ?? 'pcs', availableAt, locationId: 'STORE' };
    const promised = availableAt > now ? { promisedAt: known?.promisedAt ?? availableAt } : {};
    await store.saveOrders({ lots: [{ ...lot, ...promised }] }, actor);
  }
}

async function saveWorkRequest(store: Store, order: Order, clock: Clock, actor: Actor): Promise<void> {
  const now = clock.now();
  const { workRequests, jobOrders } = await store.loadPlantState(now);
  const known = workRequests.find(({ workRequestId }) => workRequestId === order.id);
  const request: WorkRequest = {
    workRequestId: order.id,
    customer: order.customer ?? known?.customer ?? '',
    materialId: known?.materialId ?? needed(order, 'materialId'),
    quantity: order.quantity ?? known?.quantity ?? needed(order, 'quantity'),
    releasedAt: known?.releasedAt ?? now,
    dueAt: order.dueAt === undefined && known ? known.dueAt : parseInstant(needed(order, 'dueAt')),
    priority: order.priority ?? known?.priority ?? 3,
    requestState: known?.requestState ?? 'Released',
  };
  const present = jobOrders.filter(({ workRequestId }) => workRequestId === order.id);
  const changed = withQuantity(present, request.quantity);
  if (present.length > 0) return store.saveOrders({ workRequests: [request], jobOrders: changed }, actor);
  const model = await store.loadPlantModel();
  const master = model?.workMasters.findLast(({ materialId }) => materialId === request.materialId);
  if (!master) throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'routing of', id: request.materialId });
  return store.saveOrders({ workRequests: [request], jobOrders: jobOrdersOf(request, master) }, actor);
}

async function saveJobState(store: Store, order: Order, clock: Clock, actor: Actor): Promise<void> {
  const { jobOrders } = await store.loadPlantState(clock.now());
  const job = jobOrders.find(({ jobOrderId }) => jobOrderId === order.id);
  if (!job) throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'job order', id: order.id });
  const dispatchStatus = needed(order, 'dispatchStatus') as DispatchStatus;
  await store.saveOrders({ jobOrders: [{ ...job, dispatchStatus }] }, actor);
}

function needed<K extends keyof Order>(order: Order, field: K): Exclude<Order[K], undefined> {
  const value = order[field];
  if (value === undefined)
    throw new MillwrightError('MW_PAYLOAD_INVALID', {
      contract: 'mw.order.v1',
      pointer: `/${field}`,
      found: 'nothing',
      expected: `a value, for ${order.kind}`,
    });
  return value as Exclude<Order[K], undefined>;
}
