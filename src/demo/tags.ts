import type { ServedDataType } from '../connect/index.ts';
import type { TagDefinition } from '../store/index.ts';
import { cuts } from './wear.ts';
import { lineOf, lines, machineClass, machineIds, type MachineClass } from './northfield/equipment.ts';

/** One signal of a machine. */
export interface Signal {
  name: string;
  dataType: ServedDataType;
  unit?: string;
  low?: number;
  high?: number;
  /** A measured quantity: recorded as telemetry. Without it the signal reports state or counts. */
  analog?: {
    /** Changes smaller than this are not reported (exception reporting). */
    deadband: number;
    /** Measured only while the machine executes, as condition monitoring does. */
    executingOnly: boolean;
  };
}

/** A signal with its plant-wide name and its address on the demo plant's server. */
export interface DemoTag extends TagDefinition {
  nodeId: string;
  equipmentId: string;
  dataType: ServedDataType;
}

const always = (deadband: number) => ({ deadband, executingOnly: false });
const executing = (deadband: number) => ({ deadband, executingOnly: true });

const common: Signal[] = [
  { name: 'State', dataType: 'String' },
  { name: 'Reason', dataType: 'String' },
  { name: 'JobOrder', dataType: 'String' },
  { name: 'Good', dataType: 'UInt32' },
  { name: 'Scrap', dataType: 'UInt32' },
  { name: 'Rework', dataType: 'UInt32' },
  { name: 'Energy', dataType: 'Double', unit: 'kWh' },
  { name: 'Power', dataType: 'Double', unit: 'kW', low: 0, high: 60, analog: always(0.2) },
  { name: 'Temperature', dataType: 'Double', unit: 'Cel', low: 0, high: 90, analog: always(0.3) },
  { name: 'Vibration', dataType: 'Double', unit: 'mm/s', low: 0, high: 7.1, analog: executing(0.02) },
];

const cuttingSignals: Signal[] = [
  { name: 'SpindleSpeed', dataType: 'Double', unit: 'rpm', low: 0, high: 18_000, analog: always(5) },
  { name: 'SpindleLoad', dataType: 'Double', unit: '%', low: 0, high: 120, analog: executing(0.5) },
  { name: 'ToolLife', dataType: 'Double', unit: '%', low: 0, high: 100, analog: always(0.5) },
];

/** What other classes measure beside the common signals. */
const processSignals: Partial<Record<MachineClass, Signal[]>> = {
  wash: [{ name: 'Pressure', dataType: 'Double', unit: 'bar', low: 0, high: 12, analog: executing(0.05) }],
  press: [{ name: 'Force', dataType: 'Double', unit: 'kN', low: 0, high: 60, analog: executing(0.2) }],
  asm: [{ name: 'Torque', dataType: 'Double', unit: 'N.m', low: 0, high: 40, analog: executing(0.1) }],
  test: [
    { name: 'Pressure', dataType: 'Double', unit: 'bar', low: 0, high: 16, analog: executing(0.05) },
    { name: 'LeakRate', dataType: 'Double', unit: 'mL/min', low: 0, high: 5, analog: executing(0.02) },
  ],
};

/** The signals of a machine class. */
export function signalsOf(kind: MachineClass): Signal[] {
  return [...common, ...(cuts(kind) ? cuttingSignals : []), ...(processSignals[kind] ?? [])];
}

/** Plant-wide name of a signal: `line/machine/signal`. */
export function tagOf(equipmentId: string, signal: string): string {
  return `${lineOf(equipmentId)}/${equipmentId}/${signal}`;
}

/** Address of a signal on the demo plant's server; it never changes. */
export function nodeIdOf(equipmentId: string, signal: string): string {
  return `ns=1;s=${machinePath(equipmentId).join('/')}/${signal}`;
}

/** The demo plant's tag table, ready for the tag table of `mw-opcua-in`. */
export function demoTags(): DemoTag[] {
  return machineIds.flatMap((equipmentId) =>
    signalsOf(machineClass(equipmentId)).map(({ name, dataType, unit, low, high }) => ({
      tag: tagOf(equipmentId, name),
      nodeId: nodeIdOf(equipmentId, name),
      equipmentId,
      dataType,
      ...(unit === undefined ? {} : { unit }),
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high }),
    })),
  );
}

/** Folders of a machine on the demo plant's server. */
export function machinePath(equipmentId: string): string[] {
  const line = lines.find(({ lineId }) => lineId === lineOf(equipmentId));
  return ['Northfield', line?.name ?? '', equipmentId];
}
