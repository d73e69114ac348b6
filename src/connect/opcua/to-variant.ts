import type { NodeId, VariantOptions } from 'node-opcua-client';
import { parseInstant } from '../../kernel/index.ts';
import type { SessionLink } from './session-link.ts';
import { parseNodeId } from './node-ids.ts';
import type { StructureField, ValueType } from './value-type.ts';

/** What a server declares of a value. */
export interface DeclaredValue {
  type: ValueType;
  /** ValueRank: -1 scalar, 1 one dimension, more for matrices, 0, -2 and -3 for choices (OPC 10000-3, 5.6.2). */
  rank: number;
}

/** A value in the form of the server's type. */
export interface ConvertedValue {
  variant: VariantOptions;
  /** Every number in it, for the range. */
  numbers: (number | bigint)[];
  /** Whether it holds anything that no range can bound. */
  hasOther: boolean;
}

/** Why a value cannot be had in the server's type without loss. */
export type ConversionRefusal = 'BadTypeMismatch' | 'BadOutOfRange';

/** Carries a refusal out of nested values. */
class Refusal extends Error {
  readonly status: ConversionRefusal;
  constructor(status: ConversionRefusal) {
    super(status);
    this.status = status;
  }
}

/** Inclusive ranges of the integer types, by number of the built-in type. */
const integers: Partial<Record<number, [bigint, bigint]>> = {
  2: [-(2n ** 7n), 2n ** 7n - 1n],
  3: [0n, 2n ** 8n - 1n],
  4: [-(2n ** 15n), 2n ** 15n - 1n],
  5: [0n, 2n ** 16n - 1n],
  6: [-(2n ** 31n), 2n ** 31n - 1n],
  7: [0n, 2n ** 32n - 1n],
  8: [-(2n ** 63n), 2n ** 63n - 1n],
  9: [0n, 2n ** 64n - 1n],
};
const [boolean, float, double, string, dateTime, guid, byteString, xmlElement, nodeId] = [
  1, 10, 11, 12, 13, 14, 15, 16, 17,
];
const [expandedNodeId, statusCode, qualifiedName, localizedText] = [18, 19, 20, 21];
const [int64, uint64] = [8, 9];
const mostElements = 100_000;
const mostDimensions = 8;
/** OPC UA knows no instants before 1601 and none past 9999. */
const [firstInstant, lastInstant] = [Date.UTC(1601, 0, 1), Date.UTC(9999, 11, 31, 23, 59, 59)];

/**
 * Converts a value of a message into the server's type, or says why it cannot be had there without loss. 64-bit
 * integers may be decimal strings, bigints or safe numbers, enumerations numbers or texts, instants ISO 8601 text with
 * offset, bytes base64, structures objects with every field; a number for a Float becomes the nearest one.
 */
export async function toVariant(
  link: SessionLink,
  declared: DeclaredValue,
  value: unknown,
): Promise<ConvertedValue | ConversionRefusal> {
  const found: Found = { numbers: [], hasOther: false };
  try {
    const { type, rank } = declared;
    const { DataType } = link.ua;
    const { dimensions, elements } = shapeOf(rank, value);
    const plain = elements.map((element) => convert(link, type, element, found));
    const converted = type.structure ? await construct(link, type.structure.dataType, plain) : plain;
    const isScalar = dimensions.length === 0;
    const variant: VariantOptions = {
      dataType: DataType[type.builtIn]!,
      arrayType: isScalar ? 'Scalar' : dimensions.length === 1 ? 'Array' : 'Matrix',
      value: isScalar ? converted[0] : converted,
      ...(dimensions.length > 1 ? { dimensions } : {}),
    };
    return { variant, ...found };
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.status;
    throw thrown;
  }
}

type Found = Omit<ConvertedValue, 'variant'>;

/** The elements of a scalar, an array or a matrix, where the rank allows that shape. */
function shapeOf(rank: number, value: unknown): { dimensions: number[]; elements: unknown[] } {
  const nested = ArrayBuffer.isView(value) && !Buffer.isBuffer(value) ? Array.from(value as Uint8Array) : value;
  const dimensions = measure(nested);
  const fits =
    rank > 0
      ? dimensions.length === rank
      : rank === -1
        ? dimensions.length === 0
        : rank === 0
          ? dimensions.length > 0
          : rank === -2 || dimensions.length < 2;
  if (!fits) throw new Refusal('BadTypeMismatch');
  if (dimensions.reduce((product, length) => product * length, 1) > mostElements) throw new Refusal('BadOutOfRange');
  return { dimensions, elements: flatten(nested, dimensions) };
}

function measure(value: unknown, depth = 0): number[] {
  if (!Array.isArray(value)) return [];
  if (depth === mostDimensions) throw new Refusal('BadTypeMismatch');
  return [value.length, ...(value.length > 0 ? measure(value[0], depth + 1) : [])];
}

function flatten(value: unknown, [length, ...inner]: readonly number[]): unknown[] {
  if (length === undefined && !Array.isArray(value)) return [value];
  if (!Array.isArray(value) || value.length !== length) throw new Refusal('BadTypeMismatch');
  return value.flatMap((element) => flatten(element, inner));
}

function convert(link: SessionLink, type: ValueType, value: unknown, found: Found): unknown {
  const { ua } = link;
  const range = integers[type.builtIn];
  if (range) return convertInteger(type, range, value, found);
  if (type.builtIn === float || type.builtIn === double) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new Refusal('BadTypeMismatch');
    if (type.builtIn === float && !Number.isFinite(Math.fround(value))) throw new Refusal('BadOutOfRange');
    found.numbers.push(value);
    return type.builtIn === float ? Math.fround(value) : value;
  }
  if (type.structure) return convertStructure(link, type.structure.fields, value, found);
  found.hasOther = true;
  if (type.builtIn === boolean && typeof value === 'boolean') return value;
  if (type.builtIn === byteString && Buffer.isBuffer(value)) return value;
  if (type.builtIn === dateTime) return convertInstant(value);
  if (typeof value !== 'string') throw new Refusal('BadTypeMismatch');
  switch (type.builtIn) {
    case string:
    case xmlElement:
      return value;
    case guid:
      if (!/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)) throw new Refusal('BadTypeMismatch');
      return value.toUpperCase();
    case byteString: {
      const bytes = Buffer.from(value, 'base64');
      if (bytes.toString('base64') !== value) throw new Refusal('BadTypeMismatch');
      return bytes;
    }
    case nodeId:
    case expandedNodeId: {
      const parsed = parseNodeId(link, value);
      if (typeof parsed === 'string') throw new Refusal('BadTypeMismatch');
      return type.builtIn === nodeId ? parsed : ua.coerceExpandedNodeId(parsed.toString());
    }
    case statusCode: {
      const codes = ua.StatusCodes as unknown as Record<string, unknown>;
      if (!Object.hasOwn(codes, value)) throw new Refusal('BadTypeMismatch');
      return codes[value];
    }
    case qualifiedName: {
      const [, index = '0', name] = /^(?:(\d{1,5}):)?(.+)$/s.exec(value) ?? [];
      if (name === undefined || Number(index) > 65_535) throw new Refusal('BadTypeMismatch');
      return new ua.QualifiedName({ namespaceIndex: Number(index), name });
    }
    case localizedText:
      return new ua.LocalizedText({ text: value });
    default:
      throw new Refusal('BadTypeMismatch');
  }
}

function convertInteger(
  { builtIn, enumeration }: ValueType,
  [low, high]: readonly [bigint, bigint],
  value: unknown,
  found: Found,
): number | [number, number] {
  const isWide = builtIn === int64 || builtIn === uint64;
  const given = enumeration && typeof value === 'string' ? enumeration.get(value) : value;
  const isText = isWide && typeof given === 'string' && /^-?\d{1,20}$/.test(given);
  if (!Number.isSafeInteger(given) && !(isWide && typeof given === 'bigint') && !isText)
    throw new Refusal('BadTypeMismatch');
  const integer = BigInt(given as number | bigint | string);
  if (integer < low || integer > high) throw new Refusal('BadOutOfRange');
  if (enumeration && enumeration.size > 0 && ![...enumeration.values()].includes(Number(integer)))
    throw new Refusal('BadOutOfRange');
  found.numbers.push(isWide ? integer : Number(integer));
  if (!isWide) return Number(integer);
  const bits = BigInt.asUintN(64, integer);
  return [Number(bits >> 32n), Number(bits & 0xffffffffn)];
}

function convertInstant(value: unknown): Date {
  const isText = typeof value === 'string' && !/\.\d{4,}/.test(value);
  const ms = value instanceof Date ? value.getTime() : isText ? parseInstant(value) : NaN;
  if (Number.isNaN(ms)) throw new Refusal('BadTypeMismatch');
  if (ms < firstInstant || ms > lastInstant) throw new Refusal('BadOutOfRange');
  return new Date(ms);
}

function convertStructure(link: SessionLink, fields: readonly StructureField[], value: unknown, found: Found): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('BadTypeMismatch');
  const given = value as Record<string, unknown>;
  const names = new Set(fields.flatMap(({ name, key }) => [name, key]));
  if (Object.keys(given).some((name) => !names.has(name))) throw new Refusal('BadTypeMismatch');
  const converted: Record<string, unknown> = {};
  for (const { name, key, type, rank, optional } of fields) {
    const field = given[key] ?? given[name];
    if (field === undefined && optional) continue;
    const { dimensions, elements } = shapeOf(rank, field);
    if (dimensions.length > 1) throw new Refusal('BadTypeMismatch');
    const list = elements.map((element) => convert(link, type, element, found));
    converted[key] = dimensions.length === 0 ? list[0] : list;
  }
  return converted;
}

async function construct({ session }: SessionLink, dataType: NodeId, plain: readonly unknown[]): Promise<unknown[]> {
  const objects: unknown[] = [];
  for (const fields of plain)
    objects.push(await session.constructExtensionObject(dataType, fields as Record<string, unknown>));
  return objects;
}
