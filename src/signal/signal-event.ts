import type { PlantEventRecord } from '../plant/index.ts';

/**
 * What a rule found: the facts of a plant event, without the id that its recorder gives it. An excursion is reported
 * when it begins and once more, with `endedAt`, when it is over; kind, subject and start are then the same.
 * A machine-down is ended by a machine-up, whose `endsStart` is the start of that machine-down.
 */
export interface SignalEvent extends Omit<PlantEventRecord, 'eventId' | 'supersedes'> {
  endsStart?: number;
}

/** A reading as the rules over values take it. */
export interface Reading {
  tag: string;
  value: unknown;
  quality: 'good' | 'uncertain' | 'bad';
  /** Milliseconds since 1970 UTC. */
  sourceMs: number;
}

/** Machines or tags that one rule follows at most; further ones are left out. */
const mostSubjects = 10_000;

/** State by subject, made at first sight, for at most `mostSubjects`. */
export function subjectMemory<S>(create: () => S): {
  of(subject: string): S | undefined;
  all(): Iterable<[string, S]>;
} {
  const memory = new Map<string, S>();
  return {
    of(subject) {
      const known = memory.get(subject);
      if (known || memory.size >= mostSubjects) return known;
      const made = create();
      memory.set(subject, made);
      return made;
    },
    all: () => memory,
  };
}

/** The value of a reading that a rule can use: a finite number of good or uncertain quality. */
export function usableNumber({ value, quality }: Reading): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && quality !== 'bad' ? value : undefined;
}
