import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRandom } from '../../src/kernel/index.ts';
import { EventQueue } from '../../src/twin/event-queue.ts';

describe('event calendar', () => {
  it('hands out in order of time, at one instant in order of arrival, also when pushes and pops mix', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant('pop' as const)), { maxLength: 400 }),
        (acts) => {
          const queue = new EventQueue(2);
          const model: { time: number; code: number }[] = [];
          acts.forEach((act, code) => {
            if (act === 'pop') {
              const first = model.shift();
              assert.equal(queue.nextTime, first?.time ?? Infinity);
              assert.equal(queue.pop(), first !== undefined);
              if (first)
                assert.deepEqual(
                  { time: queue.time, code: queue.code, data: queue.data },
                  { ...first, data: first.code + 7 },
                );
              return;
            }
            queue.push(act, code, code + 7);
            const at = model.findIndex((event) => event.time > act);
            model.splice(at < 0 ? model.length : at, 0, { time: act, code });
          });
        },
      ),
    );
  });
});

const arrival = 0;
const departure = 1;

/** Mean wait in the queue and mean number waiting, of one server with Poisson arrivals; the first tenth is left out. */
function singleServer(
  seed: number,
  arrivalRate: number,
  service: (random: ReturnType<typeof seededRandom>) => number,
  customers: number,
) {
  const arrivals = seededRandom(seed, 'arrivals');
  const services = seededRandom(seed, 'services');
  const queue = new EventQueue();
  const waiting: number[] = [];
  let free = 1;
  let served = 0;
  let sum = 0;
  let area = 0;
  let last = 0;
  let begun = NaN;
  const warm = customers / 10;
  const begin = (since: number) => {
    free = 0;
    served++;
    if (served === warm) {
      begun = queue.time;
      area = 0;
    }
    if (served > warm) sum += queue.time - since;
    queue.push(queue.time + service(services), departure, 0);
  };
  queue.push(arrivals.exponential(1 / arrivalRate), arrival, 0);
  while (served < customers && queue.pop()) {
    area += waiting.length * (queue.time - last);
    last = queue.time;
    if (queue.code === arrival) {
      queue.push(queue.time + arrivals.exponential(1 / arrivalRate), arrival, 0);
      if (free === 0) waiting.push(queue.time);
      else begin(queue.time);
    } else {
      free = 1;
      const next = waiting.shift();
      if (next !== undefined) begin(next);
    }
  }
  return { wait: sum / (customers - warm), length: area / (queue.time - begun) };
}

/** Mean of replications with half the width of its 99.9 % confidence interval (t with 19 degrees of freedom). */
function estimate(values: number[]) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
  return { mean, half: 3.883 * Math.sqrt(variance / values.length) };
}

describe('queues against theory', () => {
  const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
  const rho = 0.7;
  /** Pollaczek–Khinchine: mean wait of M/G/1 with mean service 1. */
  const theory = (secondMoment: number) => (rho * secondMoment) / (2 * (1 - rho));
  const laws: [string, number, (random: ReturnType<typeof seededRandom>) => number][] = [
    ['M/M/1', 2, (random) => random.exponential(1)],
    ['M/D/1', 1, () => 1],
    ['M/E2/1', 1.5, (random) => random.exponential(0.5) + random.exponential(0.5)],
  ];
  for (const [name, secondMoment, service] of laws)
    it(`${name} waits as Pollaczek and Khinchine say, and Little's law holds`, () => {
      const runs = seeds.map((seed) => singleServer(seed, rho, service, 30_000));
      const wait = estimate(runs.map((run) => run.wait));
      assert.ok(Math.abs(wait.mean - theory(secondMoment)) < wait.half, `${String(wait.mean)} ± ${String(wait.half)}`);
      assert.ok(wait.half < 0.12 * theory(secondMoment), 'the interval is narrow enough to say something');
      const little = estimate(runs.map((run) => run.length - rho * run.wait));
      assert.ok(Math.abs(little.mean) < little.half + 0.01);
    });
});
