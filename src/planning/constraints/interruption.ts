import type { OpenOperation } from '../operations.ts';

/**
 * A breakdown under which an operation runs. It interrupts a running operation whose machine is down now, that is
 * while a stretch of `PlantState.unavailable` of its machine covers the state's instant for another reason than planned
 * maintenance (`interruptionOf` in plant). The operation keeps its machine and goes on once that is open again: it
 * resumes with what is left; or starts anew with setup and all parts, and then does not pause where its segment must
 * not; or takes new material from stock besides, before everything that is still to be done. Planned operations are not
 * touched by it, except that only what resumes may pause over closed time (`mayPause` in plant).
 */
export function startsAnew({ interruption }: Pick<OpenOperation, 'interruption'>): boolean {
  return interruption === 'restart' || interruption === 'scrap';
}

/** Whether an operation still has to take its material: it has not begun, or what it took is scrap. */
export function takesMaterial({ running, interruption }: Pick<OpenOperation, 'running' | 'interruption'>): boolean {
  return !running || interruption === 'scrap';
}
