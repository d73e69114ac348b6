import type { MqttMessage, Qos } from './types.ts';

/** QoS, retain and mark of a repetition in one byte, then the lengths of topic (2 bytes) and payload (4). */
const headBytes = 7;
const retainBit = 4;
const duplicateBit = 8;

/** A message as it lies in a queue. */
export interface StoredMessage extends MqttMessage {
  retain: boolean;
  duplicate: boolean;
}

/** Writes messages one after the other. */
export function encodeMessages(messages: readonly (MqttMessage & { duplicate?: boolean })[]): Buffer {
  let size = 0;
  for (const { topic, payload } of messages) size += headBytes + Buffer.byteLength(topic) + payload.length;
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { topic, payload, qos, retain = false, duplicate = false } of messages) {
    const topicBytes = bytes.write(topic, at + headBytes);
    bytes[at] = qos + (retain ? retainBit : 0) + (duplicate ? duplicateBit : 0);
    bytes.writeUInt16LE(topicBytes, at + 1);
    bytes.writeUInt32LE(payload.length, at + 3);
    bytes.set(payload, at + headBytes + topicBytes);
    at += headBytes + topicBytes + payload.length;
  }
  return bytes;
}

/** Reads what `encodeMessages` wrote; the queue has checked the bytes. */
export function decodeMessages(bytes: Buffer): StoredMessage[] {
  const messages: StoredMessage[] = [];
  for (let at = 0; at < bytes.length;) {
    const flags = bytes[at]!;
    const topicEnd = at + headBytes + bytes.readUInt16LE(at + 1);
    const end = topicEnd + bytes.readUInt32LE(at + 3);
    messages.push({
      topic: bytes.toString('utf8', at + headBytes, topicEnd),
      payload: bytes.subarray(topicEnd, end),
      qos: (flags & 3) as Qos,
      retain: (flags & retainBit) !== 0,
      duplicate: (flags & duplicateBit) !== 0,
    });
    at = end;
  }
  return messages;
}
