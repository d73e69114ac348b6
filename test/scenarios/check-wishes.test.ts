import assert from 'node:assert/strict';
import type { PlanConstraint } from '../../src/contracts/index.ts';
import { checkWishes } from '../../src/scenarios/check-wishes.ts';
import { northfieldModel, northfieldState } from '../planning/northfield.ts';

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
