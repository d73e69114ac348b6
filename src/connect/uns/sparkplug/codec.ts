import { lazyImport, MillwrightError } from '../../../kernel/index.ts';
import type protobuf from 'protobufjs';
import { refusalOf } from './bounds.ts';
import { messages } from './messages.ts';
import type { WirePayload } from './wire.ts';

/** Reads and writes Sparkplug B payloads. */
export interface PayloadCodec {
  /** The protocol buffer of a payload; fields stand in the order of their numbers. */
  encode(payload: WirePayload): Uint8Array;
  /**
   * A payload from bytes of anybody. Rejects what is no payload, or too large, with too many parts or nested too deep,
   * with `MW_SPARKPLUG_PAYLOAD_INVALID`; unknown fields are skipped.
   * @param source where the bytes came from, for the error
   */
  decode(bytes: Uint8Array, source: string): WirePayload;
}

let loaded: Promise<PayloadCodec> | undefined;

/** Loads the protobuf library once; rejects with `MW_PACKAGE_MISSING` where it is absent. */
export function loadCodec(): Promise<PayloadCodec> {
  loaded ??= buildCodec().catch((thrown: unknown) => {
    loaded = undefined;
    throw thrown;
  });
  return loaded;
}

async function buildCodec(): Promise<PayloadCodec> {
  const { default: library } = await lazyImport('protobufjs', () => import('protobufjs/light.js'));
  // Without the edition a type counts as proto3, which leaves out every zero: the seq of a birth, for one.
  const nested = Object.entries(messages).map(([name, message]) => [name, { edition: 'proto2', ...message }]);
  const root = library.Root.fromJSON({ nested: Object.fromEntries(nested) as protobuf.INamespace['nested'] & object });
  const type = root.resolveAll().lookupType('Payload');
  return {
    encode: (payload) => type.encode(payload).finish(),
    decode: (bytes, source) => {
      const refusal = refusalOf(bytes);
      if (refusal !== undefined) throw new MillwrightError('MW_SPARKPLUG_PAYLOAD_INVALID', { source, reason: refusal });
      try {
        return type.decode(bytes) as unknown as WirePayload;
      } catch (thrown) {
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        throw new MillwrightError('MW_SPARKPLUG_PAYLOAD_INVALID', { source, reason }, thrown);
      }
    },
  };
}
