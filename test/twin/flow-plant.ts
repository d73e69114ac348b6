import type { PlantModel, PlantState, WorkSchedule } from '../../src/plant/index.ts';
import type { Observer } from '../../src/twin/floor-state.ts';
import { layGround, type Ground } from '../../src/twin/ground.ts';
import { layOut } from '../../src/twin/layout.ts';
import { PlantFloor } from '../../src/twin/plant-floor.ts';
import type { TwinParameters } from '../../src/twin/index.ts';
import { Draws } from '../../src/twin/draws.ts';
import { calendarOf, exact, monday } from './small-plant.ts';

/** A station of a flow plant: so many equal machines, of which the first that is free takes the next order. */
export interface FlowStation {
  id: string;
  machines: number;
  /** Mean time of one operation. */
  seconds: number;
}

/** How orders come: one each so many seconds on average, by the law of `TwinParameters.releases`. */
export interface FlowPlant {
  stations: FlowStation[];
  orders: number;
  gapSeconds: number;
  parameters: Partial<TwinParameters>;
}

/** A plant whose orders each pass all stations once, with a plan that leaves the choice of machine to the floor. */
function flowPlant({ stations, orders, gapSeconds }: FlowPlant): {
  model: PlantModel;
  state: PlantState;
  schedule: WorkSchedule;
} {
  const machineIds = ({ id, machines }: FlowStation) =>
    Array.from({ length: machines }, (_, i) => `${id}-${String(i + 1)}`);
  const model: PlantModel = {
    enterprise: 'E',
    site: 'S',
    calendar: calendarOf('always'),
    equipment: [
      { equipmentId: 'S', level: 'Site', name: 'S' },
      ...stations.map(({ id }) => ({ equipmentId: id, level: 'ProductionLine' as const, parentId: 'S', name: id })),
      ...stations.flatMap((station) =>
        machineIds(station).map((equipmentId) => ({
          equipmentId,
          level: 'WorkUnit' as const,
          parentId: station.id,
          name: equipmentId,
          equipmentClassId: station.id,
        })),
      ),
    ],
    persons: [],
    materials: [{ materialId: 'A', name: 'A', unit: 'pcs' }],
    workMasters: [
      {
        workMasterId: 'WM',
        version: '1',
        materialId: 'A',
        segments: stations.map((station, i) => ({
          segmentId: station.id,
          sequence: i + 1,
          name: station.id,
          predecessors: i === 0 ? [] : [stations[i - 1]!.id],
          equipment: machineIds(station).map((equipmentId) => ({ equipmentId, secondsPerUnit: station.seconds })),
          materials: [],
          interruptible: true,
        })),
      },
    ],
    setupMatrices: [],
    transportSeconds: 0,
  };
  const requests = Array.from({ length: orders }, (_, i) => ({
    workRequestId: `W${String(i)}`,
    customer: 'C',
    materialId: 'A',
    quantity: 1,
    releasedAt: Math.round(monday + (i + 1) * gapSeconds * 1000),
    dueAt: monday + 1e12,
    priority: 1,
    requestState: 'Released' as const,
  }));
  const state: PlantState = {
    at: monday,
    workRequests: requests,
    jobOrders: requests.flatMap(({ workRequestId }) =>
      stations.map(({ id }, i) => ({
        jobOrderId: `${workRequestId}/${String(i + 1)}`,
        workRequestId,
        workMasterId: 'WM',
        workMasterVersion: '1',
        segmentId: id,
        quantity: 1,
        dispatchStatus: 'Waiting' as const,
        goodQuantity: 0,
      })),
    ),
    lots: [],
    setupFamily: {},
    unavailable: [],
    absences: [],
  };
  const releases = new Map(requests.map((request) => [request.workRequestId, request.releasedAt]));
  const schedule: WorkSchedule = {
    scheduleId: 'P',
    status: 'published',
    createdAt: monday,
    from: monday,
    frozenUntil: monday,
    label: 'P',
    seed: 1,
    inputDigest: '0'.repeat(64),
    entries: state.jobOrders.map(({ jobOrderId, workRequestId, segmentId }) => {
      const start = releases.get(workRequestId)!;
      return { jobOrderId, equipmentId: segmentId, start, end: start, setupSeconds: 0, frozen: false };
    }),
  };
  return { model, state, schedule };
}

/** The floor of a flow plant, to be run for one replication after another. */
export function openFlow(
  plant: FlowPlant,
  observer?: Observer,
): { floor: PlantFloor; ground: Ground; run: (seed: number) => PlantFloor } {
  const { model, state, schedule } = flowPlant(plant);
  const parameters: TwinParameters = { ...exact, ...plant.parameters };
  const slowest = Math.max(plant.gapSeconds, ...plant.stations.map(({ seconds }) => seconds));
  const days = (3 * plant.orders * slowest) / 86_400 + 5;
  const ground = layGround(model, state, monday + days * 86_400_000);
  const layout = layOut(ground, state, schedule, parameters);
  const floor = new PlantFloor(ground, layout, new Draws(1, 0), monday, {
    parameters,
    startEarly: true,
    ...(observer ? { observer } : {}),
  });
  return {
    floor,
    ground,
    run(seed) {
      floor.begin(new Draws(seed, 0), monday, {});
      floor.run(Infinity);
      return floor;
    },
  };
}
