import type { Equipment } from '../../plant/index.ts';

/** Classes of Northfield's machines; setup matrices and signals go by class. */
const machineClasses = ['saw', 'cnc', 'mill', 'grind', 'deburr', 'wash', 'press', 'asm', 'test', 'pack'] as const;
export type MachineClass = (typeof machineClasses)[number];

/** Northfield's lines: id, name, area, machines in the order in which they stand. */
export const lines = [
  { lineId: 'line-1', name: 'Line 1', areaId: 'machining', machines: ['SAW-11', 'CNC-12', 'CNC-13', 'WASH-14'] },
  { lineId: 'line-2', name: 'Line 2', areaId: 'machining', machines: ['CNC-21', 'CNC-22', 'GRIND-23', 'WASH-24'] },
  { lineId: 'line-3', name: 'Line 3', areaId: 'machining', machines: ['CNC-31', 'CNC-32', 'MILL-33', 'DEBURR-34'] },
  { lineId: 'line-4', name: 'Line 4', areaId: 'assembly', machines: ['PRESS-41', 'ASM-42', 'TEST-43', 'PACK-44'] },
] as const satisfies { lineId: string; name: string; areaId: string; machines: string[] }[];

/** All machines, line by line. */
export const machineIds: readonly string[] = lines.flatMap((line) => line.machines);

/** Class of a machine, from its number: `CNC-22` is a `cnc`. */
export function machineClass(equipmentId: string): MachineClass {
  const name = equipmentId.split('-')[0]!.toLowerCase();
  return machineClasses.find((candidate) => candidate === name) ?? 'cnc';
}

/** Line on which a machine stands. */
export function lineOf(equipmentId: string): string {
  return lines.find((line) => (line.machines as readonly string[]).includes(equipmentId))?.lineId ?? '';
}

/** Northfield's equipment tree from the enterprise down to the machines. */
export function equipmentTree(): Equipment[] {
  return [
    { equipmentId: 'millwright-demo', level: 'Enterprise', name: 'Millwright Demo' },
    { equipmentId: 'northfield', level: 'Site', parentId: 'millwright-demo', name: 'Northfield' },
    { equipmentId: 'machining', level: 'Area', parentId: 'northfield', name: 'Machining' },
    { equipmentId: 'assembly', level: 'Area', parentId: 'northfield', name: 'Assembly' },
    ...lines.flatMap(({ lineId, name, areaId, machines }): Equipment[] => [
      { equipmentId: lineId, level: 'ProductionLine', parentId: areaId, name },
      ...machines.map((equipmentId): Equipment => ({
        equipmentId,
        level: 'WorkUnit',
        parentId: lineId,
        equipmentClassId: machineClass(equipmentId),
        name: equipmentId,
      })),
    ]),
  ];
}
