import { startMqttBroker, type MqttBroker, type ServedUpdate } from '../connect/index.ts';
import { toMillwrightError, type Logger } from '../kernel/index.ts';
import { lines } from './northfield/equipment.ts';
import { demoTags } from './tags.ts';

/** The plant's tags in a unified namespace, as a gateway beside the machines would publish them. */
export interface UnsPublisher {
  readonly url: string;
  /** Publishes `{value, timestamp, unit?}`, retained, on `millwright-demo/northfield/<area>/<line>/<machine>/<signal>`. */
  setValues(updates: readonly ServedUpdate[]): void;
  close(): Promise<void>;
}

/**
 * Starts a broker on loopback for the plant's tags. Where the port is taken or the library missing, there is none, and
 * the log says why: the plant runs without.
 * @param port 0 takes any free one; a negative one means no broker
 */
export async function openUnsPublisher(port: number, logger: Logger): Promise<UnsPublisher | undefined> {
  if (port < 0) return undefined;
  let broker: MqttBroker;
  try {
    broker = await startMqttBroker({ host: '127.0.0.1', port });
  } catch (thrown) {
    logger.warn(toMillwrightError(thrown).message);
    return undefined;
  }
  const published = new Map(
    demoTags().map(({ nodeId, tag, unit }) => {
      const area = lines.find(({ lineId }) => tag.startsWith(`${lineId}/`))?.areaId ?? '';
      return [nodeId, { topic: `millwright-demo/northfield/${area}/${tag}`, unit }] as const;
    }),
  );
  return {
    url: broker.url,
    setValues(updates) {
      for (const { nodeId, value, sourceMs } of updates) {
        const found = published.get(nodeId);
        if (!found || typeof value === 'object') continue;
        const { topic, unit } = found;
        broker.publish(topic, JSON.stringify({ value, timestamp: sourceMs, ...(unit === undefined ? {} : { unit }) }));
      }
    },
    close: () => broker.close(),
  };
}
