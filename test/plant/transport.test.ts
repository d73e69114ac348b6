import assert from 'node:assert/strict';
import { lineOf, transportMsBetween, type Equipment } from '../../src/plant/index.ts';

describe('transport', () => {
  const equipment: Equipment[] = [
    { equipmentId: 'SITE', level: 'Site', name: '' },
    { equipmentId: 'L1', level: 'ProductionLine', parentId: 'SITE', name: '' },
    { equipmentId: 'M1', level: 'WorkUnit', parentId: 'L1', name: '' },
    { equipmentId: 'M2', level: 'WorkUnit', parentId: 'SITE', name: '' },
  ];
  it('is from line to line; a machine on no line is one of its own', () => {
    assert.deepEqual(
      ['M1', 'M2', 'NONE'].map((id) => lineOf(equipment, id)),
      ['L1', 'M2', 'NONE'],
    );
  });
  it('takes no time within a line, the usual time between two, another one where the pair has it, by direction', () => {
    const pair = { fromLineId: 'L1', toLineId: 'L2', seconds: 90.25 };
    const within = { fromLineId: 'L1', toLineId: 'L1', seconds: 7 };
    const transportMs = transportMsBetween({ transportSeconds: 600, transportTimes: [pair, within] });
    assert.deepEqual(
      [
        ['L1', 'L1'],
        ['L1', 'L2'],
        ['L2', 'L1'],
        ['L1', 'L3'],
      ].map(([from, to]) => transportMs(from!, to!)),
      [0, 90_250, 600_000, 600_000],
    );
    assert.equal(transportMsBetween({ transportSeconds: 0.5 })('L1', 'L2'), 500);
  });
});
