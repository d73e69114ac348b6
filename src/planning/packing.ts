/** Lists packed one behind the other: list `i` is `values[offset[i]] … values[offset[i+1]-1]`. */
export interface Packed {
  offset: Int32Array;
  values: Int32Array;
}

/** Where each list begins when all stand one behind the other; one longer than there are lists. */
export function offsetsOf(lists: readonly (readonly unknown[])[]): Int32Array {
  const offset = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => (offset[i + 1] = offset[i]! + list.length));
  return offset;
}

/** Packs lists of whole numbers. */
export function pack(lists: readonly (readonly number[])[]): Packed {
  return { offset: offsetsOf(lists), values: Int32Array.from(lists.flat()) };
}

/** For lists of indices into themselves: who names me. */
export function inverse(lists: readonly (readonly number[])[]): number[][] {
  const result: number[][] = lists.map(() => []);
  lists.forEach((list, i) => {
    for (const j of list) result[j]!.push(i);
  });
  return result;
}
