import type { NodeId, RelativePath } from 'node-opcua-client';
import { inGroups, operationLimits } from './limits.ts';
import { parseNodeId } from './node-ids.ts';
import type { SessionLink } from './session-link.ts';
import type { ClientLibrary, SubscribedTag } from './types.ts';

/** What a server says of a tag beside its value. */
export interface TagDetails {
  /** Display name of its engineering unit. */
  unit?: string;
  /** Texts of its enumeration by number. */
  texts?: ReadonlyMap<number, string>;
}

/** Built-in types have the numbers to 25; of the abstract ones Enumeration is 29. */
const lastBuiltIn = 25;
const mostEnumerations = 1_000;
const mostTexts = 10_000;
/** As long as the contract of a sample allows. */
const longestUnit = 40;
const longestText = 200;

/**
 * Reads units and enumeration texts of tags, in the order of the table: some calls for each thousand tags. A tag of
 * which nothing is known, and one that cannot be read, has no details.
 * @param first the namespace array that `ns=` indices refer to
 */
export async function readTagDetails(
  link: SessionLink,
  tags: readonly SubscribedTag[],
  first: readonly string[],
): Promise<(TagDetails | undefined)[]> {
  const { ua } = link;
  const ids = tags.map(({ nodeId }) => {
    const id = parseNodeId(link, nodeId, first);
    return typeof id === 'string' ? undefined : id;
  });
  const dataTypes = await readAttribute<NodeId>(link, ids, ua.AttributeIds.DataType);
  const texts = await readEnumerations(link, dataTypes);
  const units = await readUnits(
    link,
    ids.map((id, index) => (tags[index]!.unit === undefined && mayHaveUnit(ua, dataTypes[index]) ? id : undefined)),
  );
  return tags.map((_, index) => {
    const unit = units[index];
    const known = texts.get(String(dataTypes[index]));
    if (unit === undefined && !known) return undefined;
    return { ...(unit === undefined ? {} : { unit }), ...(known ? { texts: known } : {}) };
  });
}

/** Numbers may, and types that the server derived itself. */
function mayHaveUnit({ DataType }: ClientLibrary, dataType: NodeId | undefined): boolean {
  if (!dataType) return false;
  const number = dataType.value;
  if (dataType.namespace !== 0 || typeof number !== 'number' || number > lastBuiltIn) return true;
  return number >= (DataType.SByte as number) && number <= (DataType.Double as number);
}

/** One attribute of each node; undefined where it cannot be read. */
async function readAttribute<T>(
  link: SessionLink,
  nodes: readonly (NodeId | undefined)[],
  attributeId: number,
): Promise<(T | undefined)[]> {
  const { read } = await operationLimits(link);
  const found = new Array<T | undefined>(nodes.length);
  const known = [...nodes.keys()].filter((index) => nodes[index]);
  for (const group of inGroups(known, read)) {
    const values = await link.session.read(group.map((index) => ({ nodeId: nodes[index]!, attributeId })));
    for (const [at, index] of group.entries())
      if (values[at]?.statusCode.isGood()) found[index] = (values[at].value.value as T | null) ?? undefined;
  }
  return found;
}

/** The value of the property with this name of each node; undefined where there is none. */
async function readProperty<T>(
  link: SessionLink,
  nodes: readonly (NodeId | undefined)[],
  name: string,
): Promise<(T | undefined)[]> {
  const { ua, session } = link;
  const { translate } = await operationLimits(link);
  const properties = new Array<NodeId | undefined>(nodes.length);
  const known = [...nodes.keys()].filter((index) => nodes[index]);
  let relativePath: RelativePath | undefined;
  for (const group of inGroups(known, translate)) {
    relativePath ??= ua.makeBrowsePath(nodes[group[0]!]!, `.${name}`).relativePath;
    const path = relativePath;
    const results = await session.translateBrowsePath(
      group.map((index) => new ua.BrowsePath({ startingNode: nodes[index]!, relativePath: path })),
    );
    for (const [at, index] of group.entries())
      if (results[at]?.statusCode.isGood()) properties[index] = results[at].targets?.[0]?.targetId;
  }
  return readAttribute<T>(link, properties, ua.AttributeIds.Value);
}

async function readUnits(link: SessionLink, nodes: readonly (NodeId | undefined)[]): Promise<(string | undefined)[]> {
  const found = await readProperty<{ displayName?: { text?: string | null } }>(link, nodes, 'EngineeringUnits');
  return found.map((unit) => unit?.displayName?.text?.slice(0, longestUnit) || undefined);
}

/** Texts by the id of the enumeration's data type. */
async function readEnumerations(
  link: SessionLink,
  dataTypes: readonly (NodeId | undefined)[],
): Promise<Map<string, ReadonlyMap<number, string>>> {
  const own = new Map<string, NodeId>();
  for (const dataType of dataTypes) {
    const number = dataType?.value;
    const isBuiltIn = dataType?.namespace === 0 && typeof number === 'number' && number <= lastBuiltIn;
    if (dataType && !isBuiltIn && own.size < mostEnumerations) own.set(String(dataType), dataType);
  }
  const ids = [...own.values()];
  const texts = new Map<string, ReadonlyMap<number, string>>();
  if (ids.length === 0) return texts;
  const strings = await readProperty<{ text?: string | null }[]>(link, ids, 'EnumStrings');
  const values = await readProperty<EnumValue[]>(link, ids, 'EnumValues');
  const definitions = await readAttribute<{ fields?: EnumValue[] | null }>(
    link,
    ids.map((id, index) => ((strings[index] ?? values[index]) ? undefined : id)),
    link.ua.AttributeIds.DataTypeDefinition,
  );
  for (const [index, key] of [...own.keys()].entries()) {
    const pairs: (readonly [number, string | null | undefined])[] = strings[index]
      ? strings[index].map((string, number) => [number, string.text] as const)
      : (values[index] ?? definitions[index]?.fields ?? []).map(
          ({ value, displayName, name }) => [low(value), displayName?.text ?? name] as const,
        );
    const named = pairs
      .slice(0, mostTexts)
      .flatMap(([number, text]) =>
        text && Number.isInteger(number) ? [[number, text.slice(0, longestText)] as const] : [],
      );
    if (named.length > 0) texts.set(key, new Map(named));
  }
  return texts;
}

/** EnumValueType and EnumField; the value is an Int64 as high and low word. */
interface EnumValue {
  value?: number | readonly [number, number];
  displayName?: { text?: string | null };
  name?: string | null;
}

/** Values of enumerations are Int32. */
function low(value: EnumValue['value']): number {
  return typeof value === 'number' ? value : value ? value[1] | 0 : NaN;
}
