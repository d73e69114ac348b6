import type { Delivery } from '../../src/contracts/index.ts';

/** A source whose batches are confirmed here. */
export interface ConfirmedSource {
  /** Someone has the batch with this offset, or this part of it, for good. */
  confirm(offset: number, part?: Delivery['part']): void;
}

/** The one register of durable sources in this process, by the name that their batches carry in `mw.delivery`. */
const sources = new Map<string, ConfirmedSource>();

/**
 * Registers a source under its queue's name and returns what takes it out again. A source that registers a name anew
 * (a redeploy) replaces the one before; a late confirmation of the former reaches the new one, since the offsets
 * belong to the queue on disk.
 */
export function registerSource(queue: string, source: ConfirmedSource): () => void {
  sources.set(queue, source);
  return () => {
    if (sources.get(queue) === source) sources.delete(queue);
  };
}

/**
 * Tells the source of a batch that it is committed. Called by `record` and `uns-out` after commit or PUBACK, and only
 * then; a message without delivery, or of a source that is gone, needs nothing.
 */
export function confirmDelivery(delivery: Delivery | undefined): void {
  if (delivery) sources.get(delivery.queue)?.confirm(delivery.offset, delivery.part);
}
