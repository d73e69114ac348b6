import { digestOf } from '../audit/index.ts';
import {
  ancestry,
  checkCalendar,
  type Equipment,
  type Person,
  type PlantModel,
  type ShiftDefinition,
  type Tool,
  type TransportTime,
} from '../plant/index.ts';
import { replaceList } from './master-data.ts';
import { insert, upsert, withoutNulls } from './rows.ts';
import { change, type Session } from './session.ts';
import type { Actor } from './store.ts';
import { loadWorkMasters, saveWorkMasters } from './work-masters.ts';
import { loadSetupMatrices, saveSetupMatrices } from './setup-matrices.ts';

/** Replaces the plant's master data; what is no longer in it gets an end of validity. */
export function savePlantModel(session: Session, model: PlantModel, actor: Actor): void {
  checkCalendar(model.calendar);
  const data = { site: model.site, equipment: model.equipment.length, digest: digestOf(model) };
  change(session, actor, { action: 'plant-model.save', subject: model.site, data }, () => {
    writePlantModel(session, model);
  });
}

/** Writes master data within the caller's transaction; its calendar must have been checked. */
export function writePlantModel(session: Session, model: PlantModel): void {
  upsert(
    session.db,
    'plant',
    { plant_key: 1 },
    {
      enterprise: model.enterprise,
      site: model.site,
      time_zone: model.calendar.timeZone,
      transport_seconds: model.transportSeconds,
    },
  );
  saveCalendar(session, model.calendar);
  saveEquipment(session, model.equipment);
  savePersons(session, model.persons);
  replaceList(
    session,
    'material_definition',
    'material_id',
    model.materials.map((material) => ({
      material_id: material.materialId,
      name: material.name,
      unit: material.unit,
      setup_family: material.setupFamily,
    })),
  );
  replaceList(
    session,
    'tool',
    'tool_id',
    (model.tools ?? []).map(({ toolId, name, copies }) => ({ tool_id: toolId, name, copies })),
  );
  saveTransportTimes(session, model.transportTimes ?? []);
  saveWorkMasters(session, model.workMasters);
  saveSetupMatrices(session, model.setupMatrices);
}

/** The plant's master data as it was given, empty lists of optional kinds left out, or nothing in a new store. */
export function loadPlantModel(session: Session): PlantModel | undefined {
  const { db } = session;
  const plant = db.get<{ enterprise: string; site: string; timeZone: string; transportSeconds: number }>(
    'SELECT enterprise, site, time_zone AS "timeZone", transport_seconds AS "transportSeconds" FROM plant',
  );
  if (!plant) return undefined;
  const transportTimes = loadTransportTimes(session);
  const tools = loadTools(session);
  return {
    enterprise: plant.enterprise,
    site: plant.site,
    calendar: loadCalendar(session, plant.timeZone),
    equipment: loadEquipment(session),
    persons: loadPersons(session),
    materials: db
      .all<{ materialId: string; name: string; unit: string; setupFamily: string | null }>(
        `SELECT material_id AS "materialId", name, unit, setup_family AS "setupFamily" FROM material_definition
         WHERE valid_to_ms IS NULL ORDER BY position`,
      )
      .map(withoutNulls),
    workMasters: loadWorkMasters(session),
    setupMatrices: loadSetupMatrices(session),
    transportSeconds: plant.transportSeconds,
    ...(transportTimes.length > 0 ? { transportTimes } : {}),
    ...(tools.length > 0 ? { tools } : {}),
  };
}

function saveCalendar(session: Session, { shifts, holidays }: PlantModel['calendar']): void {
  replaceList(
    session,
    'work_calendar_shift',
    'shift_id',
    shifts.map((shift) => ({
      shift_id: shift.shiftId,
      name: shift.name,
      start_local: shift.start,
      end_local: shift.end,
      weekdays: JSON.stringify(shift.weekdays),
    })),
  );
  session.db.run('DELETE FROM work_calendar_holiday');
  [...new Set(holidays)].forEach((local_date, position) => {
    insert(session.db, 'work_calendar_holiday', { local_date, position });
  });
}

function loadCalendar({ db }: Session, timeZone: string): PlantModel['calendar'] {
  const shifts = db.all<Omit<ShiftDefinition, 'weekdays'> & { weekdays: string }>(
    `SELECT shift_id AS "shiftId", name, start_local AS start, end_local AS end, weekdays FROM work_calendar_shift
     WHERE valid_to_ms IS NULL ORDER BY position`,
  );
  return {
    timeZone,
    shifts: shifts.map((shift) => ({ ...shift, weekdays: JSON.parse(shift.weekdays) as number[] })),
    holidays: db
      .all<{ date: string }>('SELECT local_date AS date FROM work_calendar_holiday ORDER BY position')
      .map(({ date }) => date),
  };
}

function saveEquipment(session: Session, equipment: readonly Equipment[]): void {
  replaceList(
    session,
    'equipment',
    'equipment_id',
    equipment.map((item) => {
      const above = ancestry(equipment, item.equipmentId);
      return {
        equipment_id: item.equipmentId,
        parent_id: item.parentId,
        level: item.level,
        equipment_class_id: item.equipmentClassId,
        name: item.name,
        batch_capacity: item.batchCapacity,
        line_id: above.find((e) => e.level === 'ProductionLine')?.equipmentId,
        area_id: above.find((e) => e.level === 'Area')?.equipmentId,
      };
    }),
  );
}

function loadEquipment({ db }: Session): Equipment[] {
  const rows = db.all<{
    equipmentId: string;
    level: Equipment['level'];
    parentId: string | null;
    equipmentClassId: string | null;
    name: string;
    batchCapacity: number | null;
  }>(
    `SELECT equipment_id AS "equipmentId", level, parent_id AS "parentId", equipment_class_id AS "equipmentClassId", name,
       batch_capacity AS "batchCapacity"
     FROM equipment WHERE valid_to_ms IS NULL ORDER BY position`,
  );
  return rows.map(withoutNulls);
}

function saveTransportTimes({ db }: Session, times: readonly TransportTime[]): void {
  db.run('DELETE FROM transport_time');
  times.forEach(({ fromLineId, toLineId, seconds }, position) => {
    insert(db, 'transport_time', { from_line_id: fromLineId, to_line_id: toLineId, seconds, position });
  });
}

function loadTransportTimes({ db }: Session): TransportTime[] {
  return db.all<TransportTime>(
    `SELECT from_line_id AS "fromLineId", to_line_id AS "toLineId", seconds FROM transport_time ORDER BY position`,
  );
}

function loadTools({ db }: Session): Tool[] {
  return db.all<Tool>(`SELECT tool_id AS "toolId", name, copies FROM tool WHERE valid_to_ms IS NULL ORDER BY position`);
}

function savePersons(session: Session, persons: readonly Person[]): void {
  const { db } = session;
  replaceList(
    session,
    'person',
    'person_id',
    persons.map(({ personId, shiftId, mostHoursPerDay, mostHoursPerWeek }) => ({
      person_id: personId,
      shift_id: shiftId,
      most_hours_per_day: mostHoursPerDay,
      most_hours_per_week: mostHoursPerWeek,
    })),
  );
  db.run('DELETE FROM qualification');
  for (const { personId, qualificationIds } of persons)
    [...new Set(qualificationIds)].forEach((qualification_id, position) => {
      insert(db, 'qualification', { person_id: personId, qualification_id, position });
    });
}

function loadPersons({ db }: Session): Person[] {
  const rows = db.all<{
    personId: string;
    shiftId: string | null;
    mostHoursPerDay: number | null;
    mostHoursPerWeek: number | null;
  }>(
    `SELECT person_id AS "personId", shift_id AS "shiftId", most_hours_per_day AS "mostHoursPerDay",
       most_hours_per_week AS "mostHoursPerWeek"
     FROM person WHERE valid_to_ms IS NULL ORDER BY position`,
  );
  const qualified = db.all<{ personId: string; id: string }>(
    `SELECT person_id AS "personId", qualification_id AS id FROM qualification ORDER BY person_id, position`,
  );
  const of = Map.groupBy(qualified, ({ personId }) => personId);
  return rows.map((row) => ({
    ...withoutNulls(row),
    qualificationIds: of.get(row.personId)?.map(({ id }) => id) ?? [],
  }));
}
