import type { AddressSpace, UAObject, UAVariable } from 'node-opcua';
import type { ServerLibrary } from '../server.ts';
import { companion, objectType } from './companion.ts';
import type { ServedMachine } from './description.ts';

import { stateSetter } from './state-machine.ts';

const packmlObjects = 72;
/** ProductionMaintenanceModeEnum of OPC 30050. */
const modes = { produce: 1, maintenance: 2 };
const maxInt32 = 2 ** 31;

/** States of the outer machines of OPC 30050; all others are states of ExecuteState, within Running, within Cleared. */
const outerStates = ['Aborting', 'Aborted'];
const machineStates = ['Clearing', 'Stopped', 'Stopping'];

/** What brings a machine's PackML object up to date. */
export interface ShownPackml {
  show(state: string, maintained: boolean, atMs: number): void;
  count(counter: 'good' | 'scrap' | 'rework', value: number, atMs: number): void;
}

/**
 * Adds a PackMLBaseObjectType object of the machine (OPC 30050): nested state machines, unit mode, and the counters
 * ProdProcessedCount (every part) and ProdDefectiveCount (scrap and rework). Its command methods are not implemented.
 */
export function addPackml(
  ua: ServerLibrary,
  addressSpace: AddressSpace,
  { name }: ServedMachine,
  machine: UAObject,
): ShownPackml {
  const namespace = addressSpace.getOwnNamespace();
  const index = addressSpace.getNamespaceIndex(companion.packml);
  const node = objectType(addressSpace, companion.packml, 'PackMLBaseObjectType').instantiate({
    browseName: { namespaceIndex: namespace.index, name: `${name} PackML` },
    nodeId: `ns=${namespace.index};s=PackMLObjects/${name}`,
    organizedBy: addressSpace.findNode(`ns=${index};i=${packmlObjects}`) as UAObject,
    optionals: ['PackMLVersion', 'TagID', 'Admin.ProdProcessedCount', 'Admin.ProdDefectiveCount'],
  });
  machine.addReference({ referenceType: 'HasComponent', nodeId: node });
  const child = (parent: UAObject, childName: string) => parent.getChildByName(childName) as UAObject;
  const variable = (parent: UAObject, childName: string) => parent.getChildByName(childName) as UAVariable;
  const base = child(node, 'BaseStateMachine');
  const machineState = child(base, 'MachineState');
  const setBase = stateSetter(ua, base);
  const setMachineState = stateSetter(ua, machineState);
  const setExecuteState = stateSetter(ua, child(machineState, 'ExecuteState'));
  const unitMode = variable(child(node, 'Status'), 'UnitModeCurrent');
  const admin = child(node, 'Admin');
  const good = ua.StatusCodes.Good;
  variable(node, 'TagID').setValueFromSource({ dataType: ua.DataType.String, value: name });
  variable(node, 'PackMLVersion').setValueFromSource({ dataType: ua.DataType.String, value: '2015' });

  const countType = addressSpace.findDataType('PackMLCountDataType', index)!;
  const unit = ua.makeEUInformation('H87', 'pc', 'piece');
  const counters = { good: 0, scrap: 0, rework: 0 };
  function setCount(browseName: string, value: number, atMs: number): void {
    const count = value % maxInt32;
    const entry = addressSpace.constructExtensionObject(countType, {
      ID: 1,
      name: 'parts',
      unit,
      count,
      accCount: count,
    });
    const variant = { dataType: ua.DataType.ExtensionObject, arrayType: ua.VariantArrayType.Array, value: [entry] };
    variable(admin, browseName).setValueFromSource(variant, good, new Date(atMs));
  }
  return {
    show(state, maintained, atMs) {
      const outer = outerStates.includes(state);
      const inMachine = machineStates.includes(state);
      const undefinedState = state === 'Undefined';
      setBase(undefinedState ? '' : outer ? state : 'Cleared', atMs);
      setMachineState(undefinedState || outer ? '' : inMachine ? state : 'Running', atMs);
      setExecuteState(undefinedState || outer || inMachine ? '' : state, atMs);
      const mode = maintained ? modes.maintenance : modes.produce;
      unitMode.setValueFromSource({ dataType: ua.DataType.Int32, value: mode }, good, new Date(atMs));
    },
    count(counter, value, atMs) {
      counters[counter] = value;
      setCount('ProdProcessedCount', counters.good + counters.scrap + counters.rework, atMs);
      if (counter !== 'good') setCount('ProdDefectiveCount', counters.scrap + counters.rework, atMs);
    },
  };
}
