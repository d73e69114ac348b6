import { configNode, defineNode } from './node-definition.ts';

/** Writes what happened into the store and confirms it to its source. */
export const recordNode = defineNode({
  type: 'mw-record',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 1,
  icon: 'mw-record.svg',
  accepts: ['mw.samples.v1', 'mw.state.v1', 'mw.count.v1', 'mw.gap.v1', 'mw.event.v1', 'mw.order.v1'],
  outputLabels: ['recorded'],
  config: { store: configNode('mw-store') },
});
