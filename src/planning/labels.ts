import type { PlanKpis } from '../plant/index.ts';
import { detailsOf, nameOf, operationDetail, type LabelDetail, type PlanOutline } from './label-details.ts';
import type { Problem } from './problem.ts';

/** What is special about a plan: a key with parameters for the catalogue, and the English text. */
export interface PlanLabel {
  key: 'doing-nothing' | 'best' | 'trade-off' | 'alike';
  params: Record<string, string | number>;
  /** By name: orders, machines or an operation that tell it from the others. */
  details: readonly LabelDetail[];
  /** All of it. */
  text: string;
}

/** How people speak of a KPI. */
interface Wording {
  kpi: keyof PlanKpis;
  /** 1 where more is better. */
  sign: 1 | -1;
  /** How much it counts beside the others, where it is not 1. */
  weight?: number;
  best: string;
  /** A difference from doing nothing in words, in the KPI's own unit; empty where it is too small to mention. */
  amount: (difference: number, base: number) => string;
  better: (amount: string) => string;
  worse: (amount: string) => string;
}

const hours = (seconds: number) => (seconds >= 180 ? String(Math.round(seconds / 360) / 10) : '');
const whole = (count: number) => (count >= 0.5 ? String(Math.round(count)) : '');
const percent = (share: number) => whole(share * 100);
const some = (amount: string, noun: string) => (amount === '1' ? noun : `${noun}s`);

const wordings: Wording[] = [
  {
    kpi: 'weightedTardinessSeconds',
    sign: -1,
    best: 'Least lateness',
    amount: hours,
    better: (n) => `${n} h less weighted lateness`,
    worse: (n) => `${n} h more weighted lateness`,
  },
  {
    kpi: 'lateOrders',
    sign: -1,
    best: 'Fewest late orders',
    amount: whole,
    better: (n) => `${n} fewer ${some(n, 'late order')}`,
    worse: (n) => `${n} more ${some(n, 'late order')}`,
  },
  {
    kpi: 'changeovers',
    sign: -1,
    best: 'Fewest changeovers',
    amount: whole,
    better: (n) => `${n} fewer ${some(n, 'changeover')}`,
    worse: (n) => `${n} more ${some(n, 'changeover')}`,
  },
  {
    kpi: 'makespanSeconds',
    sign: -1,
    best: 'Done earliest',
    amount: hours,
    better: (n) => `done ${n} h earlier`,
    worse: (n) => `done ${n} h later`,
  },
  {
    kpi: 'workloadImbalance',
    sign: -1,
    best: 'Most even load',
    // Of an even load, percent would say too much.
    amount: (difference, base) => (base >= 0.1 ? percent(difference / base) : ''),
    better: (n) => `load ${n} % more even`,
    worse: (n) => `load ${n} % less even`,
  },
  {
    kpi: 'stability',
    sign: 1,
    weight: 0.7,
    best: 'Most operations stay',
    amount: percent,
    better: (n) => `${n} % more operations stay`,
    worse: (n) => `${n} % of operations move`,
  },
];

/** A plan to be labelled. */
export interface LabelledPlan {
  kpis: PlanKpis;
  outline: PlanOutline;
}

/** So many details at most where plans would read the same. */
const mostDetails = 3;

/**
 * Labels for the plans of a set: what is special about each in KPIs (`labelOf`), and by name the order or machine that
 * the fewest others have in common with it; more of that, and at last an operation, where two would read the same.
 * @param nothing doing nothing, one of them or another plan
 */
export function labelsOf(problem: Problem, plans: readonly LabelledPlan[], nothing: LabelledPlan): PlanLabel[] {
  const known = detailsOf(
    problem,
    plans.map(({ outline }) => outline),
    nothing.outline,
  );
  const used = new Map<string, number>();
  let labels = plans.map((plan, i) => {
    const label = labelOf(plan, plans, nothing);
    if (label.key === 'doing-nothing') return label;
    // Of what the fewest have in common, that which the fewest labels name so far.
    const least = Math.min(...known[i]!.map((detail) => used.get(nameOf(detail)) ?? 0));
    const detail = known[i]!.find((candidate) => (used.get(nameOf(candidate)) ?? 0) === least);
    if (!detail) return label;
    used.set(nameOf(detail), least + 1);
    return withDetails(label, [detail]);
  });
  for (let count = 2; count <= mostDetails; count++)
    labels = labels.map((label, i) => {
      const alike = plans.filter((_, other) => other !== i && labels[other]!.text === label.text);
      if (alike.length === 0 || label.key === 'doing-nothing') return label;
      const next = count < mostDetails ? known[i]!.find((detail) => !label.details.includes(detail)) : undefined;
      const last =
        next ??
        operationDetail(
          problem,
          plans[i]!.outline,
          alike.map(({ outline }) => outline),
        );
      return last ? withDetails(label, [last]) : label;
    });
  return labels;
}

function withDetails(label: PlanLabel, more: readonly LabelDetail[]): PlanLabel {
  const text = [label.text, ...more.map((detail) => detail.text)].join('; ');
  return { ...label, details: [...label.details, ...more], text };
}

/**
 * Says in a few words what is special about a plan: what it alone is best at, else its largest gains against
 * doing nothing, and its price. KPIs are weighed by their spread over all plans, and little where they hardly vary.
 * @param base doing nothing
 */
export function labelOf(
  plan: { kpis: PlanKpis },
  all: readonly { kpis: PlanKpis }[],
  base: { kpis: PlanKpis },
): PlanLabel {
  if (plan === base)
    return { key: 'doing-nothing', params: {}, details: [], text: 'Doing nothing: the live plan goes on' };
  const differences = wordings.flatMap((wording) => {
    const values = all.map(({ kpis }) => kpis[wording.kpi]);
    const spread = Math.max(Math.max(...values) - Math.min(...values), Math.abs(base.kpis[wording.kpi]) * 0.15);
    const gain = wording.sign * (plan.kpis[wording.kpi] - base.kpis[wording.kpi]);
    const amount = wording.amount(Math.abs(gain), base.kpis[wording.kpi]);
    return amount === '' || spread === 0
      ? []
      : [{ wording, gain, amount, weight: ((wording.weight ?? 1) * Math.abs(gain)) / spread }];
  });
  differences.sort((a, b) => b.weight - a.weight);
  const gains = differences.filter(({ gain }) => gain > 0);
  const price = differences.find(({ gain }) => gain < 0);
  const priceParams = price ? { price: price.wording.kpi, priceAmount: price.amount } : {};
  const priceText = price ? `; ${price.wording.worse(price.amount)}` : '';
  const champion = gains.find(({ wording: { kpi, sign } }) =>
    all.every((other) => other === plan || sign * (plan.kpis[kpi] - other.kpis[kpi]) > 0),
  );
  if (champion) {
    const { wording, amount } = champion;
    return {
      key: 'best',
      params: { kpi: wording.kpi, amount, ...priceParams },
      details: [],
      text: `${wording.best}: ${wording.better(amount)} than doing nothing${priceText}`,
    };
  }
  const [first, second] = gains;
  if (!first && !price) return { key: 'alike', params: {}, details: [], text: 'Much like doing nothing' };
  const named = [first, second].filter((gain) => gain !== undefined);
  const gainText = named.map(({ wording, amount }) => wording.better(amount)).join(', ');
  return {
    key: 'trade-off',
    params: {
      ...(first ? { gain: first.wording.kpi, gainAmount: first.amount } : {}),
      ...(second ? { secondGain: second.wording.kpi, secondAmount: second.amount } : {}),
      ...priceParams,
    },
    details: [],
    text: capital(gainText === '' ? priceText.slice(2) : gainText + priceText),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
