import { arrivalOf } from '../constraints/materials.ts';
import type { Problem } from '../problem.ts';
import { Sequences } from './sequences.ts';

/**
 * What operations before one's place in the order have claimed of the materials that it needs. It depends on the
 * order alone.
 */
export class Claims {
  /** By need (see `needOffset`): claimed before the operation. */
  readonly before: Float64Array;
  private readonly problem: Problem;
  /** By material: operations that need it. */
  private readonly claimants: Sequences;
  /** By material: ranks between which something may have changed. */
  private readonly lowest: Int32Array;
  private readonly highest: Int32Array;
  private readonly changed: number[] = [];
  /** Needs that were recounted, with what was there before. */
  private readonly recounted: number[] = [];
  private readonly was: number[] = [];

  constructor(problem: Problem, position: Int32Array) {
    const materials = problem.materialIds.length;
    this.problem = problem;
    this.before = new Float64Array(problem.needMaterial.length);
    this.claimants = new Sequences(materials, position);
    this.lowest = new Int32Array(materials);
    this.highest = new Int32Array(materials).fill(-1);
  }

  /** Forgets everything. */
  clear(): void {
    this.claimants.clear();
    this.keep();
  }

  /** Adds an operation that comes after all others. */
  append(operation: number): void {
    const { needOffset, needMaterial, fixedClaims } = this.problem;
    for (let need = needOffset[operation]!; need < needOffset[operation + 1]!; need++) {
      const material = needMaterial[need]!;
      if (this.isRepeated(operation, need)) continue;
      const last = this.claimants.list(material).at(-1);
      this.write(operation, material, last === undefined ? fixedClaims[material]! : this.after(last, material));
      this.claimants.append(material, operation);
    }
  }

  /** Takes an operation out at its present place. */
  remove(operation: number): void {
    this.change(operation, (material) => this.claimants.remove(material, operation));
  }

  /** Puts an operation in at its present place. */
  insert(operation: number): void {
    this.change(operation, (material) => this.claimants.insert(material, operation));
  }

  /** The earliest start that arriving lots allow for an operation at its present place. */
  earliest(operation: number): number {
    const { needOffset, needMaterial, needQuantity } = this.problem;
    let earliest = -Infinity;
    for (let need = needOffset[operation]!; need < needOffset[operation + 1]!; need++) {
      const at = arrivalOf(this.problem, needMaterial[need]!, this.before[need]! + needQuantity[need]!);
      if (at > earliest) earliest = at;
    }
    return earliest;
  }

  /** Counts anew where something changed, and names the operations for which the count differs. */
  recount(differs: (operation: number) => void): void {
    const { problem, claimants } = this;
    for (const material of this.changed) {
      const list = claimants.list(material);
      let rank = Math.max(0, this.lowest[material]! - 1);
      let claimed = rank === 0 ? problem.fixedClaims[material]! : this.after(list[rank - 1]!, material);
      for (; rank < list.length; rank++) {
        const operation = list[rank]!;
        if (this.read(operation, material) !== claimed) {
          this.note(operation, material);
          this.write(operation, material, claimed);
          differs(operation);
        } else if (rank > this.highest[material]!) break;
        claimed = this.after(operation, material);
      }
      this.highest[material] = -1;
    }
    this.changed.length = 0;
  }

  /** What was recounted stays. */
  keep(): void {
    this.recounted.length = this.was.length = 0;
  }

  /** What was recounted is as before; the operations must be back in their places. */
  revert(): void {
    for (let k = this.recounted.length - 1; k >= 0; k--) this.before[this.recounted[k]!] = this.was[k]!;
    for (const material of this.changed) this.highest[material] = -1;
    this.changed.length = 0;
    this.keep();
  }

  private change(operation: number, rankIn: (material: number) => number): void {
    const { needOffset, needMaterial } = this.problem;
    for (let need = needOffset[operation]!; need < needOffset[operation + 1]!; need++) {
      const material = needMaterial[need]!;
      if (this.isRepeated(operation, need)) continue;
      const rank = rankIn(material);
      if (this.highest[material]! < 0) {
        this.changed.push(material);
        this.lowest[material] = this.highest[material] = rank;
      } else {
        this.lowest[material] = Math.min(this.lowest[material]!, rank);
        // One more or less before it moves a rank by one.
        this.highest[material] = Math.max(this.highest[material]! + 1, rank);
      }
    }
  }

  /** Claimed once the operation has its own, added one by one as the decoder does. */
  private after(operation: number, material: number): number {
    const { needOffset, needMaterial, needQuantity } = this.problem;
    let claimed = this.read(operation, material);
    for (let need = needOffset[operation]!; need < needOffset[operation + 1]!; need++)
      if (needMaterial[need] === material) claimed += needQuantity[need]!;
    return claimed;
  }

  private read(operation: number, material: number): number {
    let need = this.problem.needOffset[operation]!;
    while (this.problem.needMaterial[need] !== material) need++;
    return this.before[need]!;
  }

  private write(operation: number, material: number, claimed: number): void {
    const { needOffset, needMaterial } = this.problem;
    for (let need = needOffset[operation]!; need < needOffset[operation + 1]!; need++)
      if (needMaterial[need] === material) this.before[need] = claimed;
  }

  private note(operation: number, material: number): void {
    const { needOffset, needMaterial } = this.problem;
    for (let need = needOffset[operation]!; need < needOffset[operation + 1]!; need++)
      if (needMaterial[need] === material) {
        this.recounted.push(need);
        this.was.push(this.before[need]!);
      }
  }

  /** Whether a need is a further one of the same operation for the same material. */
  private isRepeated(operation: number, need: number): boolean {
    const { needOffset, needMaterial } = this.problem;
    for (let earlier = needOffset[operation]!; earlier < need; earlier++)
      if (needMaterial[earlier] === needMaterial[need]) return true;
    return false;
  }
}
