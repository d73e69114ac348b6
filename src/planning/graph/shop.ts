/**
 * A flexible job shop as the graph search works on it: operations with alternative machines, a precedence graph
 * (assembly: several predecessors) and setup times between setup classes. All times are whole numbers of one unit.
 */
export interface Shop {
  readonly operations: number;
  readonly machines: number;
  /** Direct predecessors of each operation in compressed rows: those of `v` are `list[start[v]] … list[start[v + 1] - 1]`. */
  readonly predecessors: Rows;
  /** Alternatives of each operation, in compressed rows. */
  readonly alternatives: { readonly start: Int32Array; readonly machine: Int32Array; readonly duration: Int32Array };
  /** Earliest start of each operation. */
  readonly release: Int32Array;
  /** Time that still passes after each operation before it counts as delivered. */
  readonly delivery: Int32Array;
  /** Setup times: of machine `m` from class `a` to class `b` at `(m × classes + a) × classes + b`. */
  readonly setups?: { readonly classes: number; readonly classOf: Int32Array; readonly times: Int32Array };
}

/** Lists of numbers in one array. */
export interface Rows {
  readonly start: Int32Array;
  readonly list: Int32Array;
}

/** One operation, as a shop is made of. */
export interface ShopOperation {
  predecessors: readonly number[];
  alternatives: readonly { machine: number; duration: number }[];
  release?: number;
  delivery?: number;
}

/** Builds a shop from plain operations. */
export function buildShop(machines: number, operations: readonly ShopOperation[], setups?: Shop['setups']): Shop {
  const alternatives = operations.flatMap((operation) => operation.alternatives);
  return {
    operations: operations.length,
    machines,
    predecessors: toRows(operations.map((operation) => operation.predecessors)),
    alternatives: {
      start: startsOf(operations.map((operation) => operation.alternatives.length)),
      machine: Int32Array.from(alternatives, ({ machine }) => machine),
      duration: Int32Array.from(alternatives, ({ duration }) => duration),
    },
    release: Int32Array.from(operations, ({ release = 0 }) => release),
    delivery: Int32Array.from(operations, ({ delivery = 0 }) => delivery),
    ...(setups ? { setups } : {}),
  };
}

/** The successors that a shop's predecessors imply. */
export function successorsOf({ operations, predecessors }: Shop): Rows {
  const lists: number[][] = Array.from({ length: operations }, () => []);
  for (let v = 0; v < operations; v++)
    for (let i = predecessors.start[v]!; i < predecessors.start[v + 1]!; i++) lists[predecessors.list[i]!]!.push(v);
  return toRows(lists);
}

function toRows(lists: readonly (readonly number[])[]): Rows {
  return { start: startsOf(lists.map((list) => list.length)), list: Int32Array.from(lists.flat()) };
}

function startsOf(lengths: readonly number[]): Int32Array {
  const start = new Int32Array(lengths.length + 1);
  for (const [index, length] of lengths.entries()) start[index + 1] = start[index]! + length;
  return start;
}
