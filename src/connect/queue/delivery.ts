import type { Delivery as BatchDelivery } from '../../contracts/index.ts';
import type { DurableQueue, QueuedBatch } from './queue.ts';

/** How batches leave a queue. */
export interface DeliveryOptions {
  queue: DurableQueue;
  /** Batches that may be on their way at once. */
  mostUnconfirmed: number;
  /** Batches sent in one turn of the event loop, the rest in the turns after it; all at once where absent. */
  mostPerTurn?: number;
  /** `confirmed`: a batch stays until someone confirms it; `at-the-output`: it is forgotten once it was sent. */
  mode: 'confirmed' | 'at-the-output';
  send: (batch: QueuedBatch) => void;
  /** A batch waited too long to be worth sending and was dropped. */
  onExpired?: (batch: QueuedBatch) => void;
  /** Sending stopped because too many batches are unconfirmed, or goes on. */
  onStalled?: (stalled: boolean) => void;
}

/** Sends a queue's batches in order, never more at once than may be unconfirmed. */
export interface Delivery {
  /** Sends what may be sent; call it after each append. */
  pump(): void;
  /** Drops what was not sent yet and is older than this, milliseconds since 1970 UTC; what has time 0 is of no age. */
  expire(beforeMs: number): void;
  /**
   * Someone has the batch, or one part of it: then it is confirmed when all its parts are. Unknown and repeated
   * offsets and parts are ignored.
   */
  confirm(offset: number, part?: BatchDelivery['part']): void;
  /** Batches sent and not yet confirmed. */
  readonly inFlight: number;
  readonly stalled: boolean;
}

/** Opens the delivery of one queue. */
export function openDelivery(options: DeliveryOptions): Delivery {
  const { queue, mostUnconfirmed, mostPerTurn = Infinity, mode, send, onExpired, onStalled } = options;
  /** Batches on their way, each with the parts of it that are confirmed. */
  const inFlight = new Map<number, Set<number>>();
  let stalled = false;
  let pumping = false;
  let sentInTurn = 0;
  /** Read, but not sent yet. */
  let ahead: QueuedBatch | undefined;

  function setStalled(next: boolean): void {
    if (next === stalled) return;
    stalled = next;
    onStalled?.(next);
  }
  function pump(): void {
    if (pumping) return;
    pumping = true;
    try {
      while (inFlight.size < mostUnconfirmed && sentInTurn < mostPerTurn) {
        const batch = ahead ?? queue.next();
        ahead = undefined;
        if (!batch) break;
        if (mode === 'confirmed') inFlight.set(batch.offset, new Set());
        countTurn();
        send(batch);
        if (mode === 'at-the-output') queue.confirm(batch.offset);
      }
    } finally {
      pumping = false;
    }
    setStalled(inFlight.size >= mostUnconfirmed && queue.unconfirmed > inFlight.size);
  }
  function countTurn(): void {
    if (sentInTurn++ > 0 || mostPerTurn === Infinity) return;
    setImmediate(() => {
      sentInTurn = 0;
      pump();
    });
  }
  return {
    pump,
    expire(beforeMs) {
      for (ahead ??= queue.next(); ahead && ahead.atMs > 0 && ahead.atMs < beforeMs; ahead = queue.next()) {
        queue.confirm(ahead.offset);
        onExpired?.(ahead);
      }
    },
    confirm(offset, part) {
      const parts = inFlight.get(offset);
      if (!parts) return;
      if (part && parts.add(part.index).size < part.of) return;
      inFlight.delete(offset);
      queue.confirm(offset);
      pump();
    },
    get inFlight() {
      return inFlight.size;
    },
    get stalled() {
      return stalled;
    },
  };
}
