import assert from 'node:assert/strict';
import type { ServedUpdate } from '../../src/connect/index.ts';
import { machineIds } from '../../src/demo/northfield/equipment.ts';
import { northfieldModel } from '../../src/demo/northfield/model.ts';
import { Office } from '../../src/demo/office.ts';
import { openingStock } from '../../src/demo/orders.ts';
import { PlantRun } from '../../src/demo/plant-run.ts';
import { Publisher } from '../../src/demo/publisher.ts';
import { pastStories } from '../../src/demo/stories.ts';
import { demoTags } from '../../src/demo/tags.ts';
import type { EquipmentStateEvent, PlantState, ProductionCount, TagSample } from '../../src/plant/index.ts';
import { machineSignalMemory, samplesToHistory } from '../../src/signal/index.ts';

/** Monday 2026-11-23, 06:00 in Berlin. */
const begin = Date.UTC(2026, 10, 23, 5);
const minute = 60_000;

function sumByJob(counts: readonly ProductionCount[]) {
  const sums = new Map<string, { good: number; scrap: number; rework: number }>();
  for (const { equipmentId, jobOrderId, good, scrap, rework } of counts) {
    const key = `${equipmentId} ${jobOrderId ?? ''}`;
    const sum = sums.get(key) ?? { good: 0, scrap: 0, rework: 0 };
    sums.set(key, { good: sum.good + good, scrap: sum.scrap + scrap, rework: sum.rework + rework });
  }
  return Object.fromEntries([...sums].sort());
}

describe('what the demo plant shows as tags', () => {
  it('is read back as the very states and parts that it made', () => {
    const model = northfieldModel();
    const state: PlantState = {
      at: begin,
      workRequests: [],
      jobOrders: [],
      lots: openingStock(model, begin),
      setupFamily: {},
      unavailable: [],
      absences: [],
    };
    const office = new Office(model, 5, ['slack'], 26001);
    office.openingOrders(state);
    const schedule = office.planFor(state, []);
    const run = new PlantRun({ model, state, schedule, seed: 5, stories: pastStories, countEverySeconds: 30 });
    run.act(() => undefined);

    const tagOf = new Map(demoTags().map(({ nodeId, tag }) => [nodeId, tag]));
    const memory = machineSignalMemory();
    const read: { states: EquipmentStateEvent[]; counts: ProductionCount[]; kWh: number } = {
      states: [],
      counts: [],
      kWh: 0,
    };
    const server = {
      setValues(updates: readonly ServedUpdate[]) {
        const samples = updates.map(({ nodeId, value, sourceMs }): TagSample => ({
          tag: tagOf.get(nodeId)!,
          value: value as string | number,
          sourceMs,
          quality: 'good',
        }));
        const { states, counts, energy } = samplesToHistory(samples, memory);
        read.states.push(...states);
        read.counts.push(...counts);
        for (const { kWh } of energy) read.kWh += kWh;
      },
    };
    const publisher = new Publisher(server, run, 5);
    publisher.begin([]);
    assert.equal(read.states.length, 16);
    read.states = [];

    const made: ProductionCount[] = [];
    const states: EquipmentStateEvent[] = [];
    for (let at = begin + minute; at <= begin + 26 * 60 * minute; at += minute) {
      const happened = run.advance(at);
      made.push(...happened.counts);
      states.push(...happened.states);
      publisher.show(happened);
    }
    assert.ok(made.length > 1000 && states.length > 100);
    assert.deepEqual(sumByJob(read.counts), sumByJob(made));
    const ordered = (list: EquipmentStateEvent[]) =>
      list.map((s) => `${s.equipmentId} ${String(s.start)} ${s.state} ${s.reason ?? ''}`).sort();
    const last = (list: string[]) => [...new Map(list.map((line) => [line.split(' ', 2).join(' '), line])).values()];
    assert.deepEqual(last(ordered(read.states)), last(ordered(states)));
    const used = machineIds.reduce((sum, id) => sum + run.machine(id)!.energyKwh, 0);
    assert.ok(used > 500 && Math.abs(read.kWh - used) < 0.02, `${String(read.kWh)} of ${String(used)}`);
  });
});
