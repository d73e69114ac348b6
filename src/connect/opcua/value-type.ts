import type { NodeId } from 'node-opcua-client';
import { hierarchical } from './browse.ts';
import { readAttributes } from './read.ts';
import { plainValue } from './samples.ts';
import type { SessionLink } from './session-link.ts';

/** A type that values on a server may have. */
export interface ValueType {
  /** Number of the built-in type that carries it (OPC 10000-6, table 1); 0 where the type is abstract. */
  builtIn: number;
  /** Numbers of an enumeration by their text. */
  enumeration?: ReadonlyMap<string, number>;
  structure?: { dataType: NodeId; fields: StructureField[] };
}

/** A field of a structure. */
export interface StructureField {
  name: string;
  /** Its name in the library's objects. */
  key: string;
  type: ValueType;
  /** ValueRank: -1 scalar, 1 one dimension … */
  rank: number;
  optional: boolean;
}

/** A DataTypeDefinition as the library decodes it, of either kind. */
interface Definition {
  schema: { name: string };
  structureType?: number;
  fields?:
    { name: string | null; value: [number, number]; dataType: NodeId; valueRank: number; isOptional: boolean }[] | null;
}

const [baseStructure, baseData, numberType, integerType, uIntegerType, baseEnumeration] = [22, 24, 26, 27, 28, 29];
const int32 = 6;
const mostSupertypes = 20;
const deepestNesting = 8;
const plainStructure = 0;
const structureWithOptionalFields = 1;

const known = new WeakMap<SessionLink, Map<string, Promise<ValueType | undefined>>>();

/**
 * What values of a data type look like, by the server's own description, read once on each link; undefined where the
 * server does not describe it (a union, a structure without definition).
 */
export function describeType(link: SessionLink, dataType: NodeId, nesting = 0): Promise<ValueType | undefined> {
  const types = known.get(link) ?? new Map<string, Promise<ValueType | undefined>>();
  known.set(link, types);
  const key = dataType.toString();
  const type = types.get(key) ?? describe(link, dataType, nesting);
  types.set(key, type);
  type.catch(() => types.delete(key));
  return type;
}

async function describe(link: SessionLink, dataType: NodeId, nesting: number): Promise<ValueType | undefined> {
  let at = dataType;
  for (let step = 0; step < mostSupertypes; step++) {
    const base = at.namespace === 0 && typeof at.value === 'number' ? at.value : undefined;
    if (base === baseEnumeration) return { builtIn: int32, enumeration: await readEnumeration(link, dataType) };
    if (base === baseStructure && step > 0) return readStructure(link, dataType, nesting);
    if (base === baseStructure || base === baseData || base === numberType) return { builtIn: 0 };
    if (base === integerType || base === uIntegerType) return { builtIn: 0 };
    if (base !== undefined && base >= 1 && base <= 25) return { builtIn: base };
    const [supertype] = await supertypes(link, at);
    if (!supertype) return undefined;
    at = supertype;
  }
  return undefined;
}

async function supertypes({ ua, session }: SessionLink, dataType: NodeId): Promise<NodeId[]> {
  const { references } = await session.browse({
    nodeId: dataType,
    referenceTypeId: 'HasSubtype',
    includeSubtypes: true,
    browseDirection: ua.BrowseDirection.Inverse,
    nodeClassMask: 0,
    resultMask: 0,
  });
  return (references ?? []).map(({ nodeId }) => nodeId);
}

async function readDefinition(link: SessionLink, dataType: NodeId): Promise<Definition | undefined> {
  const { DataTypeDefinition } = link.ua.AttributeIds;
  const [found] = await readAttributes(link, [{ node: dataType, attributeId: DataTypeDefinition }]);
  return typeof found === 'string' || found?.statusCode.isNotGood()
    ? undefined
    : (found?.value.value as Definition | undefined);
}

async function readEnumeration(link: SessionLink, dataType: NodeId): Promise<ReadonlyMap<string, number>> {
  const definition = await readDefinition(link, dataType);
  const texts = new Map<string, number>();
  if (definition?.schema.name === 'EnumDefinition') {
    for (const { name, value } of definition.fields ?? []) if (name !== null) texts.set(name, value[1] | 0);
    return texts;
  }
  const [below] = await hierarchical(link, [dataType.toString()], { most: 100 });
  const property = below?.references.find(({ browseName }) => browseName.name === 'EnumStrings');
  if (!property) return texts;
  const { Value } = link.ua.AttributeIds;
  const [strings] = await readAttributes(link, [{ node: property.nodeId, attributeId: Value }]);
  const plain = typeof strings === 'string' || !strings ? [] : plainValue(strings.value);
  if (Array.isArray(plain))
    for (const [number, text] of plain.entries()) if (typeof text === 'string') texts.set(text, number);
  return texts;
}

async function readStructure(link: SessionLink, dataType: NodeId, nesting: number): Promise<ValueType | undefined> {
  const definition = await readDefinition(link, dataType);
  if (definition?.schema.name !== 'StructureDefinition' || nesting >= deepestNesting) return undefined;
  const { structureType: kind } = definition;
  if (kind !== plainStructure && kind !== structureWithOptionalFields) return undefined;
  const keys = await libraryKeys(link, dataType);
  const fields: StructureField[] = [];
  for (const { name, dataType: fieldType, valueRank: rank, isOptional: optional } of definition.fields ?? []) {
    const type = await describeType(link, fieldType, nesting + 1);
    const key = keys.find((own) => own.toLowerCase() === name?.toLowerCase());
    if (!type || type.builtIn === 0 || name === null || key === undefined) return undefined;
    fields.push({ name, key, type, rank, optional });
  }
  return { builtIn: baseStructure, structure: { dataType, fields } };
}

/** Names of a structure's fields in the library's objects: not always the server's with a small first letter. */
async function libraryKeys({ session }: SessionLink, dataType: NodeId): Promise<string[]> {
  const empty = await session.constructExtensionObject(dataType, {});
  return [...Object.keys(empty), ...empty.schema.fields.map(({ name }) => name)];
}
