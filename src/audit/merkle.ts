import { createHash } from 'node:crypto';

/** Hash of a leaf (RFC 6962, 2.1): SHA-256 over 0x00 and the leaf's bytes. A text counts as its UTF-8 bytes. */
export function leafHash(leaf: Uint8Array | string): Buffer {
  return createHash('sha256').update(leafPrefix).update(leaf).digest();
}

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(nodePrefix).update(left).update(right).digest();
}

/**
 * A Merkle tree that only grows (RFC 6962, 2.1). It holds the roots of its perfect subtrees only, at most one per
 * bit of its size, and so goes on from what a database row holds.
 */
export class MerkleTree {
  #size: number;
  readonly #subtrees: Buffer[];

  /**
   * @param size leaves so far
   * @param subtrees what `subtrees()` of a tree of that size gave
   */
  constructor(size = 0, subtrees: Uint8Array = new Uint8Array()) {
    this.#size = size;
    this.#subtrees = [];
    for (let at = 0; at < subtrees.length; at += 32) this.#subtrees.push(Buffer.from(subtrees.subarray(at, at + 32)));
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** Adds a leaf by its hash. */
  append(hash: Buffer): void {
    let node = hash;
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2))
      node = nodeHash(this.#subtrees.pop() ?? node, node);
    this.#subtrees.push(node);
    this.#size++;
  }

  /** The root hash; of an empty tree the hash of nothing. */
  root(): Buffer {
    const right = this.#subtrees.at(-1);
    if (!right) return createHash('sha256').digest();
    let root = right;
    for (let i = this.#subtrees.length - 2; i >= 0; i--) root = nodeHash(this.#subtrees[i]!, root);
    return root;
  }

  /** The perfect subtrees' roots, largest first, 32 bytes each: all that is needed to go on. */
  subtrees(): Buffer {
    return Buffer.concat(this.#subtrees);
  }
}

/** Root hash of leaves by their hashes. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

/** Leaves in the left subtree of a tree of more than one: the largest power of two below its size. */
function split(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

/** Audit path of one leaf (RFC 6962, 2.1.1), from the leaf to the root. The index must lie within the leaves. */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  if (leaves.length <= 1) return [];
  const left = split(leaves.length);
  return index < left
    ? [...inclusionProof(leaves.slice(0, left), index), rootOf(leaves.slice(left))]
    : [...inclusionProof(leaves.slice(left), index - left), rootOf(leaves.slice(0, left))];
}

/** Proof that the tree of the first `size` leaves is a beginning of the whole (RFC 6962, 2.1.2); 0 < size. */
export function consistencyProof(leaves: readonly Buffer[], size: number): Buffer[] {
  return subproof(leaves, size, true);
}

function subproof(leaves: readonly Buffer[], size: number, known: boolean): Buffer[] {
  if (size === leaves.length) return known ? [] : [rootOf(leaves)];
  const left = split(leaves.length);
  return size <= left
    ? [...subproof(leaves.slice(0, left), size, known), rootOf(leaves.slice(left))]
    : [...subproof(leaves.slice(left), size - left, false), rootOf(leaves.slice(0, left))];
}

/** Whether a leaf stands at an index in the tree of that size and root (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (index < 0 || index >= size) return false;
  let hash = leaf;
  let at = index;
  let last = size - 1;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else hash = nodeHash(hash, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash.equals(root);
}

/** Whether the tree of the first size and root is a beginning of the second (RFC 9162, 2.1.4.2). */
export function verifyConsistency(
  firstSize: number,
  secondSize: number,
  proof: readonly Buffer[],
  firstRoot: Buffer,
  secondRoot: Buffer,
): boolean {
  if (firstSize < 1 || firstSize > secondSize) return false;
  if (firstSize === secondSize) return proof.length === 0 && firstRoot.equals(secondRoot);
  const path = Number.isInteger(Math.log2(firstSize)) ? [firstRoot, ...proof] : [...proof];
  let [at, last] = [firstSize - 1, secondSize - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  const start = path.shift();
  if (!start) return false;
  let [first, second] = [start, start];
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      first = nodeHash(sibling, first);
      second = nodeHash(sibling, second);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else second = nodeHash(second, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && first.equals(firstRoot) && second.equals(secondRoot);
}
