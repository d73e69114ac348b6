import type { Random } from '../../../src/kernel/index.ts';
import type { Equipment, Person, PlantModel, ProcessSegment, WorkMaster } from '../../../src/plant/index.ts';

/** Machine classes in the order in which a hall of sixteen is filled. */
const pattern = [
  ...(['mill', 'turn', 'saw', 'assemble', 'mill', 'turn', 'grind', 'wash'] as const),
  ...(['mill', 'turn', 'furnace', 'assemble', 'mill', 'turn', 'grind', 'wash'] as const),
];
type MachineClass = (typeof pattern)[number];

/** Qualification of each class, by hall; washers and furnaces run unattended. */
const skillOf: Record<MachineClass, string | undefined> = {
  mill: 'machining',
  turn: 'machining',
  saw: 'cutting',
  grind: 'cutting',
  assemble: 'assembly',
  wash: undefined,
  furnace: undefined,
};
/** A machine that may not pause over a closed shift. */
const inOnePiece: readonly MachineClass[] = ['wash', 'furnace', 'assemble'];
const linesPerHall = 2;
const families = ['F1', 'F2', 'F3', 'F4', 'F5', 'F6'];

/** A product with what orders need to know of it. */
export interface Product {
  materialId: string;
  /** Made for others to consume; consumes only raw material itself. */
  component: boolean;
  /** Component that its first operation consumes. */
  consumes: string | undefined;
  /** Raw material of its hall. */
  raw: string;
}

/** Master data and what else is drawn with it. */
export interface RichPlant {
  model: PlantModel;
  products: Product[];
}

/** Machines for so many operations: 8 for 100, 22 for 1,000, 99 for 20,000. */
export function machineCount(operations: number): number {
  return Math.max(8, Math.round(0.7 * Math.sqrt(operations)));
}

/** The master data of a rich instance: halls of lines, people, products with routings, setup times. */
export function richPlant(operations: number, random: Random): RichPlant {
  const machines = machineCount(operations);
  const machinesPerLine = machines < pattern.length ? 4 : 8;
  const machinesPerHall = machinesPerLine * linesPerHall;
  const equipment: Equipment[] = [
    { equipmentId: 'ENT', level: 'Enterprise', name: 'Rich' },
    { equipmentId: 'SITE', level: 'Site', parentId: 'ENT', name: 'Rich' },
  ];
  const byHall: { equipmentId: string; machineClass: MachineClass }[][] = [];
  for (let m = 0; m < machines; m++) {
    const line = Math.floor(m / machinesPerLine);
    const hall = Math.floor(line / linesPerHall);
    if (m % machinesPerHall === 0) {
      byHall.push([]);
      equipment.push({ equipmentId: `H${hall + 1}`, level: 'Area', parentId: 'SITE', name: `Hall ${hall + 1}` });
    }
    if (m % machinesPerLine === 0)
      equipment.push({
        equipmentId: `L${line + 1}`,
        level: 'ProductionLine',
        parentId: `H${hall + 1}`,
        name: `Line ${line + 1}`,
      });
    const machineClass = pattern[m % machinesPerHall]!;
    const equipmentId = `M${String(m + 1).padStart(3, '0')}`;
    equipment.push({
      equipmentId,
      level: 'WorkUnit',
      parentId: `L${line + 1}`,
      equipmentClassId: machineClass,
      name: `${machineClass} ${m + 1}`,
    });
    byHall[hall]!.push({ equipmentId, machineClass });
  }
  const products: Product[] = [];
  const workMasters: WorkMaster[] = [];
  // Large halls get more products.
  const places = random.shuffle([...Array(machines).keys()]);
  for (let p = 0; p < Math.max(8, Math.round(1.2 * machines)); p++) {
    const hall = Math.floor(places[p % machines]! / machinesPerHall);
    const materialId = `P${String(p + 1).padStart(3, '0')}`;
    const component = p % 4 === 3;
    const known = products.filter((other) => other.component);
    const consumes = !component && known.length > 0 && random.next() < 0.4 ? random.pick(known).materialId : undefined;
    const product = { materialId, component, consumes, raw: `RAW-H${hall + 1}` };
    products.push(product);
    workMasters.push({
      workMasterId: `W-${materialId}`,
      version: '1',
      materialId,
      segments: routing(product, hall, byHall[hall]!, random),
    });
  }
  const model: PlantModel = {
    enterprise: 'ENT',
    site: 'SITE',
    calendar: {
      timeZone: 'Europe/Berlin',
      shifts: [
        { shiftId: 'early', name: 'Early', start: '06:00', end: '14:00', weekdays: [1, 2, 3, 4, 5, 6] },
        { shiftId: 'late', name: 'Late', start: '14:00', end: '22:00', weekdays: [1, 2, 3, 4, 5] },
        { shiftId: 'night', name: 'Night', start: '22:00', end: '04:30', weekdays: [1, 2, 3, 4] },
      ],
      holidays: ['2026-04-03', '2026-04-06'],
    },
    equipment,
    persons: byHall.flatMap((hall, h) => people(h, hall, random)),
    materials: [
      ...products.map(({ materialId }) => ({
        materialId,
        name: materialId,
        unit: 'pcs',
        setupFamily: random.pick(families),
      })),
      ...byHall.map((_, h) => ({ materialId: `RAW-H${h + 1}`, name: `Raw material ${h + 1}`, unit: 'pcs' })),
    ],
    workMasters,
    setupMatrices: ['mill', 'turn', 'grind', 'assemble'].map((equipmentClassId) => ({
      equipmentClassId,
      defaultSeconds: 1800,
      seconds: Object.fromEntries(
        families.map((from) => [
          from,
          Object.fromEntries(families.map((to) => [to, from === to ? 0 : 600 + 60 * random.int(40)])),
        ]),
      ),
    })),
    transportSeconds: 900,
  };
  return { model, products };
}

/** Three to seven operations; some routings have two branches that meet in an assembly. */
function routing(
  product: Product,
  hall: number,
  machines: readonly { equipmentId: string; machineClass: MachineClass }[],
  random: Random,
): ProcessSegment[] {
  const length = 3 + random.int(5);
  const meeting = random.next() < 0.4 ? 2 + random.int(length - 2) : -1;
  const idOf = (s: number) => `${product.materialId}-${(s + 1) * 10}`;
  return Array.from({ length }, (_, s): ProcessSegment => {
    const machineClass = random.pick(machines).machineClass;
    const able = machines.filter((machine) => machine.machineClass === machineClass);
    const chosen = able.filter(() => random.next() < 0.8);
    const base = 30 + random.int(110);
    // Where branches meet, the operation before it begins a branch of its own.
    const begins = s === 0 || s === meeting - 1;
    const skill = skillOf[machineClass];
    return {
      segmentId: idOf(s),
      sequence: (s + 1) * 10,
      name: machineClass,
      predecessors: begins ? [] : s === meeting ? [idOf(s - 2), idOf(s - 1)] : [idOf(s - 1)],
      equipment: (chosen.length > 0 ? chosen : able).map(({ equipmentId }) => ({
        equipmentId,
        secondsPerUnit: Math.round(base * (0.85 + 0.4 * random.next())),
      })),
      ...(skill === undefined ? {} : { qualificationId: `H${hall + 1}-${skill}` }),
      materials: [
        ...(begins ? [{ materialId: product.raw, quantityPerUnit: 1 }] : []),
        ...(s === 0 && product.consumes !== undefined ? [{ materialId: product.consumes, quantityPerUnit: 1 }] : []),
      ],
      interruptible: !inOnePiece.includes(machineClass) && random.next() < 0.8,
    };
  });
}

/** In each shift three people for four attended machines of a kind; every third has a second qualification. */
function people(hall: number, machines: readonly { machineClass: MachineClass }[], random: Random): Person[] {
  const skills = [...new Set(machines.flatMap(({ machineClass }) => skillOf[machineClass] ?? []))];
  return ['early', 'late', 'night'].flatMap((shiftId) =>
    skills.flatMap((skill) => {
      const attended = machines.filter(({ machineClass }) => skillOf[machineClass] === skill).length;
      return Array.from({ length: Math.ceil(0.75 * attended) }, (_, i): Person => {
        const second = random.next() < 0.35 ? random.pick(skills) : skill;
        return {
          personId: `H${hall + 1}-${shiftId}-${skill}-${i + 1}`,
          qualificationIds: [...new Set([skill, second])].map((name) => `H${hall + 1}-${name}`),
          shiftId,
        };
      });
    }),
  );
}
