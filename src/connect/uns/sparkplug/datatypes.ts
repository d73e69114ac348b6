/** How the value of a datatype travels. */
type ValueKind =
  | 'integer'
  | 'wide'
  | 'float'
  | 'double'
  | 'boolean'
  | 'string'
  | 'instant'
  | 'bytes'
  | 'dataset'
  | 'template'
  | 'properties'
  | 'property-list';

/** A Sparkplug datatype: its number on the wire, its name in the specification and the word our samples use for it. */
export interface Datatype {
  code: number;
  name: string;
  /** The OPC UA built-in type where there is one that corresponds; of an array, the word of its elements. */
  word: string;
  kind: ValueKind;
  /** Packed into bytes; the kind is that of its elements. */
  array: boolean;
  /** Width of integers. */
  bits: number;
  signed: boolean;
}

type Row = readonly [code: number, name: string, word: string, kind: ValueKind, bits?: number, signed?: boolean];

/** Datatypes by their numbers (Sparkplug 3.0, section 6.4.16). */
const scalarRows: readonly Row[] = [
  [1, 'Int8', 'SByte', 'integer', 8, true],
  [2, 'Int16', 'Int16', 'integer', 16, true],
  [3, 'Int32', 'Int32', 'integer', 32, true],
  [4, 'Int64', 'Int64', 'wide', 64, true],
  [5, 'UInt8', 'Byte', 'integer', 8],
  [6, 'UInt16', 'UInt16', 'integer', 16],
  [7, 'UInt32', 'UInt32', 'integer', 32],
  [8, 'UInt64', 'UInt64', 'wide', 64],
  [9, 'Float', 'Float', 'float', 32],
  [10, 'Double', 'Double', 'double', 64],
  [11, 'Boolean', 'Boolean', 'boolean'],
  [12, 'String', 'String', 'string'],
  [13, 'DateTime', 'DateTime', 'instant', 64],
  [14, 'Text', 'String', 'string'],
  [15, 'UUID', 'Guid', 'string'],
  [16, 'DataSet', 'DataSet', 'dataset'],
  [17, 'Bytes', 'ByteString', 'bytes'],
  [18, 'File', 'ByteString', 'bytes'],
  [19, 'Template', 'Template', 'template'],
  [20, 'PropertySet', 'PropertySet', 'properties'],
  [21, 'PropertySetList', 'PropertySetList', 'property-list'],
];
/** Array datatypes by their numbers, each with the scalar it is made of. */
const arrayRows: readonly (readonly [number, string])[] = [
  [22, 'Int8'],
  [23, 'Int16'],
  [24, 'Int32'],
  [25, 'Int64'],
  [26, 'UInt8'],
  [27, 'UInt16'],
  [28, 'UInt32'],
  [29, 'UInt64'],
  [30, 'Float'],
  [31, 'Double'],
  [32, 'Boolean'],
  [33, 'String'],
  [34, 'DateTime'],
];

const scalars: readonly Datatype[] = scalarRows.map(([code, name, word, kind, bits = 0, signed = false]) => ({
  code,
  name,
  word,
  kind,
  array: false,
  bits,
  signed,
}));
const scalarByName = new Map(scalars.map((type) => [type.name, type]));
const arrays = arrayRows.map(([code, element]) => ({
  ...scalarByName.get(element)!,
  code,
  name: `${element}Array`,
  array: true,
}));

/** Every datatype of the specification. */
export const datatypes: readonly Datatype[] = [...scalars, ...arrays];
const byCode = new Map(datatypes.map((type) => [type.code, type]));
const byName = new Map(datatypes.map((type) => [type.name, type]));
const byWord = new Map(scalars.toReversed().map((type) => [type.word, type]));
const arrayByWord = new Map(arrays.map((type) => [type.word, type]));

/** The datatype with a number; nothing for 0 (unknown) and numbers that the specification does not have. */
export function datatypeOf(code: number | undefined): Datatype | undefined {
  return code === undefined ? undefined : byCode.get(code);
}

/** The datatype with a name of the specification. */
export function datatypeNamed(name: string): Datatype | undefined {
  return byName.get(name);
}

/**
 * The datatype for a sample: by its `dataType` where that word has one, else by the value. What has no counterpart
 * (structures, node ids, names) travels as text.
 */
export function datatypeFor(word: string, value: unknown): Datatype {
  if (Array.isArray(value)) return arrayByWord.get(word) ?? arrayByWord.get(elementWord(value))!;
  return byWord.get(word) ?? byWord.get(elementWord([value]))!;
}

function elementWord(elements: readonly unknown[]): string {
  if (elements.length === 0) return 'String';
  if (elements.every((element) => typeof element === 'number')) return 'Double';
  return elements.every((element) => typeof element === 'boolean') ? 'Boolean' : 'String';
}
