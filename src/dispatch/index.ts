export * from './conclude.ts';
export * from './dispatch.ts';
export * from './target.ts';
