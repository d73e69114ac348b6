import type { Count, Gap, Sample, State } from '../../src/contracts/index.ts';
import { parseInstant } from '../../src/kernel/index.ts';
import type {
  DowntimeReason,
  EquipmentStateEvent,
  PackmlState,
  ProductionCount,
  TagGap,
  TagSample,
} from '../../src/plant/index.ts';

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

/** A machine state as plant data. */
export function toState({ equipmentId, state, start, reasonCode }: State): EquipmentStateEvent {
  return {
    equipmentId,
    state: state as PackmlState,
    start: parseInstant(start),
    ...(reasonCode === undefined ? {} : { reason: reasonCode as DowntimeReason }),
  };
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
