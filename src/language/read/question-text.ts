import type { Grammar } from './grammar.ts';
import type { Language } from '../metric.ts';
import type { PeriodSpec } from '../time/period.ts';
import type { QueryFilter, SemanticQuery } from '../semantic-query.ts';
import type { Dimension } from '../sql/views.ts';

/**
 * A query as the short question that a person would ask for it, such as "Reject rate on Line 3 last shift by machine":
 * offered as a choice, and read again as the same query.
 */
export function questionText(
  query: SemanticQuery,
  { grammar, language }: { grammar: Grammar; language: Language },
): string {
  const words = phrases[language];
  const names = query.metrics.map((id) => plainName(grammar.metric(id)?.name[language] ?? id));
  const places = query.filters.map((filter) => filterText(filter, grammar, language));
  const groups = query.groupBy.map((dimension) => nouns[dimension]?.[language].one ?? dimension);
  const ranked = query.shape === 'top' ? rankText(query, grammar, language) : undefined;
  return [
    ranked ??
      (query.shape === 'list' && query.metrics[0] !== 'order_status'
        ? `${words.list} ${joined(names, words.and)}`
        : joined(names, words.and)),
    ...places,
    periodText(query.period, grammar, language),
    ...(query.compareTo ? [`${words.against} ${periodText(query.compareTo, grammar, language)}`] : []),
    ...(groups.length > 0 && !ranked && query.compareTo === null && query.shape === 'compare' ? [words.compared] : []),
    ...(groups.length > 0 && !ranked ? [`${words.by} ${joined(groups, words.and)}`] : []),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const phrases = {
  en: { and: 'and', by: 'by', against: 'compared with', compared: 'compared', list: 'list' },
  de: { and: 'und', by: 'nach', against: 'verglichen mit', compared: 'im Vergleich', list: 'Liste' },
} as const;

const nouns: Partial<Record<Dimension, Record<Language, { one: string; many: string }>>> = {
  area: { en: { one: 'area', many: 'areas' }, de: { one: 'Bereich', many: 'Bereiche' } },
  line: { en: { one: 'line', many: 'lines' }, de: { one: 'Linie', many: 'Linien' } },
  machine: { en: { one: 'machine', many: 'machines' }, de: { one: 'Maschine', many: 'Maschinen' } },
  product: { en: { one: 'product', many: 'products' }, de: { one: 'Produkt', many: 'Produkte' } },
  order: { en: { one: 'order', many: 'orders' }, de: { one: 'Auftrag', many: 'Aufträge' } },
  customer: { en: { one: 'customer', many: 'customers' }, de: { one: 'Kunde', many: 'Kunden' } },
  shift: { en: { one: 'shift', many: 'shifts' }, de: { one: 'Schicht', many: 'Schichten' } },
  reason: { en: { one: 'reason', many: 'reasons' }, de: { one: 'Grund', many: 'Gründe' } },
  defect: { en: { one: 'defect', many: 'defects' }, de: { one: 'Fehlerart', many: 'Fehlerarten' } },
  hour: { en: { one: 'hour', many: 'hours' }, de: { one: 'Stunde', many: 'Stunden' } },
  day: { en: { one: 'day', many: 'days' }, de: { one: 'Tag', many: 'Tage' } },
  week: { en: { one: 'week', many: 'weeks' }, de: { one: 'Woche', many: 'Wochen' } },
  month: { en: { one: 'month', many: 'months' }, de: { one: 'Monat', many: 'Monate' } },
};

/** A metric's name without what stands in brackets after it. */
function plainName(name: string): string {
  return name.replace(/\s*\([^)]*\)/g, '').trim();
}

function joined(words: readonly string[], and: string): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)!}`;
}

function rankText({ groupBy, metrics, orderBy, limit }: SemanticQuery, grammar: Grammar, language: Language): string {
  const name = plainName(grammar.metric(metrics[0] ?? '')?.name[language] ?? '');
  const noun = nouns[groupBy[0] ?? 'machine']?.[language];
  const isHigh = orderBy !== 'asc';
  const [one, many] = [noun?.one ?? '', noun?.many ?? ''];
  if (language === 'de') {
    const ranked = `${isHigh ? 'höchsten' : 'niedrigsten'} ${name}`;
    return limit === 1 ? `${one} mit der ${ranked}` : `${String(limit)} ${many} mit der ${ranked}`;
  }
  if (limit === 1) return `which ${one} had the ${isHigh ? 'highest' : 'lowest'} ${name}`;
  return `${isHigh ? 'top' : 'bottom'} ${String(limit)} ${many} by ${name}`;
}

function filterText({ dimension, op, values }: QueryFilter, grammar: Grammar, language: Language): string {
  const words = phrases[language];
  const names = values.map((id) => grammar.lexicon.nameOf(dimension, id, language));
  const things = joined(names, words.and);
  if (op === 'not_in') return `${language === 'de' ? 'außer' : 'except'} ${things}`;
  if (op !== 'in') return boundText(op, values[0] ?? '', language);
  const de = language === 'de';
  switch (dimension) {
    case 'line':
      return `${de ? 'auf' : 'on'} ${things}`;
    case 'machine':
      return `${de ? 'an' : 'on'} ${things}`;
    case 'area':
      return de ? `im Bereich ${things}` : `in the ${things} area`;
    case 'product':
      return `${de ? 'von' : 'of'} ${values.join(` ${words.and} `)}`;
    case 'customer':
      return `${de ? 'für Kunde' : 'for customer'} ${things}`;
    case 'order':
      return `${de ? 'von Auftrag' : 'of order'} ${things}`;
    case 'shift':
      return names.map((name) => (de ? germanShift(name) : `${name.toLowerCase()} shift`)).join(` ${words.and} `);
    case 'reason':
      return `${de ? 'wegen' : 'due to'} ${things}`;
    case 'defect':
      return `${de ? 'mit' : 'with'} ${things}`;
    default:
      return things;
  }
}

function germanShift(name: string): string {
  const german: Record<string, string> = { early: 'Frühschicht', late: 'Spätschicht', night: 'Nachtschicht' };
  return german[name.toLowerCase()] ?? `Schicht ${name}`;
}

function boundText(op: QueryFilter['op'], minutes: string, language: Language): string {
  const isUpper = op === '<' || op === '<=';
  if (language === 'de') return `${isUpper ? 'kürzer' : 'länger'} als ${minutes} Minuten`;
  return `${isUpper ? 'shorter' : 'longer'} than ${minutes} minutes`;
}

const running = {
  en: {
    shift: 'this shift',
    day: 'today',
    week: 'this week',
    month: 'this month',
    quarter: 'this quarter',
    year: 'this year',
  },
  de: {
    shift: 'in der laufenden Schicht',
    day: 'heute',
    week: 'diese Woche',
    month: 'diesen Monat',
    quarter: 'dieses Quartal',
    year: 'dieses Jahr',
  },
} as const;

const last = {
  en: {
    shift: 'last shift',
    day: 'yesterday',
    week: 'last week',
    month: 'last month',
    quarter: 'last quarter',
    year: 'last year',
  },
  de: {
    shift: 'letzte Schicht',
    day: 'gestern',
    week: 'letzte Woche',
    month: 'letzten Monat',
    quarter: 'letztes Quartal',
    year: 'letztes Jahr',
  },
} as const;

const units = {
  en: {
    minute: 'minutes',
    hour: 'hours',
    shift: 'shifts',
    day: 'days',
    week: 'weeks',
    month: 'months',
    quarter: 'quarters',
    year: 'years',
  },
  de: {
    minute: 'Minuten',
    hour: 'Stunden',
    shift: 'Schichten',
    day: 'Tagen',
    week: 'Wochen',
    month: 'Monaten',
    quarter: 'Quartalen',
    year: 'Jahren',
  },
} as const;

function periodText(spec: PeriodSpec, grammar: Grammar, language: Language): string {
  const de = language === 'de';
  const shift = (id: string) =>
    de
      ? germanShift(grammar.lexicon.nameOf('shift', id, language))
      : `${grammar.lexicon.nameOf('shift', id, language).toLowerCase()} shift`;
  switch (spec.kind) {
    case 'now':
      return '';
    case 'unit': {
      const { unit, back } = spec;
      if (back < 2) return back === 0 ? running[language][unit] : last[language][unit];
      return de ? `vor ${String(back)} ${units.de[unit]}` : `${String(back)} ${units.en[unit]} ago`;
    }
    case 'last': {
      const count = String(spec.n);
      const unit = spec.shiftId === undefined ? units[language][spec.unit] : `${shift(spec.shiftId)}${de ? 'en' : 's'}`;
      return de ? `in den letzten ${count} ${unit}` : `in the last ${count} ${unit}`;
    }
    case 'namedShift':
      if (spec.back > 1) return '';
      return spec.back === 0
        ? `${de ? 'laufende' : 'this'} ${shift(spec.shiftId)}`
        : `${de ? 'letzte' : 'last'} ${shift(spec.shiftId)}`;
    case 'latestShift':
      return de ? `in der ${shift(spec.shiftId)}` : `on the ${shift(spec.shiftId)}`;
    case 'dates':
      if (spec.from === spec.to) return `${de ? 'am' : 'on'} ${spec.from}`;
      return de ? `vom ${spec.from} bis ${spec.to}` : `from ${spec.from} to ${spec.to}`;
    case 'since':
      return `${de ? 'seit' : 'since'} ${spec.from}${spec.time === undefined ? '' : ` ${spec.time}`}`;
    case 'clock':
      return de
        ? `am ${spec.date} zwischen ${spec.from} und ${spec.to}`
        : `on ${spec.date} between ${spec.from} and ${spec.to}`;
    case 'before':
      return de ? 'davor' : 'before';
  }
}
