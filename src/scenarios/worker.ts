import { serveWorker, type WorkerContext } from '../kernel/index.ts';
import { improve, replicate, type ImproveJob, type ReplicateJob } from './jobs.ts';
import type {
  BasePlanTask,
  CalibrateTask,
  DescribeTask,
  ExplainTask,
  SearchTask,
  SimulateTask,
  WhatIfTask,
  WishTask,
} from './tasks.ts';
import { plansUnder } from './wish-costs.ts';
import { basePlan, describe, explain, learn, search, simulate, tryChanges } from './work.ts';

/** Entry of the task pool's threads: search, check, simulation and description, away from the event loop. */
serveWorker(() => ({
  ready: () => true,
  improve: (job: ImproveJob, context: WorkerContext) =>
    improve(job, (share, best) => context.progress({ share, best })),
  replicate: (job: ReplicateJob) => replicate(job),
  search: (task: SearchTask, context: WorkerContext) => search(task, (share) => context.progress(share)),
  simulate: (task: SimulateTask, context: WorkerContext) => simulate(task, (share) => context.progress(share)),
  describe: (task: DescribeTask) => describe(task),
  basePlan: (task: BasePlanTask) => basePlan(task),
  calibrate: (task: CalibrateTask) => learn(task),
  plansUnder: (task: WishTask) => plansUnder(task),
  explain: (task: ExplainTask) => explain(task),
  whatIf: (task: WhatIfTask) => tryChanges(task),
}));
