import type { Envelope, Sample, UnsContract } from '../../contracts/index.ts';
import { contractWord, writeBody } from './json-body.ts';
import { pathLevels, tagLevels, type TopicTemplate } from './topic-template.ts';
import type { MqttMessage, Qos } from './types.ts';

/** A message of a flow, as it is published. */
interface OutgoingMessage {
  type: UnsContract;
  mw: Envelope;
  payload: unknown;
  /** `msg.topic`: the path of the equipment, `line/machine`, or a topic of the template's form. */
  topic?: string;
}

/** Makes MQTT messages with JSON bodies. */
export interface JsonEncoder {
  /**
   * Samples become one message for each topic that their tags fill in, in order; every other contract becomes one.
   * @throws MW_UNS_TOPIC_INVALID
   */
  encode(message: OutgoingMessage): MqttMessage[];
}

/** Tags whose topic is kept. */
const mostTopics = 100_000;

/** Opens an encoder for one template. */
export function openJsonEncoder(template: TopicTemplate, qos: Qos, retain: boolean): JsonEncoder {
  const topics = new Map<string, string>();

  function topicOf(tag: string): string {
    const known = topics.get(tag);
    if (known !== undefined) return known;
    const topic = template.format({ ...tagLevels(tag), contract: contractWord('mw.samples.v1') });
    if (topics.size < mostTopics) topics.set(tag, topic);
    return topic;
  }

  function encodeSamples({ mw, payload }: OutgoingMessage): MqttMessage[] {
    const groups = new Map<string, Sample[]>();
    for (const sample of (payload as { samples: Sample[] }).samples) {
      const topic = topicOf(sample.tag);
      const group = groups.get(topic);
      if (group) group.push(sample);
      else groups.set(topic, [sample]);
    }
    return [...groups].map(([topic, samples], at) => {
      const own = groups.size === 1 ? mw : { ...mw, id: `${mw.id}.${String(at)}` };
      return { topic, payload: writeBody(own, { samples }), qos, retain };
    });
  }

  return {
    encode(message) {
      const { type, mw, payload } = message;
      if (type === 'mw.samples.v1') return encodeSamples(message);
      const path = message.topic ? message.topic : equipmentOf(type, payload);
      const levels = template.parse(path) ?? pathLevels(path);
      const topic = template.format({ ...levels, contract: contractWord(type) });
      return [{ topic, payload: writeBody(mw, payload), qos, retain }];
    },
  };
}

/** The property that names the equipment that a contract is about. */
const equipmentProperty: Partial<Record<UnsContract, string>> = {
  'mw.state.v1': 'equipmentId',
  'mw.count.v1': 'equipmentId',
  'mw.alarm.v1': 'source',
  'mw.event.v1': 'subject',
  'mw.features.v1': 'subject',
  'mw.prediction.v1': 'subject',
};

function equipmentOf(type: UnsContract, payload: unknown): string {
  const property = equipmentProperty[type];
  const value = property === undefined ? undefined : (payload as Record<string, unknown>)[property];
  return typeof value === 'string' ? value : '';
}
