import type { Equipment } from './equipment.ts';
import type { SegmentEquipment } from './routing.ts';

/** Loads that so many parts fill on a batch machine, at least one. */
export function loadCount(parts: number, batchCapacity: number): number {
  return Math.max(1, Math.ceil(parts / batchCapacity));
}

/**
 * Run time of so many parts on a machine in whole milliseconds, at least one: part by part, or on a batch machine load
 * by load, however full. NaN where a batch machine has no time for a load of this segment.
 */
export function runMilliseconds(parts: number, speed: SegmentEquipment, machine: Equipment | undefined): number {
  const seconds =
    machine?.batchCapacity === undefined
      ? parts * speed.secondsPerUnit
      : loadCount(parts, machine.batchCapacity) * (speed.secondsPerBatch ?? NaN);
  return Math.max(1, Math.round(seconds * 1000));
}
