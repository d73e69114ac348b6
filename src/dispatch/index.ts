export type { UndoCommand } from './commands.ts';
export type { CarryOutResult } from './conclude.ts';
export { openDispatch, type CarryOutOptions, type Dispatch, type DispatchOptions } from './dispatch.ts';
export type { Outcome } from './notifications.ts';
export type { MesTarget, RetryPolicy } from './target.ts';
