/**
 * The event calendar of a discrete-event simulation: a binary heap on typed arrays that hands out events in order of
 * time, and at one instant in the order in which they were put in. An event is two integers: a code and data.
 */
export class EventQueue {
  /** Time, code and data of the event that `pop` took last. */
  time = 0;
  code = 0;
  data = 0;
  private size = 0;
  private pushed = 0;
  private times: Float64Array;
  private orders: Float64Array;
  private codes: Int32Array;
  private datas: Int32Array;

  constructor(capacity = 64) {
    this.times = new Float64Array(capacity);
    this.orders = new Float64Array(capacity);
    this.codes = new Int32Array(capacity);
    this.datas = new Int32Array(capacity);
  }

  /** Time of the next event; Infinity where there is none. */
  get nextTime(): number {
    return this.size > 0 ? this.times[0]! : Infinity;
  }

  /** Forgets every event. */
  clear(): void {
    this.size = 0;
    this.pushed = 0;
  }

  /** Puts an event in. */
  push(time: number, code: number, data: number): void {
    if (this.size === this.times.length) this.grow();
    const { times, orders, codes, datas } = this;
    const order = this.pushed++;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent]! <= time) break;
      times[at] = times[parent]!;
      orders[at] = orders[parent]!;
      codes[at] = codes[parent]!;
      datas[at] = datas[parent]!;
      at = parent;
    }
    times[at] = time;
    orders[at] = order;
    codes[at] = code;
    datas[at] = data;
  }

  /** Takes the next event out into `time`, `code` and `data`; false where there is none. */
  pop(): boolean {
    if (this.size === 0) return false;
    const { times, orders, codes, datas } = this;
    this.time = times[0]!;
    this.code = codes[0]!;
    this.data = datas[0]!;
    const last = --this.size;
    const time = times[last]!;
    const order = orders[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      const right = child + 1;
      if (
        right < last &&
        (times[right]! < times[child]! || (times[right] === times[child] && orders[right]! < orders[child]!))
      )
        child = right;
      if (times[child]! > time || (times[child] === time && orders[child]! > order)) break;
      times[at] = times[child]!;
      orders[at] = orders[child]!;
      codes[at] = codes[child]!;
      datas[at] = datas[child]!;
      at = child;
    }
    times[at] = time;
    orders[at] = order;
    codes[at] = codes[last]!;
    datas[at] = datas[last]!;
    return true;
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    const grown = <A extends Float64Array | Int32Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.times = grown(this.times, new Float64Array(capacity));
    this.orders = grown(this.orders, new Float64Array(capacity));
    this.codes = grown(this.codes, new Int32Array(capacity));
    this.datas = grown(this.datas, new Int32Array(capacity));
  }
}
