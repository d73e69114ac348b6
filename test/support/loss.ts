import assert from 'node:assert/strict';
import type { Gap, Sample } from '../../src/contracts/index.ts';

/** A value that the server took, with its source time in milliseconds. */
export interface Written {
  tag: string;
  value: number;
  sourceMs: number;
}

/** What became of all that was written, proven by the counters in the values. */
export interface LossReport {
  written: number;
  delivered: number;
  /** Written between the first and the last delivered value of the tag, and not delivered. */
  lost: number;
  /** Lost and in no reported gap of the tag: must be none. */
  unreported: Written[];
  /** Delivered more than once. */
  repeated: number;
  /** Delivered after a later value. */
  disordered: number;
  /**
   * Gaps of single tags that were reported, and those of them in which nothing is missing: rightly so where a lost message
   * held values of other tags only, which nobody can know, or where nothing was written in a lapse.
   */
  gaps: number;
  empty: { tag: string; gap: Gap }[];
  /** Values that were delivered although they lie inside a reported gap of their tag: the gap is too wide. */
  inside: { value: Written; gap: Gap }[];
}

/**
 * Holds what a server took against what was delivered and which gaps were reported. Every tag counts up from 1, one
 * value per source time; the value 0 of a server that has just started is left out.
 */
export function judgeLoss(written: readonly Written[], delivered: readonly Sample[], gaps: readonly Gap[]): LossReport {
  const report: LossReport = {
    written: written.length,
    ...{ delivered: 0, lost: 0, unreported: [], repeated: 0, disordered: 0, gaps: 0, empty: [], inside: [] },
  };
  const ofTag = Map.groupBy(delivered, ({ tag }) => tag);
  for (const [tag, values] of Map.groupBy(written, (one) => one.tag)) {
    const arrived = (ofTag.get(tag) ?? []).filter(({ value, quality }) => value !== 0 && quality === 'good');
    const seen = new Set<number>();
    let newest = 0;
    for (const { value } of arrived as { value: number }[]) {
      if (seen.has(value)) report.repeated++;
      else if (value < newest) report.disordered++;
      seen.add(value);
      newest = Math.max(newest, value);
    }
    report.delivered += seen.size;
    const first = Math.min(...seen);
    const missing = values.filter(({ value }) => value > first && value < newest && !seen.has(value));
    report.lost += missing.length;
    const own = gaps
      .filter((gap) => gap.tags.includes(tag))
      .map((gap) => ({ gap, fromMs: Date.parse(gap.from), toMs: Date.parse(gap.to) }));
    report.gaps += own.length;
    for (const one of missing)
      if (!own.some(({ fromMs, toMs }) => fromMs <= one.sourceMs && one.sourceMs <= toMs)) report.unreported.push(one);
    for (const { gap, fromMs, toMs } of own) {
      if (!missing.some(({ sourceMs }) => fromMs <= sourceMs && sourceMs <= toMs)) report.empty.push({ tag, gap });
      for (const value of values)
        if (fromMs < value.sourceMs && value.sourceMs < toMs && seen.has(value.value))
          report.inside.push({ value, gap });
    }
  }
  return report;
}

/** The report in one line, for the record of a long test. */
export function lossLine(report: LossReport): string {
  const { written, delivered, lost, unreported, repeated, disordered, gaps, empty, inside } = report;
  return (
    `${written} written, ${delivered} delivered, ${lost} lost, ${unreported.length} of them unreported, ` +
    `${repeated} repeated, ${disordered} out of order; ${gaps} gaps, ${empty.length} empty, ${inside.length} values inside`
  );
}

/** What is left on the server after the client has closed. */
interface Left {
  sessionsLeft: number;
  subscriptionsLeft: number;
}

/** Every value came exactly once and in order, no gap was reported, and nothing is left on the server. */
export function assertNothingLost(report: LossReport & Left): void {
  const { lost, repeated, disordered, gaps } = report;
  const found = { lost, repeated, disordered, gaps };
  assert.deepEqual(found, { lost: 0, repeated: 0, disordered: 0, gaps: 0 }, lossLine(report));
  assertNothingLeft(report);
}

/** What was lost is what was reported, no less and no more, and nothing is left on the server. */
export function assertExact(report: LossReport & Left): void {
  const { unreported, repeated, disordered, empty, inside } = report;
  const faults = { unreported, repeated, disordered, empty, inside };
  const found = JSON.stringify(faults).slice(0, 1_000);
  assert.ok(
    repeated + disordered + unreported.length + empty.length + inside.length === 0,
    `${lossLine(report)}: ${found}`,
  );
  assertNothingLeft(report);
}

function assertNothingLeft({ sessionsLeft, subscriptionsLeft }: Left): void {
  assert.deepEqual({ sessionsLeft, subscriptionsLeft }, { sessionsLeft: 0, subscriptionsLeft: 0 });
}
