import type { AddressSpace, DataValue, Namespace, UADataType, UAObject, UAVariable, VariantOptions } from 'node-opcua';
import { MillwrightError } from '../../../kernel/index.ts';
import type { ServerLibrary } from '../server.ts';
import { addAlarm } from './alarms.ts';
import type {
  ServedDataType,
  ServedEnumeration,
  ServedObject,
  ServedRequest,
  ServedStructure,
  ServedUpdate,
  ServedValue,
  ServedVariable,
} from './description.ts';

/** Namespace of the server's own data types. */
const typesUri = 'urn:millwright:types';

interface BuiltVariable {
  node: UAVariable;
  variant: (value: ServedValue) => VariantOptions;
}

/** Builds the folders, data types, variables, alarms and methods of the server's own namespace. */
export class VariableBuilder {
  private readonly variables = new Map<string, BuiltVariable>();
  private setting = false;
  private readonly ua: ServerLibrary;
  private readonly addressSpace: AddressSpace;
  private readonly namespace: Namespace;
  private readonly onRequest: (request: ServedRequest) => void;
  private readonly folders = new Map<string, UAObject>();
  private readonly types = new Map<string, UADataType>();

  constructor(ua: ServerLibrary, addressSpace: AddressSpace, onRequest: (request: ServedRequest) => void) {
    this.ua = ua;
    this.addressSpace = addressSpace;
    this.namespace = addressSpace.getOwnNamespace();
    this.onRequest = onRequest;
  }

  /** Declares the data types that variables name, in a namespace of their own. */
  async declare(structures: readonly ServedStructure[], enumerations: readonly ServedEnumeration[]): Promise<void> {
    if (structures.length + enumerations.length === 0) return;
    const namespace = this.addressSpace.registerNamespace(typesUri);
    for (const { name, texts } of enumerations)
      this.types.set(name, namespace.addEnumerationType({ browseName: name, enumeration: texts }));
    for (const { name, fields } of structures) {
      const type = namespace.createDataType({
        browseName: name,
        isAbstract: false,
        subtypeOf: 'Structure',
        partialDefinition: fields.map((field) => ({
          name: field.name,
          dataType: this.ua.coerceNodeId(this.ua.DataType[field.dataType]),
          valueRank: -1,
        })),
      });
      const encoding = namespace.addObject({
        browseName: { namespaceIndex: 0, name: 'Default Binary' },
        typeDefinition: 'DataTypeEncodingType',
      });
      type.addReference({ referenceType: 'HasEncoding', nodeId: encoding });
      this.types.set(name, type);
    }
    await this.ua.ensureDatatypeExtracted(this.addressSpace);
  }

  /** Adds an object's folders, variables and methods. */
  add({ path, variables, methods = [] }: ServedObject): void {
    const folder = this.folderAt(path);
    for (const variable of variables) this.addVariable(folder, variable);
    for (const { nodeId, browseName } of methods) {
      const method = this.namespace.addMethod(folder, { nodeId, browseName, inputArguments: [], outputArguments: [] });
      method.bindMethod((_inputs, _context, callback) => {
        this.onRequest({ kind: 'method', nodeId });
        callback(null, { statusCode: this.ua.StatusCodes.Good, outputArguments: [] });
      });
    }
  }

  /** How many variables there are. */
  get count(): number {
    return this.variables.size;
  }

  /** Publishes a value. @throws MW_OPCUA_NODE_UNKNOWN */
  set({ nodeId, value, sourceMs, good = true }: ServedUpdate): void {
    const built = this.variables.get(nodeId);
    if (!built) throw new MillwrightError('MW_OPCUA_NODE_UNKNOWN', { nodeId });
    const status = good ? this.ua.StatusCodes.Good : this.ua.StatusCodes.Bad;
    this.setting = true;
    try {
      built.node.setValueFromSource(built.variant(value), status, new Date(sourceMs));
    } finally {
      this.setting = false;
    }
  }

  /** Calls back with each new good value of a served variable. @throws MW_OPCUA_NODE_UNKNOWN */
  watch(nodeId: string, onValue: (value: unknown, sourceMs: number) => void): void {
    const built = this.variables.get(nodeId);
    if (!built) throw new MillwrightError('MW_OPCUA_NODE_UNKNOWN', { nodeId });
    built.node.on('value_changed', ({ value, sourceTimestamp, statusCode }: DataValue) => {
      if (statusCode.isGood()) onValue(value.value, sourceTimestamp?.getTime() ?? 0);
    });
  }

  private folderAt(path: readonly string[]): UAObject {
    const key = path.join('\u0000');
    const known = this.folders.get(key);
    if (known) return known;
    const parent = path.length > 1 ? this.folderAt(path.slice(0, -1)) : this.addressSpace.rootFolder.objects;
    const folder = this.namespace.addObject({
      organizedBy: parent,
      typeDefinition: 'FolderType',
      browseName: path.at(-1)!,
      nodeId: `ns=${this.namespace.index};s=${path.join('/')}`,
      eventNotifier: 1,
    });
    const notifier = path.length > 1 ? parent : this.addressSpace.rootFolder.objects.server;
    notifier.addReference({ referenceType: 'HasEventSource', nodeId: folder });
    this.folders.set(key, folder);
    return folder;
  }

  private addVariable(folder: UAObject, variable: ServedVariable): void {
    const { ua } = this;
    const { nodeId, browseName, unit, range, array = false, writable = false } = variable;
    const { dataType, variant } = this.typeOf(variable);
    const analog = unit !== undefined || range !== undefined;
    const access = writable ? 'CurrentRead | CurrentWrite' : 'CurrentRead';
    const node = this.namespace.addVariable({
      componentOf: folder,
      nodeId,
      browseName,
      dataType,
      valueRank: array ? 1 : -1,
      minimumSamplingInterval: 0,
      accessLevel: access,
      userAccessLevel: access,
      typeDefinition: analog
        ? unit === undefined
          ? 'AnalogItemType'
          : range === undefined
            ? 'AnalogUnitType'
            : 'AnalogUnitRangeType'
        : 'BaseDataVariableType',
      value: variant(variable.initial),
    });
    if (unit !== undefined)
      this.addProperty(node, 'EngineeringUnits', 'EUInformation', ua.makeEUInformation(unit, unit, unit));
    if (range) this.addProperty(node, 'EURange', 'Range', new ua.Range(range));
    if (writable) {
      if (range) this.addProperty(node, 'InstrumentRange', 'Range', new ua.Range(range));
      this.listenForWrites(node, variable);
    }
    if (variable.history !== undefined)
      this.addressSpace.installHistoricalDataNode(node, { maxOnlineValues: variable.history });
    if (variable.alarm) addAlarm(ua, this.namespace, { source: folder, input: node }, variable.alarm);
    this.variables.set(nodeId, { node, variant });
  }

  private addProperty(parent: UAVariable, name: string, dataType: string, value: unknown): void {
    this.namespace.addVariable({
      propertyOf: parent,
      browseName: { namespaceIndex: 0, name },
      dataType,
      minimumSamplingInterval: 0,
      value: { dataType: this.ua.DataType.ExtensionObject, value },
    });
  }

  private typeOf({ nodeId, dataType, array = false }: ServedVariable): {
    dataType: string | UADataType;
    variant: (value: ServedValue) => VariantOptions;
  } {
    const { ua } = this;
    const arrayType = array ? ua.VariantArrayType.Array : ua.VariantArrayType.Scalar;
    if (typeof dataType === 'string')
      return {
        dataType,
        variant: (value) => ({ dataType: ua.DataType[dataType], arrayType, value: this.builtIn(dataType, value) }),
      };
    const name = 'structure' in dataType ? dataType.structure : dataType.enumeration;
    const type = this.types.get(name);
    if (!type) throw new MillwrightError('MW_INTERNAL', { reason: `${nodeId}: no data type ${name}` });
    if ('enumeration' in dataType)
      return { dataType: type, variant: (value) => ({ dataType: ua.DataType.Int32, arrayType, value }) };
    return {
      dataType: type,
      variant: (value) => ({
        dataType: ua.DataType.ExtensionObject,
        value: this.addressSpace.constructExtensionObject(type, value as Record<string, unknown>),
      }),
    };
  }

  private builtIn(dataType: ServedDataType, value: ServedValue): unknown {
    if (dataType !== 'Int64') return value;
    const wide = (each: unknown) => this.ua.coerceInt64(String(each));
    return Array.isArray(value) ? value.map(wide) : wide(value);
  }

  /** A change that the plant did not make itself is a client's. */
  private listenForWrites(node: UAVariable, { nodeId }: ServedVariable): void {
    node.on('value_changed', ({ value }: DataValue) => {
      if (!this.setting) this.onRequest({ kind: 'write', nodeId, value: value.value as ServedValue });
    });
  }
}
