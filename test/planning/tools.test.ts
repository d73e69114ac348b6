import assert from 'node:assert/strict';
import { mergeIntervals } from '../../src/kernel/index.ts';
import { packCalendars } from '../../src/planning/calendars.ts';
import { blockedUntil, ResourceProfiles } from '../../src/planning/constraints/shared-resources.ts';
import { toolLaidDownFor, toolPools } from '../../src/planning/constraints/tools.ts';
import { Conflicts } from '../../src/planning/infeasible.ts';
import type { OpenOperation } from '../../src/planning/operations.ts';
import type { Problem } from '../../src/planning/problem.ts';
import type { PlantModel } from '../../src/plant/index.ts';

const plant = (copies: Record<string, number>, batchCapacity?: number) =>
  ({
    tools: Object.entries(copies).map(([toolId, count]) => ({ toolId, name: toolId, copies: count })),
    equipment: ['M1', 'M2', 'M3'].map((equipmentId) => ({
      equipmentId,
      level: 'WorkUnit',
      name: equipmentId,
      ...(batchCapacity === undefined ? {} : { batchCapacity }),
    })),
  }) as Partial<PlantModel> as PlantModel;
const operation = (id: string, toolIds: string[] | undefined, machines: string[], runningOn?: string) =>
  ({
    jobOrder: { jobOrderId: id, equipmentId: runningOn },
    segment: { ...(toolIds ? { toolIds } : {}), equipment: machines.map((equipmentId) => ({ equipmentId })) },
    running: runningOn !== undefined,
  }) as unknown as OpenOperation;

describe('tools', () => {
  const waiting = (count: number, toolIds: string[] | undefined, machines: string[]) =>
    Array.from({ length: count }, (_, i) => operation(`J${String(i)}`, toolIds, machines));

  it('are pools of their copies, and cost nothing where they can never run short', () => {
    const pooled = (model: PlantModel, operations: OpenOperation[]) =>
      toolPools(model, operations, new Conflicts()).toolIds;
    const three = ['M1', 'M2', 'M3'];
    assert.deepEqual(pooled(plant({ T: 2 }), waiting(9, ['T'], three)), ['T']);
    assert.deepEqual(pooled(plant({ T: 3 }), waiting(9, ['T'], three)), [], 'a copy for every machine');
    assert.deepEqual(pooled(plant({ T: 2 }), waiting(2, ['T'], three)), [], 'a copy for every operation');
    assert.deepEqual(pooled(plant({ T: 3 }, 8), waiting(9, ['T'], three)), ['T'], 'a batch machine takes many at once');
    assert.deepEqual(pooled(plant({ T: 1 }), waiting(9, undefined, three)), []);
    const twoOnOne = [operation('R1', ['T'], ['M1', 'M2'], 'M1'), operation('R2', ['T'], ['M1', 'M2'], 'M1')];
    assert.deepEqual(pooled(plant({ T: 2 }), [...twoOnOne, ...waiting(3, ['T'], ['M1', 'M2'])]), ['T']);
    const { using, profiles } = toolPools(
      plant({ A: 1, B: 2 }),
      [...waiting(4, ['B', 'A', 'B'], three), operation('X', ['B'], three)],
      new Conflicts(),
    );
    assert.deepEqual(using, [...Array.from({ length: 4 }, () => [0, 1]), [1]]);
    assert.deepEqual(
      profiles.map(({ free }) => [...free]),
      [[1], [2]],
    );
  });

  it('that the plant lacks are conflicts of what waits for them, not of what is running', () => {
    const conflicts = new Conflicts();
    const operations = [operation('J1', ['GONE', 'NONE'], ['M1']), operation('R1', ['GONE'], ['M2'], 'M2')];
    toolPools(plant({ GONE: 0 }), operations, conflicts);
    assert.deepEqual(conflicts.list, [
      { kind: 'tool-missing', jobOrderId: 'J1', subject: 'GONE' },
      { kind: 'tool-missing', jobOrderId: 'J1', subject: 'NONE' },
    ]);
  });

  // One person (pool 0) and one tool (pool 1); the calendar is open from 0 to 100 and from 200 to 300.
  const problem = {
    calendars: packCalendars([mergeIntervals([0, 200].map((start) => ({ start, end: start + 100 })))], 0),
    pool: Int32Array.of(0, 1, 1),
    poolOffset: Int32Array.of(0, 2, 3),
    heldFrom: 1,
    toolIds: ['T'],
  } as Partial<Problem> as Problem;
  const one = { time: Float64Array.of(-Infinity), free: Int16Array.of(1) };

  it('are held through a pause, people are not', () => {
    const profiles = new ResourceProfiles([one, one]);
    profiles.takeFor(problem, 0, 0, 50, 250);
    assert.equal(profiles.blockedUntil(0, 100, 200), -Infinity);
    assert.equal(profiles.blockedUntil(0, 0, 60), 100);
    assert.equal(profiles.blockedUntil(1, 100, 200), 250);
    assert.equal(profiles.blockedUntil(1, 0, 50), -Infinity);
    assert.equal(profiles.blockedUntil(1, 250, 300), -Infinity);
    assert.equal(blockedUntil(profiles, problem, 1, 0, 220, 230), 250, 'the tool alone');
    assert.equal(blockedUntil(profiles, problem, 0, 0, 250, 260), -Infinity);
  });

  it('explain a start at the instant at which another operation lays one down', () => {
    const plan = (start: number) => ({ start: Float64Array.of(0, start), end: Float64Array.of(250, start + 10) });
    assert.equal(toolLaidDownFor(problem, plan(250), 1), 'T');
    assert.equal(toolLaidDownFor(problem, plan(251), 1), undefined);
  });
});
