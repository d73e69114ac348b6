export * from './ask.ts';
export * from './metric.ts';
export type { ReadContext, Reading } from './parse.ts';
export * from './ports.ts';
export * from './semantic-query.ts';
export * from './views.ts';
export { defaultCatalogue } from './catalogue/index.ts';
export { openModelReader, type ModelReadingOptions } from './model-reading.ts';
