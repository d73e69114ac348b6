import type { Connection } from '../../contracts/index.ts';
import type { Clock, Logger, MillwrightError, Random } from '../../kernel/index.ts';
import type { FilterMemory } from './filter-memory.ts';

/** Quality of service: at most once, at least once, exactly once. */
export type Qos = 0 | 1 | 2;

/** A message to publish. */
export interface MqttMessage {
  topic: string;
  payload: Uint8Array;
  qos: Qos;
  /** The broker keeps it for later subscribers. */
  retain?: boolean;
  /** MIME type of the payload; travels with MQTT 5 only. */
  contentType?: string;
  /** Travel with MQTT 5 only. */
  userProperties?: Record<string, string>;
}

/** A message that came in. */
export interface MqttReceived extends MqttMessage {
  /** The broker had kept it: its content may be old. */
  retained: boolean;
  /** The broker sends it again because an earlier delivery was not acknowledged. */
  duplicate: boolean;
}

/** Where a link goes and how. */
export interface MqttLinkOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; the TLS forms always verify the broker's certificate. */
  url: string;
  protocol: '5' | '3.1.1';
  /** The broker knows the persistent session by it; a random one where it is absent. */
  clientId?: string;
  credentials?: { user?: string; password?: string };
  /** PEM texts: certificates that are trusted instead of the system's, and the client's own. */
  tls?: { ca?: string; cert?: string; key?: string };
  /** How long the broker keeps the session and its messages while we are away; 0 begins anew at each connect. */
  sessionExpirySeconds?: number;
  /** Remembers the filters of a persistent session, so that those nobody wants any more are taken out of it. */
  filterMemory?: FilterMemory;
  keepAliveSeconds?: number;
  /** Published by the broker when the link breaks; a function is asked anew before each connect. */
  will?: MqttMessage | (() => MqttMessage);
  logger?: Logger;
  clock?: Clock;
  random?: Random;
  onState?: (connection: Connection, error?: MillwrightError) => void;
}

/** A subscription on a link; it outlives reconnects. */
export interface MqttSubscription {
  /**
   * Ends it.
   * @param forget unsubscribes at the broker too; false leaves the broker collecting in the persistent session, for
   *   whoever subscribes to the same filters soon (a redeploy)
   */
  close(forget?: boolean): Promise<void>;
}

/** What a subscriber may want to know beside its messages. */
export interface SubscriptionExtras {
  /** Called once after the messages that came together, before the broker gets their acknowledgement. */
  beforeAcknowledge?: () => void;
  /**
   * The subscription begins on a connection. `kept`: the broker had it all the time, so that nothing with QoS 1 or 2
   * is missing; otherwise what was published since `lostMs`, the latest time at which the connection before is known to
   * have worked, may be.
   */
  onBegin?: (kept: boolean, lostMs?: number) => void;
  /** The broker refuses one filter; the others go on. */
  onRefused?: (filter: string, error: MillwrightError) => void;
}

/** One link to an MQTT broker that heals by itself. */
export interface MqttLink {
  readonly state: Connection;
  readonly protocol: '5' | '3.1.1';
  /**
   * Publishes in the order of the calls. Resolves with the broker's acknowledgement (PUBACK or PUBCOMP), with QoS 0
   * when the message was written; rejects with `MW_MQTT_NOT_CONNECTED` where the link is or goes offline before that,
   * so that whoever owns the message sends it again, and with `MW_MQTT_PUBLISH_REFUSED` where the broker refuses it.
   */
  publish(message: MqttMessage): Promise<void>;
  /**
   * Subscribes now and after each reconnect. A message is acknowledged to the broker after the handler has returned: it
   * must have stored by then what it wants to keep, or do so in `beforeAcknowledge`. Where either throws, the messages
   * that came together are not acknowledged, and the link is given up and made anew after a pause, so that the broker
   * sends them again. A handler that needs to wait does so after it has returned; it may publish.
   */
  subscribe(
    filters: readonly string[],
    qos: Qos,
    onMessage: (message: MqttReceived) => void,
    more?: SubscriptionExtras,
  ): MqttSubscription;
  /**
   * Hears of each new connection as soon as messages can be published on it (at once where the link is online), and of
   * whether the broker kept the session; `lostMs` is the latest time at which the connection before is known to have
   * worked. Returns what removes the listener.
   */
  onConnect(listener: (sessionPresent: boolean, lostMs?: number) => void): () => void;
  /**
   * Resolves when the broker has read all that was written to it so far, the only sign of it with QoS 0: it answers a
   * ping, and packets of one connection are read in order. Rejects with `MW_MQTT_NOT_CONNECTED` as `publish` does.
   */
  flush(): Promise<void>;
  /**
   * Disconnects; within 5 s. The broker does not publish the will, unless that is asked for (MQTT 5 only).
   * @param publishWill for a role that must not leave without it
   */
  close(publishWill?: boolean): Promise<void>;
}
