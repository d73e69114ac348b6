export * from './canonical.ts';
export * from './checkpoint.ts';
export * from './entry.ts';
export * from './lines.ts';
export * from './merkle.ts';
export * from './verify.ts';
