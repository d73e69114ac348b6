import { ancestry, type PlantModel } from '../../plant/index.ts';

/** Which machines stand on one line. */
export class Lines {
  private readonly lineOf: ReadonlyMap<string, string>;

  constructor(model: PlantModel) {
    this.lineOf = new Map(
      model.equipment.map(({ equipmentId }) => [
        equipmentId,
        ancestry(model.equipment, equipmentId).find((e) => e.level === 'ProductionLine')?.equipmentId ?? equipmentId,
      ]),
    );
  }

  /** Whether parts must be transported from one machine to the other. */
  differ(from: string, to: string): boolean {
    return (this.lineOf.get(from) ?? from) !== (this.lineOf.get(to) ?? to);
  }
}
