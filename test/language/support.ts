import { northfieldModel } from '../../src/demo/index.ts';
import type { PeriodSpec } from '../../src/language/time/period.ts';
import type { SemanticQuery } from '../../src/language/index.ts';
import { defaultCatalogue } from '../../src/language/index.ts';
import { buildGrammar } from '../../src/language/read/grammar.ts';
import { buildLexicon } from '../../src/language/read/lexicon.ts';
import { readQuestion, type Reading } from '../../src/language/read/parse.ts';
import type { PlantModel } from '../../src/plant/index.ts';

/** Tuesday 24 November 2026, 09:00 in Berlin: the Early shift is running. */
export const now = Date.parse('2026-11-24T08:00:00Z');

export const model: PlantModel = northfieldModel();

export const customers = ['Aqua Systems', 'Borg Pumps', 'Delta Hydraulics'];

export const grammar = buildGrammar(
  defaultCatalogue,
  buildLexicon(model, { customers, orders: ['WO-26001', 'WO-26010', 'WO-26042'] }),
);

/** Reads a question on the demo plant. */
export function read(text: string, language?: string, at = now): Reading {
  return readQuestion(text, { grammar, calendar: model.calendar, now: at, ...(language ? { language } : {}) });
}

/** A reading in one line, so that a table of questions stays readable. */
export function brief({ query, refusal }: Reading): string {
  if (!query) return `refused ${refusal?.type ?? '?'}`;
  const groups = query.groupBy.length > 0 ? ` by ${query.groupBy.join('+')}` : '';
  const compared = query.compareTo ? ` ~${period(query.compareTo)}` : '';
  const filters = query.filters
    .map(
      ({ dimension, op, values }) =>
        ` ${dimension}${op === 'in' ? '=' : op === 'not_in' ? '!=' : op}${values.join(',')}`,
    )
    .join('');
  return `${query.metrics.join('+')}${filters} @${period(query.period)}${compared}${groups}${form(query)}`;
}

function form(query: SemanticQuery): string {
  const shape = query.shape === 'value' ? '' : ` ${query.shape}`;
  return `${shape}${query.orderBy ? ` ${query.orderBy}` : ''}${query.limit < 200 ? ` ${query.limit}` : ''}`;
}

/** A period in one word. */
function period(spec: PeriodSpec): string {
  switch (spec.kind) {
    case 'unit':
      return `${spec.unit}-${spec.back}`;
    case 'last':
      return `last${spec.n}${spec.unit}${spec.shiftId ? `:${spec.shiftId}` : ''}`;
    case 'namedShift':
      return `${spec.shiftId}-${spec.back}`;
    case 'latestShift':
      return `${spec.shiftId}*`;
    case 'dates':
      return spec.from === spec.to ? spec.from : `${spec.from}..${spec.to}`;
    case 'since':
      return `>${spec.from}${spec.time ? `T${spec.time}` : ''}`;
    case 'clock':
      return `${spec.date}T${spec.from}-${spec.to}`;
    default:
      return spec.kind;
  }
}
