import type { AddressSpace, Namespace, UAObject, UAObjectType } from 'node-opcua';
import type { ServerLibrary } from '../server.ts';
import { companion, objectType } from './companion.ts';
import type { ServedMachine } from './description.ts';
import { JobControl, type JobChange } from './job-control.ts';
import { addPackml } from './packml.ts';
import { stateSetter } from './state-machine.ts';
import type { VariableBuilder } from './variables.ts';

const machinesFolder = 1001;

/** PackML states in which a machine performs its activity (OPC 40001-1: Executing). */
const executing = ['Starting', 'Execute', 'Completing', 'Unholding', 'Unsuspending'];
/** PackML states in which it cannot (OutOfService); in all others it could (NotExecuting). */
const outOfService = ['Aborting', 'Aborted', 'Clearing'];

/** What the machines are built with. */
export interface MachineTools {
  ua: ServerLibrary;
  addressSpace: AddressSpace;
  builder: VariableBuilder;
  onJob(machine: string, change: JobChange): void;
}

/**
 * Adds a machine under `Machines`: identification, components, item state, operation mode and job management as
 * building blocks, and its PackML object. @returns its job control
 */
export function addMachine(tools: MachineTools, machine: ServedMachine): JobControl {
  const { ua, addressSpace, builder } = tools;
  const namespace = addressSpace.getOwnNamespace();
  const index = addressSpace.getNamespaceIndex(companion.machinery);
  const name = (browseName: string) => ({ namespaceIndex: index, name: browseName });
  const base = `ns=${namespace.index};s=Machines/${machine.name}`;
  const node = namespace.addObject({
    organizedBy: addressSpace.findNode(`ns=${index};i=${machinesFolder}`) as UAObject,
    browseName: machine.name,
    nodeId: base,
    typeDefinition: 'BaseObjectType',
  });
  const blocks = namespace.addObject({
    componentOf: node,
    browseName: name('MachineryBuildingBlocks'),
    nodeId: `${base}/MachineryBuildingBlocks`,
    typeDefinition: 'FolderType',
  });
  function addIn(owner: UAObject, type: UAObjectType, browseName: ReturnType<typeof name>, optionals: string[] = []) {
    const nodeId = `${owner.nodeId.toString()}/${browseName.name}`;
    const added = type.instantiate({ browseName, nodeId, optionals });
    owner.addReference({ referenceType: 'HasAddIn', nodeId: added });
    return added;
  }

  identify(
    ua,
    addIn(
      node,
      objectType(addressSpace, companion.machinery, 'MachineIdentificationType'),
      { namespaceIndex: addressSpace.getNamespaceIndex(companion.di), name: 'Identification' },
      ['Model', 'YearOfConstruction', 'Location', 'ComponentName'],
    ),
    machine,
  );
  blocks.addReference({ referenceType: 'HasAddIn', nodeId: `${base}/Identification` });
  if (machine.components.length > 0) addComponents(ua, addressSpace, node, machine);

  const itemState = addIn(
    blocks,
    objectType(addressSpace, companion.machinery, 'MachineryItemState_StateMachineType'),
    name('MachineryItemState'),
    ['CurrentState.Number'],
  );
  const operationMode = addIn(
    blocks,
    objectType(addressSpace, companion.machinery, 'MachineryOperationModeStateMachineType'),
    name('MachineryOperationMode'),
    ['CurrentState.Number'],
  );
  const management = addIn(
    blocks,
    objectType(addressSpace, companion.machineryJobs, 'JobManagementType'),
    {
      namespaceIndex: addressSpace.getNamespaceIndex(companion.machineryJobs),
      name: 'JobManagement',
    },
    ['JobOrderResults.JobOrderResponseList', ...JobControl.methods.map((method) => `JobOrderControl.${method}`)],
  );
  const control = new JobControl({
    ua,
    addressSpace,
    management,
    equipmentId: machine.name,
    onChange: (change) => {
      tools.onJob(machine.name, change);
    },
  });
  const packml = addPackml(ua, addressSpace, machine, node);

  const setItemState = stateSetter(ua, itemState);
  const setMode = stateSetter(ua, operationMode);
  let [state, reason] = ['Undefined', ''];
  const show = (at: number) => {
    setItemState(itemStateOf(state), at);
    setMode(operationModeOf(state, reason), at);
    packml.show(state, reason === 'planned-maintenance', at);
    control.setMachine(executing.includes(state) || state === 'Idle', at);
  };
  const { follows } = machine;
  builder.watch(follows.state, (value, at) => {
    state = String(value);
    show(at);
  });
  builder.watch(follows.reason, (value, at) => {
    reason = String(value);
    show(at);
  });
  for (const counter of ['good', 'scrap', 'rework'] as const)
    builder.watch(follows[counter], (value, at) => {
      packml.count(counter, Number(value), at);
    });
  show(0);
  return control;
}

function itemStateOf(state: string): string {
  if (state === 'Undefined') return 'NotAvailable';
  if (executing.includes(state)) return 'Executing';
  return outOfService.includes(state) ? 'OutOfService' : 'NotExecuting';
}

function operationModeOf(state: string, reason: string): string {
  if (reason === 'planned-maintenance' || reason === 'breakdown') return 'Maintenance';
  if (reason === 'setup' || reason === 'tool-change') return 'Setup';
  return state === 'Undefined' ? 'None' : 'Processing';
}

function identify(ua: ServerLibrary, identification: UAObject, machine: ServedMachine): void {
  const { manufacturer, model, serialNumber, yearOfConstruction, location, name } = machine;
  const text = (value: string) => ({ dataType: ua.DataType.LocalizedText, value: { text: value } });
  const string = (value: string) => ({ dataType: ua.DataType.String, value });
  const values = {
    Manufacturer: text(manufacturer),
    Model: text(model),
    ComponentName: text(name),
    SerialNumber: string(serialNumber),
    Location: string(location),
    ProductInstanceUri: string(`urn:millwright:demo:${model}:${serialNumber}`),
    YearOfConstruction: { dataType: ua.DataType.UInt16, value: yearOfConstruction },
  };
  for (const [property, value] of Object.entries(values))
    identification.getPropertyByName(property)?.setValueFromSource(value);
}

function addComponents(ua: ServerLibrary, addressSpace: AddressSpace, machine: UAObject, served: ServedMachine): void {
  const namespace: Namespace = addressSpace.getOwnNamespace();
  const index = addressSpace.getNamespaceIndex(companion.machinery);
  const base = `${machine.nodeId.toString()}/Components`;
  const components = objectType(addressSpace, companion.machinery, 'MachineComponentsType').instantiate({
    browseName: { namespaceIndex: index, name: 'Components' },
    nodeId: base,
  });
  machine.addReference({ referenceType: 'HasAddIn', nodeId: components });
  const type = objectType(addressSpace, companion.machinery, 'MachineryComponentIdentificationType');
  for (const { name, manufacturer, serialNumber } of served.components) {
    const component = namespace.addObject({
      componentOf: components,
      browseName: name,
      nodeId: `${base}/${name}`,
      typeDefinition: 'BaseObjectType',
    });
    const identification = type.instantiate({
      browseName: { namespaceIndex: addressSpace.getNamespaceIndex(companion.di), name: 'Identification' },
      nodeId: `${base}/${name}/Identification`,
    });
    component.addReference({ referenceType: 'HasAddIn', nodeId: identification });
    identify(ua, identification, { ...served, name, manufacturer, serialNumber, model: name });
  }
}
