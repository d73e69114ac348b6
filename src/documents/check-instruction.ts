import { textsOf, valuesOf, type DocumentModel, type SourcedValue } from './document-model.ts';
import { markdownText } from './render-markdown.ts';
import { htmlText } from './render-html.ts';
import { shownRuns } from './layout.ts';
import { sourceFacts } from './sources.ts';
import type { InstructionFacts } from './work-instruction.ts';

/** What a check is about; part of the text that people see, so these names stay. */
export type InstructionRule =
  | 'number-without-source'
  | 'placeholder-left'
  | 'source-unknown'
  | 'value-differs'
  | 'unit-missing'
  | 'wrong-job'
  | 'quantity-missing'
  | 'machine-unfit'
  | 'qualification-missing'
  | 'material-unknown'
  | 'rendered-number-differs';

/** One broken rule, with where it is broken. */
export interface InstructionProblem {
  rule: InstructionRule;
  /** JSON pointer into the document, or the place in a rendered text. */
  pointer: string;
  found: string;
  expected: string;
}

/**
 * What is wrong with a work instruction, measured against the plant data that it is about: numbers without a source,
 * values that are not what their source says, a machine, person or material that does not fit. Empty where nothing is.
 */
export function checkInstruction(document: DocumentModel, facts: InstructionFacts): InstructionProblem[] {
  return [...wordProblems(document), ...valueProblems(document, facts), ...jobProblems(document, facts)];
}

/** Numbers of a rendered document (`markdown` or `html`) that are not those of the document, in order. */
export function checkRendered(
  document: DocumentModel,
  form: 'markdown' | 'html',
  rendered: string,
): InstructionProblem[] {
  const expected = shownRuns(document).flatMap((run) => numbersIn(run.text));
  const found = numbersIn(form === 'html' ? htmlText(rendered) : markdownText(rendered));
  const length = Math.max(expected.length, found.length);
  for (let i = 0; i < length; i++)
    if (found[i] !== expected[i])
      return [
        {
          rule: 'rendered-number-differs',
          pointer: `${form} number ${String(i + 1)}`,
          found: found[i] ?? 'nothing',
          expected: expected[i] ?? 'nothing',
        },
      ];
  return [];
}

function numbersIn(text: string): string[] {
  return text.match(/\p{Nd}+(?:[.,:]\p{Nd}+)*/gu) ?? [];
}

function wordProblems(document: DocumentModel): InstructionProblem[] {
  return textsOf(document).flatMap(({ pointer, text }) =>
    text.flatMap((run, i): InstructionProblem[] => {
      if (typeof run !== 'string') return [];
      const at = `${pointer}/${String(i)}`;
      const number = /\p{N}/u.test(run);
      const placeholder = run.includes('{{') || run.includes('}}');
      return [
        ...(number
          ? [{ rule: 'number-without-source' as const, pointer: at, found: run, expected: 'words only' }]
          : []),
        ...(placeholder ? [{ rule: 'placeholder-left' as const, pointer: at, found: run, expected: 'a value' }] : []),
      ];
    }),
  );
}

function valueProblems(document: DocumentModel, facts: InstructionFacts): InstructionProblem[] {
  const factAt = sourceFacts(facts);
  return valuesOf(document).flatMap(({ pointer, value }): InstructionProblem[] => {
    const { source } = value;
    const fact = factAt(source);
    const name = `${source.table} ${source.id} ${source.field}`;
    if (!fact) return [{ rule: 'source-unknown', pointer, found: name, expected: 'a source in the plant data' }];
    const shown = withUnit(value);
    if (shown.unit === '') return [{ rule: 'unit-missing', pointer, found: String(value.value), expected: 'a unit' }];
    if (shown.value === fact.value && shown.unit === fact.unit) return [];
    const text = ({ value: v, unit }: { value: string | number; unit?: string | undefined }) =>
      `${String(v)} ${unit ?? ''}`.trim();
    return [{ rule: 'value-differs', pointer, found: text(shown), expected: text(fact) }];
  });
}

function withUnit(value: SourcedValue): { value: string | number; unit: string | undefined } {
  return { value: value.value, unit: 'unit' in value ? value.unit : undefined };
}

function jobProblems(document: DocumentModel, facts: InstructionFacts): InstructionProblem[] {
  const { model, jobOrder, entry, planId, approvalId } = facts;
  const problems: InstructionProblem[] = [];
  const expect = (rule: InstructionRule, pointer: string, holds: boolean, found: string, expected: string) => {
    if (!holds) problems.push({ rule, pointer, found, expected });
  };
  for (const [field, found, expected] of [
    ['jobOrderId', document.jobOrderId, jobOrder.jobOrderId],
    ['planId', document.planId, planId],
    ['approvalId', document.approvalId ?? 'none', approvalId ?? 'none'],
    ['timeZone', document.timeZone, model.calendar.timeZone],
  ] as const)
    expect('wrong-job', `/${field}`, found === expected, found, expected);

  const values = valuesOf(document).map(({ value }) => value);
  const shows = (table: string, field: string) =>
    values.some(({ source }) => source.table === table && source.field === field);
  expect('quantity-missing', '/blocks', shows('job_order', 'quantity'), 'nothing', String(jobOrder.quantity));

  const segment = model.workMasters
    .find((m) => m.workMasterId === jobOrder.workMasterId && m.version === jobOrder.workMasterVersion)
    ?.segments.find((s) => s.segmentId === jobOrder.segmentId);
  const fit = segment?.equipment.map((e) => e.equipmentId) ?? [];
  const exists = model.equipment.some((e) => e.equipmentId === entry.equipmentId);
  expect('machine-unfit', '/blocks', exists && fit.includes(entry.equipmentId), entry.equipmentId, fit.join(', '));

  const qualificationId = segment?.qualificationId;
  if (qualificationId !== undefined) {
    const qualified = model.persons.filter((p) => p.qualificationIds.includes(qualificationId)).map((p) => p.personId);
    const able = entry.personId === undefined ? qualified.length > 0 : qualified.includes(entry.personId);
    const found = entry.personId ?? 'nobody';
    expect('qualification-missing', '/blocks', able, found, qualificationId);
    expect(
      'qualification-missing',
      '/blocks',
      shows('process_segment', 'qualification_id'),
      'nothing',
      qualificationId,
    );
  }
  const materials = new Set(model.materials.map((m) => m.materialId));
  for (const { materialId } of [...(segment?.materials ?? []), ...facts.staging])
    expect('material-unknown', '/blocks', materials.has(materialId), materialId, 'a material of the plant');
  return problems;
}
