import type { PlantEventRecord, ScenarioSet } from '../../src/plant/index.ts';
import type { BoardStore } from '../../src/board/index.ts';
import type { SyntheticPlant } from './synthetic-plant.ts';

/** What the board needs of a store, held in memory: quick, and open to a test's hands. */
export interface MemoryStore extends BoardStore {
  /** Digest of the plant's planning inputs now; a test changes it to make plans stale. */
  inputs: string;
  set: ScenarioSet | undefined;
  events: PlantEventRecord[];
}

/** A store that holds one plant. Without one it is as empty as on the first day. */
export function memoryStore(plant: SyntheticPlant | undefined): MemoryStore {
  const approvals: Awaited<ReturnType<BoardStore['approvalsOf']>> = [];
  const scenarioOf = (planId: string) => {
    const index = store.set?.scenarios.findIndex(({ plan }) => plan.scheduleId === planId) ?? -1;
    return store.set && index >= 0 ? { set: store.set, index } : undefined;
  };
  const store: MemoryStore = {
    inputs: plant?.set.inputsDigest ?? '',
    set: plant?.set,
    events: plant ? [plant.event] : [],
    loadPlantModel: () => Promise.resolve(plant?.model),
    loadPlantState: () =>
      Promise.resolve(
        plant?.state ?? {
          at: 0,
          workRequests: [],
          jobOrders: [],
          lots: [],
          setupFamily: {},
          unavailable: [],
          absences: [],
        },
      ),
    inputsDigest: () => Promise.resolve(store.inputs),
    openEvents: () => Promise.resolve(store.events),
    loadEvent: (eventId) => Promise.resolve(store.events.find((event) => event.eventId === eventId)),
    correctExpectedEnd(eventId, expectedEnd) {
      store.events = store.events.map((event) => (event.eventId === eventId ? { ...event, expectedEnd } : event));
      return Promise.resolve(store.events.find((event) => event.eventId === eventId)!);
    },
    loadScenarioSet: (requestId) =>
      Promise.resolve(requestId === undefined || store.set?.requestId === requestId ? store.set : undefined),
    findScenario: (planId) => Promise.resolve(scenarioOf(planId)),
    loadSchedule(planId) {
      const found = scenarioOf(planId);
      return Promise.resolve(planId === plant?.live.scheduleId ? plant.live : found?.set.scenarios[found.index]?.plan);
    },
    livePlan: () => Promise.resolve(plant?.live),
    approvalsOf: (planId) => Promise.resolve(approvals.filter((approval) => approval.planId === planId)),
    saveApproval(approval) {
      approvals.push(approval);
      return Promise.resolve();
    },
    writeInhibit: () => Promise.resolve(undefined),
  };
  return store;
}
