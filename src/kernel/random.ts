/** A reproducible source of random numbers: the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with the given mean. */
  exponential(mean: number): number;
  /** One element of a non-empty list. */
  pick<T>(list: readonly T[]): T;
  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<T>(list: T[]): T[];
}

/** Hashes text to 32 bits (FNV-1a), so that streams can be named. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * A generator (sfc32) for one named stream of a seed. Separate names give independent streams, so that
 * one more draw in one place never shifts the numbers of another (common random numbers).
 */
export function seededRandom(seed: number, stream = ''): Random {
  let a = seed >>> 0;
  let b = hash32(stream);
  let c = 0x9e3779b9;
  let counter = 1;
  let spare = NaN;

  function next32(): number {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  }
  for (let i = 0; i < 16; i++) next32();

  const random: Random = {
    next: () => next32() / 4294967296,
    int: (n) => Math.floor((next32() / 4294967296) * n),
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare;
        spare = NaN;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
      const angle = 2 * Math.PI * random.next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    exponential: (mean) => -mean * Math.log(1 - random.next()),
    pick: (list) => list[random.int(list.length)]!,
    shuffle(list) {
      for (let i = list.length - 1; i > 0; i--) {
        const j = random.int(i + 1);
        const held = list[i]!;
        list[i] = list[j]!;
        list[j] = held;
      }
      return list;
    },
  };
  return random;
}
