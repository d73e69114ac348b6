import type { EventFilter, NodeId, Variant } from 'node-opcua-client';
import type { Alarm } from '../../contracts/index.ts';
import { isoInstant } from '../../kernel/index.ts';
import { alarmStateOf } from './alarm-state.ts';
import { withNamespaceUri } from './namespaces.ts';
import type { ClientLibrary } from './types.ts';

/** Fields of an event, in the order in which they are asked for. */
const fields = [
  'EventId',
  'EventType',
  'SourceNode',
  'SourceName',
  'Time',
  'Message',
  'Severity',
  'ConditionName',
  'BranchId',
  'Retain',
  'ActiveState.Id',
  'AckedState.Id',
  'ConfirmedState.Id',
  'SuppressedState.Id',
  'OutOfServiceState.Id',
  'ShelvingState.CurrentState.Id',
  'ConditionId',
] as const;
type Field = (typeof fields)[number];

const conditionType = 'i=2782';
/** Events about the stream of events itself. */
const refreshStart = 'i=2787';
const refreshEnd = 'i=2788';
const refreshRequired = 'i=2789';
const queueOverflow = 'i=3035';
/** TimedShelved and OneShotShelved. */
const shelvedStates: ReadonlySet<string> = new Set(['i=2932', 'i=2933']);
const longestId = 200;
const longestMessage = 20_000;

/** What an event says: an alarm's new state, or something about the stream. */
export type AlarmEvent =
  { kind: 'alarm'; alarm: Alarm } | { kind: 'refresh-start' | 'refresh-end' | 'refresh-required' | 'overflow' };

/** Asks for conditions and what belongs to their refresh, with all fields that `readAlarmEvent` reads. */
export function alarmFilter(ua: ClientLibrary): EventFilter {
  const kinds = [refreshStart, refreshEnd, refreshRequired, queueOverflow].map((type) => ua.ofType(type));
  const where = kinds.reduce((all, one) => ua.or(all, one), ua.ofType(conditionType));
  return ua.constructEventFilter([...fields], ua.makeContentFilter(where));
}

/** Reads one event; undefined where it is about no condition. */
export function readAlarmEvent(values: readonly Variant[], namespaces: readonly string[]): AlarmEvent | undefined {
  const of = (field: Field): unknown => values[fields.indexOf(field)]?.value as unknown;
  switch (idOf(of('EventType'))) {
    case refreshStart:
      return { kind: 'refresh-start' };
    case refreshEnd:
      return { kind: 'refresh-end' };
    case refreshRequired:
      return { kind: 'refresh-required' };
    case queueOverflow:
      return { kind: 'overflow' };
  }
  const condition = idOf(of('ConditionId'));
  if (condition === undefined) return undefined;
  const eventId = of('EventId');
  const branch = idOf(of('BranchId'));
  const acked = truth(of('AckedState.Id'));
  const name = textOf(of('ConditionName'));
  const time = of('Time');
  const conditionId = stable(condition, namespaces);
  const source = textOf(of('SourceName')) ?? idOf(of('SourceNode')) ?? conditionId;
  const alarm: Alarm = {
    conditionId,
    source: visible(source),
    severity: Math.min(1000, Math.max(0, Number(of('Severity') ?? 0))),
    state: alarmStateOf({
      retain: truth(of('Retain')) ?? false,
      active: truth(of('ActiveState.Id')),
      acked,
      suppressed: truth(of('SuppressedState.Id')),
      outOfService: truth(of('OutOfServiceState.Id')),
      shelved: shelvedStates.has(idOf(of('ShelvingState.CurrentState.Id')) ?? ''),
    }),
    message: (textOf(of('Message')) ?? '').slice(0, longestMessage),
    acked: acked ?? true,
    confirmed: truth(of('ConfirmedState.Id')) ?? true,
    time: isoInstant(time instanceof Date && !Number.isNaN(time.getTime()) ? time.getTime() : 0),
    ...(name === undefined ? {} : { name: visible(name) }),
    ...(Buffer.isBuffer(eventId) && eventId.length > 0
      ? { eventId: eventId.toString('base64').slice(0, longestId) }
      : {}),
    ...(branch === undefined ? {} : { branchId: stable(branch, namespaces) }),
  };
  return { kind: 'alarm', alarm };
}

/** The text of a node id; undefined for none and for the null id. */
function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('identifierType' in value)) return undefined;
  const text = (value as NodeId).toString().replace(/^ns=0;/, '');
  return text === 'i=0' ? undefined : text;
}

function stable(nodeId: string, namespaces: readonly string[]): string {
  const full = withNamespaceUri(nodeId, namespaces);
  return visible(full.length <= longestId ? full : nodeId);
}

/** An id of the contracts: visible characters, bounded. */
function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ').slice(0, longestId);
}

function truth(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'object' && value !== null && 'text' in value ? value.text : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
