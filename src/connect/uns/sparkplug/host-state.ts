/** What a host application says of itself. */
export interface HostState {
  online: boolean;
  /** Of its connection; absent in the form of Sparkplug 2.2. */
  timestampMs?: number;
}

/** A STATE message in the form of Sparkplug 3.0. */
export function formatState({ online, timestampMs }: Required<HostState>): Buffer {
  return Buffer.from(JSON.stringify({ online, timestamp: timestampMs }), 'utf8');
}

/** Reads a STATE message in the form of 3.0 (JSON) or 2.2 (text); nothing where it is neither. */
export function parseState(payload: Uint8Array): HostState | undefined {
  if (payload.length > 1_000) return undefined;
  const text = Buffer.from(payload).toString('utf8').trim();
  if (text === 'ONLINE' || text === 'OFFLINE') return { online: text === 'ONLINE' };
  try {
    const { online, timestamp } = JSON.parse(text) as { online?: unknown; timestamp?: unknown };
    if (typeof online !== 'boolean' || !Number.isSafeInteger(timestamp)) return undefined;
    return { online, timestampMs: timestamp as number };
  } catch {
    return undefined;
  }
}

/** Follows one host application's state. */
export interface HostWatch {
  readonly online: boolean;
  /** Takes a STATE message; answers whether it was valid and not older than what is known. */
  take(state: HostState): boolean;
  /** A new connection: the retained state will come again. */
  reset(): void;
}

/** Opens a watch. A state older than the newest known is ignored, and one of 2.2 once a state of 3.0 was seen. */
export function openHostWatch(): HostWatch {
  let online = false;
  let newestMs: number | undefined;
  return {
    get online() {
      return online;
    },
    take(state) {
      if (newestMs !== undefined && (state.timestampMs === undefined || state.timestampMs < newestMs)) return false;
      newestMs = state.timestampMs;
      online = state.online;
      return true;
    },
    reset() {
      online = false;
    },
  };
}
