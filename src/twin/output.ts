import { oeeOf, rejectShares, sumOfTimes, type PlanKpis, type ProductionTimes, type Rejects } from '../plant/index.ts';
import { openBetween } from './calendar.ts';
import type { Ground } from './ground.ts';
import type { Layout } from './layout.ts';
import { conditions, type Machine } from './machine.ts';
import { ended } from './status.ts';
import type { WorkTable } from './work-table.ts';

/**
 * Reads what machines made of their time in one replication after another of one layout: scrap, and overall equipment
 * effectiveness by line and in all. An operation of a station counts for the station's line; the time that it runs for
 * that of its machine.
 */
export class OutputReader {
  private readonly ground: Ground;
  private readonly from: number;
  private readonly lineIds: string[];
  /** Line of each machine, and of each operation. */
  private readonly lineOf: Int32Array;
  private readonly lineOfJob: Int32Array;
  /** By operation, standard milliseconds of a part, and share of its usable parts that are good without rework. */
  private readonly partMs: Float64Array;
  private readonly goodShare: Float64Array;
  /** By operation, parts that a breakdown has made scrap before. */
  private readonly lostBefore: Float64Array;
  private readonly lastEnd: Float64Array;
  private readonly times: ProductionTimes[];
  /** By line on which something is done, one value for each replication. */
  readonly oeeByLine: Record<string, number[]>;

  /** @param from start of the plan */
  constructor(ground: Ground, { jobs, stations }: Layout, rejects: Rejects, from: number) {
    this.ground = ground;
    this.from = from;
    this.lineIds = [...new Set([...ground.lines, ...stations.map(({ line }) => line)])];
    const index = new Map(this.lineIds.map((id, line) => [id, line]));
    this.lineOf = Int32Array.from(ground.lines, (id) => index.get(id)!);
    this.lineOfJob = Int32Array.from(jobs.map(({ station }) => index.get(stations[station]!.line)!));
    this.partMs = Float64Array.from(jobs.map((job) => job.standardMs));
    this.lostBefore = Float64Array.from(jobs.map((job) => job.lost));
    this.goodShare = Float64Array.from(
      jobs.map(({ station, request }) => {
        const { scrap, rework } = rejectShares(rejects, stations[station]!.equipmentId, request.materialId);
        return scrap < 1 ? Math.max(0, 1 - rework / (1 - scrap)) : 0;
      }),
    );
    this.lastEnd = new Float64Array(this.lineIds.length);
    this.times = this.lineIds.map(() => ({ plannedBusy: 0, production: 0, standard: 0, goodStandard: 0 }));
    const busyLines = new Set(this.lineOfJob);
    this.oeeByLine = Object.fromEntries(this.lineIds.flatMap((id, line) => (busyLines.has(line) ? [[id, []]] : [])));
  }

  /** Takes a replication in that has run to its end. */
  read(
    { status, endedAt, partsTotal, parts, visits, lost }: WorkTable,
    machines: readonly Machine[],
  ): Pick<PlanKpis, 'expectedScrap' | 'oee'> {
    const { ground, from, lineOf, lineOfJob, lastEnd, times } = this;
    let scrap = 0;
    lastEnd.fill(from);
    for (const time of times) time.plannedBusy = time.production = time.standard = time.goodStandard = 0;
    for (let job = 0; job < lineOfJob.length; job++) {
      if (status[job] !== ended) continue;
      const line = lineOfJob[job]!;
      const usable = parts[job]!;
      const all = partsTotal[job]!;
      if (endedAt[job]! > lastEnd[line]!) lastEnd[line] = endedAt[job]!;
      scrap += all - usable + lost[job]! + this.lostBefore[job]!;
      times[line]!.standard += all * this.partMs[job]! * (1 + visits[job]!);
      times[line]!.goodStandard += usable * this.partMs[job]! * this.goodShare[job]!;
    }
    for (const { index, time } of machines) {
      const line = lineOf[index]!;
      const own = times[line]!;
      own.production += time[conditions.busy]!;
      if (lastEnd[line]! > from) own.plannedBusy += openBetween(ground.busyCalendars[index]!, from, lastEnd[line]!);
    }
    this.lineIds.forEach((id, line) => this.oeeByLine[id]?.push(oeeOf(times[line]!).oee));
    return { expectedScrap: scrap, oee: oeeOf(sumOfTimes(times)).oee };
  }
}
