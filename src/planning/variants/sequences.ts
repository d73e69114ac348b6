/** Lists of operations, each in the order of their places; what a machine does, or who claims a material. */
export class Sequences {
  private readonly lists: number[][];
  private readonly position: Int32Array;

  /** @param position place of each operation; while an operation is in a list, its place among the list's must hold */
  constructor(count: number, position: Int32Array) {
    this.lists = Array.from({ length: count }, () => []);
    this.position = position;
  }

  /** Empties all lists. */
  clear(): void {
    for (const list of this.lists) list.length = 0;
  }

  /** Adds an operation that comes after all in the list. */
  append(list: number, operation: number): void {
    this.lists[list]!.push(operation);
  }

  list(list: number): readonly number[] {
    return this.lists[list]!;
  }

  /** How many in a list come before a place. */
  rank(list: number, place: number): number {
    const operations = this.lists[list]!;
    let low = 0;
    let high = operations.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.position[operations[middle]!]! < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Takes an operation out by its place; returns its rank. */
  remove(list: number, operation: number): number {
    const rank = this.rank(list, this.position[operation]!);
    const operations = this.lists[list]!;
    operations.copyWithin(rank, rank + 1);
    operations.pop();
    return rank;
  }

  /** Puts an operation in by its place; returns its rank. */
  insert(list: number, operation: number): number {
    const rank = this.rank(list, this.position[operation]!);
    const operations = this.lists[list]!;
    operations.push(operation);
    operations.copyWithin(rank + 1, rank, operations.length - 1);
    operations[rank] = operation;
    return rank;
  }
}
