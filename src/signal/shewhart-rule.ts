import { subjectMemory, usableNumber, type SignalEvent } from './signal-event.ts';
import type { ValueRule } from './threshold-rule.ts';

/** Expected range of two normal values, in standard deviations (Montgomery, Introduction to Statistical Quality Control, appendix VI). */
const d2 = 1.128;
const leastBaseline = 2;

/** What an individuals chart is made of. */
export interface ShewhartRuleOptions {
  /** Points that give centre and limits. */
  baselineCount: number;
  /**
   * Points in a row on one side of the centre that signal: 9 (Nelson) or 8 (Western Electric). Together with the
   * 3-sigma limits the mean run to a false alarm is 217 points with 9 and 153 with 8 (Champ and Woodall, 1987), against
   * 370 for the limits alone.
   */
  runLength?: 8 | 9;
}

/** Centre and limits of an individuals chart. */
export interface ControlLimits {
  mean: number;
  sigma: number;
  upper: number;
  lower: number;
}

/** An individuals chart by tag. */
export interface ShewhartRule extends ValueRule {
  /** Limits of a tag; undefined until its baseline is complete. */
  limits(tag: string): ControlLimits | undefined;
}

/** Limits from points in order: mean ± 3 sigma, sigma by the mean moving range over d2; undefined without variation. */
export function individualsLimits(points: readonly number[]): ControlLimits | undefined {
  const baseline = openBaseline();
  for (const point of points) baseline.add(point);
  return baseline.limits();
}

function openBaseline() {
  let count = 0;
  let mean = 0;
  let rangeSum = 0;
  let last = 0;
  return {
    get count() {
      return count;
    },
    add(point: number) {
      if (count > 0) rangeSum += Math.abs(point - last);
      last = point;
      count++;
      mean += (point - mean) / count;
    },
    limits(): ControlLimits | undefined {
      const sigma = rangeSum / (count - 1) / d2;
      if (count < leastBaseline || !(sigma > 0)) return undefined;
      return { mean, sigma, upper: mean + 3 * sigma, lower: mean - 3 * sigma };
    },
  };
}

interface TagMemory {
  baseline: ReturnType<typeof openBaseline>;
  limits?: ControlLimits;
  lastMs: number;
  /** Points in a row above (positive) or below (negative) the centre, and when the run began. */
  run: number;
  runStart: number;
  /** The signal that stands. */
  signal?: { rule: 'beyond-3-sigma' | 'run-on-one-side'; start: number };
}

/**
 * Opens an individuals chart with two rules: a point beyond 3 sigma, and a run of points on one side of the centre.
 * The first points give the limits; a signal that does not vary has none, and its baseline goes on until it does. An
 * excursion is reported once when it begins and once when a point is inside again and no run stands.
 */
export function shewhartRule({ baselineCount, runLength = 9 }: ShewhartRuleOptions): ShewhartRule {
  const tags = subjectMemory<TagMemory>(() => ({
    baseline: openBaseline(),
    lastMs: -Infinity,
    run: 0,
    runStart: NaN,
  }));

  function event(
    tag: string,
    signal: NonNullable<TagMemory['signal']>,
    limits: ControlLimits,
    value: number,
  ): SignalEvent {
    return {
      kind: 'quality-drift',
      severity: signal.rule === 'beyond-3-sigma' ? 600 : 400,
      subject: tag,
      start: signal.start,
      evidence: [
        { name: 'rule', value: signal.rule },
        { name: 'value', value },
        { name: 'mean', value: limits.mean },
        { name: 'upper', value: limits.upper },
        { name: 'lower', value: limits.lower },
      ],
    };
  }

  return {
    observe(reading) {
      const value = usableNumber(reading);
      const memory = value === undefined ? undefined : tags.of(reading.tag);
      if (value === undefined || !memory || reading.sourceMs <= memory.lastMs) return [];
      memory.lastMs = reading.sourceMs;
      if (!memory.limits) {
        memory.baseline.add(value);
        const limits = memory.baseline.count >= baselineCount ? memory.baseline.limits() : undefined;
        if (limits) memory.limits = limits;
        return [];
      }
      const { limits } = memory;
      const side = Math.sign(value - limits.mean);
      if (side === 0 || side !== Math.sign(memory.run)) {
        memory.run = 0;
        memory.runStart = reading.sourceMs;
      }
      memory.run += side;
      const beyond = value > limits.upper || value < limits.lower;
      const inRun = Math.abs(memory.run) >= runLength;
      if (memory.signal && !beyond && !inRun) {
        const over = { ...event(reading.tag, memory.signal, limits, value), endedAt: reading.sourceMs };
        delete memory.signal;
        return [over];
      }
      if (memory.signal || (!beyond && !inRun)) return [];
      memory.signal = beyond
        ? { rule: 'beyond-3-sigma', start: reading.sourceMs }
        : { rule: 'run-on-one-side', start: memory.runStart };
      return [event(reading.tag, memory.signal, limits, value)];
    },
    tick: () => [],
    limits: (tag) => tags.of(tag)?.limits,
  };
}
