import type { AcknowledgeMessage } from 'node-opcua-client';
import type { ClientLibrary } from './types.ts';

/** The least that either side must be able to take in one chunk (OPC 10000-6, 7.1.2.4). */
const leastBufferBytes = 8_192;
const guarded = new WeakSet();

/**
 * Lets a connection fail whose server names buffers that are too small to work with in its first answer: the library
 * would throw out of a socket's event and end the process, before any certificate was looked at.
 */
export function guardHandshake({ AcknowledgeMessage: { prototype } }: ClientLibrary): void {
  if (guarded.has(prototype)) return;
  guarded.add(prototype);
  const byLibrary = Reflect.get<AcknowledgeMessage, 'decode'>(prototype, 'decode');
  function decode(this: AcknowledgeMessage, ...parameters: Parameters<typeof byLibrary>): void {
    byLibrary.apply(this, parameters);
    if (this.receiveBufferSize < leastBufferBytes || this.sendBufferSize < leastBufferBytes)
      throw new RangeError('buffers of less than 8,192 bytes');
  }
  Object.assign(prototype, { decode });
}
