import type { Calibration, CalibrationProposal } from '../../src/contracts/index.ts';
import { isoInstant } from '../../src/kernel/index.ts';
import type { CalibrationReport } from '../../src/scenarios/index.ts';
import { subjectKey } from '../../src/twin/index.ts';

const longest = 100;

/** A report as its contract has it: what differs only, and no more than a message may carry. */
export function calibrationPayload({ proposals, drift, ...report }: CalibrationReport): Calibration {
  const count = (verdict: CalibrationProposal['verdict']) => proposals.filter((p) => p.verdict === verdict).length;
  return {
    at: isoInstant(report.at),
    from: isoInstant(report.from),
    to: isoInstant(report.to),
    driftFrom: isoInstant(report.driftFrom),
    counts: { differs: count('differs'), agrees: count('agrees'), tooFew: count('too-few') },
    proposals: proposalsPayload(proposals)
      .filter(({ verdict }) => verdict === 'differs')
      .slice(0, longest),
    drift: { ...drift, drifts: drift.drifts.slice(0, longest) },
  };
}

/** All proposals of a report, those with most times first. */
export function proposalsPayload(proposals: CalibrationReport['proposals']): CalibrationProposal[] {
  return [...proposals]
    .sort((a, b) => b.count - a.count)
    .map(({ subject, verdict, current, count, fitted }) => ({
      ...{ key: subjectKey(subject), subject, verdict, current, count },
      ...(fitted
        ? {
            fitted: {
              mean: fitted.mean.value,
              low: fitted.mean.low,
              high: Number.isFinite(fitted.mean.high) ? fitted.mean.high : null,
              family: fitted.law.family,
              pValue: fitted.pValue,
              best: fitted.best,
            },
          }
        : {}),
    }));
}
