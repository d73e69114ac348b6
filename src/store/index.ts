export { openStore, type StoreOptions } from './open.ts';
export * from './store.ts';
