import { Type } from 'typebox';
import { oneOf } from '../parts.ts';
import { configNode, defineNode } from './node-definition.ts';

const days = (value: number) => Type.Integer({ default: value, minimum: 1, maximum: 36_500, 'x-icon': 'history' });

/** The plant's database: an embedded SQLite file, or PostgreSQL. */
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
    engine: { ...oneOf('sqlite', 'postgres'), default: 'sqlite', 'x-icon': 'database' },
    /** Relative paths lie in the Node-RED user directory. With PostgreSQL the audit key lies beside that path. */
    file: Type.String({ default: 'millwright/plant.sqlite', minLength: 1, maxLength: 500, 'x-icon': 'file-o' }),
    /** A name, an address, or the folder of a Unix socket. */
    host: Type.String({ default: '127.0.0.1', minLength: 1, maxLength: 300, 'x-icon': 'globe' }),
    port: Type.Integer({ default: 5432, minimum: 1, maximum: 65_535, 'x-icon': 'plug' }),
    database: Type.String({ default: 'millwright', minLength: 1, maxLength: 63, 'x-icon': 'database' }),
    schema: Type.String({ default: 'millwright', pattern: '^[a-z_][a-z0-9_]{0,62}$', 'x-icon': 'folder-o' }),
    tls: { ...oneOf('verify', 'encrypt', 'off'), default: 'verify', 'x-icon': 'lock' },
    /** PEM file; the system's authorities where it is empty. */
    caFile: Type.String({ default: '', maxLength: 500, 'x-icon': 'certificate', 'x-hint': true }),
    /** Whose KPI views answer questions: the store's own, or those over a plant's existing tables. */
    questionsFrom: { ...oneOf('store', 'postgres', 'mariadb'), default: 'store', 'x-icon': 'question-circle' },
    viewsHost: Type.String({ default: '127.0.0.1', minLength: 1, maxLength: 300, 'x-icon': 'globe' }),
    viewsPort: Type.Integer({ default: 3306, minimum: 1, maximum: 65_535, 'x-icon': 'plug' }),
    viewsDatabase: Type.String({ default: 'mes', minLength: 1, maxLength: 64, 'x-icon': 'database' }),
    viewsSchema: Type.String({ default: 'kpi', pattern: '^[a-z_][a-z0-9_]{0,62}$', 'x-icon': 'folder-o' }),
    viewsTls: { ...oneOf('verify', 'encrypt', 'off'), default: 'verify', 'x-icon': 'lock' },
    viewsCaFile: Type.String({ default: '', maxLength: 500, 'x-icon': 'certificate', 'x-hint': true }),
    /** Days that samples are kept. */
    retentionDays: days(400),
    /** Days that their aggregates of ten minutes are kept. */
    aggregateDays: days(1_825),
  },
  credentials: {
    user: { type: 'text' },
    password: { type: 'password' },
    readerUser: { type: 'text' },
    readerPassword: { type: 'password' },
    viewsUser: { type: 'text' },
    viewsPassword: { type: 'password' },
    auditKey: { type: 'password' },
  },
});
