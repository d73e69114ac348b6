import type { Alarm, OpcuaItem } from '../../contracts/index.ts';
import { MillwrightError, silentLogger, systemClock } from '../../kernel/index.ts';
import { alarmFilter, readAlarmEvent } from './alarm-events.ts';
import { parseNodeId } from './node-ids.ts';
import { statusNameOf } from './status.ts';
import { openServerSubscription, type SubscriptionContent } from './subscription.ts';
import type { OpcuaConnection } from './types.ts';

const wholeServer = 'i=2253';
const refreshMethod = { objectId: 'i=2782', methodId: 'i=3875' };
const publishingMs = 100;
const holdSeconds = 10;
const mostAlarms = 10_000;

/** The alarms and conditions of a server that are not normal now. */
export interface PresentAlarms {
  /** `Good`, or why the server does not tell. */
  status: string;
  alarms: Alarm[];
  complete: boolean;
}

/**
 * Asks for the present state of all conditions below a node (ConditionRefresh, OPC 10000-9, 5.5.7) over a subscription
 * of its own, which ends with it; what `mw-opcua-in` follows is not disturbed. @throws MW_ABORTED
 */
export async function readPresentAlarms(
  connection: OpcuaConnection,
  { nodeId: notifier = wholeServer }: OpcuaItem<'refresh'>,
  signal: AbortSignal,
): Promise<PresentAlarms> {
  const { promise, resolve, reject } = Promise.withResolvers<PresentAlarms>();
  const alarms: Alarm[] = [];
  let begun = false;
  let complete = true;
  let refresh: () => Promise<string> = () => Promise.resolve('BadUnexpectedError');
  let namespaces: readonly string[] = [];
  const finish = (status: string) => {
    resolve({ status, alarms, complete: complete && status === 'Good' });
  };
  const content: SubscriptionContent = {
    publishingMs,
    holdSeconds,
    async create(link, { subscriptionId }) {
      const { ua, session } = link;
      namespaces = link.namespaces;
      refresh = async () => {
        const inputArguments = [{ dataType: ua.DataType.UInt32, value: subscriptionId }];
        return (await session.call({ ...refreshMethod, inputArguments })).statusCode.name;
      };
      const nodeId = parseNodeId(link, notifier);
      if (typeof nodeId === 'string') {
        finish(nodeId);
        return 0;
      }
      const { results } = await session.createMonitoredItems({
        subscriptionId,
        timestampsToReturn: ua.TimestampsToReturn.Neither,
        itemsToCreate: [
          {
            itemToMonitor: { nodeId, attributeId: ua.AttributeIds.EventNotifier },
            monitoringMode: ua.MonitoringMode.Reporting,
            requestedParameters: {
              ...{ clientHandle: 1, samplingInterval: 0, queueSize: mostAlarms, discardOldest: true },
              filter: alarmFilter(ua),
            },
          },
        ],
      });
      const status = results?.[0]?.statusCode.name ?? 'BadUnexpectedError';
      if (status !== 'Good') finish(status);
      return 0;
    },
    begun() {
      refresh().then(
        (status) => {
          if (status !== 'Good') finish(status);
        },
        (thrown: unknown) => {
          finish(statusNameOf(thrown));
        },
      );
    },
    take(message, _publishMs, ua) {
      for (const data of message.notificationData ?? []) {
        if (!(data instanceof ua.EventNotificationList)) continue;
        for (const { eventFields } of data.events ?? []) {
          const event = readAlarmEvent(eventFields ?? [], namespaces);
          if (event?.kind === 'refresh-start') begun = true;
          else if (event?.kind === 'refresh-end') finish('Good');
          else if (event?.kind === 'overflow') complete = false;
          else if (begun && event?.kind === 'alarm' && event.alarm.state !== 'normal') {
            if (alarms.length < mostAlarms) alarms.push(event.alarm);
            else complete = false;
          }
        }
      }
    },
    lost() {
      complete = false;
    },
    refused: finish,
    ended() {
      finish('BadConnectionClosed');
    },
  };
  const abort = () => {
    reject(new MillwrightError('MW_ABORTED', { what: 'refresh' }));
  };
  signal.addEventListener('abort', abort, { once: true });
  const end = connection.keep(openServerSubscription(content, { logger: silentLogger, clock: systemClock }));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    await end();
  }
}
