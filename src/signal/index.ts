export * from './late-material.ts';
export * from './machine-signals.ts';
export * from './expected-end.ts';
export * from './shewhart-rule.ts';
export * from './stop-rule.ts';
export * from './threshold-rule.ts';
export type { Reading, SignalEvent } from './signal-event.ts';
