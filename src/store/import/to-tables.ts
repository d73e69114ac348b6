import type { PlantModel, ProcessSegment } from '../../plant/index.ts';
import type { CellValue } from './cells.ts';
import type { TableRow } from './read-rows.ts';
import type { TableName } from './templates.ts';

/** Rows by table; a table that nobody has given is absent. */
export type Tables = Partial<Record<TableName, TableRow[]>>;

/** Any other family, in the table of setup times. */
export const anyFamily = '*';

/** A plant's master data as tables, the reverse of `toModel`. */
export function toTables(model: PlantModel): Tables {
  const { calendar } = model;
  const segments = model.workMasters.flatMap((master) =>
    master.segments.map((segment) => ({
      master,
      segment,
      key: { work_master_id: master.workMasterId, version: master.version, segment_id: segment.segmentId },
    })),
  );
  return {
    plant: rows([
      {
        enterprise: model.enterprise,
        site: model.site,
        time_zone: calendar.timeZone,
        transport_seconds: model.transportSeconds,
      },
    ]),
    shifts: rows(
      calendar.shifts.map(({ shiftId, name, start, end, weekdays }) => ({
        shift_id: shiftId,
        name,
        start_local: start,
        end_local: end,
        weekdays: [...weekdays].sort(),
      })),
    ),
    holidays: rows(calendar.holidays.map((local_date) => ({ local_date }))),
    equipment: rows(
      model.equipment.map((e) => ({
        equipment_id: e.equipmentId,
        level: e.level,
        parent_id: e.parentId,
        equipment_class_id: e.equipmentClassId,
        name: e.name,
        batch_capacity: e.batchCapacity,
      })),
    ),
    persons: rows(
      model.persons.map((person) => ({
        person_id: person.personId,
        shift_id: person.shiftId,
        qualification_ids: person.qualificationIds,
        most_hours_per_day: person.mostHoursPerDay,
        most_hours_per_week: person.mostHoursPerWeek,
      })),
    ),
    tools: rows((model.tools ?? []).map(({ toolId, name, copies }) => ({ tool_id: toolId, name, copies }))),
    materials: rows(
      model.materials.map(({ materialId, name, unit, setupFamily }) => ({
        material_id: materialId,
        name,
        unit,
        setup_family: setupFamily,
      })),
    ),
    operations: rows(
      segments.map(({ master, segment, key }) => ({
        ...key,
        material_id: master.materialId,
        ...operationColumns(segment),
      })),
    ),
    operation_equipment: rows(
      segments.flatMap(({ segment, key }) =>
        segment.equipment.map((e) => ({
          ...key,
          equipment_id: e.equipmentId,
          seconds_per_unit: e.secondsPerUnit,
          seconds_per_batch: e.secondsPerBatch,
        })),
      ),
    ),
    operation_materials: rows(
      segments.flatMap(({ segment, key }) =>
        segment.materials.map((m) => ({ ...key, material_id: m.materialId, quantity_per_unit: m.quantityPerUnit })),
      ),
    ),
    operation_lags: rows(
      segments.flatMap(({ segment, key }) =>
        (segment.lags ?? []).map((lag) => ({
          ...key,
          predecessor_id: lag.predecessor,
          min_seconds: lag.minSeconds,
          max_seconds: lag.maxSeconds,
          transfer_quantity: lag.transferQuantity,
        })),
      ),
    ),
    setup_times: rows(
      model.setupMatrices.flatMap(({ equipmentClassId, seconds, defaultSeconds }) => [
        { equipment_class_id: equipmentClassId, from_family: anyFamily, to_family: anyFamily, seconds: defaultSeconds },
        ...Object.entries(seconds).flatMap(([from, targets]) =>
          Object.entries(targets).map(([to, value]) => ({
            equipment_class_id: equipmentClassId,
            from_family: from,
            to_family: to,
            seconds: value,
          })),
        ),
      ]),
    ),
    transport_times: rows(
      (model.transportTimes ?? []).map(({ fromLineId, toLineId, seconds }) => ({
        from_line_id: fromLineId,
        to_line_id: toLineId,
        seconds,
      })),
    ),
  };
}

function operationColumns(segment: ProcessSegment) {
  return {
    sequence: segment.sequence,
    name: segment.name,
    predecessors: segment.predecessors,
    qualification_id: segment.qualificationId,
    tool_ids: segment.toolIds,
    interruptible: segment.interruptible,
    after_interruption: segment.afterInterruption,
    most_lots: segment.lots?.mostLots,
    least_lot_quantity: segment.lots?.leastQuantity,
  };
}

/** Rows as they would be read: what is absent or an empty list is no cell. */
function rows(list: readonly Record<string, CellValue | undefined>[]): TableRow[] {
  return list.map((values) => ({
    line: 0,
    values: Object.fromEntries(
      Object.entries(values).filter(
        ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
      ),
    ),
  }));
}
