/** Sequence numbers of notification messages wrap from here to 1 (OPC 10000-4, 7.26). */
const last = 4_294_967_295;

/** The number after this one. */
export function nextSequenceNumber(sequenceNumber: number): number {
  return sequenceNumber >= last ? 1 : sequenceNumber + 1;
}

/** How far the second number is ahead of the first, negative where it is behind, over the wrap. */
export function sequenceDistance(from: number, to: number): number {
  const ahead = to - from;
  if (ahead > last / 2) return ahead - last;
  return ahead < -last / 2 ? ahead + last : ahead;
}

/** What a message's number says: take it, drop it, or fetch `count` messages from the expected one on first. */
type SequenceVerdict = { kind: 'next' | 'old' } | { kind: 'ahead'; count: number };

/**
 * Follows the sequence numbers of one subscription. After data *n* comes *n* + 1; a keep-alive carries the number of
 * the *next* data message and consumes none.
 */
export interface SequenceCounter {
  /** Number of the next data message. */
  readonly expected: number;
  /** Judges a message without counting it. */
  judge(sequenceNumber: number): SequenceVerdict;
  /** Counts a data message as taken. */
  take(sequenceNumber: number): void;
  /** Gives up the messages before this number. */
  skipTo(sequenceNumber: number): void;
}

/** A counter for a new subscription, whose first data message has number 1. */
export function openSequenceCounter(): SequenceCounter {
  let expected = 1;
  return {
    get expected() {
      return expected;
    },
    judge(sequenceNumber) {
      const distance = sequenceDistance(expected, sequenceNumber);
      if (distance === 0) return { kind: 'next' };
      return distance < 0 ? { kind: 'old' } : { kind: 'ahead', count: distance };
    },
    take(sequenceNumber) {
      expected = nextSequenceNumber(sequenceNumber);
    },
    skipTo(sequenceNumber) {
      expected = sequenceNumber;
    },
  };
}
