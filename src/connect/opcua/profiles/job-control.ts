import type { Order } from '../../../contracts/index.ts';
import type { StandardType } from './standard-types.ts';

const isa95 = 'http://opcfoundation.org/UA/ISA95-JOBCONTROL_V2/';
const machineryJobs = 'http://opcfoundation.org/UA/Machinery/Jobs/';

/** Types of OPC 10031-4 and OPC 40001-3 by which job management is known. */
export const jobControlTypes: StandardType[] = [
  { uri: isa95, id: 1002, role: 'JobOrders' },
  { uri: isa95, id: 1008, role: 'JobOrders' },
  { uri: machineryJobs, id: 1003, role: 'job-management' },
];

/** Dispatch states of IEC 62264 for the states of ISA95JobOrderReceiverObjectType, by their numbers. */
const dispatchStates: Record<number, string> = {
  1: 'Waiting',
  2: 'Ready',
  3: 'Running',
  4: 'Suspended',
  5: 'Completed',
  6: 'Aborted',
};

/** The job orders of a JobOrderList as contracts; entries without an id are passed over. */
export function jobOrders(value: unknown): Order[] {
  return list(value).flatMap((entry): Order[] => {
    const order = record(field(entry, 'JobOrder'));
    const id = field(order, 'JobOrderID');
    if (typeof id !== 'string' || id === '') return [];
    const produced = list(field(order, 'MaterialRequirements'))[0];
    const materialId = field(produced, 'MaterialDefinitionID');
    const quantity = Number(field(produced, 'Quantity') ?? NaN);
    const priority = Number(field(order, 'Priority') ?? NaN);
    const dueAt = field(order, 'EndTime');
    const number = list(field(entry, 'State')).find((state) => browsePathIsEmpty(state)) ?? {};
    const dispatchStatus = dispatchStates[Number(field(number, 'StateNumber'))];
    return [
      {
        kind: 'job-order',
        id,
        ...(typeof materialId === 'string' && materialId !== '' ? { materialId } : {}),
        ...(Number.isFinite(quantity) && quantity >= 0 ? { quantity } : {}),
        ...(Number.isInteger(priority) && priority >= 1 ? { priority } : {}),
        ...(typeof dueAt === 'string' && !Number.isNaN(Date.parse(dueAt)) ? { dueAt } : {}),
        ...(dispatchStatus === undefined ? {} : { dispatchStatus }),
      },
    ];
  });
}

/** The state of the order itself has no path; its substates have one. */
function browsePathIsEmpty(state: Record<string, unknown>): boolean {
  return list(field(record(field(state, 'BrowsePath')), 'Elements')).length === 0;
}

/** A structure's field by the name in the specification; libraries begin it with a small letter. */
function field(structure: Record<string, unknown> | undefined, name: string): unknown {
  return structure?.[name] ?? structure?.[name.charAt(0).toLowerCase() + name.slice(1)];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : [];
}
