import { seededRandom, type Random } from '../kernel/index.ts';
import type { InspectionResult, ProductionCount } from '../plant/index.ts';
import { machineClass, type MachineClass } from './northfield/equipment.ts';

/** What is wrong with a rejected part, by the machine that found or made it; weights need not sum to 1. */
const defects: Record<MachineClass, [string, number][]> = {
  saw: [['dimension', 1]],
  cnc: [
    ['dimension', 5],
    ['burr', 3],
    ['scratch', 1],
    ['porosity', 1],
  ],
  mill: [
    ['dimension', 4],
    ['burr', 4],
    ['scratch', 1],
  ],
  grind: [
    ['dimension', 4],
    ['scratch', 3],
    ['crack', 1],
  ],
  deburr: [
    ['burr', 6],
    ['scratch', 2],
    ['porosity', 1],
  ],
  wash: [['scratch', 1]],
  press: [
    ['crack', 2],
    ['dimension', 1],
  ],
  asm: [['missing-part', 1]],
  test: [
    ['porosity', 3],
    ['crack', 1],
    ['missing-part', 1],
  ],
  pack: [['scratch', 1]],
};

/** One good part in so many is measured at WASH and TEST machines. */
const measuredEvery: Partial<Record<MachineClass, number>> = { wash: 10, test: 4 };

/** What is measured there: target, spread and unit. */
const measures: Partial<Record<MachineClass, { mean: number; spread: number; unit: string }>> = {
  wash: { mean: 20, spread: 0.006, unit: 'mm' },
  test: { mean: 0.6, spread: 0.12, unit: 'mL/min' },
};

/** Inspects what was made: every rejected part gets its defect, and good parts are measured by sample. */
export class Inspection {
  private readonly random: Random;
  private readonly sinceMeasured = new Map<string, number>();

  constructor(seed: number) {
    this.random = seededRandom(seed, 'inspection');
  }

  /** Results for one count, all at its end. Ids are unique for machine and instant. */
  of(count: ProductionCount): InspectionResult[] {
    const { equipmentId, materialId, jobOrderId, endMs } = count;
    const kind = machineClass(equipmentId);
    const results: InspectionResult[] = [];
    const add = (verdict: InspectionResult['verdict'], more: Partial<InspectionResult>) =>
      results.push({
        inspectionId: `INS-${equipmentId}-${String(endMs)}-${String(results.length + 1)}`,
        equipmentId,
        ...(materialId === undefined ? {} : { materialId }),
        ...(jobOrderId === undefined ? {} : { jobOrderId }),
        atMs: endMs,
        verdict,
        ...more,
      });
    for (let i = 0; i < count.scrap + count.rework; i++) add('fail', { defect: this.defect(kind) });
    const every = measuredEvery[kind];
    const measure = measures[kind];
    if (every === undefined || measure === undefined) return results;
    let since = (this.sinceMeasured.get(equipmentId) ?? 0) + count.good;
    for (; since >= every; since -= every)
      add('pass', {
        value: Math.round((measure.mean + measure.spread * this.random.normal()) * 10_000) / 10_000,
        unit: measure.unit,
      });
    this.sinceMeasured.set(equipmentId, since);
    return results;
  }

  private defect(kind: MachineClass): string {
    const list = defects[kind];
    let draw = this.random.next() * list.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of list) if ((draw -= weight) < 0) return name;
    return list[0]![0];
  }
}
