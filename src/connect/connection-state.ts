import type { Connection } from '../contracts/index.ts';
import { isoInstant, type Clock, type MillwrightError } from '../kernel/index.ts';

/** The state of a connection to a server or broker, told to one listener at each change. */
export interface ConnectionState {
  readonly present: Connection;
  /** Goes over to a state; the same state with the same cause is no change, and a new cause keeps the time of entry. */
  enter: (this: void, next: Connection['state'], error?: MillwrightError) => void;
}

/** Begins in `connecting`, of which the listener is not told yet. */
export function openConnectionState(
  endpoint: string,
  clock: Clock,
  onState: ((connection: Connection, error?: MillwrightError) => void) | undefined,
): ConnectionState {
  let present: Connection = { endpoint, state: 'connecting', since: isoInstant(clock.now()) };
  return {
    get present() {
      return present;
    },
    enter(next, error) {
      const cause = error?.message;
      if (present.state === next && present.cause === cause) return;
      const since = present.state === next ? present.since : isoInstant(clock.now());
      present = { endpoint, state: next, since, ...(cause === undefined ? {} : { cause }) };
      onState?.(present, error);
    },
  };
}
