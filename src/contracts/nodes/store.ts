import { Type } from 'typebox';
import { configNode, defineNode } from './node-definition.ts';

/** The plant's database: an embedded SQLite file. */
export const storeNode = defineNode({
  type: 'mw-store',
  kind: 'config',
  version: 1,
  inputs: 0,
  outputs: 0,
  icon: 'mw-store.svg',
  label: 'file',
  config: {
    site: configNode('mw-site'),
    /** Relative paths lie in the Node-RED user directory. */
    file: Type.String({ default: 'millwright/plant.sqlite', minLength: 1, maxLength: 500, 'x-icon': 'database' }),
    retentionDays: Type.Integer({ default: 400, minimum: 1, maximum: 36_500, 'x-icon': 'history' }),
  },
  credentials: { auditKey: { type: 'password' } },
});
