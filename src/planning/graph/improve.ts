import { seededRandom } from '../../kernel/index.ts';
import { firstSchedule } from './first-schedule.ts';
import { between, distance } from './relink.ts';
import { GraphSchedule, type Selection } from './schedule.ts';
import type { Shop } from './shop.ts';
import { tabuSearch } from './tabu-search.ts';

/** How long and from where a schedule is improved. */
export interface ImproveOptions {
  seed: number;
  /** Asked often; true ends the search, which then gives the best so far. */
  expired: () => boolean;
  /** A makespan that is good enough, where one is known. */
  target?: number;
  /** Hears of each better schedule. */
  onBetter?: (makespan: number) => void;
}

const poolSize = 12;
const stall = 6_000;

/**
 * Shortens the makespan of a shop: tabu search from several first schedules, then from schedules between two of a pool
 * of good ones that differ (path relinking: Peng, Lü and Cheng 2015).
 */
export function improve(
  shop: Shop,
  { seed, expired, target = 0, onBetter }: ImproveOptions,
): { best: Selection; moves: number } {
  const random = seededRandom(seed, 'graph search');
  const schedule = new GraphSchedule(shop);
  const pool: Selection[] = [];
  const machineOf = shop.alternatives.machine;
  let best: Selection = { ...firstSchedule(shop, random), makespan: Infinity };
  let moves = 0;

  function search(from: Selection): Selection {
    schedule.load(from);
    const found = tabuSearch(schedule, random, { stall, expired, target });
    moves += found.moves;
    if (found.best.makespan < best.makespan) {
      best = found.best;
      onBetter?.(best.makespan);
    }
    return found.best;
  }
  const done = () => expired() || best.makespan <= target;

  pool.push(search(best));
  while (pool.length < poolSize && !done()) pool.push(search(firstSchedule(shop, random, 0.6)));
  while (!done()) {
    const a = random.pick(pool);
    const b = random.pick(pool);
    if (a === b) continue;
    const apart = distance(a, b, machineOf);
    if (apart < 0.05) {
      pool[pool.indexOf(a.makespan > b.makespan ? a : b)] = search(firstSchedule(shop, random, 0.6));
      continue;
    }
    const child = search(between(a, b, 0.3 + 0.4 * random.next(), random));
    const worst = pool.reduce((w, one) => (one.makespan > w.makespan ? one : w));
    const twin = pool.find((one) => distance(one, child, machineOf) < 0.05);
    if (twin) {
      if (child.makespan < twin.makespan) pool[pool.indexOf(twin)] = child;
    } else if (child.makespan <= worst.makespan) pool[pool.indexOf(worst)] = child;
  }
  return { best, moves };
}
