/** Whom a rebirth is asked of. */
export interface EdgeName {
  group: string;
  edge: string;
}

/** Requests for rebirths, bounded for each edge node and for all together. */
export interface RebirthRequests {
  /** A rebirth is needed; several needs at once are one request. */
  need(edge: EdgeName, nowMs: number): void;
  /** A birth came: nothing is needed any more. */
  met(edge: EdgeName): void;
  /** The requests to send now. */
  take(nowMs: number): EdgeName[];
  /** When the next request may be sent; nothing where none waits. */
  dueMs(): number | undefined;
}

/** Between two requests to one edge node: doubling from the first to the last, so that a broken one is left alone. */
const firstPauseMs = 5_000;
const lastPauseMs = 300_000;
/** Between two requests to any, so that a hundred edge nodes do not all give birth at once. */
const spacingMs = 100;
/** A node that was quiet this long begins again with the first pause. */
const quietMs = 600_000;

interface Asked extends EdgeName {
  askedMs: number;
  pauseMs: number;
  /** When it may be asked next; absent where nothing is needed. */
  dueMs?: number;
}

/** Opens the register of requests. */
export function openRebirthRequests(): RebirthRequests {
  const nodes = new Map<string, Asked>();
  let nextMs = -Infinity;

  const waiting = (): Asked[] => [...nodes.values()].filter(({ dueMs }) => dueMs !== undefined);
  return {
    need({ group, edge }, nowMs) {
      const key = `${group}/${edge}`;
      const node = nodes.get(key) ?? { group, edge, askedMs: -Infinity, pauseMs: 0 };
      nodes.set(key, node);
      if (nowMs - node.askedMs > quietMs) node.pauseMs = 0;
      node.dueMs ??= Math.max(nowMs, node.askedMs + node.pauseMs);
    },
    met({ group, edge }) {
      delete nodes.get(`${group}/${edge}`)?.dueMs;
    },
    take(nowMs) {
      const due = waiting()
        .filter(({ dueMs }) => dueMs! <= nowMs)
        .sort((a, b) => a.dueMs! - b.dueMs!);
      const [first] = due;
      if (!first || nextMs > nowMs) return [];
      nextMs = nowMs + spacingMs;
      first.askedMs = nowMs;
      first.pauseMs = Math.min(lastPauseMs, Math.max(firstPauseMs, first.pauseMs * 2));
      // Unless a birth comes, it is asked again.
      first.dueMs = nowMs + first.pauseMs;
      return [{ group: first.group, edge: first.edge }];
    },
    dueMs() {
      const dues = waiting().map(({ dueMs }) => dueMs!);
      return dues.length === 0 ? undefined : Math.max(nextMs, Math.min(...dues));
    },
  };
}
