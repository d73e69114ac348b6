import {
  ancestry,
  type Equipment,
  type PlantModel,
  type ProcessSegment,
  type SetupMatrix,
  type WorkMaster,
} from '../../plant/index.ts';
import type { ImportFault } from './fault.ts';
import type { TableRow } from './read-rows.ts';
import { anyFamily, type Tables } from './to-tables.ts';
import { templates, type TableName } from './templates.ts';
import type { EquipmentRow, MasterData, OperationKey, OperationRow } from './rows.ts';

/**
 * Puts master data together from its tables; every table is there, empty or not.
 * @returns the model, or what does not fit together
 */
export function toModel(tables: Tables): { model?: PlantModel; faults: ImportFault[] } {
  const faults = [...brokenReferences(tables), ...brokenRoutings(tables), ...circles(tables)];
  const plant = tables.plant?.[0];
  if (!plant) faults.push({ table: 'plant', line: 1, kind: 'empty-table' });
  if (!plant || faults.length > 0) return { faults };
  const list = <K extends keyof MasterData, T>(table: K, read: (cells: MasterData[K]) => T): T[] =>
    cellsOf(tables, table).map(read);
  const { enterprise, site, time_zone: timeZone, transport_seconds: transportSeconds } = cellsOf(tables, 'plant')[0]!;
  const tools = list('tools', (c) => ({ toolId: c.tool_id, name: c.name ?? c.tool_id, copies: c.copies }));
  const transportTimes = list('transport_times', (c) => ({
    fromLineId: c.from_line_id,
    toLineId: c.to_line_id,
    seconds: c.seconds,
  }));
  return {
    faults,
    model: {
      enterprise,
      site,
      calendar: {
        timeZone,
        shifts: list('shifts', (c) => ({
          shiftId: c.shift_id,
          name: c.name ?? c.shift_id,
          start: c.start_local,
          end: c.end_local,
          weekdays: c.weekdays,
        })),
        holidays: list('holidays', (c) => c.local_date),
      },
      equipment: list('equipment', equipmentOf),
      persons: list('persons', (c) => ({
        personId: c.person_id,
        qualificationIds: c.qualification_ids ?? [],
        ...given({
          shiftId: c.shift_id,
          mostHoursPerDay: c.most_hours_per_day,
          mostHoursPerWeek: c.most_hours_per_week,
        }),
      })),
      materials: list('materials', (c) => ({
        materialId: c.material_id,
        name: c.name ?? c.material_id,
        unit: c.unit ?? 'pcs',
        ...given({ setupFamily: c.setup_family }),
      })),
      workMasters: workMasters(tables),
      setupMatrices: setupMatrices(tables),
      transportSeconds,
      ...(tools.length > 0 ? { tools } : {}),
      ...(transportTimes.length > 0 ? { transportTimes } : {}),
    },
  };
}

function equipmentOf(c: EquipmentRow): Equipment {
  return {
    equipmentId: c.equipment_id,
    level: c.level,
    name: c.name ?? c.equipment_id,
    ...given({ parentId: c.parent_id, equipmentClassId: c.equipment_class_id, batchCapacity: c.batch_capacity }),
  };
}

function workMasters(tables: Tables): WorkMaster[] {
  const equipment = Map.groupBy(cellsOf(tables, 'operation_equipment'), keyOf);
  const materials = Map.groupBy(cellsOf(tables, 'operation_materials'), keyOf);
  const lags = Map.groupBy(cellsOf(tables, 'operation_lags'), keyOf);
  const masters = new Map<string, WorkMaster>();
  for (const operation of cellsOf(tables, 'operations')) {
    const { work_master_id: workMasterId, version, material_id: materialId } = operation;
    const master = masters.get(masterKey(operation)) ?? { workMasterId, version, materialId, segments: [] };
    masters.set(masterKey(operation), master);
    const key = keyOf(operation);
    const followed = (lags.get(key) ?? []).map((lag) => ({
      predecessor: lag.predecessor_id,
      ...given({ minSeconds: lag.min_seconds, maxSeconds: lag.max_seconds, transferQuantity: lag.transfer_quantity }),
    }));
    master.segments.push({
      ...segmentOf(operation),
      equipment: (equipment.get(key) ?? []).map((e) => ({
        equipmentId: e.equipment_id,
        secondsPerUnit: e.seconds_per_unit,
        ...given({ secondsPerBatch: e.seconds_per_batch }),
      })),
      materials: (materials.get(key) ?? []).map((m) => ({
        materialId: m.material_id,
        quantityPerUnit: m.quantity_per_unit,
      })),
      ...(followed.length > 0 ? { lags: followed } : {}),
    });
  }
  for (const master of masters.values()) master.segments.sort((a, b) => a.sequence - b.sequence);
  return [...masters.values()];
}

function segmentOf(c: OperationRow): Omit<ProcessSegment, 'equipment' | 'materials'> {
  return {
    segmentId: c.segment_id,
    sequence: c.sequence,
    name: c.name ?? c.segment_id,
    predecessors: c.predecessors ?? [],
    interruptible: c.interruptible ?? false,
    ...given({
      qualificationId: c.qualification_id,
      afterInterruption: c.after_interruption,
      toolIds: c.tool_ids,
    }),
    ...(c.most_lots === undefined ? {} : { lots: { mostLots: c.most_lots, leastQuantity: c.least_lot_quantity ?? 1 } }),
  };
}

/** The row from any to any family is the class's usual setup time; without one it takes none. */
function setupMatrices(tables: Tables): SetupMatrix[] {
  const matrices = new Map<string, SetupMatrix>();
  for (const row of cellsOf(tables, 'setup_times')) {
    const { equipment_class_id: equipmentClassId, from_family: from, to_family: to, seconds } = row;
    const matrix = matrices.get(equipmentClassId) ?? { equipmentClassId, seconds: {}, defaultSeconds: 0 };
    matrices.set(equipmentClassId, matrix);
    if (from === anyFamily && to === anyFamily) matrix.defaultSeconds = seconds;
    else (matrix.seconds[from] ??= {})[to] = seconds;
  }
  return [...matrices.values()];
}

/** Rows of tables that were given, whose ids no row of the other table has. */
function brokenReferences(tables: Tables): ImportFault[] {
  const known = new Map<TableName, Set<unknown>>();
  const keys = (table: TableName) => {
    const [first] = templates[table].key;
    const set = known.get(table) ?? new Set((tables[table] ?? []).map((row) => row.values[first ?? '']));
    known.set(table, set);
    return set;
  };
  return entriesOf(tables).flatMap(([table, list]) =>
    templates[table].columns.flatMap(({ name, refersTo }) => {
      if (refersTo === undefined) return [];
      const ids = keys(refersTo);
      return list.flatMap(({ line, values }) => {
        const value = values[name];
        const missing = (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(
          (id) => !ids.has(id),
        );
        return missing.map((id) => unknown(table, line, name, String(id), refersTo));
      });
    }),
  );
}

/** Parts of operations that do not exist, operations without a machine, predecessors outside the routing. */
function brokenRoutings(tables: Tables): ImportFault[] {
  const faults: ImportFault[] = [];
  const operations = new Map(cellsOf(tables, 'operations').map((operation) => [keyOf(operation), operation]));
  for (const table of ['operation_equipment', 'operation_materials', 'operation_lags'] as const)
    cellsOf(tables, table).forEach((cells, i) => {
      if (!operations.has(keyOf(cells)))
        faults.push({ table, line: lineOf(tables, table, i), kind: 'segment-unknown', found: shownKey(cells) });
    });
  const able = new Set(cellsOf(tables, 'operation_equipment').map(keyOf));
  const materialOf = new Map<string, string>();
  cellsOf(tables, 'operations').forEach((operation, i) => {
    const at = { table: 'operations', line: lineOf(tables, 'operations', i) } as const;
    const { material_id, predecessors = [], interruptible, after_interruption } = operation;
    if (!able.has(keyOf(operation))) faults.push({ ...at, kind: 'no-machine', found: shownKey(operation) });
    const material = materialOf.get(masterKey(operation)) ?? material_id;
    materialOf.set(masterKey(operation), material);
    if (material !== material_id) faults.push({ ...at, kind: 'two-materials', found: material_id, expected: material });
    for (const predecessor of predecessors)
      if (!operations.has(keyOf({ ...operation, segment_id: predecessor })))
        faults.push(unknown('operations', at.line, 'predecessors', predecessor, 'operations'));
    if (interruptible && (after_interruption ?? 'resume') !== 'resume')
      faults.push({ ...at, column: 'after_interruption', kind: 'impossible' });
  });
  cellsOf(tables, 'operation_lags').forEach((lag, i) => {
    const line = lineOf(tables, 'operation_lags', i);
    const operation = operations.get(keyOf(lag));
    if (operation && !operation.predecessors?.includes(lag.predecessor_id))
      faults.push(unknown('operation_lags', line, 'predecessor_id', lag.predecessor_id, 'operations'));
    if (lag.max_seconds !== undefined && lag.transfer_quantity !== undefined)
      faults.push({ table: 'operation_lags', line, column: 'transfer_quantity', kind: 'impossible' });
  });
  return faults;
}

/** Equipment that is its own ancestor, and operations that wait for themselves. */
function circles(tables: Tables): ImportFault[] {
  const equipment = cellsOf(tables, 'equipment').map(equipmentOf);
  const known = new Set(equipment.map(({ equipmentId }) => equipmentId));
  const faults = equipment.flatMap(({ equipmentId }, i): ImportFault[] => {
    const top = ancestry(equipment, equipmentId).at(-1);
    const loops = top?.parentId !== undefined && known.has(top.parentId);
    return loops
      ? [{ table: 'equipment', line: lineOf(tables, 'equipment', i), kind: 'circle', found: equipmentId }]
      : [];
  });
  const operations = cellsOf(tables, 'operations').map((cells, i) => ({
    cells,
    line: lineOf(tables, 'operations', i),
  }));
  for (const [, own] of Map.groupBy(operations, ({ cells }) => masterKey(cells))) {
    let left = own;
    for (let size = Infinity; left.length > 0 && left.length < size;) {
      size = left.length;
      const open = new Set(left.map(({ cells }) => cells.segment_id));
      left = left.filter(({ cells }) => cells.predecessors?.some((id) => open.has(id)));
    }
    for (const { cells, line } of left)
      faults.push({ table: 'operations', line, kind: 'circle', found: shownKey(cells) });
  }
  return faults;
}

/** The cells of a table that was read by its template. */
function cellsOf<K extends keyof MasterData>(tables: Tables, table: K): MasterData[K][] {
  return (tables[table] ?? []).map(({ values }) => values as unknown as MasterData[K]);
}

function lineOf(tables: Tables, table: TableName, row: number): number {
  return tables[table]?.[row]?.line ?? 0;
}

function entriesOf(tables: Tables): [TableName, TableRow[]][] {
  return Object.entries(tables) as [TableName, TableRow[]][];
}

function masterKey({ work_master_id, version }: OperationKey): string {
  return `${work_master_id}\n${version}`;
}

function keyOf(cells: OperationKey): string {
  return `${masterKey(cells)}\n${cells.segment_id}`;
}

function shownKey(cells: OperationKey): string {
  return keyOf(cells).replaceAll('\n', ' / ');
}

function unknown(table: TableName, line: number, column: string, found: string, expected: string): ImportFault {
  return { table, line, column, kind: 'unknown-reference', found, expected };
}

/** Without what is absent. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
