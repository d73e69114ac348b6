/**
 * The next event of each of a fixed number of entries (machines and the like), and which comes first: a tournament
 * tree on typed arrays. An entry has one next event; setting it anew replaces it. At one instant the lower entry is
 * first.
 */
export class Timetable {
  /** Instant of the first event, Infinity where there is none, and its entry. */
  time = Infinity;
  entry = 0;
  private readonly leaves: number;
  private readonly times: Float64Array;
  /** Winner of each node; the root is 1, the leaves begin at `leaves`. */
  private readonly winners: Int32Array;

  constructor(entries: number) {
    let leaves = 2;
    while (leaves < entries) leaves *= 2;
    this.leaves = leaves;
    this.times = new Float64Array(leaves);
    this.winners = new Int32Array(2 * leaves);
    this.clear();
  }

  /** Forgets every event. */
  clear(): void {
    this.times.fill(Infinity);
    for (let i = 0; i < this.leaves; i++) this.winners[this.leaves + i] = i;
    for (let node = this.leaves - 1; node > 0; node--) this.winners[node] = this.winners[2 * node]!;
    this.time = Infinity;
    this.entry = this.winners[1]!;
  }

  /** Sets an entry's next event; Infinity for none. */
  set(entry: number, time: number): void {
    const { times, winners } = this;
    if (times[entry] === time) return;
    times[entry] = time;
    let winner = entry;
    let best = times[entry];
    for (let node = this.leaves + entry; node > 1; node >>= 1) {
      const rival = winners[node ^ 1]!;
      const other = times[rival]!;
      if (other < best || (other === best && rival < winner)) {
        winner = rival;
        best = other;
      }
      const parent = node >> 1;
      if (winner !== entry && winners[parent] === winner) return;
      winners[parent] = winner;
    }
    this.time = best;
    this.entry = winner;
  }
}
