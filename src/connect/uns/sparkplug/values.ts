import type { Sample } from '../../../contracts/index.ts';
import { packArray, unpackArray } from './arrays.ts';
import { datatypeNamed, datatypeOf, type Datatype } from './datatypes.ts';
import { bigOf, numberOf, wideOf, wideOfNumber, type WireMetric, type WireValue } from './wire.ts';
import type { WideInteger, WireDataSet, WirePropertySet, WireTemplate } from './wire.ts';

/**
 * A value as our samples carry it: 64-bit integers as decimal text, instants as ISO text, bytes as base64, numbers that
 * are none (NaN, infinite) as null, a data set as `{columns, types, rows}`, a template as
 * `{version?, templateRef?, isDefinition, members, parameters}`.
 */
export type PlainValue = Sample['value'];

/** A property of a metric: its datatype's name and its value. */
interface Property {
  type: string;
  value: PlainValue;
}
/** Properties of a metric by key. */
export type Properties = Record<string, Property>;

type Cell = number | bigint | boolean | string;

/**
 * Writes a value in its datatype.
 * @returns nothing where the value does not fit the datatype
 */
export function writeValue(type: Datatype, value: PlainValue): WireValue | undefined {
  if (type.array) return writeArray(type, value);
  switch (type.kind) {
    case 'dataset':
      return ifDefined(writeDataSet(value), (datasetValue) => ({ datasetValue }));
    case 'template':
      return ifDefined(writeTemplate(value), (templateValue) => ({ templateValue }));
    case 'properties':
      return ifDefined(writeProperties(value as Properties), (propertysetValue) => ({ propertysetValue }));
    case 'property-list':
      return writePropertyList(value);
    case 'bytes':
      return typeof value === 'string' ? { bytesValue: Buffer.from(value, 'base64') } : undefined;
    default:
      return ifDefined(cellOf(type, value), (cell) => writeCell(type, cell));
  }
}

/**
 * Reads a value of a datatype. Integers are taken from either integer field, as senders differ, and cut to their width.
 * @returns nothing where the bytes do not make a value of this datatype; null where no value was sent
 */
export function readValue(type: Datatype, wire: WireValue): PlainValue | undefined {
  if (type.array) return readArray(type, wire);
  switch (type.kind) {
    case 'integer':
    case 'wide':
    case 'instant':
      return ifDefined(integerOf(wire), (bits) => plainCell(type, bits));
    case 'float':
    case 'double':
      return ifDefined(own(wire, 'floatValue') ?? own(wire, 'doubleValue'), (number) => plainCell(type, number));
    case 'boolean':
      return own(wire, 'booleanValue');
    case 'string':
      return own(wire, 'stringValue');
    case 'bytes':
      return ifDefined(own(wire, 'bytesValue'), (bytes) => Buffer.from(bytes).toString('base64'));
    case 'dataset':
      return ifDefined(own(wire, 'datasetValue'), readDataSet);
    case 'template':
      return ifDefined(own(wire, 'templateValue'), readTemplate);
    case 'properties':
      return ifDefined(own(wire, 'propertysetValue'), readProperties);
    case 'property-list':
      return ifDefined(own(wire, 'propertysetsValue'), ({ propertyset }) => propertyset.map(readProperties));
  }
}

/** Writes properties; nothing where one does not fit its type. */
export function writeProperties(properties: Properties): WirePropertySet | undefined {
  const keys = Object.keys(properties);
  const values = keys.map((key) => {
    const { type: name, value } = properties[key]!;
    const type = datatypeNamed(name);
    if (!type) return undefined;
    const wire = value === null ? { isNull: true } : writeValue(type, value);
    return wire && { type: type.code, ...wire };
  });
  return allDefined(values) ? { keys, values } : undefined;
}

/** Reads properties; those of unknown type and those without a key are left out. */
export function readProperties({ keys, values }: WirePropertySet): Properties {
  const properties: Properties = Object.create(null) as Properties;
  for (const [index, key] of keys.entries()) {
    const wire = values[index];
    const type = datatypeOf(wire && own(wire, 'type'));
    if (wire && type) properties[key] = { type: type.name, value: readValue(type, wire) ?? null };
  }
  return properties;
}

/** A field where it was sent; the library answers with defaults for those that were not. */
export function own<T extends object, K extends keyof T>(message: T, field: K): T[K] | undefined {
  return Object.hasOwn(message, field) ? message[field] : undefined;
}

/** Milliseconds of a timestamp; nothing where it was not sent or lies beyond what a clock can show. */
export function instantOf(wide: WideInteger | undefined): number | undefined {
  if (!wide) return undefined;
  const ms = numberOf(wide);
  return Math.abs(ms) <= mostMs ? ms : undefined;
}

/** The last instant that a JavaScript date can hold. */
const mostMs = 8.64e15;

function ifDefined<T, R>(value: T | undefined, make: (value: T) => R): R | undefined {
  return value === undefined ? undefined : make(value);
}

function allDefined<T>(list: readonly (T | undefined)[]): list is T[] {
  return !list.includes(undefined);
}

/** Checks and converts a scalar to what the wire needs: instants and 64-bit integers as big integers. */
function cellOf(type: Datatype, value: unknown): Cell | undefined {
  switch (type.kind) {
    case 'integer':
      return Number.isInteger(value) && inRange(type, BigInt(value as number)) ? (value as number) : undefined;
    case 'wide': {
      const wide = bigIntegerOf(value);
      return wide !== undefined && inRange(type, wide) ? wide : undefined;
    }
    case 'instant': {
      const ms = typeof value === 'string' ? Date.parse(value) : NaN;
      return Number.isNaN(ms) ? undefined : BigInt(ms);
    }
    case 'float':
    case 'double':
      return typeof value === 'number' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    default:
      if (typeof value === 'string') return value;
      return value === null || value === undefined ? undefined : JSON.stringify(value);
  }
}

function bigIntegerOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function inRange({ bits, signed }: Datatype, value: bigint): boolean {
  return (signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) === value;
}

function writeCell(type: Datatype, cell: Cell): WireValue {
  switch (type.kind) {
    case 'integer':
      return { intValue: (cell as number) >>> 0 };
    case 'wide':
    case 'instant':
      return { longValue: wideOf(cell as bigint) };
    case 'float':
      return { floatValue: cell as number };
    case 'double':
      return { doubleValue: cell as number };
    case 'boolean':
      return { booleanValue: cell as boolean };
    default:
      return { stringValue: cell as string };
  }
}

function integerOf(wire: WireValue): bigint | undefined {
  const narrow = own(wire, 'intValue');
  if (narrow !== undefined) return BigInt.asIntN(32, BigInt(narrow));
  return ifDefined(own(wire, 'longValue'), (wide) => bigOf(wide, true));
}

function plainCell(type: Datatype, cell: Cell): PlainValue {
  if (typeof cell === 'number') return type.kind === 'integer' || Number.isFinite(cell) ? cell : null;
  if (typeof cell !== 'bigint') return cell;
  if (type.kind === 'instant') {
    const ms = Number(BigInt.asIntN(64, cell));
    return Math.abs(ms) <= mostMs ? new Date(ms).toISOString() : null;
  }
  const whole = type.signed ? BigInt.asIntN(type.bits, cell) : BigInt.asUintN(type.bits, cell);
  return type.kind === 'wide' ? whole.toString() : Number(whole);
}

function writeArray(type: Datatype, value: PlainValue): WireValue | undefined {
  if (!Array.isArray(value)) return undefined;
  const cells = value.map((element) => cellOf(type, element));
  if (!allDefined(cells)) return undefined;
  if (type.kind === 'string' && cells.some((text) => (text as string).includes('\0'))) return undefined;
  return { bytesValue: packArray(type, cells) };
}

function readArray(type: Datatype, wire: WireValue): PlainValue | undefined {
  const bytes = own(wire, 'bytesValue');
  return bytes && unpackArray(type, bytes)?.map((cell) => plainCell(type, cell));
}

function writePropertyList(value: PlainValue): WireValue | undefined {
  if (!Array.isArray(value)) return undefined;
  const propertyset = value.map((properties) => writeProperties(properties as Properties));
  return allDefined(propertyset) ? { propertysetsValue: { propertyset } } : undefined;
}

/** A data set in our samples; `types` are datatype names, `rows` hold one value per column. */
interface PlainDataSet {
  columns: string[];
  types: string[];
  rows: PlainValue[][];
}

function writeDataSet(value: PlainValue): WireDataSet | undefined {
  const { columns, types, rows } = (value ?? {}) as Partial<PlainDataSet>;
  if (!Array.isArray(columns) || !Array.isArray(types) || !Array.isArray(rows)) return undefined;
  const columnTypes = types.map((name) => datatypeNamed(name));
  if (!allDefined(columnTypes) || columnTypes.length !== columns.length) return undefined;
  const wireRows = rows.map((row) => {
    const elements = columnTypes.map((type, column) => {
      const cell = row[column];
      return cell === undefined || cell === null ? {} : writeValue(type, cell);
    });
    return allDefined(elements) ? { elements } : undefined;
  });
  if (!allDefined(wireRows)) return undefined;
  return {
    numOfColumns: wideOfNumber(columns.length),
    columns,
    types: columnTypes.map(({ code }) => code),
    rows: wireRows,
  };
}

function readDataSet({ columns, types, rows }: WireDataSet): PlainDataSet {
  const columnTypes = columns.map((_, column) => datatypeOf(types[column]));
  return {
    columns: [...columns],
    types: columnTypes.map((type) => type?.name ?? 'Unknown'),
    rows: rows.map(({ elements }) =>
      columnTypes.map((type, column) => {
        const cell = elements[column];
        return (type && cell && readValue(type, cell)) ?? null;
      }),
    ),
  };
}

/** A member or parameter of a template in our samples. */
interface PlainMember {
  name: string;
  type: string;
  value: PlainValue;
}

interface PlainTemplate {
  version?: string;
  templateRef?: string;
  isDefinition: boolean;
  members: PlainMember[];
  parameters: PlainMember[];
}

function writeTemplate(value: PlainValue): WireTemplate | undefined {
  const { version, templateRef, isDefinition, members, parameters } = (value ?? {}) as Partial<PlainTemplate>;
  if (typeof isDefinition !== 'boolean' || !Array.isArray(members) || !Array.isArray(parameters)) return undefined;
  const metrics = members.map(({ name, type, value: member }) => {
    const wire = writeMember(type, member);
    return wire && { name, datatype: wire.type, ...wire.value };
  });
  const written = parameters.map(({ name, type, value: parameter }) => {
    const wire = writeMember(type, parameter);
    return wire && { name, type: wire.type, ...wire.value };
  });
  if (!allDefined(metrics) || !allDefined(written)) return undefined;
  return {
    ...(version === undefined ? {} : { version }),
    metrics,
    parameters: written,
    ...(templateRef === undefined ? {} : { templateRef }),
    isDefinition,
  };
}

function writeMember(
  name: string,
  value: PlainValue,
): { type: number; value: WireValue & { isNull?: boolean } } | undefined {
  const type = datatypeNamed(name);
  if (!type) return undefined;
  const wire = value === null ? { isNull: true } : writeValue(type, value);
  return wire && { type: type.code, value: wire };
}

function readTemplate(wire: WireTemplate): PlainTemplate {
  const version = own(wire, 'version');
  const templateRef = own(wire, 'templateRef');
  return {
    ...(version === undefined ? {} : { version }),
    ...(templateRef === undefined ? {} : { templateRef }),
    isDefinition: own(wire, 'isDefinition') ?? false,
    members: wire.metrics.map((metric: WireMetric) => readMember(own(metric, 'name'), own(metric, 'datatype'), metric)),
    parameters: wire.parameters.map((parameter) =>
      readMember(own(parameter, 'name'), own(parameter, 'type'), parameter),
    ),
  };
}

function readMember(name: string | undefined, code: number | undefined, wire: WireValue): PlainMember {
  const type = datatypeOf(code);
  return { name: name ?? '', type: type?.name ?? 'Unknown', value: (type && readValue(type, wire)) ?? null };
}
