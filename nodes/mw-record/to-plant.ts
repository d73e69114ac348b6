import type { Count, Gap, Sample } from '../../src/contracts/index.ts';
import { parseInstant } from '../../src/kernel/index.ts';
import type { ProductionCount, TagGap, TagSample } from '../../src/plant/index.ts';

/** What is neither number, text nor truth value is kept as JSON text; no value at all is left out. */
export function toTagSample({ tag, value, unit, quality, sourceTime, serverTime }: Sample): TagSample[] {
  if (value === null) return [];
  return [
    {
      tag,
      value: typeof value === 'object' ? JSON.stringify(value) : value,
      quality,
      sourceMs: parseInstant(sourceTime),
      ...(unit === undefined ? {} : { unit }),
      ...(serverTime === undefined ? {} : { serverMs: parseInstant(serverTime) }),
    },
  ];
}

/** Counted parts as plant data. */
export function toCount({ equipmentId, jobOrderId, good, scrap, rework, from, to }: Count): ProductionCount {
  return {
    equipmentId,
    good,
    scrap,
    rework,
    startMs: parseInstant(from),
    endMs: parseInstant(to),
    ...(jobOrderId === undefined ? {} : { jobOrderId }),
  };
}

/** A gap as one row for each of its tags. */
export function toGaps({ tags, from, to, reason, backfilled }: Gap): TagGap[] {
  return tags.map((tag) => ({ tag, fromMs: parseInstant(from), toMs: parseInstant(to), reason, backfilled }));
}
