import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRandom, type Random } from '../../src/kernel/index.ts';
import {
  between,
  buildShop,
  criticalPath,
  firstSchedule,
  GraphSchedule,
  improve,
  Neighbours,
  type Selection,
  type Shop,
  type ShopOperation,
} from '../../src/planning/graph/index.ts';

/** A random shop: jobs of several operations, some assemblies, some machines to choose from, perhaps setups. */
function randomShop(random: Random, { jobs = 4, machines = 3, setups = false } = {}): Shop {
  const operations: ShopOperation[] = [];
  for (let job = 0; job < jobs; job++) {
    const length = 1 + random.int(4);
    for (let i = 0; i < length; i++) {
      const predecessors = i > 0 ? [operations.length - 1] : [];
      if (i > 0 && operations.length > 5 && random.next() < 0.2) predecessors.push(random.int(operations.length - 1));
      const count = 1 + random.int(machines);
      const chosen = random.shuffle(Array.from({ length: machines }, (_unused, m) => m)).slice(0, count);
      operations.push({
        predecessors,
        alternatives: chosen.map((machine) => ({ machine, duration: 1 + random.int(9) })),
        release: random.int(4),
        delivery: random.next() < 0.2 ? random.int(6) : 0,
      });
    }
  }
  const classes = 3;
  const times = Int32Array.from({ length: machines * classes * classes }, () => random.int(5));
  const classOf = Int32Array.from(operations, () => random.int(classes));
  return buildShop(machines, operations, setups ? { classes, classOf, times } : undefined);
}

/** The makespan of a selection by definition, from nothing but the order. */
function makespanOf(shop: Shop, { alternative, order }: Pick<Selection, 'alternative' | 'order'>): number {
  const end = new Map<number, number>();
  const last = new Map<number, number>();
  let makespan = 0;
  for (const v of order) {
    const { machine, duration } = shop.alternatives;
    const chosen = alternative[v]!;
    const m = machine[chosen]!;
    let begin = shop.release[v]!;
    const { start, list } = shop.predecessors;
    for (const p of list.slice(start[v], start[v + 1])) {
      assert.ok(end.has(p), 'an operation stands before its predecessor');
      begin = Math.max(begin, end.get(p)!);
    }
    const before = last.get(m);
    if (before !== undefined) {
      const { setups } = shop;
      const change = setups
        ? setups.times[(m * setups.classes + setups.classOf[before]!) * setups.classes + setups.classOf[v]!]!
        : 0;
      begin = Math.max(begin, end.get(before)! + change);
    }
    assert.ok(chosen >= shop.alternatives.start[v]! && chosen < shop.alternatives.start[v + 1]!);
    end.set(v, begin + duration[chosen]!);
    last.set(m, v);
    makespan = Math.max(makespan, begin + duration[chosen]! + shop.delivery[v]!);
  }
  assert.equal(end.size, shop.operations);
  return makespan;
}

function assertSound(schedule: GraphSchedule): void {
  const { shop, order, position, head, tail, duration, before, after, makespan } = schedule;
  assert.equal(makespan, makespanOf(shop, schedule));
  for (const [at, v] of order.entries()) {
    assert.equal(position[v], at);
    const m = before[v]!;
    assert.ok(m < 0 || after[m] === v);
    const free = m < 0 ? 0 : head[m]! + duration[m]! + schedule.setup(schedule.machine[v]!, m, v);
    assert.equal(head[v], Math.max(schedule.readyAt(v), free));
    const next = after[v]!;
    const way = next < 0 ? 0 : duration[next]! + tail[next]! + schedule.setup(schedule.machine[v]!, v, next);
    assert.equal(tail[v], Math.max(schedule.toGo(v), way));
    assert.ok(head[v] + duration[v]! + tail[v] <= makespan);
  }
}

/** The least makespan by trying every order and every choice. */
function leastMakespan(shop: Shop): number {
  let least = Infinity;
  const { start, list } = shop.predecessors;
  const alternative = new Int32Array(shop.operations);
  const order: number[] = [];
  const placed = new Set<number>();
  const extend = (): void => {
    if (order.length === shop.operations) {
      least = Math.min(least, makespanOf(shop, { alternative, order: Int32Array.from(order) }));
      return;
    }
    for (let v = 0; v < shop.operations; v++) {
      if (placed.has(v) || list.slice(start[v], start[v + 1]).some((p) => !placed.has(p))) continue;
      placed.add(v);
      order.push(v);
      for (let chosen = shop.alternatives.start[v]!; chosen < shop.alternatives.start[v + 1]!; chosen++) {
        alternative[v] = chosen;
        extend();
      }
      order.pop();
      placed.delete(v);
    }
  };
  extend();
  return least;
}

const seeds = fc.integer({ min: 0, max: 1e9 });

describe('graph search', () => {
  it('keeps heads, tails, order and makespan right over any moves, and refuses those that close a circle', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, setups) => {
        const random = seededRandom(seed);
        const shop = randomShop(random, { setups });
        const schedule = new GraphSchedule(shop);
        schedule.load(firstSchedule(shop, random, 0.5));
        assertSound(schedule);
        for (let i = 0; i < 25; i++) {
          const v = random.int(shop.operations);
          const before = schedule.selection();
          let moved: boolean;
          if (random.next() < 0.4) {
            const { start, machine } = shop.alternatives;
            const chosen = start[v]! + random.int(start[v + 1]! - start[v]!);
            let previous = -1;
            let next = schedule.first[machine[chosen]!]!;
            while (next >= 0 && (next === v || random.next() < 0.6)) {
              if (next !== v) previous = next;
              next = schedule.after[next]!;
            }
            moved = schedule.reassign(v, chosen, previous, next === v ? schedule.after[v]! : next);
          } else {
            let target = schedule.after[v]!;
            while (target >= 0 && random.next() < 0.5 && schedule.after[target]! >= 0) target = schedule.after[target]!;
            if (target < 0) continue;
            moved = random.next() < 0.5 ? schedule.moveAfter(v, target) : schedule.moveBefore(target, v);
          }
          assertSound(schedule);
          if (!moved) assert.deepEqual(schedule.selection(), before);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('offers only moves that close no circle, and estimates an exchange of neighbours exactly', () => {
    let compared = 0;
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, setups) => {
        const random = seededRandom(seed);
        const shop = randomShop(random, { jobs: 6, setups });
        const schedule = new GraphSchedule(shop);
        const from = firstSchedule(shop, random, 0.5);
        schedule.load(from);
        const path: number[] = [];
        criticalPath(schedule, random, path);
        const length = path.reduce((sum, v) => sum + schedule.duration[v]!, 0);
        if (!setups) assert.equal(schedule.head[path[0]!]! + length + shop.delivery[path.at(-1)!]!, schedule.makespan);
        const before = new Map(path.map((v) => [v, schedule.before[v]!]));
        const moves: { kind: 'after' | 'before'; u: number; v: number; estimate: number }[] = [];
        new Neighbours(schedule).ofBlocks(path, (kind, u, v, estimate) => moves.push({ kind, u, v, estimate }));
        for (const { kind, u, v, estimate } of moves) {
          schedule.load(from);
          assert.equal(kind === 'after' ? schedule.moveAfter(u, v) : schedule.moveBefore(u, v), true);
          const isExchange = kind === 'after' ? before.get(v) === u : before.get(u) === v;
          if (!isExchange) continue;
          compared++;
          const through = [u, v].map((x) => schedule.head[x]! + schedule.duration[x]! + schedule.tail[x]!);
          assert.equal(estimate, Math.max(...through));
        }
      }),
      { numRuns: 200 },
    );
    assert.ok(compared > 200, String(compared));
  });

  it('finds what trying everything finds', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = seededRandom(seed, 'tiny');
      const shop = randomShop(random, { jobs: 3, machines: 2, setups: seed % 2 === 0 });
      if (shop.operations > 6) continue;
      let calls = 0;
      const { best } = improve(shop, { seed, expired: () => ++calls > 400 });
      assert.equal(best.makespan, leastMakespan(shop), `seed ${String(seed)}`);
      assert.equal(makespanOf(shop, best), best.makespan);
    }
  });

  it('lies between two schedules without breaking precedence, and gives each at the ends', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 1, noNaN: true }), (seed, share) => {
        const random = seededRandom(seed);
        const shop = randomShop(random);
        const [a, b] = [firstSchedule(shop, random, 1), firstSchedule(shop, random, 1)];
        makespanOf(shop, between(a, b, share, random));
        assert.equal(makespanOf(shop, between(a, b, 0, random)), makespanOf(shop, a));
        assert.equal(makespanOf(shop, between(a, b, 1, random)), makespanOf(shop, b));
      }),
    );
  });

  it('gives the same for the same seed, ends when told and hears of each better schedule', () => {
    const shop = randomShop(seededRandom(7), { jobs: 12, machines: 4 });
    const run = () => {
      let calls = 0;
      const heard: number[] = [];
      const { best, moves } = improve(shop, { seed: 3, expired: () => ++calls > 50, onBetter: (m) => heard.push(m) });
      return { best, moves, heard };
    };
    const [first, second] = [run(), run()];
    assert.deepEqual(first, second);
    assert.ok(first.heard.length > 0 && first.heard.at(-1) === first.best.makespan);
    assert.deepEqual(
      first.heard,
      [...first.heard].sort((x, y) => y - x),
    );
    const none = improve(shop, { seed: 3, expired: () => true });
    assert.equal(none.best.makespan, makespanOf(shop, none.best));
  });
});
