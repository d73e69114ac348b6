/**
 * The fewest operations that must move so that one order becomes another: those outside a longest increasing
 * subsequence (Fredman 1975). One instance is used again and again.
 */
export class MovedOperations {
  private readonly tails: Int32Array;
  private readonly before: Int32Array;

  constructor(size: number) {
    this.tails = new Int32Array(size);
    this.before = new Int32Array(size);
  }

  /** Calls back for each operation of `order[first … last]` that moved; `position` tells the places before. */
  forEach(order: Int32Array, first: number, last: number, position: Int32Array, visit: (operation: number) => void) {
    const { tails, before } = this;
    let length = 0;
    for (let at = first; at <= last; at++) {
      const place = position[order[at]!]!;
      let low = 0;
      let high = length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (position[order[tails[middle]!]!]! < place) low = middle + 1;
        else high = middle;
      }
      before[at] = low > 0 ? tails[low - 1]! : -1;
      tails[low] = at;
      if (low === length) length++;
    }
    let stays = length > 0 ? tails[length - 1]! : -1;
    for (let at = last; at >= first; at--)
      if (at === stays) stays = before[at]!;
      else visit(order[at]!);
  }
}
