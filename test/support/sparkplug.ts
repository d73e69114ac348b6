import { openMqttLink, type MqttReceived } from '../../src/connect/index.ts';
import { loadCodec } from '../../src/connect/uns/sparkplug/codec.ts';
import { datatypeNamed, datatypeOf } from '../../src/connect/uns/sparkplug/datatypes.ts';
import { parseTopic, type EdgeTopic } from '../../src/connect/uns/sparkplug/topics.ts';
import { instantOf, own, readProperties, readValue } from '../../src/connect/uns/sparkplug/values.ts';
import type { PlainValue, Properties } from '../../src/connect/uns/sparkplug/values.ts';
import { bigOf, numberOf } from '../../src/connect/uns/sparkplug/wire.ts';
import type { WireMetric, WirePayload } from '../../src/connect/uns/sparkplug/wire.ts';
import type { Sample } from '../../src/contracts/index.ts';
import { until, type TestBroker } from './mqtt.ts';

/** A metric as a test looks at it. */
interface SeenMetric {
  name: string | undefined;
  alias: bigint | undefined;
  type: string | undefined;
  value: PlainValue | undefined;
  timestampMs: number | undefined;
  historical: boolean;
  isNull: boolean;
  properties: Properties;
}

/** A message as a test looks at it. */
export interface Seen {
  type: string;
  device: string | undefined;
  seq: number | undefined;
  timestampMs: number | undefined;
  metrics: SeenMetric[];
}

/** Reads a payload the way a test looks at it; values by the datatype sent, else as a double, text or whole number. */
export function seen(topic: EdgeTopic, payload: WirePayload): Seen {
  const seq = own(payload, 'seq');
  return {
    type: topic.type,
    device: topic.device,
    seq: seq && numberOf(seq),
    timestampMs: instantOf(own(payload, 'timestamp')),
    metrics: payload.metrics.map(seenMetric),
  };
}

function seenMetric(wire: WireMetric): SeenMetric {
  const alias = own(wire, 'alias');
  const type = datatypeOf(own(wire, 'datatype'));
  const guesses = ['Double', 'String', 'Boolean', 'Int32', 'Int64'].map((name) => datatypeNamed(name)!);
  const properties = own(wire, 'properties');
  return {
    name: own(wire, 'name'),
    alias: alias && bigOf(alias, false),
    type: type?.name,
    value: type
      ? readValue(type, wire)
      : guesses.map((guess) => readValue(guess, wire)).find((one) => one !== undefined),
    timestampMs: instantOf(own(wire, 'timestamp')),
    historical: own(wire, 'isHistorical') ?? false,
    isNull: own(wire, 'isNull') ?? false,
    properties: properties ? { ...readProperties(properties) } : {},
  };
}

/** A sample of a double. */
export function sample(tag: string, value: Sample['value'], ms: number, more: Partial<Sample> = {}): Sample {
  return { tag, value, dataType: 'Double', quality: 'good', sourceTime: new Date(ms).toISOString(), ...more };
}

/** A client of a broker that looks at all Sparkplug traffic and may send bytes of its own. */
export interface Onlooker {
  readonly messages: (Seen & { received: MqttReceived })[];
  /** Messages of a type. */
  of(type: string): (Seen & { received: MqttReceived })[];
  send(topic: string, payload: WirePayload | string, retain?: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Connects an onlooker; it leaves out commands. */
export async function openOnlooker(broker: TestBroker): Promise<Onlooker> {
  const codec = await loadCodec();
  const messages: Onlooker['messages'] = [];
  const link = openMqttLink({ url: broker.url, protocol: broker.protocol });
  link.subscribe(['spBv1.0/#'], 2, (received) => {
    const topic = parseTopic(received.topic);
    if (!topic || topic.type.endsWith('CMD')) return;
    try {
      messages.push({ ...seen(topic, codec.decode(received.payload, received.topic)), received });
    } catch {
      // Noise that a test sends on purpose.
    }
  });
  await until(() => link.state.state === 'online');
  return {
    messages,
    of: (type) => messages.filter((message) => message.type === type),
    send: (topic, payload, retain = false) =>
      link.publish({
        topic,
        payload: typeof payload === 'string' ? Buffer.from(payload) : codec.encode(payload),
        qos: 1,
        retain,
      }),
    close: () => link.close(),
  };
}
