import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DowntimeReason, EquipmentStateEvent, PackmlState } from '../../src/plant/index.ts';
import { expectedEnd, stopRule, type SignalEvent } from '../../src/signal/index.ts';

const minute = 60_000;
const at = (
  minutes: number,
  state: PackmlState,
  reason?: DowntimeReason,
  equipmentId = 'CNC-22',
): EquipmentStateEvent => ({
  equipmentId,
  state,
  start: minutes * minute,
  ...(reason ? { reason } : {}),
});
const brief = (events: SignalEvent[]) =>
  events.map(({ kind, subject, start, reason, endsStart }) => [
    kind,
    subject,
    start / minute,
    reason,
    ...(endsStart === undefined ? [] : [endsStart / minute]),
  ]);

describe('stop rule', () => {
  it('announces a stop once, when it has lasted five minutes, with its start and reason; machine-up ends it', () => {
    const rule = stopRule();
    assert.deepEqual(rule.observe(at(0, 'Execute')), []);
    assert.deepEqual(rule.observe(at(10, 'Aborting')), []);
    assert.deepEqual(rule.observe(at(11, 'Aborted', 'breakdown')), []);
    assert.deepEqual(rule.tick(15 * minute - 1), []);
    assert.deepEqual(brief(rule.tick(15 * minute)), [['machine-down', 'CNC-22', 10, 'breakdown']]);
    assert.deepEqual(rule.tick(60 * minute), []);
    assert.deepEqual(rule.observe(at(70, 'Clearing')), []);
    assert.deepEqual(brief(rule.observe(at(71, 'Idle'))), [['machine-up', 'CNC-22', 71, 'breakdown', 10]]);
    assert.deepEqual(rule.observe(at(72, 'Execute')), []);
  });

  it('keeps quiet over short stops, planned ones, and closed machines', () => {
    const rule = stopRule();
    const quiet = [
      at(0, 'Aborted', 'breakdown'),
      at(4, 'Execute'),
      at(10, 'Held', 'setup'),
      at(40, 'Execute'),
      at(50, 'Stopped'),
      at(500, 'Idle'),
      at(510, 'Stopped', 'planned-maintenance'),
    ];
    assert.deepEqual(
      quiet.flatMap((state) => [...rule.tick(state.start), ...rule.observe(state)]),
      [],
    );
    assert.deepEqual(rule.tick(10_000 * minute), []);
  });

  it('takes each machine by its own delay, and both events at once where nobody asked in between', () => {
    const rule = stopRule({ delayMs: 5 * minute, delayMsByMachine: { 'SAW-11': minute } });
    rule.observe(at(0, 'Held', 'tool-change'));
    rule.observe(at(0, 'Held', 'tool-change', 'SAW-11'));
    assert.deepEqual(brief(rule.tick(minute)), [['machine-down', 'SAW-11', 0, 'tool-change']]);
    assert.deepEqual(brief(rule.observe(at(20, 'Execute'))), [
      ['machine-down', 'CNC-22', 0, 'tool-change'],
      ['machine-up', 'CNC-22', 20, 'tool-change', 0],
    ]);
  });

  it('pairs downs and ups and never announces a stop shorter than the delay, whatever comes in', () => {
    const states: PackmlState[] = ['Execute', 'Aborted', 'Held', 'Stopped', 'Idle', 'Clearing'];
    const step = fc.record({ after: fc.nat(400), state: fc.constantFrom(...states), back: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const rule = stopRule({ delayMs: 300 });
        const events: SignalEvent[] = [];
        let now = 0;
        for (const { after, state, back } of steps) {
          now += after;
          const start = back ? now - 50 : now;
          events.push(...rule.tick(start), ...rule.observe({ equipmentId: 'M', state, start }));
        }
        for (const [index, event] of events.entries()) {
          assert.equal(event.kind, index % 2 === 0 ? 'machine-down' : 'machine-up');
          if (event.kind === 'machine-up') {
            assert.equal(event.endsStart, events[index - 1]!.start);
            assert.ok(event.start - event.endsStart >= 300);
          }
        }
      }),
    );
  });
});

describe('expected end of a stop', () => {
  const past = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((minutes) => minutes * 60);

  it('is the median and the 90 % quantile of past stops at first', () => {
    const end = expectedEnd(past, 0, 0);
    assert.deepEqual(end, { p50: 55 * minute, p90: 91 * minute, basis: 'reason-history' });
  });

  it('looks only at stops that lasted longer than this one so far', () => {
    assert.deepEqual(expectedEnd(past, 50 * 60, 50 * minute), {
      p50: 80 * minute,
      p90: 96 * minute,
      basis: 'reason-history',
    });
  });

  it('falls back to a default where fewer than five say anything', () => {
    assert.equal(expectedEnd(past, 60 * 60, 0).basis, 'default');
    assert.deepEqual(expectedEnd([], 0, 0), { p50: 30 * minute, p90: 120 * minute, basis: 'default' });
  });

  it('never lies in the past nor out of order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { maxLength: 200 }), fc.nat(100_000), (durations, elapsed) => {
        const { p50, p90 } = expectedEnd(durations, elapsed, 1_000_000);
        assert.ok(p50 > 1_000_000 && p90 >= p50);
      }),
    );
  });
});
