import type { Datatype } from './datatypes.ts';

/** Bytes per element of arrays with a fixed width. */
function widthOf(type: Datatype): number {
  return type.bits / 8;
}

/** Packs elements little-endian (Sparkplug 3.0, section 6.4.17); booleans from the highest bit, texts ended by zero. */
export function packArray(type: Datatype, elements: readonly (number | bigint | boolean | string)[]): Uint8Array {
  if (type.kind === 'boolean') return packBooleans(elements as readonly boolean[]);
  if (type.kind === 'string') return Buffer.from(elements.map((text) => `${String(text)}\0`).join(''), 'utf8');
  const width = widthOf(type);
  const packed = Buffer.alloc(elements.length * width);
  elements.forEach((element, index) => {
    const at = index * width;
    if (type.kind === 'float') packed.writeFloatLE(element as number, at);
    else if (type.kind === 'double') packed.writeDoubleLE(element as number, at);
    else if (width === 8) packed.writeBigUInt64LE(BigInt.asUintN(64, element as bigint), at);
    else if (type.signed) packed.writeIntLE(element as number, at, width);
    else packed.writeUIntLE(element as number, at, width);
  });
  return packed;
}

/**
 * Takes an array apart; 64-bit integers and instants become big integers.
 * @returns nothing where the bytes do not make whole elements
 */
export function unpackArray(type: Datatype, bytes: Uint8Array): (number | bigint | boolean | string)[] | undefined {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type.kind === 'boolean') return unpackBooleans(packed);
  if (type.kind === 'string') return unpackTexts(packed);
  const width = widthOf(type);
  if (packed.length % width !== 0) return undefined;
  return Array.from({ length: packed.length / width }, (_, index) => {
    const at = index * width;
    if (type.kind === 'float') return packed.readFloatLE(at);
    if (type.kind === 'double') return packed.readDoubleLE(at);
    if (width === 8) return type.signed ? packed.readBigInt64LE(at) : packed.readBigUInt64LE(at);
    return type.signed ? packed.readIntLE(at, width) : packed.readUIntLE(at, width);
  });
}

function packBooleans(elements: readonly boolean[]): Uint8Array {
  const packed = Buffer.alloc(4 + Math.ceil(elements.length / 8));
  packed.writeUInt32LE(elements.length, 0);
  elements.forEach((element, index) => {
    if (element) packed[4 + (index >> 3)]! |= 0x80 >> (index & 7);
  });
  return packed;
}

function unpackBooleans(packed: Buffer): boolean[] | undefined {
  if (packed.length < 4) return undefined;
  const length = packed.readUInt32LE(0);
  if (Math.ceil(length / 8) !== packed.length - 4) return undefined;
  return Array.from({ length }, (_, index) => (packed[4 + (index >> 3)]! & (0x80 >> (index & 7))) !== 0);
}

function unpackTexts(packed: Buffer): string[] | undefined {
  if (packed.length === 0) return [];
  if (packed[packed.length - 1] !== 0) return undefined;
  return packed.toString('utf8', 0, packed.length - 1).split('\0');
}
