export { writeHistory, type HistoryOptions, type HistorySummary } from './history.ts';
export { startDemoPlant, type DemoPlant, type DemoPlantNews, type DemoPlantOptions } from './live.ts';
export { northfieldModel } from './northfield/model.ts';
export { demoTags, type DemoTag } from './tags.ts';
export { northfieldFailureModes, northfieldManuals } from './maintenance-documents.ts';
