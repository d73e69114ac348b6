import { Type } from 'typebox';
import { configNode, defineNode } from './node-definition.ts';

/** Finds, simulates and ranks alternative plans for an event. */
export const scheduleNode = defineNode({
  type: 'mw-schedule',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 2,
  icon: 'mw-schedule.svg',
  accepts: ['mw.event.v1', 'mw.schedule-request.v1', 'mw.cancel.v1'],
  outputLabels: ['scenarios', 'progress'],
  config: {
    store: configNode('mw-store'),
    count: Type.Integer({ default: 50, minimum: 1, maximum: 200, 'x-icon': 'files-o' }),
    timeLimitSeconds: Type.Number({ default: 4, minimum: 1, maximum: 600, 'x-icon': 'clock-o' }),
    frozenMinutes: Type.Number({ default: 30, minimum: 0, maximum: 10_080, 'x-icon': 'lock' }),
    horizonDays: Type.Integer({ default: 14, minimum: 1, maximum: 90, 'x-icon': 'calendar' }),
    replications: Type.Integer({ default: 30, minimum: 1, maximum: 1_000, 'x-icon': 'repeat' }),
    seed: Type.Integer({ default: 1, minimum: 0, maximum: 4_294_967_295, 'x-icon': 'random' }),
  },
});

/** Simulates a plan or a change of it; compares itself with the plant's history. */
export const twinNode = defineNode({
  type: 'mw-twin',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 1,
  icon: 'mw-twin.svg',
  accepts: ['mw.what-if.v1', 'mw.calibration-request.v1'],
  outputLabels: ['simulation'],
  config: { store: configNode('mw-store') },
});

/** The planning board: compare, correct, regenerate, sign. */
export const boardNode = defineNode({
  type: 'mw-board',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 2,
  icon: 'mw-board.svg',
  accepts: ['mw.scenarios.v1', 'mw.event.v1', 'mw.progress.v1', 'mw.plan-change.v1'],
  outputLabels: ['approval', 'request'],
  config: { store: configNode('mw-store') },
  credentials: { people: { type: 'password' } },
});
