/** Levels of the role-based equipment hierarchy (IEC 62264-1) that Millwright uses. */
export type EquipmentLevel = 'Enterprise' | 'Site' | 'Area' | 'ProductionLine' | 'WorkUnit';

/** One node of the equipment tree. A machine is a `WorkUnit` under a `ProductionLine`. */
export interface Equipment {
  equipmentId: string;
  level: EquipmentLevel;
  /** Absent only at the root. */
  parentId?: string;
  /** Class of interchangeable machines, for example `cnc`; setup matrices are per class. */
  equipmentClassId?: string;
  name: string;
  /**
   * A batch machine (furnace, washer) treats so many parts of one setup family at once, in one load; an operation of more
   * parts takes several loads one after the other. Absent: part by part.
   */
  batchCapacity?: number;
}

/** Walks from one piece of equipment to the root, itself first. Unknown ids give an empty list. */
export function ancestry(equipment: readonly Equipment[], equipmentId: string): Equipment[] {
  const byId = new Map(equipment.map((e) => [e.equipmentId, e]));
  const path: Equipment[] = [];
  for (let at = byId.get(equipmentId); at && !path.includes(at); at = byId.get(at.parentId ?? '')) path.push(at);
  return path;
}

/** All machines (work units) at or below one piece of equipment, in the order of the list. */
export function machinesBelow(equipment: readonly Equipment[], equipmentId: string): Equipment[] {
  return equipment.filter(
    (e) => e.level === 'WorkUnit' && ancestry(equipment, e.equipmentId).some((a) => a.equipmentId === equipmentId),
  );
}
