export * from './machine-signals.ts';
