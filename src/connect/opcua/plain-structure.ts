import type { Sample } from '../../contracts/index.ts';

/** A field of a structure as the library describes it. */
interface Field {
  name: string;
  /** As the server's data type definition has it. */
  originalName?: string;
  isArray?: boolean;
  schema?: { name: string; subType?: string };
}

/** A structure as the library decodes it. */
interface Structure {
  schema: { name: string };
  applyOnAllFields(visit: (object: Record<string, unknown>, field: Field) => void, data: undefined): void;
}

/** A structure whose type is not known: the id of its encoding and its bytes. */
export interface Opaque {
  nodeId: { toString(): string };
  buffer: Buffer;
}

const wide: ReadonlyMap<string, number> = new Map([
  ['Int64', 8],
  ['UInt64', 9],
]);
/** Any type that JSON carries as it is. */
const plain = 0;

/** Whether a decoded value is a structure with a known type. */
export function isStructure(value: object): value is Structure {
  return 'applyOnAllFields' in value && 'schema' in value;
}

/** Whether a decoded value is a structure of a type that is not known (yet). */
export function isOpaque(value: unknown): value is Opaque {
  return (
    typeof value === 'object' &&
    value !== null &&
    'nodeId' in value &&
    'buffer' in value &&
    Buffer.isBuffer(value.buffer)
  );
}

/**
 * A structure as JSON with the field names of its definition; absent optional fields are left out.
 * @param element turns one value of a built-in type, by its number, into JSON
 */
export function plainStructure(
  structure: Structure,
  element: (dataType: number, value: unknown) => Sample['value'],
): Record<string, Sample['value']> {
  const fields: Record<string, Sample['value']> = {};
  structure.applyOnAllFields((object, { name, originalName = name, isArray, schema }) => {
    const value = object[name];
    if (value === undefined) return;
    const dataType = wide.get(schema?.name ?? '') ?? wide.get(schema?.subType ?? '') ?? plain;
    fields[originalName] =
      isArray && value !== null
        ? Array.from(value as ArrayLike<unknown>, (one) => element(dataType, one))
        : element(dataType, value);
  }, undefined);
  return fields;
}
