import assert from 'node:assert/strict';
import type { PlanConstraint } from '../../src/contracts/index.ts';
import { isoInstant } from '../../src/kernel/index.ts';
import { checkContradictions, checkWishes } from '../../src/scenarios/check-wishes.ts';
import { northfieldEvent, northfieldModel, northfieldState } from '../planning/northfield.ts';

describe('wishes that can have no effect', () => {
  const model = northfieldModel();
  const state = northfieldState(model);
  const { jobOrderId, workRequestId } = state.jobOrders[0]!;
  const refused = (wish: PlanConstraint) => () => {
    checkWishes(model, state, [{ kind: 'overtime', subject: 'CNC-21' }, wish]);
  };

  it('are refused by what they name: no machine, no open order, an order where a job order is meant', () => {
    const unknown: [PlanConstraint['kind'], string][] = [
      ['overtime', 'LINE-99'],
      ['forbid-machine', 'CNC-99'],
      ['lock', workRequestId],
      ['must-be-on-time', jobOrderId],
      ['no-split', 'WO-DONE'],
    ];
    for (const [kind, subject] of unknown)
      assert.throws(refused({ kind, subject }), { code: 'MW_RECORD_UNKNOWN' }, `${kind} ${subject}`);
  });

  it('leave alone those about machines, lines and areas of the plant and about open orders', () => {
    const known: [PlanConstraint['kind'], string][] = [
      ['forbid-machine', 'CNC-21'],
      ['overtime', model.equipment.find(({ level }) => level === 'Area')!.equipmentId],
      ['lock', jobOrderId],
      ['must-be-on-time', workRequestId],
      ['no-split', jobOrderId],
      ['no-split', workRequestId],
    ];
    for (const [kind, subject] of known) assert.doesNotThrow(refused({ kind, subject }), `${kind} ${subject}`);
  });
});

describe('wishes that contradict each other or the plant', () => {
  const { model, state, live } = northfieldEvent(1, 40);
  const down = state.unavailable.find(({ start, end }) => start <= state.at && Number.isFinite(end))!;
  const stopped = new Set(state.unavailable.map(({ equipmentId }) => equipmentId));
  const running = new Set(state.jobOrders.filter((job) => job.dispatchStatus === 'Running').map((j) => j.jobOrderId));
  const waiting = live.entries.filter(({ jobOrderId }) => !running.has(jobOrderId));
  const later = waiting.find(({ equipmentId, start }) => !stopped.has(equipmentId) && start > state.at)!;
  const lock: PlanConstraint = { kind: 'lock', subject: later.jobOrderId };
  const ban = (from?: number, to?: number): PlanConstraint => ({
    kind: 'forbid-machine',
    subject: later.equipmentId,
    ...(from === undefined ? {} : { from: isoInstant(from) }),
    ...(to === undefined ? {} : { to: isoInstant(to) }),
  });
  const check = (...wishes: PlanConstraint[]) => {
    checkContradictions(model, state, live, wishes);
  };

  it('are a lock within a ban, but not beside it', () => {
    assert.throws(() => check(lock, ban()), { code: 'MW_LOCK_IMPOSSIBLE' });
    assert.throws(() => check(ban(later.start, later.start + 1), lock), { code: 'MW_LOCK_IMPOSSIBLE' });
    check(lock, ban(later.start + 1));
    check(lock, ban(undefined, later.start));
    check(lock);
  });

  it('are a lock while its machine stands', () => {
    const within = { ...later, equipmentId: down.equipmentId, start: down.start };
    const plan = { ...live, entries: [within] };
    assert.throws(() => checkContradictions(model, state, plan, [lock]), { code: 'MW_LOCK_IMPOSSIBLE' });
    const after = { ...live, entries: [{ ...within, start: down.end }] };
    checkContradictions(model, state, after, [lock]);
  });

  it('are overtime where all machines are closed throughout', () => {
    const overtime: PlanConstraint = { kind: 'overtime', subject: later.equipmentId };
    assert.throws(() => check(overtime, ban()), { code: 'MW_OVERTIME_IMPOSSIBLE' });
    check(overtime, ban(undefined, later.start));
    const line = model.equipment.find(({ equipmentId }) => equipmentId === later.equipmentId)!.parentId!;
    check({ ...overtime, subject: line }, ban());
    assert.throws(() => check({ ...overtime, subject: down.equipmentId, to: isoInstant(down.end) }), {
      code: 'MW_OVERTIME_IMPOSSIBLE',
    });
  });
});
