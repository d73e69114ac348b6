import { Type, type Static, type TProperties } from 'typebox';
import { Instant, oneOf, strictObject } from '../parts.ts';

/** Names of the attributes of a node (OPC 10000-6, annex A.1), by their number from 1. */
export const opcuaAttributes = [
  'NodeId',
  'NodeClass',
  'BrowseName',
  'DisplayName',
  'Description',
  'WriteMask',
  'UserWriteMask',
  'IsAbstract',
  'Symmetric',
  'InverseName',
  'ContainsNoLoops',
  'EventNotifier',
  'Value',
  'DataType',
  'ValueRank',
  'ArrayDimensions',
  'AccessLevel',
  'UserAccessLevel',
  'MinimumSamplingInterval',
  'Historizing',
  'Executable',
  'UserExecutable',
  'DataTypeDefinition',
  'RolePermissions',
  'UserRolePermissions',
  'AccessRestrictions',
  'AccessLevelEx',
] as const;

/** Aggregates of the standard with the number of their node (OPC 10000-13, table 12). */
export const opcuaAggregates = {
  Interpolative: 2341,
  Average: 2342,
  TimeAverage: 2343,
  TimeAverage2: 11285,
  Total: 2344,
  Total2: 11304,
  Minimum: 2346,
  Maximum: 2347,
  MinimumActualTime: 2348,
  MaximumActualTime: 2349,
  Range: 2350,
  Minimum2: 11286,
  Maximum2: 11287,
  MinimumActualTime2: 11305,
  MaximumActualTime2: 11306,
  Range2: 11288,
  AnnotationCount: 2351,
  Count: 2352,
  DurationInStateZero: 11307,
  DurationInStateNonZero: 11308,
  NumberOfTransitions: 2355,
  Start: 2357,
  End: 2358,
  Delta: 2359,
  StartBound: 11505,
  EndBound: 11506,
  DeltaBounds: 11507,
  DurationGood: 2360,
  DurationBad: 2361,
  PercentGood: 2362,
  PercentBad: 2363,
  WorstQuality: 2364,
  WorstQuality2: 11292,
  StandardDeviationSample: 11426,
  StandardDeviationPopulation: 11427,
  VarianceSample: 11428,
  VariancePopulation: 11429,
} as const;

/** Name of an aggregate. */
export type OpcuaAggregate = keyof typeof opcuaAggregates;

const NodeIdText = Type.String({ minLength: 1, maxLength: 500 });
/** What a message may narrow: a smaller range than the allow list's, or only to be told what would happen. */
const narrowing = {
  low: Type.Optional(Type.Number()),
  high: Type.Optional(Type.Number()),
  dryRun: Type.Optional(Type.Boolean()),
};
const ConditionItem = strictObject({
  conditionId: NodeIdText,
  /** Base64; the condition's newest event where absent. */
  eventId: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 200 })),
  comment: Type.Optional(Type.String({ maxLength: 1_000 })),
});

/** One thing asked for, by operation, and how many at once. */
const items = {
  read: {
    most: 10_000,
    item: strictObject({ nodeId: NodeIdText, attribute: Type.Optional(oneOf(...opcuaAttributes)) }),
  },
  browse: {
    most: 100,
    item: strictObject({
      /** Where to begin: a node id, or a path of browse names from the root's Objects folder. */
      nodeId: Type.Optional(NodeIdText),
      path: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
      depth: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    }),
  },
  history: {
    most: 1_000,
    item: strictObject({
      nodeId: NodeIdText,
      from: Instant,
      to: Instant,
      aggregate: Type.Optional(oneOf(...(Object.keys(opcuaAggregates) as OpcuaAggregate[]))),
      /** Width of one aggregate; the whole range where absent. */
      intervalSeconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 31_622_400 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    }),
  },
  write: { most: 100, item: strictObject({ nodeId: NodeIdText, value: Type.Unknown(), ...narrowing }) },
  call: {
    most: 100,
    item: strictObject({
      objectId: NodeIdText,
      methodId: NodeIdText,
      arguments: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 100 })),
      ...narrowing,
    }),
  },
  acknowledge: { most: 1_000, item: ConditionItem },
  confirm: { most: 1_000, item: ConditionItem },
  /** Below which node; the whole server where absent. */
  refresh: { most: 10, item: strictObject({ nodeId: Type.Optional(NodeIdText) }) },
};

/** What can be asked of an OPC UA server. */
export type OpcuaOperation = keyof typeof items;

/** One item of a request. */
export type OpcuaItem<O extends OpcuaOperation> = Static<(typeof items)[O]['item']>;

/** A request to an OPC UA server; the form of its items follows from the operation. */
export type OpcuaRequest = { [O in OpcuaOperation]: { operation: O; items: OpcuaItem<O>[] } }[OpcuaOperation];

const operations = Object.keys(items) as OpcuaOperation[];
const request: TProperties = { operation: oneOf(...operations), items: Type.Array(Type.Object({})) };

/** A request to an OPC UA server; each operation's items are checked by a branch of their own, so that an error names its place. */
export const OpcuaRequest = Type.Unsafe<OpcuaRequest>({
  ...strictObject(request),
  allOf: operations.map((operation) => ({
    if: { properties: { operation: { const: operation } }, required: ['operation'] },
    then: { properties: { items: { maxItems: items[operation].most, items: items[operation].item } } },
  })),
});

/** The answer to a request: one result per item, in the items' order, each with its status. */
export const OpcuaResponse = strictObject({
  operation: oneOf(...operations),
  results: Type.Array(Type.Object({ status: Type.String() }, { additionalProperties: true })),
});
