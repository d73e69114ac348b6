import { ancestry, type PlantModel } from '../../plant/index.ts';

/** Which machines stand on one line, and how far lines are apart. */
export class Lines {
  private readonly usualSeconds: number;
  private readonly seconds = new Map<string, Map<string, number>>();
  private readonly lineOf: ReadonlyMap<string, string>;

  constructor(model: PlantModel) {
    this.usualSeconds = model.transportSeconds;
    for (const { fromLineId, toLineId, seconds } of model.transportTimes ?? [])
      this.seconds.set(fromLineId, (this.seconds.get(fromLineId) ?? new Map<string, number>()).set(toLineId, seconds));
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

  /** How long parts are on their way from one machine to the other, in milliseconds. */
  travelMs(from: string, to: string): number {
    const [a, b] = [this.of(from), this.of(to)];
    if (a === b) return 0;
    return Math.round((this.seconds.get(a)?.get(b) ?? this.usualSeconds) * 1000);
  }
}
