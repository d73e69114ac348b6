import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DurationLaw, StopLaw } from '../../src/twin/types.ts';
import { splitTimes, TimeSplitReader } from '../../src/twin/time-split.ts';
import type { PlantFloor } from '../../src/twin/plant-floor.ts';
import { openFlow, type FlowPlant, type FlowStation } from './flow-plant.ts';
import { monday } from './small-plant.ts';

const exponential: DurationLaw = { kind: 'gamma', variation: 1 };

/** Run-time laws of all machines of some stations. */
function laws(stations: readonly FlowStation[], law: DurationLaw): Record<string, DurationLaw> {
  const ids = stations.flatMap(({ id, machines }) =>
    Array.from({ length: machines }, (_, i) => `${id}-${String(i + 1)}`),
  );
  return Object.fromEntries(ids.map((id) => [id, law]));
}

/** Mean with half the width of its 99.9 % confidence interval over 30 replications (t with 29 degrees of freedom). */
function estimate(values: readonly number[]) {
  assert.equal(values.length, 30);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
  return { mean, half: 3.659 * Math.sqrt(variance / values.length) };
}

/** Holds a measure of 30 replications against theory; the interval must be narrow enough to say something. */
function agree(plant: FlowPlant, measure: (floor: PlantFloor) => number, theory: number, width: number): void {
  const { run } = openFlow(plant);
  const { mean, half } = estimate(Array.from({ length: 30 }, (_, i) => measure(run(i + 1))));
  const text = `${mean.toFixed(4)} ± ${half.toFixed(4)} against ${theory.toFixed(4)}`;
  assert.ok(Math.abs(mean - theory) < half, text);
  assert.ok(half < width * theory, `${text} is too wide`);
}

/** Mean wait before the only station, in seconds; the first tenth of the orders is left out. */
function meanWait({ work }: PlantFloor): number {
  const count = work.jobs.length;
  let sum = 0;
  for (let job = count / 10; job < count; job++) sum += work.startedAt[job]! - work.ready[job]!;
  return sum / 1000 / (0.9 * count);
}

/** Erlang's C: the probability that an arrival has to wait (Kleinrock, Queueing Systems I, 1975, 3.5). */
function erlangC(servers: number, load: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < servers; k++) {
    term *= load / k;
    sum += term;
  }
  const last = (term * load) / servers / (1 - load / servers);
  return last / (sum + last);
}

// Mean waits: Erlang's C; Pollaczek and Khinchine (Kleinrock I, 5.6); networks: Jackson, Management Science 10, 1963.
describe('orders that any machine of a line may do, against queueing theory', () => {
  for (const [servers, rho] of [
    [1, 0.7],
    [5, 0.8],
    [20, 0.9],
  ] as const)
    it(`M/M/${String(servers)} at ${String(rho)} waits as Erlang's C says`, () => {
      const stations = [{ id: 'L', machines: servers, seconds: 100 }];
      const parameters = { releases: exponential, runLaws: laws(stations, exponential) };
      const theory = (erlangC(servers, servers * rho) * 100) / (servers * (1 - rho));
      agree(
        { stations, orders: servers > 5 ? 25_000 : 10_000, gapSeconds: 100 / (servers * rho), parameters },
        meanWait,
        theory,
        servers > 5 ? 0.25 : 0.12,
      );
    });

  for (const [name, law] of [
    ['M/D/1', { kind: 'gamma', variation: 0 }],
    ['M/E2/1', { kind: 'gamma', variation: Math.SQRT1_2 }],
    ['M/G/1 with lognormal service', { kind: 'lognormal', variation: 1.2 }],
    ['M/G/1 with Weibull service', { kind: 'weibull', variation: 1.2 }],
  ] as [string, DurationLaw][])
    it(`${name} waits as Pollaczek and Khinchine say`, () => {
      const stations = [{ id: 'L', machines: 1, seconds: 100 }];
      const parameters = { releases: exponential, runLaws: laws(stations, law) };
      const theory = (0.7 * 100 * (1 + law.variation ** 2)) / (2 * 0.3);
      agree({ stations, orders: 6000, gapSeconds: 100 / 0.7, parameters }, meanWait, theory, 0.15);
    });

  it("an open Jackson network of three lines with orders that go back has each line's Erlang C", () => {
    const stations = [
      { id: 'A', machines: 1, seconds: 60 },
      { id: 'B', machines: 2, seconds: 110 },
      { id: 'C', machines: 1, seconds: 45 },
    ];
    const share = 0.25;
    const gapSeconds = 120;
    const flow = 1 / gapSeconds / (1 - share);
    const inSystem = stations.reduce((sum, { machines, seconds }) => {
      const load = flow * seconds;
      return sum + load + (erlangC(machines, load) * load) / (machines - load);
    }, 0);
    const parameters = {
      releases: exponential,
      runLaws: laws(stations, exponential),
      reworkLoops: { C: { share, backTo: 'A' } },
    };
    const plant: FlowPlant = { stations, orders: 5000, gapSeconds, parameters };
    // What an order has from release to end, by Little's law.
    const { floor, run } = openFlow(plant);
    const released: number[] = [];
    const begin = floor.begin.bind(floor);
    floor.begin = (...args) => {
      begin(...args);
      released.splice(0, Infinity, ...floor.work.ready);
    };
    const sojourns = Array.from({ length: 30 }, (_, i) => {
      const { work } = run(i + 1);
      let sum = 0;
      for (let order = 500; order < 5000; order++) sum += work.endedAt[3 * order + 2]! - released[3 * order]!;
      return sum / 1000 / 4500;
    });
    const { mean, half } = estimate(sojourns);
    const theory = inSystem * gapSeconds;
    assert.ok(Math.abs(mean - theory) < half, `${String(mean)} ± ${String(half)} against ${String(theory)}`);
    assert.ok(half < 0.08 * theory);
  });
});

// Two machines with blocking after service are a birth and death chain with the places, both machines and the blocked part
// as states; no places: Hunt, "Sequential arrays of waiting lines", Operations Research 4, 1956.
describe('lines with limited buffers against exact Markov chains', () => {
  const saturated = (seconds: number[], places: number, orders = 5000): FlowPlant => {
    const stations = seconds.map((s, i) => ({ id: `S${String(i + 1)}`, machines: 1, seconds: s }));
    return {
      stations,
      orders,
      gapSeconds: 0.001,
      parameters: {
        runLaws: laws(stations, exponential),
        buffers: Object.fromEntries(stations.slice(1).map(({ id }) => [id, places])),
      },
    };
  };
  /** Orders per second from the end of the first tenth to the last release of the first machine. */
  const throughput =
    (stations: number) =>
    ({ work }: PlantFloor) => {
      const orders = work.jobs.length / stations;
      const [from, to] = [orders / 10, orders - 20];
      const endOf = (order: number) => work.endedAt[order * stations + stations - 1]! / 1000;
      return (to - from) / (endOf(to) - endOf(from));
    };

  for (const [first, second, places] of [
    [100, 100, 3],
    [100, 80, 1],
    [70, 100, 6],
  ] as const)
    it(`two exponential machines of ${String(first)} s and ${String(second)} s with ${String(places)} places between`, () => {
      const rates = [1 / first, 1 / second];
      const weights = Array.from({ length: places + 3 }, (_, n) => (rates[0]! / rates[1]!) ** n);
      const all = weights.reduce((a, b) => a + b, 0);
      agree(saturated([first, second], places), throughput(2), rates[1]! * (1 - weights[0]! / all), 0.02);
      const { run, ground } = openFlow(saturated([first, second], places, 20_000));
      const floor = run(5);
      floor.close(floor.work.endedAt[floor.work.jobs.length - 1]!);
      const reader = new TimeSplitReader(ground.machineIds);
      reader.read(floor.machines);
      const { utilisation } = splitTimes(reader.times);
      assert.ok(Math.abs(utilisation['S1-1']!.blocked - weights.at(-1)! / all) < 0.02);
      assert.ok(Math.abs(utilisation['S2-1']!.starved - weights[0]! / all) < 0.02);
    });

  for (const [stations, theory] of [
    [2, 2 / 3],
    [3, 22 / 39],
    [4, 0.5148],
  ] as const)
    it(`${String(stations)} exponential machines without any place between make ${theory.toFixed(4)} of one`, () => {
      agree(saturated(new Array<number>(stations).fill(100), 0), throughput(stations), theory / 100, 0.02);
    });
});

describe('breakdowns by wear', () => {
  const stop: StopLaw = { reason: 'breakdown', meanRunSecondsBetween: 4000, medianSeconds: 600, sigma: 0.5 };
  const mttr = stop.medianSeconds * Math.exp(stop.sigma ** 2 / 2);
  const measure = (plant: FlowPlant) => {
    const { run, ground } = openFlow(plant);
    return Array.from({ length: 30 }, (_, i) => {
      const floor = run(i + 1);
      floor.close(Math.max(...floor.work.endedAt));
      const reader = new TimeSplitReader(ground.machineIds);
      reader.read(floor.machines);
      return splitTimes(reader.times).utilisation['L-1']!;
    });
  };
  const near = (values: number[], theory: number) => {
    const { mean, half } = estimate(values);
    assert.ok(Math.abs(mean - theory) < half, `${String(mean)} ± ${String(half)} against ${String(theory)}`);
    assert.ok(half < 0.08 * theory);
  };
  for (const shape of [1, 2.5])
    it(`a machine that always has work is available MTBF / (MTBF + MTTR) of the time, Weibull shape ${String(shape)}`, () => {
      const splits = measure({
        stations: [{ id: 'L', machines: 1, seconds: 100 }],
        orders: 5000,
        gapSeconds: 0.001,
        parameters: { stops: { 'L-1': [{ ...stop, shape }] } },
      });
      near(
        splits.map((split) => split.busy),
        stop.meanRunSecondsBetween / (stop.meanRunSecondsBetween + mttr),
      );
    });
  it('one that waits half of the time breaks down by what it works, not by the clock', () => {
    const splits = measure({
      stations: [{ id: 'L', machines: 1, seconds: 100 }],
      orders: 8000,
      gapSeconds: 200,
      parameters: { stops: { 'L-1': [stop] } },
    });
    assert.ok(splits.every((split) => split.starved > 0.3));
    near(
      splits.map((split) => split.down / split.busy),
      mttr / stop.meanRunSecondsBetween,
    );
  });
});

describe('every run of random flow plants', () => {
  const anyPlant = fc.record({
    stations: fc
      .array(fc.record({ machines: fc.integer({ min: 1, max: 3 }), seconds: fc.integer({ min: 10, max: 200 }) }), {
        minLength: 1,
        maxLength: 4,
      })
      .map((list) => list.map((station, i) => ({ id: `S${String(i)}`, ...station }))),
    gapSeconds: fc.integer({ min: 20, max: 150 }),
    places: fc.option(fc.integer({ min: 0, max: 3 })),
    share: fc.constantFrom(0, 0.3),
    stops: fc.boolean(),
    seed: fc.nat(1000),
  });

  it("ends every order, obeys Little's law, and machines work as long as the work takes", () => {
    fc.assert(
      fc.property(anyPlant, ({ stations, gapSeconds, places, share, stops, seed }) => {
        const last = stations.at(-1)!.id;
        const stop: StopLaw = { reason: 'breakdown', meanRunSecondsBetween: 900, medianSeconds: 200, sigma: 1 };
        const machines = Object.keys(laws(stations, exponential));
        let inSystem = 0;
        let area = 0;
        let since = monday;
        let worked = 0;
        const change = (at: number, by: number) => {
          area += inSystem * (at - since);
          since = at;
          inSystem += by;
        };
        const { floor, run } = openFlow(
          {
            stations,
            orders: 150,
            gapSeconds,
            parameters: {
              releases: exponential,
              runLaws: laws(stations, exponential),
              ...(places === null ? {} : { buffers: Object.fromEntries(stations.map(({ id }) => [id, places])) }),
              reworkLoops: { [last]: { share, backTo: stations[0]!.id } },
              stops: stops ? Object.fromEntries(machines.map((id) => [id, [stop]])) : {},
            },
          },
          {
            sliceMs: 1e12,
            started: () => undefined,
            ended: (job, at, back) => {
              worked += floor.work.runTotal[job.index]!;
              if (job.segment.segmentId === last && !back) change(at, -1);
            },
            interrupted: () => undefined,
            restarted: () => undefined,
            reopened: () => undefined,
            ran: () => undefined,
            touched: () => undefined,
          },
        );
        const released: number[] = [];
        const begin = floor.begin.bind(floor);
        floor.begin = (...args) => {
          begin(...args);
          floor.work.ready.forEach((at, job) => {
            if (job % stations.length === 0) released.push(at);
          });
        };
        // Releases are known beforehand, ends come as they happen: the area under the number of orders is their sum.
        const { work } = run(seed);
        const ends = released.map((_, order) => work.endedAt[(order + 1) * stations.length - 1]!);
        assert.equal(floor.open, 0);
        assert.ok(ends.every((end, i) => end > released[i]!));
        const end = Math.max(...ends);
        change(end, 0);
        const arrivals = released.reduce((sum, at) => sum + (end - at), 0);
        const sojourns = ends.reduce((sum, at, i) => sum + at - released[i]!, 0);
        assert.ok(Math.abs(arrivals + area - sojourns) <= 1e-6 * arrivals);
        floor.close(end);
        const busy = floor.machines.reduce((sum, machine) => sum + machine.time[5]!, 0);
        assert.equal(busy, worked);
        for (const { time } of floor.machines)
          assert.equal(
            time.reduce((a, b) => a + b, 0),
            end - monday,
          );
      }),
      { numRuns: 60 },
    );
  });
});
