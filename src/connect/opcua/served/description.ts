/** OPC UA built-in types that a served variable may have. Int64 takes numbers or decimal strings. */
export type ServedDataType = 'Double' | 'Int32' | 'UInt32' | 'Int64' | 'Boolean' | 'String';

/** A value of a served variable; an object gives the fields of a structure by their names. */
export type ServedValue = number | boolean | string | number[] | Record<string, number | string | boolean>;

/** An alarm that a variable raises; acknowledgeable and confirmable. */
export type ServedAlarm =
  | { kind: 'limit'; name: string; high: number; highHigh: number; severity: number }
  /** Active while a Boolean variable is true. */
  | { kind: 'off-normal'; name: string; severity: number };

/** One variable that the server offers. */
export interface ServedVariable {
  /** In the server's own namespace, for example `ns=1;s=Northfield/Line 1/CNC-12/State`. */
  nodeId: string;
  browseName: string;
  /** A built-in type, or the name of a structure or enumeration that the server declares. */
  dataType: ServedDataType | { structure: string } | { enumeration: string };
  /** One-dimensional array of the type. */
  array?: boolean;
  /** Becomes the EngineeringUnits property. */
  unit?: string;
  /** Becomes the EURange property; a client may write within it only. */
  range?: { low: number; high: number };
  initial: ServedValue;
  /** A client may write it. */
  writable?: boolean;
  /** So many of the latest values are kept for HistoryRead. */
  history?: number;
  alarm?: ServedAlarm;
}

/** A method without arguments. */
export interface ServedMethod {
  nodeId: string;
  browseName: string;
}

/** A folder path below Objects with its variables and methods; missing folders on the way are made. */
export interface ServedObject {
  path: string[];
  variables: ServedVariable[];
  methods?: ServedMethod[];
}

/** A structure data type of the server. */
export interface ServedStructure {
  name: string;
  fields: { name: string; dataType: ServedDataType }[];
}

/** An enumeration data type of the server; values count from 0. */
export interface ServedEnumeration {
  name: string;
  texts: string[];
}

/**
 * A machine as the companion specifications show it: OPC 40001-1 (identification, item state, operation mode),
 * OPC 40001-3 with OPC 10031-4 (job management) and OPC 30050 (PackML). Its live values follow served variables.
 */
export interface ServedMachine {
  /** Browse name under `Machines` and `PackMLObjects`, and the name for `setJobs`. */
  name: string;
  manufacturer: string;
  model: string;
  serialNumber: string;
  yearOfConstruction: number;
  location: string;
  /** Browse names of components with an identification of their own. */
  components: { name: string; manufacturer: string; serialNumber: string }[];
  /** Node ids of the served variables that it follows: PackML state word, reason, part counters. */
  follows: { state: string; reason: string; good: string; scrap: string; rework: string };
}

/** States of a job order (OPC 10031-4, ISA95JobOrderReceiverObjectType), in the order of their numbers from 1 on. */
export const jobStates = ['NotAllowedToStart', 'AllowedToStart', 'Running', 'Interrupted', 'Ended', 'Aborted'] as const;
/** State of a job order in ISA-95 job control. */
export type JobState = (typeof jobStates)[number];

/** A job order in a machine's list. Instants are milliseconds since 1970 UTC. */
export interface ServedJob {
  jobOrderId: string;
  state: JobState;
  workMasterId?: string;
  materialId?: string;
  quantity?: number;
  priority?: number;
  start?: number;
  end?: number;
}

/** What a client did that the plant behind the server may want to know. */
export type ServedRequest =
  | { kind: 'write'; nodeId: string; value: ServedValue }
  | { kind: 'method'; nodeId: string }
  | { kind: 'job'; machine: string; command: string; jobOrderId: string; state: JobState | 'removed' };

/** A new value of one variable. */
export interface ServedUpdate {
  nodeId: string;
  value: ServedValue;
  /** Source time, milliseconds since 1970 UTC. */
  sourceMs: number;
  /** False gives the value the status Bad. */
  good?: boolean;
}
