import type { OpcuaServerOptions, ServedAlarm, ServedMachine, ServedObject, ServedVariable } from '../connect/index.ts';
import { lineOf, lines, machineClass, machineIds } from './northfield/equipment.ts';
import { operatingModes } from './showcase.ts';
import { machinePath, nodeIdOf, signalsOf, type Signal } from './tags.ts';
import { fullTemperature } from './telemetry.ts';
import { cuts } from './wear.ts';

/** Values that the server keeps for HistoryRead per measured quantity and per counter: hours, not days. */
const historyLength = 2_000;
/** Vibration severity in mm/s from which ISO 20816-1 calls a machine of this size unsatisfactory, and unacceptable. */
const vibrationLimits = { high: 4.5, highHigh: 7.1 };

/** Makers of Northfield's machines, by class; invented. */
const makers: Record<string, string> = {
  saw: 'Kesselring',
  cnc: 'Brandt Machine Tools',
  mill: 'Brandt Machine Tools',
  grind: 'Schleifwerk Ost',
  deburr: 'Roborama',
  wash: 'Aquafort',
  press: 'Kesselring',
  asm: 'Roborama',
  test: 'Lindqvist Test Systems',
  pack: 'Roborama',
};

/** What the demo plant's server declares and serves: each machine's signals, what else a server can offer, machines. */
export function servedPlant(): Pick<OpcuaServerOptions, 'objects' | 'structures' | 'enumerations' | 'machines'> {
  return {
    objects: machineIds.map(servedObject),
    structures: [
      {
        name: 'ToolData',
        fields: [
          { name: 'ToolNumber', dataType: 'UInt32' },
          { name: 'ToolName', dataType: 'String' },
          { name: 'LifePercent', dataType: 'Double' },
          { name: 'Worn', dataType: 'Boolean' },
        ],
      },
    ],
    enumerations: [{ name: 'OperatingMode', texts: [...operatingModes] }],
    machines: machineIds.map(servedMachine),
  };
}

function servedObject(equipmentId: string): ServedObject {
  const kind = machineClass(equipmentId);
  const id = (name: string) => nodeIdOf(equipmentId, name);
  const more: ServedVariable[] = [
    {
      nodeId: id('Fault'),
      browseName: 'Fault',
      dataType: 'Boolean',
      initial: false,
      alarm: { kind: 'off-normal', name: 'MachineStopped', severity: 800 },
    },
    {
      nodeId: id('OperatingMode'),
      browseName: 'OperatingMode',
      dataType: { enumeration: 'OperatingMode' },
      initial: operatingModes.indexOf('Off'),
    },
    { nodeId: id('EncoderPulses'), browseName: 'EncoderPulses', dataType: 'Int64', initial: '0' },
    {
      nodeId: id('ZoneTemperatures'),
      browseName: 'ZoneTemperatures',
      dataType: 'Double',
      array: true,
      unit: 'Cel',
      initial: [20, 20, 20],
    },
    {
      nodeId: id('SpeedOverride'),
      browseName: 'SpeedOverride',
      dataType: 'Double',
      unit: '%',
      range: { low: 0, high: 120 },
      initial: 100,
      writable: true,
    },
  ];
  if (cuts(kind))
    more.push({
      nodeId: id('ToolData'),
      browseName: 'ToolData',
      dataType: { structure: 'ToolData' },
      initial: { ToolNumber: 1, ToolName: 'T1', LifePercent: 100, Worn: false },
    });
  return {
    path: machinePath(equipmentId),
    variables: [...signalsOf(kind).map((signal) => servedSignal(equipmentId, signal)), ...more],
    methods: [{ nodeId: id('ResetCounter'), browseName: 'ResetCounter' }],
  };
}

function servedSignal(equipmentId: string, { name, dataType, unit, low, high, analog }: Signal): ServedVariable {
  const alarm = limitAlarm(equipmentId, name);
  return {
    nodeId: nodeIdOf(equipmentId, name),
    browseName: name,
    dataType,
    ...(unit === undefined ? {} : { unit }),
    ...(low === undefined || high === undefined ? {} : { range: { low, high } }),
    initial: dataType === 'String' ? (name === 'State' ? 'Undefined' : '') : 0,
    ...(analog || dataType !== 'String' ? { history: historyLength } : {}),
    ...(alarm ? { alarm } : {}),
  };
}

function limitAlarm(equipmentId: string, signal: string): ServedAlarm | undefined {
  if (signal === 'Vibration') return { kind: 'limit', name: 'VibrationHigh', ...vibrationLimits, severity: 600 };
  if (signal !== 'Temperature') return undefined;
  const full = fullTemperature(machineClass(equipmentId));
  return { kind: 'limit', name: 'TemperatureHigh', high: full + 5, highHigh: full + 10, severity: 500 };
}

function servedMachine(equipmentId: string): ServedMachine {
  const kind = machineClass(equipmentId);
  const number = equipmentId.split('-')[1] ?? '';
  const manufacturer = makers[kind] ?? 'Millwright';
  const id = (name: string) => nodeIdOf(equipmentId, name);
  return {
    name: equipmentId,
    manufacturer,
    model: `${kind.toUpperCase()} 400`,
    serialNumber: `MW-${number}-2021`,
    yearOfConstruction: 2021,
    location: `Northfield/${lines.find(({ lineId }) => lineId === lineOf(equipmentId))?.name ?? ''}`,
    components: cuts(kind) ? [{ name: 'Spindle', manufacturer, serialNumber: `SP-${number}-2023` }] : [],
    follows: { state: id('State'), reason: id('Reason'), good: id('Good'), scrap: id('Scrap'), rework: id('Rework') },
  };
}
