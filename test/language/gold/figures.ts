import type { Verdict } from './verdict.ts';

/** A share with its 95 % interval (Wilson 1927). */
interface Share {
  count: number;
  of: number;
  share: number;
  interval: [number, number];
}

/** Figures of a run. */
export interface AskFigures {
  questions: number;
  /** Of the answerable: answered, rightly or not. */
  coverage: Share;
  /** Of the answered: rightly. */
  accuracy: Share;
  /** Of all questions: answered wrongly, or answered at all where there is no answer. */
  wrong: Share;
  falseRefusals: Share;
  answeredUnanswerable: Share;
  /** Of the refusals that were due: of a fitting type. */
  fittingRefusals: Share;
  p95Milliseconds: number;
}

/** A share of counted cases with its Wilson interval, all rounded to four decimals. */
export function share(count: number, of: number): Share {
  const z = 1.959964;
  const round = (x: number) => Math.round(x * 1e4) / 1e4;
  if (of === 0) return { count, of, share: 0, interval: [0, 1] };
  const p = count / of;
  const centre = p + z ** 2 / (2 * of);
  const half = z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2));
  const whole = 1 + z ** 2 / of;
  return {
    count,
    of,
    share: round(p),
    interval: [round(Math.max(0, (centre - half) / whole)), round(Math.min(1, (centre + half) / whole))],
  };
}

/** The value that a share of some values does not exceed (nearest rank). */
export function nearestRank(values: readonly number[], portion: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(portion * sorted.length) - 1)] ?? NaN;
}

/** Figures of verdicts. */
export function figuresOf(verdicts: readonly Verdict[]): AskFigures {
  const count = (test: (verdict: Verdict) => boolean) => verdicts.filter(test).length;
  const isAnswered = ({ outcome }: Verdict) => outcome === 'right' || outcome === 'wrong';
  const answerable = count(({ isAnswerable }) => isAnswerable);
  const excused = count(({ isAnswerable, outcome }) => isAnswerable && outcome === 'declined');
  const declined = count(({ outcome, isAnswerable }) => outcome === 'declined' && !isAnswerable);
  return {
    questions: verdicts.length,
    coverage: share(
      count((verdict) => verdict.isAnswerable && isAnswered(verdict)),
      answerable - excused,
    ),
    accuracy: share(
      count(({ outcome }) => outcome === 'right'),
      count(isAnswered),
    ),
    wrong: share(
      count(({ outcome }) => outcome === 'wrong'),
      verdicts.length,
    ),
    falseRefusals: share(
      count(({ outcome }) => outcome === 'refused'),
      answerable - excused,
    ),
    answeredUnanswerable: share(
      count(({ outcome, isAnswerable }) => outcome === 'wrong' && !isAnswerable),
      verdicts.length - answerable,
    ),
    fittingRefusals: share(
      count((verdict) => verdict.outcome === 'declined' && !verdict.isAnswerable && verdict.isRefusalFitting),
      declined,
    ),
    p95Milliseconds:
      Math.round(
        nearestRank(
          verdicts.map(({ milliseconds }) => milliseconds),
          0.95,
        ) * 10,
      ) / 10,
  };
}
