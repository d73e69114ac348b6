import { hash32, seededRandom, type Random } from '../kernel/index.ts';

/**
 * All random numbers of one replication, named by operation, machine, lot or order and by what they are for, so that
 * different plans meet the same durations, and the same stops after the same run time (common random numbers). A number
 * is computed from its name when it is asked for; nothing is kept. (`0 + …`: what comes out of a sum is a number, so
 * that the compiler need not allocate one.)
 */
export class Draws {
  private readonly name: string;
  private readonly seed: number;
  private readonly first: number;
  private readonly second: number;

  constructor(seed: number, replication: number) {
    this.seed = seed;
    this.name = String(replication);
    const random = seededRandom(seed, this.name);
    this.first = random.int(0x1_0000_0000) | 0;
    this.second = random.int(0x1_0000_0000) | 0;
  }

  /** A named stream of this replication. */
  stream(name: string): Random {
    return seededRandom(this.seed, `${this.name}/${name}`);
  }

  /** The n-th 32 bits of a key (`keyOf`): a keyed hash by two rounds of a mixer (lowbias32 of Wellons' hash prospector). */
  private bits(key: number, n: number): number {
    return mix((mix(key ^ this.first) + Math.imul(n, 0x9e3779b9)) ^ this.second);
  }

  /** The n-th number of a key, uniform in (0, 1). */
  uniform(key: number, n: number): number {
    return toUniform(this.bits(key, n));
  }

  /** The n-th number of a key, exponential with mean 1. */
  exponential(key: number, n: number): number {
    const bits = this.bits(key, n);
    const at = bits & 255;
    const across = bits >>> 8;
    return across < exponentialLayers.inner[at]!
      ? across * exponentialLayers.width[at]!
      : 0 + nearExponentialEdge(bits);
  }

  /** The n-th number of a key, standard normal. */
  normal(key: number, n: number): number {
    const bits = this.bits(key, n);
    const at = bits & 127;
    const across = bits >> 7;
    return Math.abs(across) < normalLayers.inner[at]! ? across * normalLayers.width[at]! : 0 + nearNormalEdge(bits);
  }
}

/** The key of a name in `Draws`. */
export function keyOf(name: string): number {
  return hash32(name) | 0;
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return x ^ (x >>> 15);
}

function toUniform(bits: number): number {
  return ((bits >>> 0) + 0.5) / 4294967296;
}

/** Layers of equal area under a falling density: within `inner` of 2²⁴ steps of `width` every point is under it. */
interface Layers {
  inner: Float64Array;
  width: Float64Array;
  /** The density at the end of each layer. */
  height: Float64Array;
}

/**
 * The ziggurat of Marsaglia and Tsang ("The Ziggurat Method for Generating Random Variables", Journal of Statistical
 * Software 5/8, 2000); layer and place come from different bits.
 */
function layersOf(
  count: number,
  end: number,
  area: number,
  density: (x: number) => number,
  inverse: (y: number) => number,
): Layers {
  const steps = 2 ** 24;
  const inner = new Float64Array(count);
  const width = new Float64Array(count);
  const height = new Float64Array(count);
  const base = area / density(end);
  inner[0] = (end / base) * steps;
  width[0] = base / steps;
  height[0] = 1;
  width[count - 1] = end / steps;
  height[count - 1] = density(end);
  let x = end;
  for (let i = count - 2; i > 0; i--) {
    const next = inverse(area / x + density(x));
    inner[i + 1] = (next / x) * steps;
    width[i] = next / steps;
    height[i] = density(next);
    x = next;
  }
  return { inner, width, height };
}

const exponentialEnd = 7.69711747013104972;
const exponentialLayers = layersOf(
  256,
  exponentialEnd,
  0.0039496598225815571993,
  (x) => Math.exp(-x),
  (y) => -Math.log(y),
);
const normalEnd = 3.442619855899;
const normalLayers = layersOf(
  128,
  normalEnd,
  9.91256303526217e-3,
  (x) => Math.exp((-x * x) / 2),
  (y) => Math.sqrt(-2 * Math.log(y)),
);

/** The next bits where one number needs more than one draw. */
function after(bits: number): number {
  return mix(bits + 0x9e3779b9);
}

function nearExponentialEdge(drawn: number): number {
  const { inner, width, height } = exponentialLayers;
  let bits = drawn;
  for (;;) {
    const at = bits & 255;
    const across = bits >>> 8;
    const x = across * width[at]!;
    if (across < inner[at]!) return x;
    bits = after(bits);
    if (at === 0) return exponentialEnd - Math.log(toUniform(bits));
    if (height[at]! + toUniform(bits) * (height[at - 1]! - height[at]!) < Math.exp(-x)) return x;
    bits = after(bits);
  }
}

function nearNormalEdge(drawn: number): number {
  const { inner, width, height } = normalLayers;
  let bits = drawn;
  for (;;) {
    const at = bits & 127;
    const across = bits >> 7;
    const x = across * width[at]!;
    if (Math.abs(across) < inner[at]!) return x;
    if (at === 0) return across < 0 ? -normalTail(bits) : normalTail(bits);
    bits = after(bits);
    if (height[at]! + toUniform(bits) * (height[at - 1]! - height[at]!) < Math.exp((-x * x) / 2)) return x;
    bits = after(bits);
  }
}

function normalTail(drawn: number): number {
  let bits = drawn;
  for (;;) {
    bits = after(bits);
    const beyond = -Math.log(toUniform(bits)) / normalEnd;
    bits = after(bits);
    if (-2 * Math.log(toUniform(bits)) >= beyond * beyond) return normalEnd + beyond;
  }
}
