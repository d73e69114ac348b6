import type { MaterialDefinition, ProcessSegment, SegmentMaterial, WorkMaster } from '../../plant/index.ts';
import { machineClass, type MachineClass } from './equipment.ts';

/** One step of a routing as it is written down here: machines with the seconds that one part takes on each. */
interface Step {
  name: string;
  machines: Record<string, number>;
  materials?: SegmentMaterial[];
}

/** A product with its demand: orders a week from customers, and the usual quantity of an order. */
export interface Product {
  materialId: string;
  name: string;
  family: string;
  ordersPerWeek: number;
  usualQuantity: number;
  steps: Step[];
}

/** Who must attend a machine class; the others run unattended once they are set up. */
const attendedBy: Partial<Record<MachineClass, string>> = {
  saw: 'sawing',
  mill: 'milling',
  grind: 'grinding',
  deburr: 'finishing',
  press: 'assembly',
  asm: 'assembly',
  test: 'testing',
};

/** A part in a closed chamber or on a test stand is not left over a closed shift. */
const uninterruptible: readonly MachineClass[] = ['wash', 'test'];

const one = (materialId: string, quantityPerUnit = 1): SegmentMaterial => ({ materialId, quantityPerUnit });

/** What Northfield makes. Customers order all of it; pumps take housings, impellers and shafts from stock. */
export const products: readonly Product[] = [
  {
    materialId: 'PH-100',
    name: 'Pump housing 100',
    family: 'housing',
    ordersPerWeek: 8,
    usualQuantity: 50,
    steps: [
      { name: 'Rough machining', machines: { 'CNC-12': 350, 'CNC-13': 380 }, materials: [one('CAST-100')] },
      { name: 'Finish machining', machines: { 'CNC-12': 310, 'CNC-13': 320, 'CNC-31': 340 } },
      { name: 'Deburring', machines: { 'DEBURR-34': 150 } },
      { name: 'Washing', machines: { 'WASH-14': 220, 'WASH-24': 230 } },
      { name: 'Pressure test', machines: { 'TEST-43': 190 } },
    ],
  },
  {
    materialId: 'PH-200',
    name: 'Pump housing 200',
    family: 'housing',
    ordersPerWeek: 6,
    usualQuantity: 40,
    steps: [
      { name: 'Rough machining', machines: { 'CNC-12': 500, 'CNC-13': 520 }, materials: [one('CAST-200')] },
      { name: 'Finish machining', machines: { 'CNC-31': 560, 'CNC-32': 610 } },
      { name: 'Flange milling', machines: { 'MILL-33': 300, 'CNC-13': 390 } },
      { name: 'Deburring', machines: { 'DEBURR-34': 200 } },
      { name: 'Washing', machines: { 'WASH-14': 280, 'WASH-24': 290 } },
      { name: 'Pressure test', machines: { 'TEST-43': 230 } },
      { name: 'Packing', machines: { 'PACK-44': 180 } },
    ],
  },
  {
    materialId: 'IM-50',
    name: 'Impeller 50',
    family: 'impeller',
    ordersPerWeek: 7.2,
    usualQuantity: 50,
    steps: [
      { name: 'Turning', machines: { 'CNC-21': 260, 'CNC-22': 250 }, materials: [one('BRONZE-50')] },
      { name: 'Blade milling', machines: { 'CNC-22': 460, 'CNC-32': 600 } },
      { name: 'Deburring', machines: { 'DEBURR-34': 140 } },
      { name: 'Washing', machines: { 'WASH-24': 190, 'WASH-14': 200 } },
    ],
  },
  {
    materialId: 'IM-80',
    name: 'Impeller 80',
    family: 'impeller',
    ordersPerWeek: 5.4,
    usualQuantity: 40,
    steps: [
      { name: 'Turning', machines: { 'CNC-21': 380, 'CNC-22': 360 }, materials: [one('BRONZE-80')] },
      { name: 'Blade milling', machines: { 'CNC-22': 670, 'CNC-32': 860 } },
      { name: 'Keyway milling', machines: { 'MILL-33': 250, 'CNC-32': 340 } },
      { name: 'Deburring', machines: { 'DEBURR-34': 190 } },
      { name: 'Washing', machines: { 'WASH-24': 230, 'WASH-14': 250 } },
    ],
  },
  {
    materialId: 'SH-20',
    name: 'Shaft 20',
    family: 'shaft',
    ordersPerWeek: 7.5,
    usualQuantity: 60,
    steps: [
      { name: 'Sawing', machines: { 'SAW-11': 265 }, materials: [one('BAR-20', 0.4)] },
      { name: 'Turning', machines: { 'CNC-21': 310, 'CNC-22': 290 } },
      { name: 'Keyway milling', machines: { 'MILL-33': 190, 'CNC-13': 250 } },
      { name: 'Grinding', machines: { 'GRIND-23': 450 } },
      { name: 'Washing', machines: { 'WASH-24': 160, 'WASH-14': 170 } },
    ],
  },
  {
    materialId: 'BR-10',
    name: 'Bracket 10',
    family: 'bracket',
    ordersPerWeek: 7.5,
    usualQuantity: 70,
    steps: [
      { name: 'Sawing', machines: { 'SAW-11': 200 }, materials: [one('PLATE-10', 0.2)] },
      { name: 'Drilling', machines: { 'CNC-31': 250, 'CNC-13': 270 } },
      { name: 'Milling', machines: { 'MILL-33': 210, 'CNC-31': 300 } },
      { name: 'Deburring', machines: { 'DEBURR-34': 110 } },
      { name: 'Washing', machines: { 'WASH-14': 130, 'WASH-24': 130 } },
      { name: 'Packing', machines: { 'PACK-44': 100 } },
    ],
  },
  {
    materialId: 'P-1',
    name: 'Pump 1',
    family: 'pump-1',
    ordersPerWeek: 6.7,
    usualQuantity: 25,
    steps: [
      { name: 'Bearing pressing', machines: { 'PRESS-41': 1050 }, materials: [one('PH-100'), one('BEARING-20', 2)] },
      { name: 'Assembly', machines: { 'ASM-42': 1200 }, materials: [one('IM-50'), one('SH-20'), one('SEAL-KIT')] },
      { name: 'Test run', machines: { 'TEST-43': 530 } },
      { name: 'Packing', machines: { 'PACK-44': 720 } },
    ],
  },
  {
    materialId: 'P-2',
    name: 'Pump 2',
    family: 'pump-2',
    ordersPerWeek: 4.7,
    usualQuantity: 18,
    steps: [
      { name: 'Bearing pressing', machines: { 'PRESS-41': 1580 }, materials: [one('PH-200'), one('BEARING-20', 2)] },
      { name: 'Assembly', machines: { 'ASM-42': 1500 }, materials: [one('IM-80'), one('SH-20'), one('SEAL-KIT')] },
      { name: 'Test run', machines: { 'TEST-43': 660 } },
      { name: 'Packing', machines: { 'PACK-44': 940 } },
    ],
  },
];

/** A bought material. */
interface RawMaterial {
  materialId: string;
  name: string;
  unit: string;
}

/** What Northfield buys. */
const rawMaterials: readonly RawMaterial[] = [
  { materialId: 'CAST-100', name: 'Casting for housing 100', unit: 'pcs' },
  { materialId: 'CAST-200', name: 'Casting for housing 200', unit: 'pcs' },
  { materialId: 'BRONZE-50', name: 'Bronze blank 50', unit: 'pcs' },
  { materialId: 'BRONZE-80', name: 'Bronze blank 80', unit: 'pcs' },
  { materialId: 'BAR-20', name: 'Steel bar 20 mm', unit: 'm' },
  { materialId: 'PLATE-10', name: 'Steel plate 10 mm', unit: 'm' },
  { materialId: 'BEARING-20', name: 'Deep groove ball bearing 6204', unit: 'pcs' },
  { materialId: 'SEAL-KIT', name: 'Mechanical seal kit', unit: 'pcs' },
];

/** Products, components and raw materials. */
export function materials(): MaterialDefinition[] {
  return [
    ...products.map(({ materialId, name, family }) => ({ materialId, name, unit: 'pcs', setupFamily: family })),
    ...rawMaterials.map((material) => ({ ...material })),
  ];
}

/** Product by material id. */
export function productOf(materialId: string): Product | undefined {
  return products.find((product) => product.materialId === materialId);
}

/** Routings of all products; operations 10, 20, 30 … one after the other. */
export function workMasters(): WorkMaster[] {
  return products.map(({ materialId, steps }) => ({
    workMasterId: `WM-${materialId}`,
    version: '1',
    materialId,
    segments: steps.map((step, i): ProcessSegment => {
      const machines = Object.entries(step.machines);
      const kind = machineClass(machines[0]![0]);
      const qualificationId = attendedBy[kind];
      const segmentId = (index: number) => `${materialId}-${String((index + 1) * 10)}`;
      return {
        segmentId: segmentId(i),
        sequence: (i + 1) * 10,
        name: step.name,
        predecessors: i === 0 ? [] : [segmentId(i - 1)],
        equipment: machines.map(([equipmentId, secondsPerUnit]) => ({ equipmentId, secondsPerUnit })),
        ...(qualificationId === undefined ? {} : { qualificationId }),
        materials: step.materials ?? [],
        interruptible: !uninterruptible.includes(kind),
      };
    }),
  }));
}
