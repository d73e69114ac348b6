import { subjectMemory, usableNumber, type Reading, type SignalEvent } from './signal-event.ts';

/** When a value counts as beyond a limit. */
export interface ThresholdRuleOptions {
  limit: number;
  direction: 'above' | 'below';
  /** How far a value must come back behind the limit to count as back; not negative. */
  hysteresis?: number;
  /** How long it must stay beyond, milliseconds. */
  delayMs?: number;
}

/** A rule over the values of tags. */
export interface ValueRule {
  /** Takes a reading; readings of one tag come in order of source time, older ones are left out. */
  observe(reading: Reading): SignalEvent[];
  /** Time passes; milliseconds since 1970 UTC. */
  tick(now: number): SignalEvent[];
}

interface TagMemory {
  lastMs: number;
  since?: number;
  extreme: number;
  announced: boolean;
}

/** Opens a threshold rule: quality-drift when a tag stays beyond the limit, and its end when it is back. */
export function thresholdRule({ limit, direction, hysteresis = 0, delayMs = 0 }: ThresholdRuleOptions): ValueRule {
  const sign = direction === 'above' ? 1 : -1;
  const tags = subjectMemory<TagMemory>(() => ({ lastMs: -Infinity, extreme: NaN, announced: false }));

  function event(tag: string, since: number, extreme: number): SignalEvent {
    return {
      kind: 'quality-drift',
      severity: 500,
      subject: tag,
      start: since,
      evidence: [
        { name: 'rule', value: `threshold-${direction}` },
        { name: 'limit', value: limit },
        { name: 'extreme', value: extreme },
      ],
    };
  }
  function announce(tag: string, memory: TagMemory, now: number): SignalEvent[] {
    if (memory.since === undefined || memory.announced || now - memory.since < delayMs) return [];
    memory.announced = true;
    return [event(tag, memory.since, memory.extreme)];
  }

  return {
    observe(reading) {
      const value = usableNumber(reading);
      const memory = value === undefined ? undefined : tags.of(reading.tag);
      if (value === undefined || !memory || reading.sourceMs <= memory.lastMs) return [];
      memory.lastMs = reading.sourceMs;
      const beyond = sign * (value - limit);
      const { since } = memory;
      if (since === undefined) {
        if (beyond <= 0) return [];
        memory.since = reading.sourceMs;
        memory.extreme = value;
        return announce(reading.tag, memory, reading.sourceMs);
      }
      const events = announce(reading.tag, memory, reading.sourceMs);
      if (sign * (value - memory.extreme) > 0) memory.extreme = value;
      if (beyond > -hysteresis) return events;
      if (memory.announced) events.push({ ...event(reading.tag, since, memory.extreme), endedAt: reading.sourceMs });
      delete memory.since;
      memory.announced = false;
      return events;
    },
    tick(now) {
      const events: SignalEvent[] = [];
      for (const [tag, memory] of tags.all()) events.push(...announce(tag, memory, now));
      return events;
    },
  };
}
