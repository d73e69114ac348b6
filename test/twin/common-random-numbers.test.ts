import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { WorkSchedule } from '../../src/plant/index.ts';
import { Draws } from '../../src/twin/draws.ts';
import { layGround } from '../../src/twin/ground.ts';
import { defaultTwinParameters, openSimulator, type TwinParameters } from '../../src/twin/index.ts';
import { layOut } from '../../src/twin/layout.ts';
import { PlantFloor } from '../../src/twin/plant-floor.ts';
import { northfieldEvent } from '../planning/northfield.ts';
import { hour } from './small-plant.ts';

const { model, before, live } = northfieldEvent(2, 60);
const machines = model.equipment.flatMap((e) => (e.level === 'WorkUnit' ? [e.equipmentId] : []));
const breakdown = { reason: 'breakdown' as const, meanRunSecondsBetween: 20_000, medianSeconds: 1800, sigma: 0.8 };
const parameters: TwinParameters = {
  ...defaultTwinParameters(model),
  stops: Object.fromEntries(machines.map((id) => [id, [breakdown]])),
  rejects: Object.fromEntries(machines.map((id) => [id, { scrap: 0.04, rework: 0 }])),
};

/** What chance gave each operation and each machine's stops in one replication of a plan. */
function drawn(plan: WorkSchedule, replication: number) {
  const ground = layGround(model, before, before.at + 60 * 24 * hour);
  const draws = new Draws(9, replication);
  const floor = new PlantFloor(ground, layOut(ground, before, plan), draws, before.at, { parameters });
  floor.begin(draws, before.at, before.setupFamily);
  const firstStops = floor.machines.map((machine) => machine.stops.map((stop) => [stop.runLeft, stop.repairMs]));
  floor.run(Infinity);
  assert.equal(floor.open, 0);
  const { work } = floor;
  const operations = new Map(
    work.jobs.map((job, i) => [
      job.jobOrder.jobOrderId,
      { run: work.runTotal[i]!, parts: work.partsTotal[i]!, machine: job.station },
    ]),
  );
  return { operations, firstStops };
}

describe('common random numbers', () => {
  const machine = live.entries.find((entry) => !entry.frozen)!.equipmentId;
  const own = live.entries.filter((entry) => entry.equipmentId === machine && !entry.frozen);
  const reversed = own.map(({ start, end }) => ({ start, end })).reverse();
  const turned: WorkSchedule = {
    ...live,
    entries: live.entries.map((entry) => {
      const place = own.indexOf(entry);
      return place < 0 ? entry : { ...entry, ...reversed[place]! };
    }),
  };

  it('another order on one machine leaves run times, parts and first stops of all operations and machines alone', () => {
    assert.ok(own.length > 2);
    for (let replication = 0; replication < 5; replication++) {
      const [as, changed] = [drawn(live, replication), drawn(turned, replication)];
      assert.deepEqual(changed.operations, as.operations);
      assert.deepEqual(changed.firstStops, as.firstStops);
    }
  });

  it('so does one that is left out: the others draw what they drew', () => {
    const last = live.entries.at(-1)!.jobOrderId;
    const without = { ...live, entries: live.entries.filter((entry) => entry.jobOrderId !== last) };
    const [as, changed] = [drawn(live, 1), drawn(without, 1)];
    as.operations.delete(last);
    assert.deepEqual(changed.operations, as.operations);
    assert.deepEqual(changed.firstStops, as.firstStops);
  });

  it('other replications and other machines draw other numbers', () => {
    const [as, other] = [drawn(live, 0), drawn(live, 1)];
    for (const [id, { run }] of as.operations) assert.notEqual(other.operations.get(id)!.run, run);
    const repairs = as.firstStops.flat().map(([, repair]) => repair);
    assert.equal(new Set(repairs).size, repairs.length);
  });
});

describe('memory of a simulation', () => {
  it('does not grow with the replications that were made before', function () {
    this.timeout(60_000);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const simulator = openSimulator(model, before, { base: live, parameters, replications: 500, seed: 1 });
    const used = Array.from({ length: 8 }, (_, part) => {
      simulator.simulate(live, { from: 500 * part, to: 500 * (part + 1) });
      collect();
      return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    });
    const growth = (used.at(-1)! - used[3]!) / 2000;
    // The KPIs of one replication, if they were kept, would be more than 200.
    assert.ok(growth < 120, `${growth.toFixed(0)} bytes a replication`);
  });
});
