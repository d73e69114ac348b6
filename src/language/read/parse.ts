import type { WorkCalendar } from '../../plant/index.ts';
import { spellOut } from '../abbreviations.ts';
import { askedPeriod, type AskedPeriod } from '../time/asked-period.ts';
import type { Grammar } from './grammar.ts';
import { readDurations, type DurationBound } from '../time/durations.ts';
import { withoutCourtesies } from './courtesy.ts';
import { intentOf, languageOf } from './intent.ts';
import { dimensionName } from './dimension-names.ts';
import type { Lexicon } from './lexicon.ts';
import { knownNames } from './known-names.ts';
import { linkEntities, unknownName, type Filter, type Linked } from './link.ts';
import type { Language, Metric } from '../metric.ts';
import { isEnumeration, joinsThing } from './enumeration.ts';
import { recognise, type Recognised } from './recognise.ts';
import { refuse, type Refusal } from '../answer/refusal.ts';
import { checkSemanticQuery, mostMetrics, type SemanticQuery, type Shape } from '../semantic-query.ts';
import { mendSpelling, type Correction } from './spelling.ts';
import { readStructure, type Structure } from './structure.ts';
import { readTimes } from '../time/grammar.ts';
import { tokenise } from './tokens.ts';
import { grains, isGrain, kpiView, type Dimension } from '../sql/views.ts';
import { countWords, dimensionNouns, durationWords, isDueWord, listWords, whichWords, whyWords } from './vocabulary.ts';
import { resolvePeriod } from '../time/period.ts';
import { isKnownAhead } from '../sql/windows.ts';
import { normalise } from './words.ts';

/** What was read from a question: a query, or why there is none. */
export interface Reading {
  language: Language;
  query?: SemanticQuery;
  refusal?: Refusal;
  /** Words that were read as others. */
  corrections: Correction[];
  /** The question named no period. */
  periodAssumed: boolean;
  /** Words that nothing explained, where these are why it was refused. */
  unresolved?: readonly string[];
}

/** What a question is read against. */
export interface ReadContext {
  grammar: Grammar;
  calendar: WorkCalendar;
  /** Milliseconds since 1970 UTC. */
  now: number;
  /** Language of the answer; else it is told from the question. */
  language?: string;
}

/** Groups without an explicit number: as many as an answer shows. */
const allGroups = 200;
const usualTop = 5;

/** Plurals of stops that are counted where nothing else is said. */
const pluralStops = new Set(['breakdowns', 'failures', 'stoerungen', 'ausfaelle', 'pannen']);

/** Verbs of a machine that breaks down. */
const failing = new Set(['broke', 'break', 'breaks', 'fail', 'failed', 'fails']);

/** A question's tokens with its time phrases taken out: `⟨t0⟩` stands for the first of `times`, and so on. */
export interface PreparedQuestion {
  /** As it was typed. */
  text: string;
  tokens: readonly string[];
  times: ReturnType<typeof readTimes>['times'];
  /** Bounds on how long a stop lasted. */
  bounds: readonly DurationBound[];
  language: Language;
  corrections: Correction[];
}

/** Mends a question's spelling and takes out its time phrases. */
export function prepareQuestion(text: string, context: ReadContext): PreparedQuestion {
  const { lexicon, known } = context.grammar;
  const plain = spellOut(normalise(text.slice(0, 1000).replace(/[⟨⟩]/g, ' ')));
  const mended = mendSpelling(withoutCourtesies(plain), known);
  const lasting = readDurations(mended.text);
  const timed = readTimes(keepNumbers(lasting.text, lexicon), {
    calendar: context.calendar,
    now: context.now,
    shiftWords: lexicon.shiftWords,
  });
  const language = languageOf(text, mended.text, context.language);
  return {
    text,
    tokens: tokenise(timed.text),
    times: timed.times,
    bounds: lasting.bounds,
    language,
    corrections: mended.corrections,
  };
}

/**
 * Reads a question, deterministically. Every word must be understood, either as metric, thing, time or structure or as
 * one that carries no meaning; else the question is refused by type and never answered in part. Text that looks like
 * SQL or like instructions is only text.
 */
export function readQuestion(text: string, context: ReadContext): Reading {
  return readPrepared(prepareQuestion(text, context), context);
}

/** Reads a question whose times are taken out. */
export function readPrepared(question: PreparedQuestion, context: ReadContext): Reading {
  const { text, tokens, times, bounds, language, corrections } = question;
  const found = recognise(tokens, context.grammar.phrases, context.grammar.lexicon);
  const reading: Reading = { language, corrections, periodAssumed: false };
  const outcome = interpret({ text, found, times, bounds, language, context });
  if ('type' in outcome) {
    const { unresolved, ...refusal } = outcome;
    return { ...reading, refusal, ...(unresolved ? { unresolved } : {}) };
  }
  return { ...reading, query: outcome.query, periodAssumed: outcome.isAssumed };
}

/** The number of `line 4` belongs to the line, whatever stands behind it: in `line 4 October` it is no day. */
function keepNumbers(text: string, lexicon: Lexicon): string {
  return text.replace(/(?<![a-z0-9])([a-z]+) (\d+)(?= )/g, (found, word: string, number: string) =>
    lexicon.find(`${word} ${number}`).length > 0 ? `${word}-${number}` : found,
  );
}

interface Material {
  text: string;
  found: Recognised;
  times: ReturnType<typeof readTimes>['times'];
  bounds: readonly DurationBound[];
  language: Language;
  context: ReadContext;
}

/** A refusal with the words that nothing explained. */
type Unread = Refusal & { unresolved?: readonly string[] };

function interpret(material: Material): Unread | { query: SemanticQuery; isAssumed: boolean } {
  const { found, language, context } = material;
  const { lexicon } = context.grammar;
  const intent = intentOf(found, language, lexicon, material.text);
  if (intent === 'write') return refuse('write_request', 'write', language);
  if (intent === 'people') return refuse('not_permitted', 'people', language);
  if (intent === 'forecast' || (liesAhead(material) && !asksForDueDates(material)))
    return refuse('forecast_not_supported', 'forecast', language);
  const named = chooseMetrics(material);
  if ('type' in named) return named;
  const structure = readStructure(found.tokens, found.used, found.entities, named, lexicon);
  const metrics = named.map((metric) => asShare(metric, structure, context.grammar));
  const linked = linkEntities(found.entities, found.tokens, dimensionsOf(metrics), lexicon, language);
  addDurations(linked, material.bounds, metrics);
  const problem = wordProblem(material, structure) ?? linkProblem(material, metrics, structure, linked);
  if (problem) return problem;
  const shiftFilter = linked.filters.find((filter) => filter.dimension === 'shift' && filter.op === 'in');
  const asked = askedPeriod(found.tokens, material.times, structure, shiftFilter, metrics);
  if (typeof asked === 'string') return periodProblem(asked, language);
  return build(metrics, structure, linked.filters, asked, material);
}

/** Whether a time phrase lies in the future. */
function liesAhead({ times, context: { calendar, now } }: Material): boolean {
  return times.some(
    (time) => time === 'future' || (time !== 'ambiguous' && resolvePeriod(time, calendar, now) === 'future'),
  );
}

/** Orders due tomorrow are known today. */
function asksForDueDates({ found, times, context: { grammar } }: Material): boolean {
  const parts = found.metrics.flatMap(({ metricId }) => grammar.metric(metricId)?.numerator ?? []);
  return !times.includes('future') && parts.length > 0 && parts.every(isKnownAhead) && found.tokens.some(isDueWord);
}

/** Narrows stops to those of a duration; what has no stops cannot be narrowed so. */
function addDurations(linked: Linked, bounds: readonly DurationBound[], metrics: readonly Metric[]): void {
  if (bounds.length > 0 && !dimensionsOf(metrics).includes('duration_min')) linked.unsupported.push('duration_min');
  for (const { op, minutes } of bounds)
    linked.filters.push({ dimension: 'duration_min', op, values: [String(minutes)], isEnumerated: false });
}

/** Dimensions that all of some metrics have. */
function dimensionsOf([first, ...others]: readonly Metric[]): Dimension[] {
  return (first?.dimensions ?? []).filter((d) => others.every((metric) => metric.dimensions.includes(d)));
}

/** The metrics that are named, or the one that a stop's reason or a defect stands for. */
function chooseMetrics(material: Material): Metric[] | Unread {
  const { found, language, context } = material;
  const { grammar } = context;
  const name = (id: string) => grammar.metric(id)?.name[language] ?? id;
  const ids = [...new Set(found.metrics.map(({ metricId }) => metricId))];
  if (
    ids.length > mostMetrics ||
    (ids.length > 1 &&
      !isEnumeration(
        found,
        ids.flatMap((id) => grammar.metric(id) ?? []),
      )) ||
    joinsThing(found)
  )
    return refuse('ambiguous', 'whichMetric', language, [], ids.map(name));
  const metrics = (ids.length > 0 ? ids : [implied(found, material.times)]).flatMap((id) => grammar.metric(id) ?? []);
  const ofStates = grammar.metric('machine_state');
  if (ofStates && isAboutMachines(found, metrics, ofStates)) {
    const isOfPast = found.tokens.some((token) => whyWords.has(token)) && material.times.length > 0;
    return isOfPast ? ['downtime'].flatMap((id) => grammar.metric(id) ?? []) : [ofStates];
  }
  const ofSetups = grammar.metric('setup_time');
  if (ofSetups && metrics.every(({ id }) => id === 'changeover_count') && asksTimeSpent(found)) return [ofSetups];
  const ofDefects = grammar.metric('defect_count');
  if (ofDefects && countsDefects(found, metrics)) return [ofDefects];
  if (metrics.length > 0) return metrics;
  const dimensions = new Set(found.entities.flatMap((entity) => entity.meanings.map((meaning) => meaning.dimension)));
  const [anyMetric] = grammar.catalogue.metrics;
  const structure = readStructure(found.tokens, found.used, found.entities, [anyMetric!], grammar.lexicon);
  const isAboutPlant =
    dimensions.size > 0 ||
    structure.groupBy.length + structure.bareNouns.length > 0 ||
    found.tokens.some((token) => token.startsWith('⟨'));
  if (!isAboutPlant || structure.unresolved.length > 0)
    return {
      ...refuse('out_of_scope', 'outOfScope', language, [], ['oee', 'output', 'reject_rate', 'downtime'].map(name)),
      unresolved: structure.unresolved,
    };
  const fitting = grammar.catalogue.metrics.filter((each) => [...dimensions].every((d) => each.dimensions.includes(d)));
  return refuse(
    'ambiguous',
    'whichMetric',
    language,
    [],
    usualFirst(fitting).map((each) => each.name[language]),
  );
}

function usualFirst(metrics: readonly Metric[]): Metric[] {
  const usual = ['oee', 'output', 'reject_rate', 'downtime', 'stop_count'];
  return [...metrics].sort((a, b) => rank(a) - rank(b)).slice(0, 4);
  function rank(metric: Metric): number {
    return (usual.indexOf(metric.id) + usual.length + 1) % (usual.length + 1);
  }
}

/** `how many breakdowns`, `how long tool changes`, `how many cracks`: the thing counted says the metric. */
function implied(found: Recognised, times: Material['times']): string {
  const { entities, tokens, used } = found;
  if (asksForStates(found, times)) return 'machine_state';
  if (asksForOrder(found)) return 'order_status';
  const dimensions = entities.flatMap((entity) => entity.meanings.map((meaning) => meaning.dimension));
  const says = (words: ReadonlySet<string>) =>
    tokens.some((token, index) => (words === pluralStops || words === failing || !used.has(index)) && words.has(token));
  const namesDefect = tokens.some((token) => dimensionNouns.get(token)?.dimension === 'defect');
  if (dimensions.includes('defect') || namesDefect) return 'defect_count';
  if (tokens.some((token) => token.startsWith('stillstandsgr')))
    return tokens.some((token) => token.startsWith('haeufigst')) ? 'stop_count' : 'downtime';
  if (!dimensions.includes('reason')) return '';
  if (says(durationWords) && !/\bhow many times\b/.test(tokens.join(' '))) return 'downtime';
  const failsMost = tokens.some((token, i) => /^haeufigst/.test(token) || (token === 'most' && says(failing) && i > 0));
  return says(pluralStops) || says(countWords) || failsMost ? 'stop_count' : '';
}

/** `Is WO-26010 finished?` asks for its state. */
function asksForOrder({ entities, tokens }: Recognised): boolean {
  const isOrder = entities.some(({ meanings }) => meanings.some(({ dimension }) => dimension === 'order'));
  const isState = entities.some(({ meanings }) => meanings.some(({ dimension }) => dimension === 'order_state'));
  return isOrder && isState && /^(is|ist|has|hat|was|wurde|are|sind)$/.test(tokens[0] ?? '');
}

/** `Which machines are down right now?`, `Is CNC-22 running?` */
function asksForStates({ entities, tokens }: Recognised, times: Material['times']): boolean {
  const names = (dimension: Dimension) =>
    entities.some((entity) => entity.meanings.some((m) => m.dimension === dimension));
  if (!names('machine_state') || times.some((time) => typeof time === 'string' || time.kind !== 'now')) return false;
  const isMachine = names('machine') || tokens.some((token) => dimensionNouns.get(token)?.dimension === 'machine');
  const isAsking = tokens.some((token) => whichWords.has(token) || listWords.has(token) || countWords.has(token));
  return (
    isMachine && (isAsking || /^(is|are|ist|sind|laeuft|laufen|steht|stehen|show|zeig|zeige)$/.test(tokens[0] ?? ''))
  );
}

/** `rejects by defect`, `parts with scratches`: what is counted by defect are inspections. */
function countsDefects({ entities, tokens, metrics: named }: Recognised, metrics: readonly Metric[]): boolean {
  const [only, ...others] = metrics;
  const isOfParts = only?.id === 'reject_count' || (only?.id === 'output' && named.every(({ isWeak }) => isWeak));
  const isDefect = entities.some(({ meanings }) => meanings.some(({ dimension }) => dimension === 'defect'));
  const isNoun = tokens.some((token) => dimensionNouns.get(token)?.dimension === 'defect');
  return others.length === 0 && isOfParts && (isDefect || isNoun);
}

/** `how long did we spend on changeovers`, `how much time went into setups`. */
function asksTimeSpent({ tokens }: Recognised): boolean {
  const text = tokens.join(' ');
  return (
    /\b(how long|time|hours|minutes|wie lange|zeit|stunden|minuten)\b/.test(text) &&
    /\b(spend|spent|spending|went|lose|lost|needed|verbracht|verloren|gebraucht|aufgewendet|draufgegangen)\b/.test(text)
  );
}

/** `status of CNC-22`: the status of what is no order is that of a machine. */
function isAboutMachines({ entities, tokens }: Recognised, metrics: readonly Metric[], ofStates: Metric): boolean {
  if (tokens.some((token) => /^(weit|far|wo|where)$/.test(token))) return false;
  const isStatus = metrics.length > 0 && metrics.every(({ numerator }) => numerator.measure === 'status');
  const isPlace = (dimension: Dimension) => dimension !== 'machine_state' && ofStates.dimensions.includes(dimension);
  return (
    isStatus && entities.length > 0 && entities.every(({ meanings }) => meanings.every((m) => isPlace(m.dimension)))
  );
}

/** Asked for in per cent, a count becomes the share that belongs to it. */
function asShare(metric: Metric, structure: Structure, grammar: Grammar): Metric {
  return (structure.asksShare ? grammar.metric(metric.shareMetric ?? '') : undefined) ?? metric;
}

function wordProblem({ found, language, context }: Material, structure: Structure): Unread | undefined {
  const [unit] = structure.bareNouns;
  if (structure.unresolved.length > 0) {
    const name = unknownName(found.tokens, structure.unresolved, found.entities, context.grammar, language);
    const { unresolved } = structure;
    if (!name) return { ...refuse('out_of_scope', 'unknownWords', language, [unresolved.join(' ')]), unresolved };
    const all = name.dimension === undefined ? 0 : (context.grammar.lexicon.known.get(name.dimension)?.length ?? 0);
    const known = name.isTie ? '' : knownNames(name.dimension, name.choices, all, language);
    const type = name.isTie ? 'ambiguous' : 'unknown_entity';
    if (known === '') return refuse(type, 'unknownEntity', language, [name.words], name.choices);
    return refuse(type, 'unknownOfKind', language, [name.words, known], name.choices);
  }
  if (unit === undefined) return undefined;
  const { lexicon } = context.grammar;
  const choices = (lexicon.known.get(unit) ?? []).map((id) => lexicon.nameOf(unit, id, language));
  return refuse('ambiguous', 'whichOne', language, [dimensionName(unit, language)], choices);
}

function linkProblem(
  {
    language,
    context: {
      grammar: { lexicon },
    },
  }: Material,
  metrics: readonly Metric[],
  structure: Structure,
  linked: ReturnType<typeof linkEntities>,
): Refusal | undefined {
  if (structure.counted && metrics[0])
    return refuse('out_of_scope', 'unsupportedForm', language, [metrics[0].name[language]]);
  const [ambiguous] = linked.ambiguous;
  if (ambiguous) return refuse('ambiguous', 'whichOne', language, [ambiguous.words], ambiguous.choices);
  for (const metric of metrics)
    for (const filter of linked.filters)
      for (const id of leftOutValues(metric, filter)) {
        const name = lexicon.nameOf(filter.dimension, id, language);
        return refuse('out_of_scope', 'leftOut', language, [metric.name[language], name]);
      }
  for (const metric of metrics) {
    const unsupported = [...linked.unsupported, ...structure.groupBy].find((d) => !metric.dimensions.includes(d));
    if (unsupported === undefined) continue;
    const choices = metric.dimensions.map((dimension) => dimensionName(dimension, language));
    const fill = [metric.name[language], dimensionName(unsupported, language)];
    return refuse('out_of_scope', 'unsupported', language, fill, choices);
  }
  return undefined;
}

/** Values of a filter that the metric's own condition never lets count: its answer would always be zero. */
export function leftOutValues(metric: Metric, { dimension, op, values }: Filter): string[] {
  if (op !== 'in') return [];
  const { view, where } = metric.numerator;
  const column = kpiView(view).columns[dimension];
  if (!where || column === undefined || !where.some((all) => column in all)) return [];
  const counted = where.flatMap((all) => all[column] ?? []);
  const isOpen = where.some((all) => !(column in all));
  return isOpen ? [] : values.filter((value) => !counted.includes(value));
}

function periodProblem(problem: Exclude<ReturnType<typeof askedPeriod>, AskedPeriod>, language: Language): Refusal {
  if (problem === 'future') return refuse('forecast_not_supported', 'forecast', language);
  return refuse('ambiguous', problem === 'ambiguous' ? 'whichPeriod' : 'whatWith', language);
}

function build(
  metrics: readonly Metric[],
  structure: Structure,
  filters: readonly Filter[],
  asked: AskedPeriod,
  { found: { tokens }, language, context }: Material,
): Refusal | { query: SemanticQuery; isAssumed: boolean } {
  const metric = metrics[0]!;
  const named = (id: string) => context.grammar.metric(id)?.name[language];
  const enumerated = filters.find((filter) => filter.isEnumerated)?.dimension;
  const isComparison = asked.compareTo !== null || structure.comparing.length > 0;
  const groupBy = groupsOf(structure, enumerated, asked, metric);
  const comparesMetrics = metrics.length > 1 && asked.compareTo === null && !enumerated;
  if (isComparison && asked.compareTo === null && !enumerated && !comparesMetrics)
    return refuse('ambiguous', 'whatWith', language);
  if (structure.superlative && groupBy.length === 0 && metric.id === 'defect_count') {
    groupBy.push('defect');
    if (/\bhaeufigster?\b/.test(tokens.join(' '))) structure.limit ??= 1;
  }
  if (structure.superlative && groupBy.length === 0) return refuse('ambiguous', 'whichMetric', language);
  const isExtreme = !structure.asksWhich && tokens.some((token) => /^(max|min)(imum|imal|imale|imaler)?$/.test(token));
  if (structure.superlative && (metrics.length > 1 || (isExtreme && groupBy.some(isGrain))))
    return refuse('ambiguous', 'whichMetric', language);
  if (isPresentOnly(metric) && asked.period.kind !== 'now')
    return refuse('out_of_scope', 'unsupportedForm', language, [metric.name[language]]);
  if (isEventOfOrders(metric, filters, asked, tokens))
    return refuse('out_of_scope', 'unsupportedForm', language, [metric.name[language]]);
  if (metric.id === 'output' && groupBy.includes('hour') && !structure.asksTrend && isRatePerHour(tokens, asked))
    return refuse(
      'ambiguous',
      'whichMetric',
      language,
      [],
      ['output', 'throughput'].flatMap((id) => named(id) ?? []),
    );
  const shape = shapeOf(metric, structure, groupBy, isComparison && !comparesMetrics);
  if (shape === 'list' && metrics.length > 1)
    return refuse('out_of_scope', 'unsupportedForm', language, [metric.name[language]]);
  if (groupBy.length > 2 || (shape === 'list' && (groupBy.length > 0 || asked.compareTo)))
    return refuse('out_of_scope', 'unsupportedForm', language, [metric.name[language]]);
  const isOneMachine = isPresentOnly(metric) && !structure.asksWhich && !structure.asksList && !structure.asksCount;
  const isOneOrder = shape === 'list' && filters.some(({ dimension }) => dimension === 'order');
  const isState = ({ dimension }: Filter) =>
    (isOneMachine && dimension === 'machine_state') || (isOneOrder && dimension === 'order_state');
  const query = checkSemanticQuery({
    metrics: metrics.map(({ id }) => id),
    filters: filters
      .filter((filter) => !(filter.dimension === 'shift' && asked.period.kind === 'latestShift') && !isState(filter))
      .map(({ dimension, op, values }) => ({ dimension, op, values })),
    period: asked.period,
    compareTo: asked.compareTo,
    groupBy,
    shape,
    orderBy: orderOf(metric, structure, groupBy),
    limit:
      (shape === 'list' ? undefined : structure.limit) ??
      (structure.superlative && groupBy.length > 0 ? usualTop : allGroups),
    unresolved: [],
  });
  return { query, isAssumed: asked.isAssumed };
}

/** `orders completed last week`: an order's period is that of its due date, not of what happened to it. */
function isEventOfOrders(
  { numerator }: Metric,
  filters: readonly Filter[],
  { period }: AskedPeriod,
  tokens: readonly string[],
): boolean {
  if (numerator.measure !== 'status' || period.kind === 'now' || tokens.some(isDueWord)) return false;
  if (filters.some(({ dimension }) => dimension === 'order')) return false;
  const states = filters.flatMap(({ dimension, values }) => (dimension === 'order_state' ? values : []));
  return states.length > 0 && states.every((state) => /^(Released|Completed|Closed|Cancelled|Aborted)$/.test(state));
}

/** `output per hour last month`: hour by hour over a day, the rate over longer times perhaps. */
function isRatePerHour(tokens: readonly string[], { period }: AskedPeriod): boolean {
  const isPer = tokens.some((token, i) => /^(per|pro|je)$/.test(token) && /^(hour|stunde)$/.test(tokens[i + 1] ?? ''));
  const isShort =
    /^(namedShift|latestShift|clock|since)$/.test(period.kind) ||
    (period.kind === 'unit' && (period.unit === 'day' || period.unit === 'shift')) ||
    (period.kind === 'last' && (period.unit === 'hour' || period.unit === 'shift')) ||
    (period.kind === 'dates' && period.from === period.to);
  return isPer && !isShort;
}

function groupsOf(
  structure: Structure,
  enumerated: Dimension | undefined,
  asked: AskedPeriod,
  metric: Metric,
): Dimension[] {
  const groups = [...structure.groupBy];
  const isSaid =
    (structure.superlative !== undefined && groups.length > 0) ||
    (groups.includes('machine') && (enumerated === 'line' || enumerated === 'area'));
  if (enumerated && !isSaid && !groups.includes(enumerated)) groups.push(enumerated);
  if (structure.asksTrend && !groups.some(isGrain)) groups.push(usualGrain(asked));
  if (isPresentOnly(metric)) return groups.filter((d) => d !== 'machine');
  const isListed = kpiView(metric.numerator.view).list !== undefined && metric.numerator.view === 'kpi_order';
  return isListed && structure.asksWhich ? groups.filter((d) => d !== 'order') : groups;
}

/** A course over a day is shown by the hour, over up to some weeks by the day, over longer times by the week. */
function usualGrain({ period }: AskedPeriod): (typeof grains)[number] {
  if (period.kind === 'unit')
    return period.unit === 'day' || period.unit === 'shift'
      ? 'hour'
      : period.unit === 'year' || period.unit === 'quarter'
        ? 'week'
        : 'day';
  if (period.kind === 'last') return period.unit === 'hour' || period.unit === 'shift' ? 'hour' : 'day';
  return period.kind === 'dates' && period.from !== period.to ? 'day' : period.kind === 'since' ? 'day' : 'hour';
}

/** What is told of the present alone: the states of machines. */
function isPresentOnly({ numerator }: Metric): boolean {
  return numerator.view === 'kpi_state' && numerator.measure === 'open';
}

function shapeOf(metric: Metric, structure: Structure, groupBy: readonly Dimension[], isComparison: boolean): Shape {
  const { numerator } = metric;
  if ((numerator.measure === 'status' || isPresentOnly(metric)) && groupBy.length === 0) return 'list';
  const isOfOrders = numerator.view === 'kpi_order' && numerator.measure === 'rows' && !metric.denominator;
  const showsOrders = isOfOrders && (structure.asksOrders || (structure.asksToSee && !structure.asksCount));
  if (showsOrders && groupBy.length === 0 && !isComparison) return 'list';
  if (structure.asksList && groupBy.length === 0 && kpiView(numerator.view).list) return 'list';
  if (isComparison) return 'compare';
  if (structure.superlative && groupBy.length > 0) return 'top';
  if (groupBy.some(isGrain)) return 'trend';
  return groupBy.length > 0 ? 'breakdown' : 'value';
}

function orderOf(metric: Metric, structure: Structure, groupBy: readonly Dimension[]): 'asc' | 'desc' | null {
  if (groupBy.length === 0) return null;
  if (structure.order) return structure.order;
  const isLowerBetter = metric.direction === 'lower';
  switch (structure.superlative) {
    case 'high':
      return 'desc';
    case 'low':
      return 'asc';
    case 'best':
      return isLowerBetter ? 'asc' : 'desc';
    case 'worst':
      return isLowerBetter ? 'desc' : 'asc';
    default:
      return structure.asksWhich || groupBy.includes('reason') || groupBy.includes('defect') ? 'desc' : null;
  }
}
