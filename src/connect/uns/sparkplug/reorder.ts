/** Puts the messages of an edge node into the order of their sequence numbers. */
export interface Reorder<T> {
  /** A birth: its number counts; answers what was still waiting, in order. */
  begin(seq: number): T[];
  /** A message with its number; answers what can be taken now. Without a birth before, all is taken as it comes. */
  put(seq: number, message: T, nowMs: number): T[];
  /** The missing number did not come in time: answers what was waiting, in order; from now on all is taken as it comes. */
  giveUp(): T[];
  /** When the oldest waiting message will have waited long enough; nothing where none waits. */
  dueMs(): number | undefined;
}

const numbers = 256;

/** Opens the order of one edge node; at most 255 messages wait. */
export function openReorder<T>(waitMs: number): Reorder<T> {
  const waiting = new Map<number, T>();
  let expected = 0;
  let sinceMs: number | undefined;
  let checking = false;

  /** Empties what waits, beginning with the number expected. */
  function drain(): T[] {
    const all = [...waiting].sort(([a], [b]) => ahead(a) - ahead(b)).map(([, message]) => message);
    waiting.clear();
    sinceMs = undefined;
    return all;
  }
  const ahead = (seq: number): number => (seq - expected + numbers) % numbers;

  return {
    begin(seq) {
      const left = drain();
      checking = true;
      expected = (seq + 1) % numbers;
      return left;
    },
    put(seq, message, nowMs) {
      if (!checking) return [message];
      if (seq !== expected) {
        waiting.set(seq, message);
        sinceMs ??= nowMs;
        return [];
      }
      const ready = [message];
      expected = (expected + 1) % numbers;
      while (waiting.has(expected)) {
        ready.push(waiting.get(expected)!);
        waiting.delete(expected);
        expected = (expected + 1) % numbers;
      }
      sinceMs = waiting.size === 0 ? undefined : nowMs;
      return ready;
    },
    giveUp() {
      checking = false;
      return drain();
    },
    dueMs: () => (sinceMs === undefined ? undefined : sinceMs + waitMs),
  };
}
