import type { SubscribedTag, SubscriptionHandlers, SubscriptionOptions } from './types.ts';

/**
 * Slower publishing intervals in milliseconds. Few, because each is a subscription on the server: a handful of them
 * costs the client a tenth to a quarter more, and small servers grant few.
 */
const slower = [60_000, 10_000, 2_000];

/**
 * How often the values of a tag are published: as often as asked for, or less often where the tag is sampled so slowly
 * that nothing new would be there (2, 10 or 60 s, never slower than it is sampled).
 */
export function publishingMsOf({ intervalMs = 0 }: SubscribedTag, publishingMs: number): number {
  return Math.max(publishingMs, slower.find((rung) => rung <= intervalMs) ?? 0);
}

/** One subscription for each publishing interval that the tags need, in the order of the table. */
export function rateGroups({ tags, publishingMs, ...rest }: SubscriptionOptions): SubscriptionOptions[] {
  const groups = Map.groupBy(tags, (row) => publishingMsOf(row, publishingMs));
  return [...groups].map(([groupMs, rows]) => ({ ...rest, tags: rows, publishingMs: groupMs }));
}

/** Joins what several subscriptions of one tag table say about the time up to which everything has arrived. */
export interface Arrivals {
  /** Handlers for one of the subscriptions; the times they hand on hold for all of them. */
  of(group: number, handlers: SubscriptionHandlers): SubscriptionHandlers;
}

/** @param heardMs the server's time up to which everything had arrived in an earlier run */
export function openArrivals(groups: number, heardMs: number | undefined): Arrivals {
  const times = new Array<number | undefined>(groups).fill(heardMs);
  function least(group: number, atMs: number): number {
    times[group] = atMs;
    return times.reduce<number>((min, time) => Math.min(min, time ?? min), atMs);
  }
  return {
    of: (group, handlers) => ({
      ...handlers,
      onSamples: (samples, atMs) => {
        handlers.onSamples(samples, least(group, atMs));
      },
      onHeard: (atMs) => {
        handlers.onHeard?.(least(group, atMs));
      },
    }),
  };
}
