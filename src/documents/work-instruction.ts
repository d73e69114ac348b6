import { isoInstant } from '../kernel/index.ts';
import type { JobOrder, MaterialDefinition, PlantModel, ScheduleEntry, WorkRequest } from '../plant/index.ts';
import type { Block, DocumentLocale, DocumentModel, ShownChange, SourcedValue } from './document-model.ts';
import { fill, fillRows, type NamedValues } from './fill.ts';
import type { StagedMove } from './ports.ts';
import { routingOf, type Routing } from './routing.ts';
import { workInstructionTemplates, type WorkInstructionTemplate } from './work-instruction-template.ts';

/** All that a work instruction is made from. */
export interface InstructionFacts {
  model: PlantModel;
  jobOrder: JobOrder;
  workRequest: WorkRequest;
  planId: string;
  /** The signature that made the plan live, where it has one. */
  approvalId?: string;
  /** The job's place in the plan. */
  entry: ScheduleEntry;
  /** Its place in the plan before; absent where it was not planned. */
  previous?: { planId: string; entry: ScheduleEntry };
  /** Material to be moved for this job. */
  staging: readonly StagedMove[];
}

/** Which document is to be built. */
export interface InstructionHeader {
  documentId: string;
  revision: number;
  locale: DocumentLocale;
}

/**
 * The work instruction of one job order as a draft document: template words of the language with values from plant
 * data, each with its source. `MW_JOB_ORDER_UNKNOWN` where the routing or material is missing;
 * `MW_INSTRUCTION_INVALID` where the template names a value that the plant data does not hold.
 */
export function buildWorkInstruction(facts: InstructionFacts, header: InstructionHeader): DocumentModel {
  const template = workInstructionTemplates[header.locale];
  const { model, jobOrder, planId, approvalId } = facts;
  const routing = routingOf(model, jobOrder);
  const values = jobValues(facts, routing);
  const text = (words: string) => fill(words, values, header.documentId);
  const blocks: Block[] = [
    { type: 'title', text: text(template.title.text) },
    { type: 'safety', heading: text(template.safety.heading), text: text(template.safety.text.text) },
    ...changeBlocks(facts, template, text),
    {
      type: 'facts',
      heading: text(template.facts.heading),
      rows: template.facts.rows
        .filter(({ needs }) => needs === undefined || values[needs])
        .map((row) => ({ label: text(row.label), value: text(row.text) })),
    },
    {
      type: 'steps',
      heading: text(template.steps.heading),
      items: template.steps.items
        .filter(({ needs }) => needs === undefined || values[needs])
        .map((step) => text(step.text)),
    },
    ...fillRows(template.materials, usedMaterials(facts, routing), header.documentId),
    ...fillRows(template.staging, facts.staging.map(stagedValues), header.documentId),
  ];
  return {
    ...header,
    kind: 'work-instruction',
    jobOrderId: jobOrder.jobOrderId,
    timeZone: model.calendar.timeZone,
    status: 'draft',
    authorKind: 'template',
    planId,
    ...(approvalId === undefined ? {} : { approvalId }),
    blocks,
  };
}

function changeBlocks(
  { entry, previous }: InstructionFacts,
  { changes }: WorkInstructionTemplate,
  text: (words: string) => (string | SourcedValue)[],
): Block[] {
  const shown = (change: { label: string; before: string; after: string }): ShownChange => ({
    label: text(change.label),
    before: text(change.before),
    after: text(change.after),
  });
  const items: ShownChange[] = [];
  if (!previous) items.push(shown(changes.added));
  else {
    if (previous.entry.equipmentId !== entry.equipmentId) items.push(shown(changes.machine));
    if (previous.entry.start !== entry.start) items.push(shown(changes.start));
  }
  return items.length > 0 ? [{ type: 'changes', heading: text(changes.heading), items }] : [];
}

function jobValues(facts: InstructionFacts, { segment, speed, product, master, segmentKey }: Routing): NamedValues {
  const { model, jobOrder, workRequest, entry, planId, approvalId, previous, staging } = facts;
  const ofJob = row('job_order', jobOrder.jobOrderId);
  const ofRequest = row('work_request', workRequest.workRequestId);
  const ofProduct = row('material_definition', product.materialId);
  const ofMaster = row('work_master', `${master.workMasterId}/${master.version}`);
  const ofSegment = row('process_segment', segmentKey);
  const ofEntry = row('schedule_entry', `${planId}/${entry.jobOrderId}`);
  const run = speed(entry.equipmentId);
  const { qualificationId } = segment;
  return {
    jobOrder: ofJob.text('job_order_id', jobOrder.jobOrderId),
    quantity: ofJob.quantity('quantity', jobOrder.quantity, product.unit),
    goodQuantity:
      jobOrder.goodQuantity > 0 ? ofJob.quantity('good_quantity', jobOrder.goodQuantity, product.unit) : undefined,
    due: ofRequest.instant('due_ms', workRequest.dueAt),
    material: ofProduct.text('material_id', product.materialId),
    materialName: ofProduct.text('name', product.name),
    setupFamily: product.setupFamily === undefined ? undefined : ofProduct.text('setup_family', product.setupFamily),
    workMaster: ofMaster.text('work_master_id', master.workMasterId),
    workMasterVersion: ofMaster.text('version', master.version),
    operation: ofSegment.text('name', segment.name),
    sequence: ofSegment.text('sequence', String(segment.sequence)),
    qualification: qualificationId === undefined ? undefined : ofSegment.text('qualification_id', qualificationId),
    timePerUnit:
      run === undefined
        ? undefined
        : row('segment_equipment', `${segmentKey}/${entry.equipmentId}`).duration('seconds_per_unit', run),
    machine: ofEntry.text('equipment_id', entry.equipmentId),
    person: entry.personId === undefined ? undefined : ofEntry.text('person_id', entry.personId),
    start: ofEntry.instant('start_ms', entry.start),
    end: ofEntry.instant('end_ms', entry.end),
    setup: entry.setupSeconds > 0 ? ofEntry.duration('setup_seconds', entry.setupSeconds) : undefined,
    timeZone: row('plant', model.site).text('time_zone', model.calendar.timeZone),
    plan: row('work_schedule', planId).text('schedule_id', planId),
    approval: approvalId === undefined ? undefined : row('approval', approvalId).text('approval_id', approvalId),
    ...(previous ? previousValues(previous) : {}),
    ...(staging[0] ? stagedValues(staging[0]) : {}),
  };
}

function previousValues({ planId, entry }: { planId: string; entry: ScheduleEntry }): NamedValues {
  const ofEntry = row('schedule_entry', `${planId}/${entry.jobOrderId}`);
  return {
    previousMachine: ofEntry.text('equipment_id', entry.equipmentId),
    previousStart: ofEntry.instant('start_ms', entry.start),
  };
}

function usedMaterials({ model }: InstructionFacts, { segment, segmentKey }: Routing): NamedValues[] {
  const byId = new Map<string, MaterialDefinition>(model.materials.map((m) => [m.materialId, m]));
  return segment.materials.map(({ materialId, quantityPerUnit }) => {
    const material = byId.get(materialId);
    const ofUse = row('segment_material', `${segmentKey}/${materialId}`);
    return {
      usedMaterial: ofUse.text('material_id', materialId),
      usedName: material && row('material_definition', materialId).text('name', material.name),
      usedPerUnit: ofUse.quantity('quantity_per_unit', quantityPerUnit, material?.unit ?? ''),
    };
  });
}

function stagedValues(move: StagedMove): NamedValues {
  const ofMove = row('material_movement', move.stagingId);
  return {
    stagedMaterial: ofMove.text('material_id', move.materialId),
    stagedLot: move.lotId === undefined ? undefined : ofMove.text('lot_id', move.lotId),
    stagedQuantity: ofMove.quantity('quantity', move.quantity, move.unit),
    stagedFrom: ofMove.text('from_location', move.from),
    stagedTo: ofMove.text('to_location', move.to),
    stagedAt: ofMove.instant('need_ms', move.needAt),
  };
}

/** Values of one row of a table. */
function row(table: string, id: string) {
  const source = (field: string) => ({ table, id, field });
  return {
    text: (field: string, value: string): SourcedValue => ({ kind: 'text', value, source: source(field) }),
    quantity: (field: string, value: number, unit: string): SourcedValue => ({
      kind: 'quantity',
      value,
      unit,
      source: source(field),
    }),
    duration: (field: string, value: number): SourcedValue => ({
      kind: 'duration',
      value,
      unit: 's',
      source: source(field),
    }),
    instant: (field: string, value: number): SourcedValue => ({
      kind: 'instant',
      value: isoInstant(value),
      source: source(field),
    }),
  };
}
