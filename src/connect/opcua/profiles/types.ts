import type { Count, Order, State } from '../../../contracts/index.ts';

/** Companion specifications that are read: OPC 40001-1, OPC 30050, OPC 10031-4 (also within OPC 40001-3). */
export type MachineProfile = 'machinery' | 'packml' | 'job-control';

/** What is subscribed to of a machine, by names of our own that hold on every server. */
export const profileSignals = {
  ItemState: 'machinery',
  OperationMode: 'machinery',
  BaseState: 'packml',
  MachineState: 'packml',
  ExecuteState: 'packml',
  UnitMode: 'packml',
  Processed: 'packml',
  Defective: 'packml',
  JobOrders: 'job-control',
} as const satisfies Record<string, MachineProfile>;
/** Name of such a signal. */
export type ProfileSignal = keyof typeof profileSignals;

/** A variable of a machine. */
interface MachineSignal {
  signal: ProfileSignal;
  /** In `nsu=` form. */
  nodeId: string;
}

/** A machine that a person chose: all that a flow has to keep of it. */
export interface ChosenMachine {
  /** In `nsu=` form, as `discoverMachines` gives it. */
  nodeId: string;
  /** Its name in the plant (`equipmentId`). */
  name: string;
  /** What to read of it. */
  profiles: readonly MachineProfile[];
  /** Where its signals were found. */
  signals: readonly MachineSignal[];
}

/** A machine as it was found on a server. */
export interface DiscoveredMachine {
  nodeId: string;
  name: string;
  manufacturer?: string;
  model?: string;
  serialNumber?: string;
  profiles: MachineProfile[];
  /** Variables to subscribe to. */
  signals: MachineSignal[];
}

/** A payload of a contract, made from what a machine's profile shows. */
export type ProfilePayload =
  | { type: 'mw.state.v1'; payload: State }
  | { type: 'mw.count.v1'; payload: Count }
  | { type: 'mw.order.v1'; payload: Order };
