export {
  exportTable,
  planImport,
  tableSizes,
  type ImportBase,
  type ImportPlan,
  type TableSummary,
} from './import/import.ts';
export type { ImportFault } from './import/read-table.ts';
export { tableNames, type TableName } from './import/templates.ts';
export { openStore, type StoreOptions } from './open.ts';
export * from './store.ts';
