import { configNode, defineNode } from './node-definition.ts';

/** Queries, verifies and exports the audit log. */
export const trustNode = defineNode({
  type: 'mw-trust',
  kind: 'flow',
  version: 1,
  inputs: 1,
  outputs: 1,
  icon: 'mw-trust.svg',
  accepts: ['mw.audit-query.v1'],
  outputLabels: ['result'],
  config: { store: configNode('mw-store') },
});
