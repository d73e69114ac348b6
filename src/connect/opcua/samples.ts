import type { DataValue, Variant } from 'node-opcua-client';
import type { Sample } from '../../contracts/index.ts';
import { openTimeText } from '../time-text.ts';
import { isOpaque, isStructure, plainStructure } from './plain-structure.ts';

/** Names of the built-in types by their number (OPC 10000-6, table 1). */
const builtInTypes = [
  'Null',
  'Boolean',
  'SByte',
  'Byte',
  'Int16',
  'UInt16',
  'Int32',
  'UInt32',
  'Int64',
  'UInt64',
  'Float',
  'Double',
  'String',
  'DateTime',
  'Guid',
  'ByteString',
  'XmlElement',
  'NodeId',
  'ExpandedNodeId',
  'StatusCode',
  'QualifiedName',
  'LocalizedText',
  'ExtensionObject',
  'DataValue',
  'Variant',
  'DiagnosticInfo',
];
const int64 = 8;
const uint64 = 9;
const extensionObject = 22;
const scalar = 0;
const matrix = 2;

const longestName = 60;

/** InfoType DataValue with the overflow bit: the server's queue of this item dropped values before this one. */
const overflowMask = 0x0480;

/** What a sample takes from its row in the tag table. */
export interface SampleTag {
  tag: string;
  unit?: string;
}

/** Whether the server dropped values of this item before this one. */
export function hasOverflow(value: DataValue): boolean {
  return (value.statusCode.value & overflowMask) === overflowMask;
}

/** Quality by the two severity bits of a status code. */
export function qualityOf(statusValue: number): Sample['quality'] {
  const severity = statusValue >>> 30;
  return severity === 0 ? 'good' : severity === 1 ? 'uncertain' : 'bad';
}

/** Makes samples of the contract from values as the library decodes them. */
export function openSampleMaker(): (row: SampleTag, value: DataValue, publishMs: number) => Sample {
  const timeText = openTimeText();
  return (row, value, publishMs) => {
    const { statusCode, sourceTimestamp, serverTimestamp } = value as {
      statusCode: DataValue['statusCode'];
      sourceTimestamp: Date | null;
      serverTimestamp: Date | null;
    };
    const serverMs = serverTimestamp?.getTime();
    const sample: Sample = {
      tag: row.tag,
      value: plainValue(value.value),
      dataType: typeNameOf(value.value),
      quality: qualityOf(statusCode.value),
      sourceTime: timeText(sourceTimestamp?.getTime() ?? serverMs ?? publishMs),
    };
    if (row.unit !== undefined) sample.unit = row.unit;
    if (serverMs !== undefined) sample.serverTime = timeText(serverMs);
    if (sample.quality !== 'good') sample.statusCode = statusCode.name;
    return sample;
  };
}

/** The built-in type's name; of a structure its own, where it is known. */
function typeNameOf({ dataType, value }: Variant): string {
  if ((dataType as number) === extensionObject) {
    const one = (Array.isArray(value) ? value[0] : value) as object | null | undefined;
    if (one && isStructure(one)) return one.schema.name.slice(0, longestName);
  }
  return builtInTypes[dataType] ?? 'Variant';
}

/**
 * A variant's value as JSON can carry it: 64-bit integers become decimal strings, bytes base64, instants ISO text,
 * structures objects with their field names, matrices arrays of arrays; NaN and infinity become null.
 */
export function plainValue({ dataType, arrayType, value, dimensions }: Variant): Sample['value'] {
  if (value === null || value === undefined) return null;
  if ((arrayType as number) === scalar) return plainElement(dataType, value);
  const elements = Array.from(value as ArrayLike<unknown>, (element) => plainElement(dataType, element));
  return (arrayType as number) === matrix && dimensions ? shaped(elements, dimensions) : elements;
}

/** Elements in row-major order as nested arrays (OPC 10000-6, 5.2.2.16). */
function shaped(elements: Sample['value'][], dimensions: readonly number[]): Sample['value'][] {
  if (dimensions.length < 2) return elements;
  const [count = 0, ...inner] = dimensions;
  const size = inner.reduce((product, length) => product * length, 1);
  if (count * size !== elements.length) return elements;
  return Array.from({ length: count }, (_, at) => shaped(elements.slice(at * size, (at + 1) * size), inner));
}

function plainElement(dataType: number, value: unknown): Sample['value'] {
  if (dataType === int64 || dataType === uint64) return wideInteger(value as [number, number], dataType === int64);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (typeof value === 'bigint') return value.toString();
  return structured(value);
}

/** The library holds 64-bit integers as high and low word. */
function wideInteger([high, low]: readonly [number, number], signed: boolean): string {
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return (signed ? BigInt.asIntN(64, bits) : bits).toString();
}

function structured(value: object): Sample['value'] {
  if ('text' in value && 'locale' in value) return typeof value.text === 'string' ? value.text : null;
  if ('identifierType' in value || ('name' in value && 'namespaceIndex' in value)) return textOf(value);
  if ('name' in value && 'description' in value && typeof value.name === 'string') return value.name;
  if ('dataType' in value && 'arrayType' in value) return plainValue(value as Variant);
  if (isOpaque(value)) return { typeId: value.nodeId.toString(), body: value.buffer.toString('base64') };
  if (isStructure(value)) return plainStructure(value, plainElement);
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)),
  ) as Sample['value'];
}

function textOf(value: { toString(): string }): string {
  return value.toString();
}
