import { DateTime } from 'luxon';
import { isoInstant, seededRandom, type Random } from '../kernel/index.ts';
import {
  jobOrdersOf,
  type JobOrder,
  type MaterialLot,
  type PlantModel,
  type PlantState,
  type WorkRequest,
} from '../plant/index.ts';
import { products, productOf, type Product } from './northfield/products.ts';

/** Customer of the orders that fill Northfield's own stock of components. */
export const stockCustomer = 'Northfield stock';

const customers = [
  'Aldersea Water',
  'Brenner Pumpen',
  'Castellan Marine',
  'Dorne Chemie',
  'Eastmoor Dairy',
  'Fjordkraft',
  'Gellert Heizung',
  'Harrow & Pike',
  'Isarwerke',
];

/** Orders of one day: what is new in the plant when the Early shift begins. */
export interface NewOrders {
  workRequests: WorkRequest[];
  jobOrders: JobOrder[];
}

/** A released work request with the next number, and its job orders: one per segment of its routing, all waiting. */
export function newOrder(
  model: PlantModel,
  number: number,
  wanted: Omit<WorkRequest, 'workRequestId' | 'requestState'>,
): NewOrders {
  const request: WorkRequest = { workRequestId: `WO-${String(number)}`, ...wanted, requestState: 'Released' };
  const master = model.workMasters.find(({ materialId }) => materialId === wanted.materialId)!;
  return { workRequests: [request], jobOrders: jobOrdersOf(request, master) };
}

/** The number in a work request's id, 0 for a foreign id. */
export function workRequestNumber(id: string): number {
  return Number(/^WO-(\d+)$/.exec(id)?.[1] ?? 0);
}

/**
 * Orders that the office hands over for one day: customers' (on workdays, per product, its mean daily number rounded
 * up or down by chance) and those that refill the components which pumps take from stock (reorder point, fixed lot
 * size). Each day and product has its own stream of the seed.
 * @param dayStart beginning of the production day, milliseconds since 1970 UTC
 * @param nextNumber number of the first new work request
 */
export function ordersOfDay(
  model: PlantModel,
  state: PlantState,
  seed: number,
  dayStart: number,
  nextNumber: number,
): NewOrders {
  const zone = model.calendar.timeZone;
  const local = DateTime.fromMillis(dayStart, { zone });
  const orders: NewOrders = { workRequests: [], jobOrders: [] };
  const add = (product: Product, quantity: number, customer: string, days: number, priority: number) => {
    const { materialId } = product;
    const dueAt = dueAfter(local, days);
    const releasedAt = priority === 1 ? dayStart : nextWorkedDay(local);
    const number = nextNumber + orders.workRequests.length;
    const order = newOrder(model, number, { customer, materialId, quantity, releasedAt, dueAt, priority });
    orders.workRequests.push(...order.workRequests);
    orders.jobOrders.push(...order.jobOrders);
  };
  if (local.weekday <= 5)
    for (const product of products) {
      const random = seededRandom(seed, `orders/${local.toISODate() ?? ''}/${product.materialId}`);
      for (let i = Math.floor(product.ordersPerWeek / 5 + random.next()); i > 0; i--) {
        const priority = priorityOf(random);
        const days = leadDays(random, product, priority);
        add(product, orderQuantity(random, product), random.pick(customers), days, priority);
      }
    }
  for (const { materialId, below, days } of components) {
    const product = productOf(materialId)!;
    let position = stockPosition(model, state, orders, materialId);
    for (; position < below; position += product.usualQuantity)
      add(product, product.usualQuantity, stockCustomer, days, 3);
  }
  return orders;
}

/**
 * What the office promises for an order that a plan has found a place for: the planned end and some hours to spare,
 * fewer for what is urgent, up to the next end of a shift, or Monday's Early shift where that is past the weekend.
 */
export function promisedDate(model: PlantModel, request: WorkRequest, plannedEnd: number, seed: number): number {
  const random = seededRandom(seed, `promise/${request.workRequestId}`);
  const spareHours = request.priority === 1 ? 1 + 6 * random.next() : 5 + 16 * random.next();
  const promised = DateTime.fromMillis(plannedEnd, { zone: model.calendar.timeZone }).plus({ hours: spareHours });
  const atHour = (hour: number) => promised.set({ hour, minute: 0, second: 0, millisecond: 0 });
  let due = [6, 14, 22].map(atHour).find((end) => end >= promised) ?? atHour(6).plus({ days: 1 });
  if (due.weekday === 7 || (due.weekday === 6 && due.hour === 22))
    due = due.startOf('week').plus({ weeks: 1, hours: 14 });
  return due.toMillis();
}

/**
 * Deliveries that the buyer orders at an instant: whatever of a bought material falls below a week's need is filled up
 * to two weeks'; it arrives after three to five days, now and then a day or two later than promised.
 */
export function deliveriesAfter(model: PlantModel, state: PlantState, seed: number, at: number): MaterialLot[] {
  const local = DateTime.fromMillis(at, { zone: model.calendar.timeZone });
  const day = local.toISODate() ?? '';
  const bought = model.materials.filter((material) => productOf(material.materialId) === undefined);
  return bought.flatMap(({ materialId, unit }): MaterialLot[] => {
    const random = seededRandom(seed, `deliveries/${day}/${materialId}`);
    const weekly = weeklyUse(model, materialId);
    const position = stockPosition(model, state, { workRequests: [], jobOrders: [] }, materialId);
    if (position >= weekly) return [];
    const late = random.next() < 0.06 ? 1 + random.int(2) : 0;
    return [
      {
        lotId: `LOT-${isoInstant(at).slice(0, 16).replaceAll(/[-:]/g, '')}-${materialId}`,
        materialId,
        quantity: Math.ceil((2 * weekly - position) / 10) * 10,
        unit,
        availableAt: dueAfter(local, 3 + random.int(3) + late, 7),
        locationId: 'goods-in',
      },
    ];
  });
}

/** Stock with which the plant begins: one and a half weeks' need of bought materials, and components above their reorder point. */
export function openingStock(model: PlantModel, at: number): MaterialLot[] {
  const lot = (materialId: string, quantity: number, unit: string): MaterialLot => ({
    lotId: `LOT-0-${materialId}`,
    materialId,
    quantity: Math.ceil(quantity),
    unit,
    availableAt: at,
    locationId: 'stores',
  });
  return model.materials.flatMap(({ materialId, unit }) => {
    const component = components.find((c) => c.materialId === materialId);
    if (component) return [lot(materialId, 1.7 * component.below, unit)];
    return productOf(materialId) ? [] : [lot(materialId, 1.5 * weeklyUse(model, materialId), unit)];
  });
}

/** Components that pumps take from stock, with their reorder points and the days allowed for refilling. */
const components = [
  { materialId: 'PH-100', below: 320, days: 7 },
  { materialId: 'PH-200', below: 160, days: 8 },
  { materialId: 'IM-50', below: 320, days: 7 },
  { materialId: 'IM-80', below: 160, days: 8 },
  { materialId: 'SH-20', below: 450, days: 7 },
];

/** Lots (those on their way included) and open stock orders, less what open job orders still need. */
function stockPosition(model: PlantModel, state: PlantState, added: NewOrders, materialId: string): number {
  const requests = [...state.workRequests, ...added.workRequests];
  const open = new Map(requests.filter(isOpen).map((request) => [request.workRequestId, request]));
  const segments = new Map(model.workMasters.flatMap((m) => m.segments.map((s) => [s.segmentId, s])));
  let position = 0;
  for (const lot of state.lots) if (lot.materialId === materialId) position += lot.quantity;
  for (const request of open.values())
    if (request.customer === stockCustomer && request.materialId === materialId) position += request.quantity;
  for (const job of [...state.jobOrders, ...added.jobOrders]) {
    if (job.startedAt !== undefined || !open.has(job.workRequestId)) continue;
    for (const need of segments.get(job.segmentId)?.materials ?? [])
      if (need.materialId === materialId) position -= need.quantityPerUnit * job.quantity;
  }
  return position;
}

function isOpen({ requestState }: WorkRequest): boolean {
  return !['Completed', 'Closed', 'Cancelled', 'Aborted'].includes(requestState);
}

/** Mean weekly use of a material for customers' orders and, through the pumps, for components. */
function weeklyUse(model: PlantModel, materialId: string): number {
  let use = 0;
  for (const master of model.workMasters)
    for (const { materials } of master.segments)
      for (const need of materials)
        if (need.materialId === materialId) use += need.quantityPerUnit * weeklyOutput(model, master.materialId);
  return use;
}

function weeklyOutput(model: PlantModel, materialId: string): number {
  const product = productOf(materialId)!;
  return product.ordersPerWeek * product.usualQuantity + weeklyUse(model, materialId);
}

/** The same hour of the next day that is worked: orders come a day before they may start. */
function nextWorkedDay(from: DateTime): number {
  return from.plus({ days: from.weekday === 6 ? 2 : 1 }).toMillis();
}

function orderQuantity(random: Random, product: Product): number {
  return Math.max(5, Math.round((product.usualQuantity * (0.5 + random.next())) / 5) * 5);
}

/**
 * Days after which an order is asked for. Only what is urgent may go before orders that have been promised already;
 * the others queue behind them and get a date by their place in the plan.
 */
function leadDays(random: Random, product: Product, priority: number): number {
  return priority === 1 ? Math.ceil(product.steps.length / 2) + random.int(2) : 14;
}

function priorityOf(random: Random): number {
  const draw = random.next();
  return draw < 0.1 ? 1 : draw < 0.4 ? 2 : 3;
}

/** The hour (14:00 where none is given) of a workday, at least so many days later; a weekend moves to Monday. */
function dueAfter(from: DateTime, days: number, hour = 14): number {
  let day = from.plus({ days });
  while (day.weekday > 5) day = day.plus({ days: 1 });
  return day.set({ hour, minute: 0, second: 0, millisecond: 0 }).toMillis();
}
