import type { Alarm, Gap } from '../../contracts/index.ts';
import { isoInstant, MillwrightError, silentLogger, systemClock, type Clock, type Logger } from '../../kernel/index.ts';
import { alarmFilter, readAlarmEvent } from './alarm-events.ts';
import { parseNodeId } from './node-ids.ts';
import type { SessionLink } from './session-link.ts';
import { statusNameOf } from './status.ts';
import { openServerSubscription, type SubscriptionContent } from './subscription.ts';
import type { ClientLibrary, OpcuaConnection } from './types.ts';

/** Events that the server holds while nobody is connected; it may grant less. */
const queueSize = 10_000;
/** Conditions that are remembered as not normal; further ones are handed on but their vanishing goes unnoticed. */
const mostTracked = 100_000;
const refreshMethod = { objectId: 'i=2782', methodId: 'i=3875' };
/** A refresh that the server could not do now is asked for again. */
const refreshRetryMs = 5_000;

/** Which alarms and conditions. */
export interface AlarmSourceOptions {
  connection: OpcuaConnection;
  /** The node whose events are wanted, with all below it; `i=2253` is the whole server. */
  nodeId: string;
  /** Alarms below this severity (1 to 1,000) are left out. */
  leastSeverity: number;
  publishingMs: number;
  /** A cut shorter than this loses no event, as far as the server grants it. */
  holdSeconds: number;
  logger?: Logger;
  clock?: Clock;
}

/** Who takes alarms. Callbacks must not throw. */
export interface AlarmSourceHandlers {
  /** A condition's new state, in order. The server may forget the event as soon as this returns. */
  onAlarm(alarm: Alarm): void;
  /** Events are missing; the present states follow. `tags` is empty. */
  onGap(gap: Gap): void;
  /** The server refuses events of this node; it is tried again when the subscription is made anew. */
  onRefused(error: MillwrightError): void;
}

/** Alarms and conditions on their way from a server. */
export interface AlarmSource {
  close(): Promise<void>;
}

/**
 * Follows the alarms and conditions of a server: all that are not normal at the start, then each change of state. After
 * a cut that the server's queue did not bridge, and whenever the server asks for it, the present states are fetched
 * anew (ConditionRefresh): what changed is handed on, and a condition that has vanished is normal.
 */
export function openAlarmSource(options: AlarmSourceOptions, handlers: AlarmSourceHandlers): AlarmSource {
  const { connection, logger = silentLogger, clock = systemClock } = options;
  const content = openAlarmContent(options, handlers, logger);
  const end = connection.keep(openServerSubscription(content, { logger, clock }));
  return { close: end };
}

function openAlarmContent(
  { nodeId: notifier, leastSeverity, publishingMs, holdSeconds }: AlarmSourceOptions,
  handlers: AlarmSourceHandlers,
  logger: Logger,
): SubscriptionContent {
  /** Conditions and branches that are not normal, by what was last said of them. */
  const tracked = new Map<string, Alarm>();
  /** Those that the refresh under way has named. */
  let named: Set<string> | undefined;
  let present: { link: SessionLink; subscriptionId: number } | undefined;
  let refused = false;
  let refreshTimer: NodeJS.Timeout | undefined;

  function say(alarm: Alarm): void {
    const key = `${alarm.conditionId} ${alarm.branchId ?? ''}`;
    named?.add(key);
    const before = tracked.get(key);
    if (!before && alarm.severity < leastSeverity) return;
    if (before?.eventId !== undefined && before.eventId === alarm.eventId && before.state === alarm.state) return;
    if (alarm.state === 'normal') tracked.delete(key);
    else if (before || tracked.size < mostTracked) tracked.set(key, alarm);
    handlers.onAlarm(alarm);
  }

  /** What was not named is over, but no event said so: it may no longer be acknowledged by its former event. */
  function endRefresh(publishMs: number): void {
    if (!named) return;
    for (const [key, { eventId, ...alarm }] of tracked)
      if (!named.has(key)) {
        tracked.delete(key);
        logger.debug(`OPC UA condition ${key} is over (last event ${eventId ?? 'unknown'})`);
        handlers.onAlarm({ ...alarm, state: 'normal', time: isoInstant(publishMs) });
      }
    named = undefined;
  }

  function refresh(): void {
    const now = present;
    if (!now) return;
    clearTimeout(refreshTimer);
    const { ua, session } = now.link;
    session
      .call({
        ...refreshMethod,
        inputArguments: [{ dataType: ua.DataType.UInt32, value: now.subscriptionId }],
      })
      .then(({ statusCode }) => {
        if (statusCode.isGood() || now !== present) return;
        if (statusCode.name === 'BadRefreshInProgress') refreshTimer = setTimeout(refresh, refreshRetryMs).unref();
        else logger.warn(`OPC UA server does not refresh conditions: ${statusCode.name}; only new events are seen`);
      })
      .catch((thrown: unknown) => {
        logger.debug(`OPC UA condition refresh: ${statusNameOf(thrown)}`);
      });
  }

  function report(fromMs: number, toMs: number, reason: Gap['reason']): void {
    const range = { from: isoInstant(fromMs), to: isoInstant(Math.max(fromMs, toMs)) };
    handlers.onGap({ tags: [], alarms: true, ...range, reason, backfilled: false });
  }

  return {
    publishingMs,
    holdSeconds,
    async create(link, { subscriptionId }, first) {
      const { ua, session } = link;
      const nodeId = parseNodeId(link, notifier, first);
      let status = typeof nodeId === 'string' ? nodeId : 'Good';
      let serverMs = 0;
      if (typeof nodeId !== 'string') {
        const response = await session.createMonitoredItems({
          subscriptionId,
          timestampsToReturn: ua.TimestampsToReturn.Neither,
          itemsToCreate: [
            {
              itemToMonitor: { nodeId, attributeId: ua.AttributeIds.EventNotifier },
              monitoringMode: ua.MonitoringMode.Reporting,
              requestedParameters: {
                ...{ clientHandle: 1, samplingInterval: 0, queueSize, discardOldest: true },
                filter: alarmFilter(ua),
              },
            },
          ],
        });
        status = response.results?.[0]?.statusCode.name ?? 'BadUnexpectedError';
        serverMs = response.responseHeader.timestamp?.getTime() ?? 0;
      }
      named = undefined;
      present = { link, subscriptionId };
      if (status !== 'Good' && !refused)
        handlers.onRefused(new MillwrightError('MW_OPCUA_ALARMS_REFUSED', { nodeId: notifier, status }));
      refused = status !== 'Good';
      return serverMs;
    },
    begun() {
      if (!refused) refresh();
    },
    take(message, publishMs, ua: ClientLibrary) {
      for (const data of message.notificationData ?? []) {
        if (!(data instanceof ua.EventNotificationList)) continue;
        for (const { eventFields } of data.events ?? []) {
          const event = readAlarmEvent(eventFields ?? [], present?.link.namespaces ?? []);
          if (event?.kind === 'alarm') say(event.alarm);
          else if (event?.kind === 'refresh-start') named = new Set();
          else if (event?.kind === 'refresh-end') endRefresh(publishMs);
          else if (event) {
            if (event.kind === 'overflow') report(publishMs, publishMs, 'overflow');
            refresh();
          }
        }
      }
    },
    lost({ fromMs, toMs, reason }) {
      report(fromMs, toMs, reason);
    },
    ended() {
      clearTimeout(refreshTimer);
      present = undefined;
    },
  };
}
