import type { BoardStateView } from '../view.ts';
import { lateness, movesBetween, type Bar, type Plan, type PlantIndex } from './plan.ts';

/** A machine's row in the Gantt chart, top to bottom. */
interface GanttRow {
  equipmentId: string;
  name: string;
  lineName: string;
  /** First row of its line. */
  firstOfLine: boolean;
  /** Why it cannot work now, where it cannot. */
  downReason: string | undefined;
}

/** A bar with its place and what is special about it. */
export interface GanttBar extends Bar {
  row: number;
  changed: boolean;
  /** The last operation of an order that is late in this plan. */
  endsLate: boolean;
}

/** A stretch of time, in one row or in all. Instants in milliseconds UTC. */
export interface Stretch {
  row?: number;
  start: number;
  end: number;
}

/** All that the Gantt chart draws; a pure function of plant and plans. */
export interface GanttModel {
  rows: GanttRow[];
  /** The live plan. */
  before: GanttBar[];
  /** The selected plan; undefined where none is. */
  after: GanttBar[] | undefined;
  shifts: (Stretch & { name: string })[];
  closed: Stretch[];
  down: (Stretch & { row: number; reason: string })[];
  frozen: Stretch | undefined;
  from: number;
  to: number;
}

const padMs = 2 * 3_600_000;

/** Arranges plant and plans by line and machine. Machines that the plant does not list but a plan uses come last. */
export function ganttModel(
  state: BoardStateView,
  plant: PlantIndex,
  live: Plan | undefined,
  selected: Plan | undefined,
  now: number,
): GanttModel {
  const rows = rowsOf(state, [live, selected], now);
  const rowOf = new Map(rows.map(({ equipmentId }, index) => [equipmentId, index]));
  const changed = new Set(live && selected ? movesBetween(live, selected).map(({ after }) => after.jobOrderId) : []);
  const place = (plan: Plan): GanttBar[] =>
    plan.bars.map((bar) => ({
      ...bar,
      row: rowOf.get(bar.equipmentId)!,
      changed: changed.has(bar.jobOrderId),
      endsLate: bar.end === plan.orderEnd.get(bar.orderId) && (lateness(plan, bar.orderId, plant) ?? 0) > 0,
    }));
  const before = live ? place(live) : [];
  const after = selected && selected !== live ? place(selected) : undefined;
  const all = [...before, ...(after ?? [])];
  const from = Math.min(now, ...all.map(({ start }) => start)) - padMs;
  const to = Math.max(now + 24 * 3_600_000, ...all.map(({ end }) => end)) + padMs;
  const shifts = state.shifts.map(({ name, start, end }) => ({ name, start: Date.parse(start), end: Date.parse(end) }));
  const frozenUntil = (selected ?? live)?.frozenUntil ?? 0;
  return {
    rows,
    before,
    after,
    shifts,
    closed: gaps(shifts, from, to),
    down: state.unavailable.flatMap(({ equipmentId, reason, start, end }) => {
      const row = rowOf.get(equipmentId);
      return row === undefined ? [] : [{ row, reason, start: Date.parse(start), end: Date.parse(end) }];
    }),
    frozen: frozenUntil > now ? { start: now, end: frozenUntil } : undefined,
    from,
    to,
  };
}

function rowsOf(state: BoardStateView, plans: readonly (Plan | undefined)[], now: number): GanttRow[] {
  const down = new Map(
    state.unavailable
      .filter(({ start, end }) => Date.parse(start) <= now && now < Date.parse(end))
      .map(({ equipmentId, reason }) => [equipmentId, reason]),
  );
  const lines = [...new Set(state.machines.map(({ lineId }) => lineId))];
  const listed = lines.flatMap((lineId) => state.machines.filter((machine) => machine.lineId === lineId));
  const known = new Set(listed.map(({ equipmentId }) => equipmentId));
  const unlisted = [...new Set(plans.flatMap((plan) => plan?.bars.map(({ equipmentId }) => equipmentId) ?? []))]
    .filter((equipmentId) => !known.has(equipmentId))
    .map((equipmentId) => ({ equipmentId, name: equipmentId, lineId: '', lineName: '' }));
  return [...listed, ...unlisted].map(({ equipmentId, name, lineId, lineName }, index, all) => ({
    equipmentId,
    name,
    lineName,
    firstOfLine: index === 0 || all[index - 1]!.lineId !== lineId,
    downReason: down.get(equipmentId),
  }));
}

/** The stretches of [from, to] that no shift covers; none where no shift is known. */
function gaps(shifts: readonly Stretch[], from: number, to: number): Stretch[] {
  if (shifts.length === 0) return [];
  const closed: Stretch[] = [];
  let at = Math.max(from, shifts[0]!.start);
  for (const { start, end } of shifts) {
    if (start > at) closed.push({ start: at, end: Math.min(start, to) });
    at = Math.max(at, end);
  }
  return closed.filter(({ start, end }) => end > start && start < to);
}
