import type { JobState, OpcuaServer, ServedJob } from '../connect/index.ts';
import type { DispatchStatus, JobOrder, PlantState, WorkSchedule } from '../plant/index.ts';
import { machineIds } from './northfield/equipment.ts';

/** Job orders in a machine's list: what it ended last, what runs, what comes next. */
const ended = 3;
const coming = 8;

/** ISA-95 dispatch states as the states of OPC 10031-4. */
const jobStateOf: Record<DispatchStatus, JobState> = {
  Waiting: 'NotAllowedToStart',
  Pending: 'NotAllowedToStart',
  Dispatched: 'AllowedToStart',
  Ready: 'AllowedToStart',
  Running: 'Running',
  Held: 'Interrupted',
  Suspended: 'Interrupted',
  Completed: 'Ended',
  Closed: 'Ended',
  Cancelled: 'Aborted',
  Aborted: 'Aborted',
  Other: 'NotAllowedToStart',
};

/** Shows each machine's job orders, by the plan that the plant follows; only lists that changed are sent again. */
export class JobLists {
  private readonly server: Pick<OpcuaServer, 'setJobs'>;
  private readonly shown = new Map<string, string>();

  constructor(server: Pick<OpcuaServer, 'setJobs'>) {
    this.server = server;
  }

  /** @param state orders as they are now */
  show(state: PlantState, plan: WorkSchedule | undefined): void {
    for (const [machine, jobs] of jobsByMachine(state, plan)) {
      const text = JSON.stringify(jobs);
      if (this.shown.get(machine) === text) continue;
      this.shown.set(machine, text);
      this.server.setJobs(machine, jobs, state.at);
    }
  }
}

/** The job orders of each machine: the ones it ended last, the running one and those planned next, in this order. */
function jobsByMachine(state: PlantState, plan: WorkSchedule | undefined): Map<string, ServedJob[]> {
  const requests = new Map(state.workRequests.map((request) => [request.workRequestId, request]));
  const orders = new Map(state.jobOrders.map((order) => [order.jobOrderId, order]));
  const lists = new Map(machineIds.map((id) => [id, { done: [] as JobOrder[], next: [] as ServedJob[] }]));

  const served = (order: JobOrder, times: { start?: number; end?: number }): ServedJob => {
    const request = requests.get(order.workRequestId);
    return {
      jobOrderId: order.jobOrderId,
      state: jobStateOf[order.dispatchStatus],
      workMasterId: order.workMasterId,
      quantity: order.quantity,
      ...(request ? { materialId: request.materialId, priority: request.priority } : {}),
      ...times,
    };
  };
  for (const order of orders.values())
    if (order.equipmentId !== undefined && order.startedAt !== undefined)
      lists.get(order.equipmentId)?.done.push(order);
  for (const { jobOrderId, equipmentId, start, end } of [...(plan?.entries ?? [])].sort((a, b) => a.start - b.start)) {
    const order = orders.get(jobOrderId);
    const list = lists.get(equipmentId);
    if (order?.startedAt === undefined && order && list && list.next.length < coming)
      list.next.push(served(order, { start, end }));
  }
  return new Map(
    [...lists].map(([machine, { done, next }]) => {
      const begun = done
        .sort((a, b) => a.startedAt! - b.startedAt!)
        .map((order) => {
          const { startedAt: start, endedAt: end } = order;
          return served(order, { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) });
        });
      const over = begun.filter(({ state: jobState }) => jobState === 'Ended' || jobState === 'Aborted').slice(-ended);
      const running = begun.filter(({ state: jobState }) => jobState === 'Running' || jobState === 'Interrupted');
      return [machine, [...over, ...running, ...next]];
    }),
  );
}
