import { oeeOf, sumOfTimes, type PlanKpis, type ProductionTimes } from '../plant/index.ts';
import { openBetween } from './calendars.ts';
import type { Decoded } from './decoder.ts';
import { alternativeOn, type Problem } from './problem.ts';

/** A decoded plan's figures under the names that a planner sees. */
export function planKpis(problem: Problem, plan: Decoded): PlanKpis {
  const [tardiness, changeovers, instability, makespan, imbalance] = plan.objectives;
  const requests = problem.requestIds.length;
  const { lines, expectedScrap } = outputOf(problem, plan);
  return {
    weightedTardinessSeconds: tardiness!,
    lateOrders: plan.lateRequests,
    onTimeShare: requests === 0 ? 1 : 1 - plan.lateRequests / requests,
    makespanSeconds: makespan!,
    changeovers: changeovers!,
    setupSeconds: plan.setupSeconds,
    stability: 1 - instability!,
    workloadImbalance: imbalance!,
    expectedScrap,
    oee: oeeOf(sumOfTimes(lines)).oee,
  };
}

/** What a plan makes of its time: by line, in milliseconds, and the scrap on average. */
function outputOf(problem: Problem, plan: Decoded): { lines: ProductionTimes[]; expectedScrap: number } {
  const lines = problem.lineIds.map(() => ({ plannedBusy: 0, production: 0, standard: 0, goodStandard: 0 }));
  const lastEnd = new Float64Array(lines.length);
  const loads = new Map<string, number>();
  let expectedScrap = 0;
  for (let i = 0; i < plan.end.length; i++) {
    const machine = plan.machine[i]!;
    const line = problem.lineOf[machine]!;
    const times = lines[line]!;
    const alternative = alternativeOn(problem, i, machine);
    const standard = problem.altStandard[alternative]!;
    // What is in one load of a batch machine runs at the same time.
    const load = `${String(machine)}/${String(plan.start[i]!)}`;
    const counted = loads.get(load) ?? 0;
    const run = Math.max(counted, problem.altRun[alternative]!);
    times.production += run - counted;
    loads.set(load, run);
    times.standard += standard;
    times.goodStandard += standard * problem.altGood[alternative]!;
    expectedScrap += problem.altScrap[alternative]!;
    lastEnd[line] = Math.max(lastEnd[line]!, plan.end[i]!);
  }
  problem.machineIds.forEach((_, machine) => {
    const line = problem.lineOf[machine]!;
    lines[line]!.plannedBusy += openBetween(problem.calendars, problem.busyCalendar[machine]!, 0, lastEnd[line]!);
  });
  return { lines, expectedScrap };
}
