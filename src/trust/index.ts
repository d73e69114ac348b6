export * from './approval.ts';
export * from './modes.ts';
export * from './ports.ts';
export * from './shown-plan.ts';
