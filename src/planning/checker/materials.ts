import type { PlantState } from '../../plant/index.ts';
import { at, type Findings } from './findings.ts';
import type { Lines } from './lines.ts';
import type { Worked } from './machines.ts';
import type { Task } from './tasks.ts';

interface Demand {
  task: Task;
  /** When it takes the material. */
  takenAt: number;
  quantity: number;
}
interface Supply {
  quantity: number;
  /** The last operation of the request that makes it, all lots of it; absent for what is in stock. */
  lots?: Task[];
  availableAt: number;
}

const tolerance = 1e-6;

/** What the check of the materials reads. */
export interface MaterialInputs {
  state: PlantState;
  tasks: readonly Task[];
  worked: ReadonlyMap<Task, Worked>;
  lines: Lines;
}

/**
 * Every operation that is not running yet has its material when it starts, and what runs and lost its material when it
 * starts anew: lots that have arrived and output of requests whose last operation has ended (and travelled) can be
 * shared out to all (maximum flow per material).
 */
export function checkMaterials({ state, tasks, worked, lines }: MaterialInputs, findings: Findings) {
  const demands = new Map<string, Demand[]>();
  for (const task of tasks)
    if (!task.running || task.fate === 'starts-anew-with-new-material')
      for (const { materialId, quantityPerUnit } of task.segment.materials) {
        const takenAt = task.running ? (worked.get(task)?.stretches[0]?.start ?? state.at) : task.entry.start;
        const demand = { task, takenAt, quantity: quantityPerUnit * task.parts };
        demands.set(materialId, [...(demands.get(materialId) ?? []), demand]);
      }
  for (const [materialId, list] of demands) {
    list.sort((a, b) => a.takenAt - b.takenAt);
    const supplies: Supply[] = state.lots
      .filter((lot) => lot.materialId === materialId)
      .map(({ quantity, availableAt }) => ({ quantity, availableAt }));
    for (const lots of lastTasks(tasks)) {
      const { request } = lots[0]!;
      if (request.materialId === materialId)
        supplies.push({ quantity: request.quantity, lots, availableAt: Math.max(...lots.map((lot) => lot.entry.end)) });
    }
    const reaches = ({ lots, availableAt }: Supply, { task, takenAt }: Demand) => {
      if (!lots) return availableAt <= takenAt;
      if (lots[0]!.request === task.request) return false;
      const there = ({ entry }: Task) => entry.end + lines.travelMs(entry.equipmentId, task.entry.equipmentId);
      return lots.every((lot) => there(lot) <= takenAt);
    };
    const open = unmet(list, supplies, reaches);
    const first = open.findIndex((quantity) => quantity > tolerance);
    if (first < 0) continue;
    const { task, takenAt } = list[first]!;
    findings.add(
      `${task.id} starts at ${at(takenAt)} before its material ${materialId} has arrived: ${String(open[first])} are missing`,
    );
  }
}

/** The last operation of each request, all lots of it. */
function lastTasks(tasks: readonly Task[]): Task[][] {
  return [...Map.groupBy(tasks, (task) => task.request).values()].map((own) => {
    const last = Math.max(...own.map((task) => task.segment.sequence));
    return own.filter((task) => task.segment.sequence === last);
  });
}

/** What of each demand stays open when as much as possible is covered (Ford–Fulkerson, breadth first). */
function unmet(
  demands: readonly Demand[],
  supplies: readonly Supply[],
  reaches: (supply: Supply, demand: Demand) => boolean,
): number[] {
  const open = demands.map((demand) => demand.quantity);
  const left = supplies.map((supply) => supply.quantity);
  const flow = demands.map(() => new Float64Array(supplies.length));
  const edge = demands.map((demand) => supplies.map((supply) => reaches(supply, demand)));
  for (let d = 0; d < demands.length; d++) {
    // Mostly there is something left that nobody has to give way for.
    for (let s = 0; s < supplies.length && open[d]! > tolerance; s++) {
      if (!edge[d]![s] || left[s]! <= tolerance) continue;
      const amount = Math.min(open[d]!, left[s]!);
      left[s]! -= amount;
      open[d]! -= amount;
      flow[d]![s]! += amount;
    }
    while (open[d]! > tolerance) {
      // From the demand backwards: to a supply that reaches it, from there to a demand that could give way.
      const viaDemand = new Map<number, number>();
      const viaSupply = new Map<number, number>([[d, -1]]);
      const queue = [d];
      let found = -1;
      for (let q = 0; q < queue.length && found < 0; q++) {
        const demand = queue[q]!;
        for (let s = 0; s < supplies.length && found < 0; s++) {
          if (!edge[demand]![s] || viaDemand.has(s)) continue;
          viaDemand.set(s, demand);
          if (left[s]! > tolerance) found = s;
          else
            for (let other = 0; other < demands.length; other++)
              if (flow[other]![s]! > tolerance && !viaSupply.has(other)) {
                viaSupply.set(other, s);
                queue.push(other);
              }
        }
      }
      if (found < 0) break;
      let amount = Math.min(open[d]!, left[found]!);
      for (let s = found; ;) {
        const demand = viaDemand.get(s)!;
        const given = viaSupply.get(demand)!;
        if (given < 0) break;
        amount = Math.min(amount, flow[demand]![given]!);
        s = given;
      }
      left[found]! -= amount;
      open[d]! -= amount;
      for (let s = found; ;) {
        const demand = viaDemand.get(s)!;
        flow[demand]![s]! += amount;
        const given = viaSupply.get(demand)!;
        if (given < 0) break;
        flow[demand]![given]! -= amount;
        s = given;
      }
    }
  }
  return open;
}
