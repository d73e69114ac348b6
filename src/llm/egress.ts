import { MillwrightError } from '../kernel/index.ts';
import { isPrivateAddress } from './endpoint.ts';
import { redact } from './redact.ts';

/**
 * What an endpoint may be told, each level including those before: nothing at all; the KPI catalogue and questions
 * whose plant words are placeholders; sums and shares; records and free text.
 */
export const egressPolicies = ['nothing', 'catalogue', 'aggregates', 'full'] as const;

/** A level of what may be told. */
export type EgressPolicy = (typeof egressPolicies)[number];

/** A piece of data for a model. It stands in its own slot under its id, never among the instructions. */
export interface Slot {
  id: string;
  /** The lowest policy that allows it. */
  tells: Exclude<EgressPolicy, 'nothing'>;
  text: string;
}

/** The policy in force: `auto` tells all within the plant's own network and only the catalogue beyond it. */
export function policyFor(setting: EgressPolicy | 'auto', baseUrl: string): EgressPolicy {
  if (setting !== 'auto') return setting;
  return isPrivateAddress(baseUrl) ? 'full' : 'catalogue';
}

/** Whether a policy allows what needs the other one. */
export function allows(policy: EgressPolicy, needed: EgressPolicy): boolean {
  return egressPolicies.indexOf(policy) >= egressPolicies.indexOf(needed);
}

/** Throws `MW_LLM_EGRESS` where the policy does not allow it. */
export function assertAllowed(policy: EgressPolicy, needed: Slot['tells']): void {
  if (!allows(policy, needed)) throw new MillwrightError('MW_LLM_EGRESS', { policy, needed });
}

/** People by stand-ins, the same ones throughout one exchange. */
export interface Pseudonyms {
  /** Puts stand-ins in place of the people's ids and names. */
  hide(text: string): string;
  /** Puts the people back, in every text of a value. */
  restore<T>(value: T): T;
}

/** Opens stand-ins for people by their ids and names; `PERSON-1` is the first that is met. */
export function openPseudonyms(people: readonly string[]): Pseudonyms {
  const known = [...new Set(people.filter((person) => person !== ''))].sort((a, b) => b.length - a.length);
  const escaped = known.map((person) => person.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern =
    known.length > 0 ? new RegExp(`(?<![\\p{L}\\d])(?:${escaped.join('|')})(?![\\p{L}\\d])`, 'giu') : null;
  const standIns = new Map<string, string>();
  const persons = new Map<string, string>();
  const restoreText = (text: string) => text.replaceAll(/PERSON-\d+/g, (standIn) => persons.get(standIn) ?? standIn);
  function restore(value: unknown): unknown {
    if (typeof value === 'string') return restoreText(value);
    if (Array.isArray(value)) return value.map(restore);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, restore(one)]));
  }
  return {
    hide(text) {
      if (!pattern) return text;
      return text.replaceAll(pattern, (found) => {
        const key = found.toLowerCase();
        const standIn = standIns.get(key) ?? `PERSON-${String(standIns.size + 1)}`;
        standIns.set(key, standIn);
        persons.set(standIn, known.find((person) => person.toLowerCase() === key) ?? found);
        return standIn;
      });
    },
    restore: <T>(value: T) => restore(value) as T,
  };
}

/** What leaves of a slot's text: people by stand-ins, contact data and secrets struck out. */
export function outgoing(text: string, pseudonyms: Pseudonyms): string {
  return redact(pseudonyms.hide(text));
}
