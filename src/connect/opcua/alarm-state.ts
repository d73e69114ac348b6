import type { Alarm } from '../../contracts/index.ts';

/** What a condition says of itself (OPC 10000-9); what its type does not have is absent. */
export interface ConditionFacts {
  retain: boolean;
  active?: boolean | undefined;
  acked?: boolean | undefined;
  suppressed?: boolean | undefined;
  outOfService?: boolean | undefined;
  shelved?: boolean | undefined;
}

/**
 * A condition's state in the words of ISA-18.2. One that is of no more interest (not retained) is normal; a type that
 * knows no activity is active as long as it is retained, one that knows no acknowledgement needs none.
 */
export function alarmStateOf(facts: ConditionFacts): Alarm['state'] {
  const { retain, active = retain, acked = true } = facts;
  if (!retain) return 'normal';
  if (facts.outOfService) return 'out-of-service';
  if (facts.shelved) return 'shelved';
  if (facts.suppressed) return 'suppressed';
  if (active) return acked ? 'acknowledged' : 'unacknowledged';
  return acked ? 'normal' : 'returned-unacknowledged';
}
