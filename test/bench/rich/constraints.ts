import { seededRandom, type Random } from '../../../src/kernel/index.ts';
import {
  ancestry,
  type PlantModel,
  type ProcessSegment,
  type SegmentLag,
  type Tool,
  type WorkMaster,
} from '../../../src/plant/index.ts';

const hour = 3600;
const fixtured: readonly string[] = ['mill', 'turn'];
const batched: readonly string[] = ['wash', 'furnace'];

/**
 * What a plant has beyond machines, shifts, people and materials: by constraint, what it adds to the master data. Each
 * draws its own random numbers, so that a plant without one of them is otherwise the same.
 */
const constraints = {
  tools,
  lags,
  overlap,
  batches,
  lots,
  interruption,
  hours,
  transport,
} satisfies Record<string, (model: PlantModel, random: Random) => PlantModel>;

/** A constraint that a plant may have. */
export type ConstraintName = keyof typeof constraints;

/** Adds some constraints to the master data of a plant. */
export function constrained(
  model: PlantModel,
  operations: number,
  seed: number,
  names: readonly ConstraintName[],
): PlantModel {
  return names.reduce(
    (plant, name) => constraints[name](plant, seededRandom(seed, `rich/${name}/${operations}`)),
    model,
  );
}

/**
 * Three in five products need the fixture of their family and hall at mills and lathes, one copy for four of those
 * machines; half of the grinding a gauge and half of the assembly a jig, one copy for two machines.
 */
function tools(model: PlantModel, random: Random): PlantModel {
  const known = new Map<string, Tool>();
  const tool = (toolId: string, name: string, machines: number): string => {
    known.set(toolId, { toolId, name, copies: Math.max(1, Math.floor(machines)) });
    return toolId;
  };
  const families = new Map(model.materials.map((material) => [material.materialId, material.setupFamily ?? 'none']));
  const workMasters = model.workMasters.map((master) => {
    const family = families.get(master.materialId)!;
    const needsFixture = random.next() < 0.6;
    return withSegments(master, (segment) => {
      const chosen = random.next() < 0.5;
      const hall = hallOf(model, segment);
      const of = (...classes: string[]) => machinesOf(model, hall, classes);
      if (fixtured.includes(segment.name) && needsFixture)
        return {
          ...segment,
          toolIds: [tool(`${hall}-FIXTURE-${family}`, `Fixture ${family}`, of('mill', 'turn') / 4)],
        };
      if (segment.name === 'grind' && chosen)
        return { ...segment, toolIds: [tool(`${hall}-GAUGE`, 'Gauge', of('grind') / 2)] };
      if (segment.name === 'assemble' && chosen)
        return { ...segment, toolIds: [tool(`${hall}-JIG`, 'Jig', of('assemble') / 2)] };
      return segment;
    });
  });
  return { ...model, workMasters, tools: [...known.values()].sort((a, b) => (a.toolId < b.toolId ? -1 : 1)) };
}

/**
 * After the furnace parts cool for one to three hours, after assembly the adhesive cures for one to two; ground parts go
 * on within 16 hours, before they rust, and washed ones are assembled within 24 hours.
 */
function lags(model: PlantModel, random: Random): PlantModel {
  return withLags(model, (before, after) => {
    const share = random.next();
    if (before.name === 'furnace') return { minSeconds: hour + 60 * Math.round(120 * share) };
    if (before.name === 'assemble') return { minSeconds: hour + 60 * Math.round(60 * share) };
    if (before.name === 'grind' && share < 0.7) return { maxSeconds: 16 * hour };
    if (before.name === 'wash' && after.name === 'assemble') return { maxSeconds: 24 * hour };
    return undefined;
  });
}

/** Two in five pairs of cutting operations overlap: five or ten parts go on at a time. */
function overlap(model: PlantModel, random: Random): PlantModel {
  const cutting = ['saw', 'mill', 'turn'];
  return withLags(model, (before, after) => {
    const [chosen, few] = [random.next() < 0.4, random.next() < 0.5];
    if (!chosen || !cutting.includes(before.name) || ![...cutting, 'grind'].includes(after.name)) return undefined;
    return { transferQuantity: few ? 5 : 10 };
  });
}

/** Washers take 120 parts of a family for 30 to 50 minutes, furnaces 200 for two to four hours. */
function batches(model: PlantModel, random: Random): PlantModel {
  const seconds = new Map<string, number>();
  const equipment = model.equipment.map((machine) => {
    const { equipmentId, equipmentClassId = '' } = machine;
    if (!batched.includes(equipmentClassId)) return machine;
    const furnace = equipmentClassId === 'furnace';
    seconds.set(equipmentId, 60 * Math.round(furnace ? 120 + 120 * random.next() : 30 + 20 * random.next()));
    return { ...machine, batchCapacity: furnace ? 200 : 120 };
  });
  const workMasters = model.workMasters.map((master) =>
    withSegments(master, (segment) => {
      if (!batched.includes(segment.name)) return segment;
      const machines = segment.equipment.map((e) => ({ ...e, secondsPerBatch: seconds.get(e.equipmentId)! }));
      return { ...segment, equipment: machines };
    }),
  );
  return { ...model, equipment, workMasters };
}

/** Operations at several mills or lathes may be split into up to three lots of 40 parts or more. */
function lots(model: PlantModel): PlantModel {
  const workMasters = model.workMasters.map((master) =>
    withSegments(master, (segment) =>
      fixtured.includes(segment.name) && segment.equipment.length > 1
        ? { ...segment, lots: { mostLots: 3, leastQuantity: 40 } }
        : segment,
    ),
  );
  return { ...model, workMasters };
}

/** What stops in a furnace or a washer is begun again; of what stops in assembly or grinding, half is scrap. */
function interruption(model: PlantModel, random: Random): PlantModel {
  const workMasters = model.workMasters.map((master) =>
    withSegments(master, (segment) => {
      const chosen = random.next() < 0.5;
      if (batched.includes(segment.name)) return { ...segment, afterInterruption: 'restart' };
      if (segment.name === 'assemble' && chosen) return { ...segment, afterInterruption: 'scrap' };
      if (segment.name === 'grind' && chosen) return { ...segment, afterInterruption: 'scrap', interruptible: false };
      return segment;
    }),
  );
  return { ...model, workMasters };
}

/** Three in ten people work 40 hours a week at most, though their shift has more; one in ten six hours a day. */
function hours(model: PlantModel, random: Random): PlantModel {
  const persons = model.persons.map((person) => {
    const share = random.next();
    if (share < 0.3) return { ...person, mostHoursPerWeek: 40 };
    return share < 0.4 ? { ...person, mostHoursPerDay: 6, mostHoursPerWeek: 30 } : person;
  });
  return { ...model, persons };
}

/** Within a hall it takes 10 to 25 minutes to the other line, by direction. */
function transport(model: PlantModel, random: Random): PlantModel {
  const lines = model.equipment.filter((e) => e.level === 'ProductionLine');
  const transportTimes = lines.flatMap((from) =>
    lines
      .filter((to) => to !== from && to.parentId === from.parentId)
      .map((to) => ({
        fromLineId: from.equipmentId,
        toLineId: to.equipmentId,
        seconds: 60 * (10 + random.int(16)),
      })),
  );
  return { ...model, transportTimes };
}

function withSegments(master: WorkMaster, change: (segment: ProcessSegment) => ProcessSegment): WorkMaster {
  return { ...master, segments: master.segments.map(change) };
}

/** Adds to each pair of an operation and one before it what is returned, unless something is said of it already. */
function withLags(
  model: PlantModel,
  lagOf: (before: ProcessSegment, after: ProcessSegment) => Omit<SegmentLag, 'predecessor'> | undefined,
): PlantModel {
  const workMasters = model.workMasters.map((master) =>
    withSegments(master, (segment) => {
      const added = segment.predecessors.flatMap((predecessor): SegmentLag[] => {
        const lag = lagOf(
          master.segments.find((before) => before.segmentId === predecessor)!,
          segment,
        );
        return lag && !segment.lags?.some((known) => known.predecessor === predecessor)
          ? [{ predecessor, ...lag }]
          : [];
      });
      return added.length > 0 ? { ...segment, lags: [...(segment.lags ?? []), ...added] } : segment;
    }),
  );
  return { ...model, workMasters };
}

function hallOf({ equipment }: PlantModel, segment: ProcessSegment): string {
  return ancestry(equipment, segment.equipment[0]!.equipmentId).find((e) => e.level === 'Area')!.equipmentId;
}

function machinesOf({ equipment }: PlantModel, hall: string, classes: readonly string[]): number {
  return equipment.filter(
    (e) =>
      classes.includes(e.equipmentClassId ?? '') &&
      ancestry(equipment, e.equipmentId).some((a) => a.equipmentId === hall),
  ).length;
}
