import type { Random } from '../../../src/kernel/index.ts';
import {
  jobOrdersOf,
  type JobOrder,
  type MaterialLot,
  type PlantModel,
  type PlantState,
  type WorkMaster,
  type WorkRequest,
} from '../../../src/plant/index.ts';
import { machineCount, type Product, type RichPlant } from './plant.ts';

const hour = 3_600_000;
/** The instant of every rich instance: Tuesday 2026-03-03, 10:00 in Berlin, in the early shift. */
export const richNow = Date.UTC(2026, 2, 3, 9);

/** Share of the time in which the shifts, and the people in them, let a machine work. */
const availability = 0.55;
const setupHours = 0.4;
/** Share of a batch machine's capacity that a load uses. */
const usualFilling = 0.6;

/** Hours until the machines that have most to do are through, roughly: what dates and deliveries are spread over. */
export function workHours(model: PlantModel, jobOrders: readonly JobOrder[]): number {
  const segments = new Map(model.workMasters.flatMap((m) => m.segments.map((s) => [s.segmentId, s] as const)));
  const capacities = new Map(model.equipment.map((machine) => [machine.equipmentId, machine.batchCapacity]));
  const work = new Map<string, number>();
  for (const { segmentId, dispatchStatus, quantity } of jobOrders) {
    if (dispatchStatus === 'Completed') continue;
    const { equipment } = segments.get(segmentId)!;
    for (const { equipmentId, secondsPerUnit, secondsPerBatch } of equipment) {
      const capacity = capacities.get(equipmentId);
      const seconds =
        capacity === undefined ? quantity * secondsPerUnit : (quantity / capacity / usualFilling) * secondsPerBatch!;
      const share = (seconds / 3600 + setupHours) / equipment.length;
      work.set(equipmentId, (work.get(equipmentId) ?? 0) + share);
    }
  }
  return Math.round(Math.max(...work.values()) / availability);
}

/** A state with exactly so many operations to plan; about half of the machines are at work on one of them. */
export function richState({ model, products }: RichPlant, operations: number, random: Random): PlantState {
  const masters = new Map(model.workMasters.map((master) => [master.materialId, master]));
  const workRequests: WorkRequest[] = [];
  const jobOrders: JobOrder[] = [];
  const machines = new Set<string>();
  const atWork = new Map<string, number>();
  let left = operations;
  while (left > 0) {
    const product = random.pick(products);
    const master = masters.get(product.materialId)!;
    const started = machines.size < machineCount(operations) / 2 && random.next() < 0.5;
    // The last request has been begun so far that it fills the number.
    const completed = Math.max(started ? random.int(master.segments.length) : 0, master.segments.length - left);
    // One request in eight of what can be split is large; the last ones are not, so that the number comes out exactly.
    const large = random.next() < 0.125 && left > 20 && master.segments.some((segment) => segment.lots);
    const quantity = large ? 80 + random.int(41) : 10 + random.int(50);
    const request: WorkRequest = {
      workRequestId: `R${String(workRequests.length + 1).padStart(5, '0')}`,
      customer: `C${random.int(20) + 1}`,
      materialId: product.materialId,
      quantity,
      releasedAt: richNow,
      dueAt: richNow,
      priority: 1 + random.int(5),
      requestState: 'Released',
    };
    workRequests.push(request);
    const jobs = jobOrdersOf(request, master);
    for (const job of jobs) {
      const s = master.segments.findIndex(({ segmentId }) => segmentId === job.segmentId);
      if (s < completed) complete(job, master, s, random);
      else if (s === completed && started) start(job, master, s);
    }
    jobOrders.push(...jobs);
    left -= jobs.filter(({ dispatchStatus }) => dispatchStatus !== 'Completed').length;
  }
  const lastHours = workHours(model, jobOrders);
  const kinds = new Map(products.map((product) => [product.materialId, product]));
  for (const request of workRequests) {
    const { component, consumes } = kinds.get(request.materialId)!;
    const ownHours = 4 + 1.5 * masters.get(request.materialId)!.segments.length;
    // Components first, what consumes them last, and nothing is released long before it is due.
    const place = component ? 0.5 * random.next() : consumes === undefined ? random.next() : 0.5 + 0.5 * random.next();
    const dueHours = ownHours + 0.9 * place * lastHours;
    const releaseHours = dueHours - ownHours - (0.15 + 0.3 * random.next()) * lastHours;
    request.dueAt += Math.round(dueHours * hour);
    request.releasedAt += Math.round(Math.max(-24, releaseHours) * hour);
  }
  return {
    at: richNow,
    workRequests,
    jobOrders,
    lots: lots(workRequests, jobOrders, masters, products, lastHours),
    setupFamily: Object.fromEntries(
      model.equipment
        .filter(({ level }) => level === 'WorkUnit')
        .map(({ equipmentId }) => [equipmentId, random.pick(model.materials.flatMap((m) => m.setupFamily ?? []))]),
    ),
    unavailable: maintenance(model, lastHours, random),
    absences: [],
  };

  function start(job: JobOrder, master: WorkMaster, s: number): void {
    const { equipment, qualificationId: skill, predecessors } = master.segments[s]!;
    const machine = equipment.find(({ equipmentId }) => !machines.has(equipmentId))?.equipmentId;
    const there = model.persons.filter((p) => p.shiftId === 'early' && p.qualificationIds[0] === skill).length;
    const busy = skill === undefined ? -1 : (atWork.get(skill) ?? 0);
    if (machine === undefined || busy >= there) return;
    machines.add(machine);
    if (skill !== undefined) atWork.set(skill, busy + 1);
    job.dispatchStatus = 'Running';
    job.equipmentId = machine;
    job.startedAt = richNow - Math.floor((predecessors.length === 0 ? 2 : 1) * random.next() * hour) - 1;
    job.goodQuantity = random.int(job.quantity);
  }
}

/** One machine in five is maintained for three to six hours in the first half of the work. */
function maintenance({ equipment }: PlantModel, lastHours: number, random: Random): PlantState['unavailable'] {
  const machines = random.shuffle(equipment.filter(({ level }) => level === 'WorkUnit'));
  return machines.slice(0, Math.ceil(machines.length / 5)).map(({ equipmentId }) => {
    const start = richNow + Math.round((4 + 0.5 * lastHours * random.next()) * hour);
    const end = start + Math.round((3 + 3 * random.next()) * hour);
    return { equipmentId, reason: 'planned-maintenance', start, end };
  });
}

function complete(job: JobOrder, master: WorkMaster, s: number, random: Random): void {
  job.dispatchStatus = 'Completed';
  job.goodQuantity = job.quantity;
  job.equipmentId = random.pick(master.segments[s]!.equipment).equipmentId;
  job.startedAt = richNow - 12 * hour;
  job.endedAt = richNow - 3 * hour;
}

/**
 * Raw material comes in four deliveries, each before the work needs it if nothing goes wrong, and twice as much as is
 * needed in all. Of components there is what open requests do not make, and a tenth of that more.
 */
function lots(
  workRequests: readonly WorkRequest[],
  jobOrders: readonly JobOrder[],
  masters: ReadonlyMap<string, WorkMaster>,
  products: readonly Product[],
  lastHours: number,
): MaterialLot[] {
  const requests = new Map(workRequests.map((request) => [request.workRequestId, request]));
  const need = new Map<string, number>();
  for (const job of jobOrders) {
    const master = masters.get(requests.get(job.workRequestId)!.materialId)!;
    if (job.dispatchStatus !== 'Waiting') continue;
    for (const { materialId, quantityPerUnit } of master.segments.find((s) => s.segmentId === job.segmentId)!.materials)
      need.set(materialId, (need.get(materialId) ?? 0) + quantityPerUnit * job.quantity);
  }
  const list: MaterialLot[] = [];
  const add = (materialId: string, quantity: number, inHours: number) =>
    list.push({
      lotId: `LOT-${list.length + 1}`,
      materialId,
      quantity: Math.ceil(quantity),
      unit: 'pcs',
      availableAt: richNow + Math.round(inHours * hour),
      locationId: 'STORE',
    });
  for (const materialId of [...new Set(products.map(({ raw }) => raw))].sort()) {
    const all = (need.get(materialId) ?? 0) + 100;
    add(materialId, 0.35 * all, -24);
    add(materialId, 0.35 * all, 0.12 * lastHours);
    add(materialId, 0.35 * all, 0.35 * lastHours);
    add(materialId, 0.95 * all, 0.6 * lastHours);
  }
  for (const { materialId, component } of products) {
    const wanted = need.get(materialId) ?? 0;
    if (!component || wanted === 0) continue;
    const made = workRequests.reduce((sum, r) => sum + (r.materialId === materialId ? r.quantity : 0), 0);
    const missing = Math.max(0, wanted - made) + 0.1 * wanted;
    add(materialId, missing / 2, -24);
    add(materialId, missing / 2 + 1, 0.25 * lastHours);
  }
  return list;
}
