const golden = (3 - Math.sqrt(5)) / 2;

/**
 * Where a function of one variable is largest, by Brent's method (Brent 1973, ch. 5) after widening a bracket around
 * a start; a function that rises without end gives the last point looked at.
 */
export function maximise(f: (x: number) => number, start: number, step: number, tolerance = 1e-7): number {
  let [a, b] = [start, start + step];
  let [fa, fb] = [f(a), f(b)];
  if (fb < fa) [a, b, fa, fb] = [b, a, fb, fa];
  let c = b + (b - a) * 1.6;
  let fc = f(c);
  for (let round = 0; fc > fb && round < 60; round++) {
    [a, b, fb] = [b, c, fc];
    c = b + (b - a) * 1.6;
    fc = f(c);
  }
  return brent(f, Math.min(a, c), Math.max(a, c), b, fb, tolerance);
}

function brent(
  f: (x: number) => number,
  from: number,
  to: number,
  middle: number,
  atMiddle: number,
  tolerance: number,
): number {
  let [low, high] = [from, to];
  let [x, w, v] = [middle, middle, middle];
  let [fx, fw, fv] = [atMiddle, atMiddle, atMiddle];
  let step = 0;
  let before = 0;
  for (let round = 0; round < 100; round++) {
    const centre = (low + high) / 2;
    const near = tolerance * Math.abs(x) + 1e-10;
    if (Math.abs(x - centre) <= 2 * near - (high - low) / 2) return x;
    const r = (x - w) * (fx - fv);
    const q = (x - v) * (fx - fw);
    const above = (x - v) * q - (x - w) * r;
    const below = 2 * (q - r);
    const parabolic = below === 0 ? Infinity : -above / below;
    const target = x + parabolic;
    if (Math.abs(parabolic) < Math.abs(before) / 2 && target > low && target < high) {
      before = step;
      step = parabolic;
    } else {
      before = x < centre ? high - x : low - x;
      step = golden * before;
    }
    const u = x + (Math.abs(step) >= near ? step : near * Math.sign(step || 1));
    const fu = f(u);
    if (fu >= fx) {
      if (u < x) high = x;
      else low = x;
      [v, w, x] = [w, x, u];
      [fv, fw, fx] = [fw, fx, fu];
    } else {
      if (u < x) low = u;
      else high = u;
      if (fu >= fw || w === x) [v, w, fv, fw] = [w, u, fw, fu];
      else if (fu >= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
  return x;
}

/**
 * Where a function that is positive at `inside` first falls to zero in the direction of `step`, by widening and the
 * Illinois method; an infinite value where it does not fall within 60 widenings.
 */
export function crossing(f: (x: number) => number, inside: number, step: number): number {
  let [a, fa] = [inside, f(inside)];
  let width = step;
  let b = a + width;
  let fb = f(b);
  for (let round = 0; fb > 0; round++) {
    if (round === 60 || !Number.isFinite(b)) return step > 0 ? Infinity : -Infinity;
    [a, fa] = [b, fb];
    width *= 1.6;
    b = a + width;
    fb = f(b);
  }
  for (let round = 0; round < 100 && Math.abs(b - a) > 1e-9 * (1 + Math.abs(b)); round++) {
    const bounded = Number.isFinite(fb) ? b - (fb * (b - a)) / (fb - fa) : (a + b) / 2;
    const x = round % 3 === 2 ? (a + b) / 2 : bounded;
    const fx = f(x);
    if (fx > 0) [a, fa] = [x, fx];
    else [b, fb] = [x, fx];
  }
  return (a + b) / 2;
}
