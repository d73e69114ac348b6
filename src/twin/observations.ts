import { setupSeconds, type DowntimeReason, type EquipmentStateEvent, type PlantModel } from '../plant/index.ts';
import type { Lifetime } from '../statistics/index.ts';

/** A job order that a machine worked on. Instants in milliseconds since 1970 UTC. */
export interface JobRecord {
  equipmentId: string;
  materialId: string;
  startedAt: number;
  /** Absent while it runs. */
  endedAt?: number;
  /** Parts that came off, all of them, times the routing's run time of one; absent where nobody counted. */
  standardSeconds?: number;
}

/** What a plant remembers of a stretch of time. */
export interface PlantHistory {
  from: number;
  to: number;
  /** States of any machines in any order; without an end it lasts until `to`. */
  states: readonly EquipmentStateEvent[];
  jobs: readonly JobRecord[];
}

/** Stops of one machine for one reason. Seconds. */
interface ObservedStops {
  equipmentId: string;
  reason: DowntimeReason;
  /** Run time from one stop to the next; the last stretch has not ended. */
  between: Lifetime[];
  /** How long they lasted; one that lasts has not ended. */
  repair: Lifetime[];
}

/** A completed job's run time or a completed changeover against the standard. */
interface ObservedWork {
  equipmentId: string;
  /** When the job began. */
  at: number;
  /** Time taken / standard time. */
  ratio: number;
}

/** A history as samples of what varies. */
export interface Observations {
  stops: ObservedStops[];
  runs: (ObservedWork & { materialId: string })[];
  changeovers: (ObservedWork & { equipmentClassId: string; fromFamily: string; toFamily: string })[];
  /** Seconds in Execute by machine. */
  runSeconds: Record<string, number>;
}

/** Reasons that stops happen by themselves; setups, shortages and maintenance come from plan and people. */
const unplanned: readonly DowntimeReason[] = ['breakdown', 'tool-change', 'cleaning', 'quality-hold'];

/**
 * Takes a history apart. Time between stops is run time (Execute): a machine ages while it works. The run time before
 * a machine's first stop for a reason is left out, since nobody knows how long it had run by then.
 */
export function observe(model: PlantModel, { from, to, states, jobs }: PlantHistory): Observations {
  const observed: Observations = { stops: [], runs: [], changeovers: [], runSeconds: {} };
  const jobsOf = Map.groupBy(jobs, (job) => job.equipmentId);
  for (const [equipmentId, unordered] of Map.groupBy(states, (state) => state.equipmentId)) {
    const events = unordered
      .map((event) => ({
        ...event,
        start: Math.max(from, event.start),
        open: event.end === undefined,
        end: event.end ?? to,
      }))
      .filter(({ start, end }) => end > start && start < to)
      .sort((a, b) => a.start - b.start);
    observed.stops.push(...stopsOf(equipmentId, events));
    observed.runSeconds[equipmentId] = seconds(events.filter(({ state }) => state === 'Execute'));
    observeWork(model, equipmentId, events, jobsOf.get(equipmentId) ?? [], observed);
  }
  return observed;
}

interface Stretch extends EquipmentStateEvent {
  end: number;
  open: boolean;
}

const seconds = (events: readonly Stretch[]) => events.reduce((sum, { start, end }) => sum + end - start, 0) / 1000;

/** States that follow each other for the same reason are one stop. */
function stopsOf(equipmentId: string, events: readonly Stretch[]): ObservedStops[] {
  const known = new Map<DowntimeReason, { stops: ObservedStops; runAtLast: number; last: Stretch }>();
  let run = 0;
  for (const event of events) {
    const { state, reason, start, end, open } = event;
    if (state === 'Execute') run += (end - start) / 1000;
    if (state === 'Execute' || reason === undefined || !unplanned.includes(reason)) continue;
    const before = known.get(reason);
    const length = (end - start) / 1000;
    if (!before) {
      const stops: ObservedStops = { equipmentId, reason, between: [], repair: [{ time: length, ended: !open }] };
      known.set(reason, { stops, runAtLast: run, last: event });
      continue;
    }
    const { stops, last, runAtLast } = before;
    if (last.end === start) {
      const whole = stops.repair.at(-1)!;
      stops.repair[stops.repair.length - 1] = { time: whole.time + length, ended: !open };
    } else {
      stops.between.push({ time: Math.max(1, run - runAtLast), ended: true });
      stops.repair.push({ time: length, ended: !open });
      before.runAtLast = run;
    }
    before.last = event;
  }
  return [...known.values()].map(({ stops, runAtLast }) => {
    if (run > runAtLast) stops.between.push({ time: run - runAtLast, ended: false });
    return stops;
  });
}

/** Run time and setup of each completed job, from the states between its start and its end. */
function observeWork(
  model: PlantModel,
  equipmentId: string,
  events: readonly Stretch[],
  jobs: readonly JobRecord[],
  observed: Observations,
): void {
  const equipmentClassId = model.equipment.find((equipment) => equipment.equipmentId === equipmentId)?.equipmentClassId;
  const matrix = model.setupMatrices.find((candidate) => candidate.equipmentClassId === equipmentClassId);
  const families = new Map(model.materials.map((material) => [material.materialId, material.setupFamily]));
  let family: string | undefined;
  let next = 0;
  for (const { materialId, startedAt, endedAt, standardSeconds } of [...jobs].sort(
    (a, b) => a.startedAt - b.startedAt,
  )) {
    const fromFamily = family;
    family = families.get(materialId) ?? materialId;
    if (endedAt === undefined || startedAt < (events[0]?.start ?? Infinity)) continue;
    while (next < events.length && events[next]!.end <= startedAt) next++;
    let [run, setup] = [0, 0];
    for (let i = next; i < events.length && events[i]!.start < endedAt; i++) {
      const { state, reason, start, end } = events[i]!;
      const inside = (Math.min(end, endedAt) - Math.max(start, startedAt)) / 1000;
      if (state === 'Execute') run += inside;
      else if (reason === 'setup') setup += inside;
    }
    const work = { equipmentId, at: startedAt };
    if (standardSeconds !== undefined && standardSeconds > 0 && run > 0)
      observed.runs.push({ ...work, materialId, ratio: run / standardSeconds });
    if (fromFamily === undefined || fromFamily === family || equipmentClassId === undefined) continue;
    const standard = setupSeconds(matrix, fromFamily, family);
    if (standard > 0 && setup > 0)
      observed.changeovers.push({ ...work, equipmentClassId, fromFamily, toFamily: family, ratio: setup / standard });
  }
}
