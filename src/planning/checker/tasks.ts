import type {
  Equipment,
  JobOrder,
  PlantModel,
  PlantState,
  ProcessSegment,
  ScheduleEntry,
  WorkRequest,
  WorkSchedule,
} from '../../plant/index.ts';
import type { Findings } from './findings.ts';
import { fateOf, type Fate } from './interruption.ts';

/** An operation that a plan has to contain, with its entry there. */
export interface Task {
  id: string;
  job: JobOrder;
  request: WorkRequest;
  segment: ProcessSegment;
  running: boolean;
  fate: Fate;
  /** Parts still to make. */
  parts: number;
  family: string;
  entry: ScheduleEntry;
}

const toBeDone = ['Waiting', 'Pending', 'Dispatched', 'Ready', 'Held', 'Suspended'];
const withdrawn = ['Cancelled', 'Completed', 'Aborted', 'Closed', 'Held'];

/** Whether a plan has to contain a job order: open or running, for a request that is neither over nor withdrawn. */
function mustBePlanned(job: JobOrder, request: WorkRequest): boolean {
  if (job.dispatchStatus === 'Running')
    return request.requestState === 'Held' || !withdrawn.includes(request.requestState);
  return toBeDone.includes(job.dispatchStatus) && !withdrawn.includes(request.requestState);
}

/** Joins plans and plant: every operation to be planned exactly once, and nothing else. What no plan changes is read once. */
export function taskReader(model: PlantModel, state: PlantState): (plan: WorkSchedule, findings: Findings) => Task[] {
  const open = openJobs(model, state);
  return (plan, findings) => {
    const entries = new Map<string, ScheduleEntry>();
    for (const entry of plan.entries) {
      if (entries.has(entry.jobOrderId)) findings.add(`${entry.jobOrderId} is planned more than once`);
      entries.set(entry.jobOrderId, entry);
    }
    const tasks: Task[] = [];
    for (const { job, task } of open) {
      const entry = entries.get(job.jobOrderId);
      entries.delete(job.jobOrderId);
      if (!task) findings.add(`${job.jobOrderId} has no routing ${job.workMasterId}`);
      else if (!entry) findings.add(`${job.jobOrderId} is not in the plan`);
      else if (!Number.isFinite(entry.start) || !Number.isFinite(entry.end) || entry.end <= entry.start)
        findings.add(`${job.jobOrderId} has no proper start and end`);
      else tasks.push({ ...task, entry });
    }
    for (const id of entries.keys()) findings.add(`${id} is in the plan, but there is nothing to do for it`);
    return tasks;
  };
}

/** A job order that a plan has to contain, and what it is; undefined where it has no routing. */
interface OpenJob {
  job: JobOrder;
  task: Omit<Task, 'entry'> | undefined;
}

function openJobs(model: PlantModel, state: PlantState): OpenJob[] {
  const requests = new Map(state.workRequests.map((request) => [request.workRequestId, request]));
  return state.jobOrders.flatMap((job): OpenJob[] => {
    const request = requests.get(job.workRequestId);
    if (!request || !mustBePlanned(job, request)) return [];
    const segment = model.workMasters
      .find((m) => m.workMasterId === job.workMasterId && m.version === job.workMasterVersion)
      ?.segments.find((s) => s.segmentId === job.segmentId);
    if (!segment) return [{ job, task: undefined }];
    const fate = fateOf(state, job, segment);
    const task = {
      id: job.jobOrderId,
      job,
      request,
      segment,
      running: job.dispatchStatus === 'Running',
      fate,
      parts: Math.max(0, fate === 'goes-on' ? job.quantity - job.goodQuantity : job.quantity),
      family: model.materials.find((m) => m.materialId === request.materialId)?.setupFamily ?? request.materialId,
    };
    return [{ job, task }];
  });
}

/**
 * Milliseconds that so many parts (those still to make where nothing is said) take on a machine, on a batch machine in
 * whole loads; NaN where the operation may not run there.
 */
export function runTime({ segment, parts }: Task, machine: Equipment | undefined, quantity = parts): number {
  const speed = segment.equipment.find((e) => e.equipmentId === machine?.equipmentId);
  if (machine === undefined || speed === undefined) return NaN;
  const { batchCapacity } = machine;
  if (batchCapacity === undefined) return Math.max(1, Math.round(quantity * speed.secondsPerUnit * 1000));
  let loads = 1;
  while (loads * batchCapacity < quantity) loads++;
  return Math.max(1, Math.round(loads * (speed.secondsPerBatch ?? NaN) * 1000));
}
