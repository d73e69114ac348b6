/** Places of operations still to look at, the earliest first, each once (binary heap). */
export class Agenda {
  private readonly heap: number[] = [];
  private readonly listed: Uint8Array;

  constructor(size: number) {
    this.listed = new Uint8Array(size);
  }

  add(place: number): void {
    if (this.listed[place] === 1) return;
    this.listed[place] = 1;
    const { heap } = this;
    let at = heap.length;
    heap.push(place);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= place) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = place;
  }

  /** The earliest place, taken out; −1 where there is none. */
  next(): number {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return -1;
    this.listed[first] = 0;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  clear(): void {
    for (const place of this.heap) this.listed[place] = 0;
    this.heap.length = 0;
  }
}
