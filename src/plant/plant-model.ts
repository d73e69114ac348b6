import type { Interval } from '../kernel/index.ts';
import type { WorkCalendar } from './calendar.ts';
import type { Equipment } from './equipment.ts';
import type { MaterialDefinition, MaterialLot } from './material.ts';
import type { JobOrder, WorkRequest } from './order.ts';
import type { SetupMatrix, WorkMaster } from './routing.ts';

/** An operator, by number only. No performance figure belongs here. */
export interface Person {
  personId: string;
  qualificationIds: string[];
  /** The shift worked; absent means every shift. */
  shiftId?: string;
  /** Limits of working time, overtime included; absent: only the shifts limit it. */
  mostHoursPerDay?: number;
  mostHoursPerWeek?: number;
}

/** A fixture, mould or gauge that operations share (IEC 62264 physical asset), however many copies there are. */
export interface Tool {
  toolId: string;
  name: string;
  copies: number;
}

/** Transport from one line to another where it differs from the plant's usual time. */
export interface TransportTime {
  fromLineId: string;
  toLineId: string;
  seconds: number;
}

/** Master data of a plant: what changes by revision, not by the hour. */
export interface PlantModel {
  enterprise: string;
  site: string;
  calendar: WorkCalendar;
  equipment: Equipment[];
  persons: Person[];
  materials: MaterialDefinition[];
  workMasters: WorkMaster[];
  setupMatrices: SetupMatrix[];
  /** Transport between two lines; within a line it takes no time. */
  transportSeconds: number;
  /** Pairs of lines between which it takes another time. */
  transportTimes?: TransportTime[];
  tools?: Tool[];
}

/** What is true of a plant at one instant: the input of planning and of the twin, beside the model. */
export interface PlantState {
  /** Milliseconds since 1970 UTC. */
  at: number;
  workRequests: WorkRequest[];
  jobOrders: JobOrder[];
  lots: MaterialLot[];
  /** Setup family now on each machine. */
  setupFamily: Record<string, string>;
  /** Stretches in which a machine cannot work: repairs with their expected end, maintenance. */
  unavailable: ({ equipmentId: string; reason: string } & Interval)[];
  /** Stretches in which a person is absent. */
  absences: ({ personId: string } & Interval)[];
}
