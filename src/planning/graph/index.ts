export * from './first-schedule.ts';
export * from './improve.ts';
export * from './neighbours.ts';
export * from './relink.ts';
export * from './schedule.ts';
export * from './shop.ts';
