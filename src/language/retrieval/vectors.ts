/** Turns texts into vectors; a language-model endpoint has this shape. All vectors have the same length. */
export type EmbedPort = (texts: readonly string[], signal?: AbortSignal) => Promise<readonly Float32Array[]>;

/** Most vectors that are kept: below this a look at each of them is quicker than any index. */
const mostVectors = 50_000;

/** Finds nearest vectors by cosine, each looked at, in one block of memory that grows by doubling. */
export class VectorIndex {
  private readonly rows = new Map<string, number>();
  private readonly keys: string[] = [];
  private block = new Float32Array(0);
  private width = 0;

  get size(): number {
    return this.keys.length;
  }

  has(key: string): boolean {
    return this.rows.has(key);
  }

  /** Puts a vector in; false where there is no room or its length is not that of the others. */
  put(key: string, vector: ArrayLike<number>): boolean {
    if (this.width === 0) this.width = vector.length;
    if (vector.length !== this.width || this.width === 0) return false;
    const row = this.rows.get(key) ?? this.keys.length;
    if (row >= mostVectors) return false;
    if ((row + 1) * this.width > this.block.length) {
      const grown = new Float32Array(Math.max(64, 2 * (row + 1)) * this.width);
      grown.set(this.block);
      this.block = grown;
    }
    let length = 0;
    for (let i = 0; i < this.width; i++) length += vector[i]! ** 2;
    length = Math.sqrt(length) || 1;
    for (let i = 0; i < this.width; i++) this.block[row * this.width + i] = vector[i]! / length;
    if (row === this.keys.length) this.keys.push(key);
    this.rows.set(key, row);
    return true;
  }

  /** Takes a vector out; the last one moves to its place. */
  remove(key: string): void {
    const row = this.rows.get(key);
    if (row === undefined) return;
    const last = this.keys.length - 1;
    const moved = this.keys[last]!;
    this.block.copyWithin(row * this.width, last * this.width, (last + 1) * this.width);
    this.keys[row] = moved;
    this.rows.set(moved, row);
    this.keys.pop();
    this.rows.delete(key);
  }

  /** The nearest keys that are allowed, the nearest first. */
  nearest(vector: ArrayLike<number>, limit: number, allow: (key: string) => boolean): string[] {
    if (vector.length !== this.width) return [];
    const found: { key: string; cosine: number }[] = [];
    for (const [row, key] of this.keys.entries()) {
      if (!allow(key)) continue;
      let cosine = 0;
      for (let i = 0, at = row * this.width; i < this.width; i++, at++) cosine += this.block[at]! * vector[i]!;
      found.push({ key, cosine });
    }
    return found
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, limit)
      .map(({ key }) => key);
  }
}

/** Weight of the first place: the usual constant of reciprocal rank fusion. */
const rankOffset = 60;

/**
 * Fuses rankings by reciprocal rank (Cormack, Clarke, Büttcher 2009, "Reciprocal rank fusion outperforms Condorcet and
 * individual rank learning methods", SIGIR 2009, 758–759).
 */
export function fuseRankings(rankings: readonly (readonly string[])[]): { key: string; score: number }[] {
  const scores = new Map<string, number>();
  for (const ranking of rankings)
    ranking.forEach((key, place) => scores.set(key, (scores.get(key) ?? 0) + 1 / (rankOffset + place + 1)));
  return [...scores].map(([key, score]) => ({ key, score })).sort((a, b) => b.score - a.score);
}
