import type { Random } from '../../src/kernel/index.ts';
import { quantile, type Distribution, type Lifetime } from '../../src/statistics/index.ts';

const ended = (time: number): Lifetime => ({ time, ended: true });

/** Millions of revolutions to failure of 23 ball bearings: Lieblein & Zelen 1956, as used by Lawless (1982). */
export const ballBearings: Lifetime[] = [
  ...[17.88, 28.92, 33.0, 41.52, 42.12, 45.6, 48.48, 51.84, 51.96, 54.12, 55.56, 67.8, 68.64, 68.64, 68.88, 84.12],
  ...[93.12, 98.64, 105.12, 105.84, 127.92, 128.04, 173.4],
].map(ended);

/** Hours of 1,703 bearing cages, 6 of which failed: Abernethy et al. 1983; Meeker & Escobar 1998, table C.5. */
export const bearingCages: Lifetime[] = [
  ...[230, 334, 423, 990, 1009, 1510].map(ended),
  ...Object.entries({
    ...{ 50: 288, 150: 148, 250: 124, 350: 111, 450: 106, 550: 99, 650: 110, 750: 114, 850: 119, 950: 127 },
    ...{ 1050: 123, 1150: 93, 1250: 47, 1350: 41, 1450: 27, 1550: 11, 1650: 6, 1850: 1, 2050: 2 },
  }).flatMap(([time, count]) => Array.from({ length: count }, () => ({ time: Number(time), ended: false }))),
];

/** Weeks of remission of 21 leukaemia patients under 6-MP: Freireich et al. 1963; `+` in print is censored. */
export const remissions: Lifetime[] = [
  ...[6, 6, 6, 7, 10, 13, 16, 22, 23].map(ended),
  ...[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map((time) => ({ time, ended: false })),
];

/** So many times by a law, each looked at until its own limit, uniform between 0 and `limit`. */
export function drawn(random: Random, law: Distribution, count: number, limit = Infinity): Lifetime[] {
  return Array.from({ length: count }, () => {
    const time = quantile(law, random.next());
    const until = limit === Infinity ? Infinity : random.next() * limit;
    return time <= until ? { time, ended: true } : { time: until, ended: false };
  });
}
