import { mergeIntervals, type Interval } from '../../kernel/index.ts';
import type { WorkCalendar } from '../../plant/index.ts';
import type { Metric, Part } from '../metric.ts';
import {
  cutWindows,
  resolvePeriod,
  shiftWindows,
  periodAhead,
  type PeriodProblem,
  type ResolvedPeriod,
} from '../time/period.ts';
import type { SemanticQuery } from '../semantic-query.ts';
import { isGrain, kpiView, timeDimensions, type Dimension } from './views.ts';

/** A stretch of time that is read, with what it is called in each of the query's time columns. */
export interface QueryWindow extends Interval {
  keys: string[];
}

/** The time side of a query: instants only, computed here and bound. */
export interface QueryWindows {
  period: ResolvedPeriod;
  compareTo?: ResolvedPeriod;
  /** Names of the time columns: `period` in a comparison of two periods, then the time dimensions grouped by. */
  columns: string[];
  windows: QueryWindow[];
}

/** Values of the column `period` in a comparison. */
export const periodKeys = { asked: 'asked', comparedWith: 'compared-with' } as const;

/** Most stretches that one query may name. */
const mostWindows = 2000;
const mostPieces = 400;

/** Whether what lies ahead is in the records already: due dates of orders. */
export function isKnownAhead(part: Part): boolean {
  return part.measure === 'status' && kpiView(part.view).deadline !== undefined;
}

/** The sum that a query takes: the present state has its own where the metric says so. */
export function numeratorOf(metric: Metric, query: SemanticQuery): Part {
  return query.period.kind === 'now' && metric.presentNumerator ? metric.presentNumerator : metric.numerator;
}

/**
 * Turns a query's period, shift filter and time groups into stretches of time: clipped to worked shifts where the
 * metric counts only those, cut at shifts and grains, neighbours of one name joined.
 */
export function queryWindows(
  query: SemanticQuery,
  metric: Metric,
  calendar: WorkCalendar,
  now: number,
): QueryWindows | PeriodProblem | 'tooFine' {
  const ahead = isKnownAhead(numeratorOf(metric, query)) ? periodAhead(query.period, calendar, now) : undefined;
  const said = ahead ?? resolvePeriod(query.period, calendar, now);
  if (typeof said === 'string') return said;
  const period = oneShiftOf(said, query, calendar);
  const base = { spec: query.period, period: said };
  const other = query.compareTo ? resolvePeriod(query.compareTo, calendar, now, base) : undefined;
  if (typeof other === 'string') return other;
  const compareTo = other && oneShiftOf(other, query, calendar);
  const dimensions = query.groupBy.filter((dimension) => timeDimensions.includes(dimension));
  const pieces = compareTo
    ? [
        ...named(periodKeys.asked, piecesOf(period, query, metric, calendar, dimensions)),
        ...named(periodKeys.comparedWith, piecesOf(compareTo, query, metric, calendar, dimensions)),
      ]
    : piecesOf(period, query, metric, calendar, dimensions);
  if (pieces.length === 0) return 'none';
  const windows = metric.numerator.measure === 'open' ? lastOfEach(pieces) : joined(pieces);
  if (windows.length > mostWindows || new Set(windows.map(nameOf)).size > mostPieces) return 'tooFine';
  const columns = [...(compareTo ? ['period'] : []), ...dimensions];
  return { period, columns, windows, ...(compareTo ? { compareTo } : {}) };
}

function piecesOf(
  period: ResolvedPeriod,
  query: SemanticQuery,
  metric: Metric,
  calendar: WorkCalendar,
  dimensions: readonly Dimension[],
): QueryWindow[] {
  const shiftIds = shiftsOf(query, calendar);
  const byShift = shiftIds !== undefined || metric.workedTime || dimensions.includes('shift');
  const stretches: (Interval & { shiftId?: string })[] = byShift
    ? shiftWindows(calendar, period.windows, shiftIds)
    : period.windows;
  const grain = dimensions.find(isGrain);
  return stretches.flatMap((stretch) => {
    const cut = grain ? cutWindows(calendar, [stretch], grain, mostWindows) : [{ ...stretch, label: '' }];
    return cut.map(({ start, end, label }) => ({
      start,
      end,
      keys: dimensions.map((dimension) => (isGrain(dimension) ? label : (stretch.shiftId ?? ''))),
    }));
  });
}

/** Narrowed to shifts of which one lies in it, a period is that shift: the late shift of yesterday. */
function oneShiftOf(period: ResolvedPeriod, query: SemanticQuery, calendar: WorkCalendar): ResolvedPeriod {
  const ids = shiftsOf(query, calendar);
  const [shift, ...others] = ids ? shiftWindows(calendar, period.windows, ids) : [];
  if (!shift || others.length > 0) return period;
  const { start, end } = shift;
  return { start, end, windows: [{ start, end }], shifts: [shift] };
}

/** The shifts that a query is narrowed to; undefined for all. */
function shiftsOf({ filters }: SemanticQuery, calendar: WorkCalendar): readonly string[] | undefined {
  const ofShift = filters.filter((filter) => filter.dimension === 'shift');
  if (ofShift.length === 0) return undefined;
  const ids = calendar.shifts.map((shift) => shift.shiftId);
  return ids.filter((id) => ofShift.every(({ op, values }) => values.includes(id) === (op === 'in')));
}

function named(key: string, pieces: readonly QueryWindow[]): QueryWindow[] {
  return pieces.map((piece) => ({ ...piece, keys: [key, ...piece.keys] }));
}

function nameOf(window: QueryWindow): string {
  return JSON.stringify(window.keys);
}

function byName(pieces: readonly QueryWindow[]): QueryWindow[][] {
  const groups = new Map<string, QueryWindow[]>();
  for (const piece of pieces) groups.set(nameOf(piece), [...(groups.get(nameOf(piece)) ?? []), piece]);
  return [...groups.values()];
}

function joined(pieces: readonly QueryWindow[]): QueryWindow[] {
  return byName(pieces).flatMap((group) =>
    mergeIntervals(group).map((window) => ({ ...window, keys: group[0]!.keys })),
  );
}

/** What is open is open at one instant: the last of each name. */
function lastOfEach(pieces: readonly QueryWindow[]): QueryWindow[] {
  return byName(pieces).map((group) => group.reduce((last, piece) => (piece.end > last.end ? piece : last)));
}
