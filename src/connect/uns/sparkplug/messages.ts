/** A message type of the payload: its fields by name with type and number. */
export interface MessageDescription {
  fields: Record<string, { id: number; type: string; rule?: 'repeated' }>;
  oneofs: { value?: { oneof: string[] } };
}

type FieldRow = readonly [id: number, name: string, type: string, rule?: 'repeated'];

function message(rows: readonly FieldRow[], values: readonly FieldRow[] = []): MessageDescription {
  const fields = Object.fromEntries(
    [...rows, ...values].map(([id, name, type, rule]) => [name, { id, type, ...(rule ? { rule } : {}) }]),
  );
  return { fields, oneofs: values.length > 0 ? { value: { oneof: values.map(([, name]) => name) } } : {} };
}

/** The values that every message with a value has, in the order of their numbers. */
function plainValues(firstId: number): FieldRow[] {
  return [
    [firstId, 'intValue', 'uint32'],
    [firstId + 1, 'longValue', 'uint64'],
    [firstId + 2, 'floatValue', 'float'],
    [firstId + 3, 'doubleValue', 'double'],
    [firstId + 4, 'booleanValue', 'bool'],
    [firstId + 5, 'stringValue', 'string'],
  ];
}

/**
 * The messages of a Sparkplug B payload, by the field numbers of Sparkplug 3.0, section 6.4. Extensions are left out:
 * they are skipped when read.
 */
export const messages: Record<string, MessageDescription> = {
  Payload: message([
    [1, 'timestamp', 'uint64'],
    [2, 'metrics', 'Metric', 'repeated'],
    [3, 'seq', 'uint64'],
    [4, 'uuid', 'string'],
    [5, 'body', 'bytes'],
  ]),
  Metric: message(
    [
      [1, 'name', 'string'],
      [2, 'alias', 'uint64'],
      [3, 'timestamp', 'uint64'],
      [4, 'datatype', 'uint32'],
      [5, 'isHistorical', 'bool'],
      [6, 'isTransient', 'bool'],
      [7, 'isNull', 'bool'],
      [8, 'metadata', 'MetaData'],
      [9, 'properties', 'PropertySet'],
    ],
    [
      ...plainValues(10),
      [16, 'bytesValue', 'bytes'],
      [17, 'datasetValue', 'DataSet'],
      [18, 'templateValue', 'Template'],
    ],
  ),
  MetaData: message([
    [1, 'isMultiPart', 'bool'],
    [2, 'contentType', 'string'],
    [3, 'size', 'uint64'],
    [4, 'seq', 'uint64'],
    [5, 'fileName', 'string'],
    [6, 'fileType', 'string'],
    [7, 'md5', 'string'],
    [8, 'description', 'string'],
  ]),
  PropertySet: message([
    [1, 'keys', 'string', 'repeated'],
    [2, 'values', 'PropertyValue', 'repeated'],
  ]),
  PropertyValue: message(
    [
      [1, 'type', 'uint32'],
      [2, 'isNull', 'bool'],
    ],
    [...plainValues(3), [9, 'propertysetValue', 'PropertySet'], [10, 'propertysetsValue', 'PropertySetList']],
  ),
  PropertySetList: message([[1, 'propertyset', 'PropertySet', 'repeated']]),
  DataSet: message([
    [1, 'numOfColumns', 'uint64'],
    [2, 'columns', 'string', 'repeated'],
    [3, 'types', 'uint32', 'repeated'],
    [4, 'rows', 'Row', 'repeated'],
  ]),
  Row: message([[1, 'elements', 'DataSetValue', 'repeated']]),
  DataSetValue: message([], plainValues(1)),
  Template: message([
    [1, 'version', 'string'],
    [2, 'metrics', 'Metric', 'repeated'],
    [3, 'parameters', 'Parameter', 'repeated'],
    [4, 'templateRef', 'string'],
    [5, 'isDefinition', 'bool'],
  ]),
  Parameter: message(
    [
      [1, 'name', 'string'],
      [2, 'type', 'uint32'],
    ],
    plainValues(3),
  ),
};
