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

  /** The line of a machine, the machine itself where it stands on none. */
  of(equipmentId: string): string {
    return this.lineOf.get(equipmentId) ?? equipmentId;
  }

  /** Whether parts must be transported from one machine to the other. */
  differ(from: string, to: string): boolean {
    return this.of(from) !== this.of(to);
  }
}
