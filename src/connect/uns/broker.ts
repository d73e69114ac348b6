import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { lazyImport, MillwrightError } from '../../kernel/index.ts';

/** Where a broker listens. */
export interface MqttBrokerOptions {
  /** A loopback address: the broker knows neither users nor encryption. */
  host: string;
  /** 0 takes any free one. */
  port: number;
}

/** A running MQTT broker. */
export interface MqttBroker {
  readonly url: string;
  readonly port: number;
  /** Publishes a retained message, so that later subscribers get the latest of each topic. */
  publish(topic: string, payload: string): void;
  /** Ends connections and frees the port. */
  close(): Promise<void>;
}

/** Messages that wait for one slow client; further ones are dropped by the broker. */
const queueLimit = 1_000;

/**
 * Starts a small MQTT 3.1.1 broker in this process, without users and without encryption: meant for loopback.
 * @throws MW_PACKAGE_MISSING without aedes, MW_MQTT_LISTEN_FAILED where the port is taken
 */
export async function startMqttBroker({ host, port }: MqttBrokerOptions): Promise<MqttBroker> {
  const { Aedes } = await lazyImport('aedes', () => import('aedes'));
  const broker = new Aedes({ queueLimit });
  await broker.listen();
  broker.on('clientError', () => undefined);
  broker.on('connectionError', () => undefined);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    broker.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillwrightError('MW_MQTT_LISTEN_FAILED', { host, port, reason }, cause);
  }
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `mqtt://${host}:${String(bound)}`,
    port: bound,
    publish(topic, payload) {
      broker.publish({ cmd: 'publish', topic, payload, qos: 0, retain: true, dup: false }, () => undefined);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      await new Promise<void>((resolve) => {
        broker.close(() => {
          resolve();
        });
      });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
