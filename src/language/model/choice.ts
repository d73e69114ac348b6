import type { Slot } from '../../llm/index.ts';
import type { Catalogue } from '../metric.ts';
import type { PeriodSpec } from '../time/period.ts';
import type { Shape } from '../semantic-query.ts';
import { dimensionNouns, type Superlative } from '../read/vocabulary.ts';
import type { Dimension } from '../sql/views.ts';

/** Periods that a model may name where the question's own time phrase was not understood. */
export const namedPeriods = {
  today: { kind: 'unit', unit: 'day', back: 0 },
  yesterday: { kind: 'unit', unit: 'day', back: 1 },
  this_shift: { kind: 'unit', unit: 'shift', back: 0 },
  last_shift: { kind: 'unit', unit: 'shift', back: 1 },
  this_week: { kind: 'unit', unit: 'week', back: 0 },
  last_week: { kind: 'unit', unit: 'week', back: 1 },
  this_month: { kind: 'unit', unit: 'month', back: 0 },
  last_month: { kind: 'unit', unit: 'month', back: 1 },
  now: { kind: 'now' },
} as const satisfies Record<string, PeriodSpec>;

/** What a question looks like to a model: plant words and times are placeholders. */
export interface MaskedQuestion {
  text: string;
  /** Placeholder of each thing that was named, with the dimensions that it may belong to. */
  things: ReadonlyMap<string, readonly Dimension[]>;
  /** Placeholder of each time phrase that was understood. */
  times: readonly string[];
}

/** What a model chooses: ids of the catalogue, words of closed lists and placeholders; never a number, a name or SQL. */
export interface ModelChoice {
  /** Whether the question can be put in these terms, with nothing left out that was said. */
  answerable: 'yes' | 'out_of_scope' | 'unclear';
  metrics: string[];
  things: string[];
  period: string;
  compareTo: string;
  groupBy: Dimension[];
  ranking: Superlative | 'none';
  form: Shape;
}

/** Dimensions that have a noun to group by. */
const groups = [...new Set([...dimensionNouns.values()].map(({ dimension }) => dimension))];
const forms: readonly Shape[] = ['value', 'breakdown', 'trend', 'top', 'compare', 'list'];

/** The schema of a choice, its words filled in from the catalogue and the question. */
export function choiceSchema(catalogue: Catalogue, { things, times }: MaskedQuestion): object {
  const oneOf = (words: readonly string[]) => ({ type: 'string', enum: words });
  const listOf = (words: readonly string[]) => ({ type: 'array', items: oneOf(words) });
  const properties = {
    answerable: oneOf(['yes', 'out_of_scope', 'unclear']),
    metrics: listOf(catalogue.metrics.map(({ id }) => id)),
    // An empty list of words would be no schema.
    things: listOf(things.size > 0 ? [...things.keys()] : ['none']),
    period: oneOf([...times, ...Object.keys(namedPeriods), 'not_said']),
    compareTo: oneOf([...times, ...Object.keys(namedPeriods), 'the_period_before', 'nothing']),
    groupBy: listOf(groups),
    ranking: oneOf(['none', 'high', 'low', 'best', 'worst']),
    form: oneOf(forms),
  };
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** What the model is told to do. Ours alone: the catalogue and the question come as data. */
export const choiceInstruction = `You sort questions about a factory's key figures, in English or German, into a fixed form.
You never answer them and never calculate. The data hold the catalogue of key figures (metrics), the question, and what its placeholders stand for.
- answerable: "yes" only if the form expresses everything that the question says; "out_of_scope" if it is not about these key figures; else "unclear".
- metrics: ids of what is asked for, in order; usually one.
- things: every placeholder of a thing that the question is narrowed to.
- period: the placeholder of the time asked for; a named period if the time was not replaced by a placeholder; "not_said" if there is none.
- compareTo: the other period of a comparison, else "nothing".
- groupBy: what there is one value for each of; empty for one number.
- ranking: "high" or "low" (best, worst) if the first or last of a group is asked for.
- form: "value" one number; "breakdown" one per group; "trend" a course over time; "top" a ranking; "compare" two things or periods side by side; "list" the records themselves.`;

/** The catalogue and the question as data. */
export function choiceSlots(catalogue: Catalogue, question: MaskedQuestion): Slot[] {
  const metrics = catalogue.metrics.map(({ id, name, unit, definition, dimensions }) => ({
    id,
    name: [name.en, name.de],
    unit: unit.en,
    definition: definition.en,
    dimensions,
  }));
  const placeholders = Object.fromEntries([
    ...[...question.things].map(([placeholder, dimensions]) => [placeholder, dimensions.join(' or ')]),
    ...question.times.map((placeholder) => [placeholder, 'time']),
  ]) as Record<string, string>;
  return [
    { id: 'catalogue', tells: 'catalogue', text: JSON.stringify({ version: catalogue.version, metrics }) },
    { id: 'placeholders', tells: 'catalogue', text: JSON.stringify(placeholders) },
    { id: 'question', tells: 'catalogue', text: question.text },
  ];
}
