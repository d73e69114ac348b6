import assert from 'node:assert/strict';
import { openProfileInterpreter } from '../../src/connect/index.ts';
import type { Sample } from '../../src/contracts/index.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 8, 0, second)).toISOString();
const sample = (tag: string, value: Sample['value'], second: number, quality: Sample['quality'] = 'good'): Sample => ({
  tag,
  value,
  dataType: 'String',
  quality,
  sourceTime: at(second),
});
const counter = (...counts: number[]) => counts.map((count) => ({ ID: 1, name: 'parts', count, accCount: 0 }));

describe('interpreter of machine profiles', () => {
  const packml = () => openProfileInterpreter([{ name: 'M', profiles: ['packml', 'machinery', 'job-control'] }]);

  it('reads every PackML state by the node id that OPC 30050 gives it, or by its text', () => {
    const published = {
      'Stopped 53': 'Stopped',
      'Clearing 55': 'Clearing',
      'Execute 36': 'Execute',
      'Held 34': 'Held',
      'Complete 38': 'Complete',
      'Suspended 31': 'Suspended',
    };
    for (const [place, state] of Object.entries(published)) {
      const id = place.split(' ')[1]!;
      const inMachine = ['53', '55'].includes(id);
      for (const byText of [false, true]) {
        const value = (number: string, text: string) => (byText ? text : `ns=7;i=${number}`);
        const payloads = packml()([
          sample('M/BaseState', value('71', 'Cleared'), 0),
          sample('M/MachineState', inMachine ? value(id, state) : value('75', 'Running'), 0),
          inMachine ? sample('M/ExecuteState', null, 0, 'bad') : sample('M/ExecuteState', value(id, state), 0),
        ]);
        assert.deepEqual(
          payloads.map(({ payload }) => payload),
          [{ equipmentId: 'M', state, start: at(0) }],
          place,
        );
      }
    }
    const aborted = packml()([sample('M/BaseState', 'ns=3;i=62', 4), sample('M/UnitMode', 2, 4)]);
    assert.deepEqual(aborted[0]?.payload, { equipmentId: 'M', state: 'Aborted', mode: 'Maintenance', start: at(4) });
  });

  it('tells a state once, also when it comes again, and never goes back in time', () => {
    const interpret = openProfileInterpreter([{ name: 'M', profiles: ['machinery'] }]);
    const states = (samples: Sample[]) => interpret(samples).map(({ payload }) => (payload as { state: string }).state);
    assert.deepEqual(states([sample('M/ItemState', 'ns=4;i=5006', 1)]), ['Execute']);
    assert.deepEqual(states([sample('M/ItemState', 'ns=4;i=5006', 1)]), []);
    assert.deepEqual(states([sample('M/ItemState', 'ns=4;i=5007', 3), sample('M/ItemState', 'nsu=x;i=5004', 5)]), [
      'Idle',
      'Aborted',
    ]);
    assert.deepEqual(states([sample('M/ItemState', 'ns=4;i=5006', 4)]), []);
    assert.deepEqual(states([sample('M/ItemState', 'ns=4;i=9', 6), sample('other/ItemState', 'ns=4;i=5006', 7)]), []);
    assert.deepEqual(states([sample('M/ItemState', 'Executing', 8)]), ['Execute']);
  });

  it('counts over resets and roll-overs, and takes late defects back from the next good parts', () => {
    const interpret = packml();
    const made = (second: number, processed?: number, defective?: number) =>
      interpret([
        ...(processed === undefined ? [] : [sample('M/Processed', counter(processed), second)]),
        ...(defective === undefined ? [] : [sample('M/Defective', counter(defective), second)]),
      ]).map(({ payload }) => {
        const { good, scrap, from, to } = payload as { good: number; scrap: number; from: string; to: string };
        return [good, scrap, from, to];
      });
    assert.deepEqual(made(0, 100, 5), []);
    assert.deepEqual(made(10, 110, 7), [[8, 2, at(0), at(10)]]);
    assert.deepEqual(made(20, 113), [[3, 0, at(10), at(20)]]);
    assert.deepEqual(made(21, undefined, 8), [[0, 1, at(10), at(21)]]);
    assert.deepEqual(made(30, 116), [[2, 0, at(20), at(30)]], 'one of the three before was the defective one');
    assert.deepEqual(made(40, 4), [[4, 0, at(30), at(40)]], 'reset');
    assert.deepEqual(made(50, 2 ** 31 - 6), [[2 ** 31 - 10, 0, at(40), at(50)]]);
    assert.deepEqual(made(60, 4), [[10, 0, at(50), at(60)]], 'rolled over');
    assert.deepEqual(made(55, 3), []);
  });

  it('adds up the products of a counter, and prefers the count that operators cannot reset', () => {
    const interpret = packml();
    const count = (second: number, entries: object[]) =>
      interpret([sample('M/Processed', entries, second)]).map(({ payload }) => (payload as { good: number }).good);
    assert.deepEqual(count(0, counter(3, 4)), []);
    assert.deepEqual(count(1, counter(5, 4)), [2]);
    assert.deepEqual(count(2, [{ Count: 1, AccCount: 20 }]), [11]);
    assert.deepEqual(count(3, [{ Count: 0, AccCount: 22 }]), [2]);
    assert.deepEqual(interpret([sample('M/Processed', 'nonsense', 4), sample('M/Processed', [{}], 5)]), []);
  });

  it('tells job orders that are new or changed, in either spelling of the fields', () => {
    const interpret = packml();
    const order = (id: string, number: number) => ({
      jobOrder: { jobOrderID: id, priority: 0 },
      state: [
        { browsePath: { elements: [{}] }, stateNumber: 9 },
        { browsePath: { elements: [] }, stateNumber: number },
      ],
    });
    const told = (second: number, list: object[]) =>
      interpret([sample('M/JobOrders', list, second)]).map(({ payload }) => payload);
    assert.deepEqual(told(0, [order('A', 3), { JobOrder: { JobOrderID: 'B' }, State: [{ StateNumber: 1 }] }, {}]), [
      { kind: 'job-order', id: 'A', dispatchStatus: 'Running' },
      { kind: 'job-order', id: 'B', dispatchStatus: 'Waiting' },
    ]);
    assert.deepEqual(told(1, [order('A', 5)]), [{ kind: 'job-order', id: 'A', dispatchStatus: 'Completed' }]);
    assert.deepEqual(told(2, [order('A', 5)]), []);
  });
});
