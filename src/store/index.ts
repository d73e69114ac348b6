export { exportDocument, exportTable } from './import/export.ts';
export type { ImportFault, ImportHint } from './import/fault.ts';
export { planImport, tableSizes, type ImportBase, type ImportPlan, type TableSummary } from './import/import.ts';
export { planImportApart } from './import/plan-apart.ts';
export type { ImportFile } from './import/read-files.ts';
export { tableNames, type TableName } from './import/templates.ts';
export { openStore, type StoreOptions } from './open.ts';
export {
  checkMapping,
  type MappingFinding,
  type MappingReport,
  type MappingSource,
  type ViewReport,
} from './mapping/index.ts';
export type { MariadbSettings } from './mariadb.ts';
export type { PostgresSettings } from './postgres.ts';
export { openQuestions, type Questions } from './query/questions.ts';
export * from './store.ts';
