import { isoInstant } from '../kernel/index.ts';
import type { ScheduleEntry } from '../plant/index.ts';
import type { ValueSource } from './document-model.ts';
import type { InstructionFacts } from './work-instruction.ts';

/** What a source says: the value as documents carry it, with its unit where it has one. */
export interface SourceFact {
  value: string | number;
  unit?: string;
}

/**
 * What the plant data says at each source that an instruction may name. Written out table by table, apart from the
 * code that builds documents, so that checking finds what building got wrong.
 */
export function sourceFacts(facts: InstructionFacts): (source: ValueSource) => SourceFact | undefined {
  const known = new Map<string, SourceFact>();
  const put = (table: string, id: string, fields: Record<string, SourceFact | string | undefined>) => {
    for (const [field, fact] of Object.entries(fields))
      if (fact !== undefined) known.set(keyOf({ table, id, field }), typeof fact === 'string' ? { value: fact } : fact);
  };
  putMasterData(facts, put);
  putJob(facts, put);
  putEntry(facts.planId, facts.entry, put);
  if (facts.previous) putEntry(facts.previous.planId, facts.previous.entry, put);
  for (const move of facts.staging)
    put('material_movement', move.stagingId, {
      material_id: move.materialId,
      lot_id: move.lotId,
      quantity: { value: move.quantity, unit: move.unit },
      from_location: move.from,
      to_location: move.to,
      need_ms: isoInstant(move.needAt),
    });
  put('work_schedule', facts.planId, { schedule_id: facts.planId });
  if (facts.approvalId !== undefined) put('approval', facts.approvalId, { approval_id: facts.approvalId });
  return (source) => known.get(keyOf(source));
}

type Put = (table: string, id: string, fields: Record<string, SourceFact | string | undefined>) => void;

function putMasterData({ model }: InstructionFacts, put: Put): void {
  const unitOf = new Map(model.materials.map(({ materialId, unit }) => [materialId, unit]));
  put('plant', model.site, { time_zone: model.calendar.timeZone });
  for (const { materialId, name, unit, setupFamily } of model.materials)
    put('material_definition', materialId, { material_id: materialId, name, unit, setup_family: setupFamily });
  for (const { workMasterId, version, segments } of model.workMasters) {
    const masterKey = `${workMasterId}/${version}`;
    put('work_master', masterKey, { work_master_id: workMasterId, version });
    for (const segment of segments) {
      const key = `${masterKey}/${segment.segmentId}`;
      const { name, sequence, qualificationId } = segment;
      put('process_segment', key, { name, sequence: String(sequence), qualification_id: qualificationId });
      for (const { equipmentId, secondsPerUnit } of segment.equipment)
        put('segment_equipment', `${key}/${equipmentId}`, { seconds_per_unit: seconds(secondsPerUnit) });
      for (const { materialId, quantityPerUnit } of segment.materials) {
        const unit = unitOf.get(materialId);
        const quantity = { value: quantityPerUnit, ...(unit === undefined ? {} : { unit }) };
        put('segment_material', `${key}/${materialId}`, { material_id: materialId, quantity_per_unit: quantity });
      }
    }
  }
}

function putJob({ model, jobOrder, workRequest }: InstructionFacts, put: Put): void {
  const { jobOrderId, quantity, goodQuantity, workMasterId, workMasterVersion } = jobOrder;
  const master = model.workMasters.find((m) => m.workMasterId === workMasterId && m.version === workMasterVersion);
  const unit = model.materials.find((m) => m.materialId === master?.materialId)?.unit ?? '';
  put('job_order', jobOrderId, {
    job_order_id: jobOrderId,
    quantity: { value: quantity, unit },
    good_quantity: { value: goodQuantity, unit },
  });
  put('work_request', workRequest.workRequestId, { due_ms: isoInstant(workRequest.dueAt) });
}

function putEntry(planId: string, entry: ScheduleEntry, put: Put): void {
  put('schedule_entry', `${planId}/${entry.jobOrderId}`, {
    equipment_id: entry.equipmentId,
    person_id: entry.personId,
    start_ms: isoInstant(entry.start),
    end_ms: isoInstant(entry.end),
    setup_seconds: seconds(entry.setupSeconds),
  });
}

function seconds(value: number): SourceFact {
  return { value, unit: 's' };
}

function keyOf({ table, id, field }: ValueSource): string {
  return JSON.stringify([table, id, field]);
}
