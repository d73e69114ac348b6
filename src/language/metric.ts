import { Type, type Static } from 'typebox';
import { compileCheck, MillwrightError } from '../kernel/index.ts';
import { dimensions, kpiView, kpiViews, timeDimensions, type Dimension, type KpiViewName } from './sql/views.ts';

const strict = { additionalProperties: false };

function oneOf<const T extends string>(words: readonly T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: [...words] });
}

/** Languages that questions are understood and answered in. */
export const languages = ['en', 'de'] as const;

/** A language of questions and answers. */
export type Language = (typeof languages)[number];

/** The same text in each language. */
export const LocalText = Type.Object(
  { en: Type.String({ minLength: 1, maxLength: 600 }), de: Type.String({ minLength: 1, maxLength: 600 }) },
  strict,
);

/** A condition: any of the list, in which all columns hold one of their values. */
const Conditions = Type.Array(
  Type.Record(Type.String(), Type.Array(Type.Union([Type.String(), Type.Null()]), { minItems: 1 })),
  { minItems: 1 },
);

/** One sum that a metric is made of. */
export const Part = Type.Object(
  {
    view: oneOf(Object.keys(kpiViews) as KpiViewName[]),
    /**
     * `sum` adds columns; `ideal` adds columns times the routing's seconds per unit; `seconds` adds clipped
     * durations; `starts` counts uninterrupted runs of one reason that begin in the period; `rows` counts records;
     * `open` counts records that had begun and not ended at the period's end; `status` shows the records themselves.
     */
    measure: oneOf(['sum', 'ideal', 'seconds', 'starts', 'rows', 'open', 'status']),
    columns: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    where: Type.Optional(Conditions),
    /** Only records done by their deadline, only those not, or only those done by the period's end. */
    due: Type.Optional(oneOf(['met', 'missed', 'attained'])),
  },
  strict,
);
export type Part = Static<typeof Part>;

/** One KPI: what it is called, what it means, and of which sums it is made. */
export const Metric = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z_]*$', maxLength: 40 }),
    name: LocalText,
    /**
     * Phrases that people use, in plain lower case with umlauts spelt out. A trailing `*` stands for any ending of the
     * word, a lone `*` for a few other words in between, a trailing `?` says that the phrase names the metric only
     * where no other is named.
     */
    synonyms: Type.Object({ en: Type.Array(Type.String()), de: Type.Array(Type.String()) }, strict),
    unit: LocalText,
    /** Which way is better. */
    direction: oneOf(['higher', 'lower', 'neither']),
    definition: LocalText,
    /** Name of the KPI in ISO 22400-2, only where it is that KPI. */
    iso22400: Type.Optional(Type.String()),
    numerator: Part,
    /** Present in a ratio: the value is a ratio of sums, never a mean of ratios. */
    denominator: Type.Optional(Part),
    /** Id of the metric that says the same as a share of the whole: asked for in per cent, a count becomes it. */
    shareMetric: Type.Optional(Type.String()),
    /** Whether the numerator is a share of the denominator and cannot exceed it. */
    share: Type.Boolean(),
    /** Factor from numerator (over denominator) to the unit. */
    scale: Type.Number({ exclusiveMinimum: 0 }),
    dimensions: Type.Array(oneOf(dimensions)),
    /** Sane values, in the unit. */
    bounds: Type.Object({ min: Type.Number(), max: Type.Number() }, strict),
    decimals: Type.Integer({ minimum: 0, maximum: 3 }),
    /** Only worked shifts count. */
    workedTime: Type.Boolean(),
    /** Period assumed when the question names none: the running production day, or the present state. */
    defaultPeriod: oneOf(['today', 'now']),
    /** Numerator used for the present state, where it differs. */
    presentNumerator: Type.Optional(Part),
  },
  strict,
);
export type Metric = Static<typeof Metric>;

/** A KPI catalogue. */
export const Catalogue = Type.Object(
  { version: Type.String({ minLength: 1 }), metrics: Type.Array(Metric, { minItems: 1, maxItems: 200 }) },
  strict,
);
export type Catalogue = Static<typeof Catalogue>;

const check = compileCheck(Catalogue);

/**
 * Promises that a catalogue can be compiled: its form, that metric ids are unique, that parts name only columns
 * their view has, and that a metric's dimensions are in all its views. Throws `MW_CONFIG_INVALID`.
 */
export function checkCatalogue(catalogue: Catalogue): Catalogue {
  const problem = check(catalogue);
  if (problem) throw new MillwrightError('MW_CONFIG_INVALID', { ...problem });
  const seen = new Set<string>();
  for (const [index, metric] of catalogue.metrics.entries()) {
    const pointer = `/metrics/${String(index)}`;
    if (seen.has(metric.id)) fail(`${pointer}/id`, metric.id, 'an id that is used once');
    seen.add(metric.id);
    checkMetric(metric, pointer, catalogue);
  }
  return catalogue;
}

const checkForm = compileCheck(Metric);

/** Promises that one metric of a catalogue can be compiled; throws `MW_CONFIG_INVALID` with a pointer under its own. */
export function checkMetric(metric: Metric, pointer: string, { metrics }: Catalogue): void {
  const problem = checkForm(metric);
  if (problem) throw new MillwrightError('MW_CONFIG_INVALID', { ...problem, pointer: `${pointer}${problem.pointer}` });
  if (metric.shareMetric !== undefined && !metrics.some((other) => other.id === metric.shareMetric))
    fail(`${pointer}/shareMetric`, metric.shareMetric, 'the id of a metric');
  if (metric.bounds.min >= metric.bounds.max)
    fail(`${pointer}/bounds`, `${String(metric.bounds.min)} to ${String(metric.bounds.max)}`, 'min below max');
  for (const name of ['numerator', 'denominator', 'presentNumerator'] as const) {
    const part = metric[name];
    if (part) checkPart(`${pointer}/${name}`, part);
  }
  metric.dimensions.forEach((dimension, index) => {
    if (!supports(metric, dimension))
      fail(`${pointer}/dimensions/${String(index)}`, dimension, 'a dimension of all its views');
  });
}

/** Promises that no phrase of a metric names another one too; throws `MW_CONFIG_INVALID`. */
export function checkPhrases(metric: Metric, pointer: string, { metrics }: Catalogue): void {
  for (const language of languages)
    metric.synonyms[language].forEach((phrase, index) => {
      const other = metrics.find(
        ({ id, synonyms }) => id !== metric.id && languages.some((each) => synonyms[each].includes(phrase)),
      );
      if (other) fail(`${pointer}/synonyms/${language}/${String(index)}`, phrase, `a phrase that is not ${other.id}'s`);
    });
}

/** All sums that a metric is made of. */
export function partsOf(metric: Metric): Part[] {
  const parts = [metric.numerator];
  if (metric.denominator) parts.push(metric.denominator);
  if (metric.presentNumerator) parts.push(metric.presentNumerator);
  return parts;
}

function supports(metric: Metric, dimension: Dimension): boolean {
  if (timeDimensions.includes(dimension)) return true;
  if (dimension === 'duration_min') return !metric.denominator && isOfStops(metric.numerator);
  return partsOf(metric).every((part) => dimension in kpiView(part.view).columns);
}

/** Whether a part looks at stops, each from its beginning to its end. */
export function isOfStops({ view, measure }: Part): boolean {
  return view === 'kpi_state' && (measure === 'seconds' || measure === 'starts');
}

function checkPart(pointer: string, part: Part): void {
  const view = kpiView(part.view);
  const needsColumns = part.measure === 'sum' || part.measure === 'ideal';
  if (needsColumns && !part.columns) fail(pointer, 'no columns', 'columns to add');
  for (const column of part.columns ?? [])
    if (!view.sums.includes(column)) fail(pointer, column, `one of ${view.sums.join(', ')}`);
  for (const column of (part.where ?? []).flatMap((all) => Object.keys(all)))
    if (!view.texts.includes(column)) fail(pointer, column, `one of ${view.texts.join(', ')}`);
  const isInterval = view.time.kind === 'overlaps';
  const needsInterval = part.measure === 'seconds' || part.measure === 'starts' || part.measure === 'open';
  if (needsInterval && !isInterval) fail(pointer, part.view, 'a view of intervals');
  if (part.measure === 'ideal' && part.view !== 'kpi_count') fail(pointer, part.view, 'kpi_count');
  if (part.due && !view.deadline) fail(pointer, part.view, 'a view with deadlines');
  if (part.measure === 'status' && !view.list) fail(pointer, part.view, 'a view whose records can be shown');
}

function fail(pointer: string, found: string, expected: string): never {
  throw new MillwrightError('MW_CONFIG_INVALID', { pointer, found, expected });
}
