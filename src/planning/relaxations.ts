import { isoInstant } from '../kernel/index.ts';
import type { LateLink, LateReasonKind, PlantModel, PlantState, SegmentLag, WorkSchedule } from '../plant/index.ts';
import { copySolution, type Problem } from './problem.ts';
import type { Replay } from './replay.ts';
import type { PlanningRequest } from './request.ts';
import { Resequencer } from './search/resequence.ts';

/** What a problem is built from. */
export interface PlanInputs {
  model: PlantModel;
  state: PlantState;
  live: WorkSchedule | undefined;
  request: PlanningRequest;
}

/** A plan's inputs and the plan itself, both to be changed. */
interface Ground {
  inputs: PlanInputs;
  replay: Replay;
}

/**
 * The same plan on changed inputs, or a changed plan on the same. `mayAdvance`: what waited for something that only
 * it needed may also be brought forward in the order by as much.
 */
type Relaxed = { inputs: PlanInputs; mayAdvance?: boolean } | { replay: Replay };

interface Rule {
  /** Links with the same key are relaxed together. */
  key: (link: LateLink, ground: Ground) => string;
  /** Takes the constraint away in a copy; undefined where it cannot be. */
  relax: (link: LateLink, ground: Ground) => Relaxed | undefined;
}

const bySubject = ({ subject }: LateLink) => subject;
const byJob = ({ jobOrderId }: LateLink) => jobOrderId;

/** One more person of a qualification, who works every shift. */
const oneMorePerson: Rule = {
  key: bySubject,
  relax: ({ subject }, { inputs }) => {
    const more = { personId: 'one more', qualificationIds: [subject] };
    return withModel(inputs, { persons: [...inputs.model.persons, more] });
  },
};

/** What "if this one were relaxed" means for each kind of link; undefined where there is nothing to relax. */
const rules: Record<LateReasonKind, Rule | undefined> = {
  'run-time': undefined,
  setup: {
    key: ({ equipmentId }, { inputs }) => classOf(inputs.model, equipmentId) ?? equipmentId,
    relax: ({ equipmentId }, { inputs }) => {
      const own = classOf(inputs.model, equipmentId);
      return withModel(inputs, {
        setupMatrices: inputs.model.setupMatrices.filter((matrix) => matrix.equipmentClassId !== own),
      });
    },
  },
  'machine-busy': {
    key: ({ jobOrderId, by }) => `${jobOrderId} before ${by ?? ''}`,
    relax: ({ jobOrderId, by }, { replay }) => before(replay, jobOrderId, by ?? ''),
  },
  'machine-closed': {
    key: ({ equipmentId }) => equipmentId,
    relax: ({ equipmentId, from, to }, { inputs }) => openThroughout(inputs, equipmentId, from, to),
  },
  'no-operator': oneMorePerson,
  'operator-busy': oneMorePerson,
  'one-piece': { key: byJob, relax: ({ jobOrderId }, { replay }) => mayPause(replay, jobOrderId) },
  load: {
    key: ({ jobOrderId, subject }) => `${jobOrderId} before ${subject}`,
    relax: ({ jobOrderId, subject }, { replay }) => before(replay, jobOrderId, subject),
  },
  tool: {
    key: bySubject,
    relax: ({ subject }, { inputs }) =>
      withModel(inputs, {
        tools: (inputs.model.tools ?? []).map((tool) =>
          tool.toolId === subject ? { ...tool, copies: tool.copies + 1 } : tool,
        ),
      }),
  },
  material: {
    key: bySubject,
    relax: ({ subject }, { inputs }) =>
      advancing(inputs, {
        lots: inputs.state.lots.map((lot) =>
          lot.materialId === subject ? { ...lot, availableAt: Math.min(lot.availableAt, inputs.state.at) } : lot,
        ),
      }),
  },
  release: {
    key: (link, { inputs }) => requestOf(inputs, link.jobOrderId),
    relax: ({ jobOrderId }, { inputs }) => {
      const own = requestOf(inputs, jobOrderId);
      const { workRequests, at } = inputs.state;
      return advancing(inputs, {
        workRequests: workRequests.map((r) =>
          r.workRequestId === own ? { ...r, releasedAt: Math.min(r.releasedAt, at) } : r,
        ),
      });
    },
  },
  'frozen-horizon': {
    key: () => '',
    relax: (_link, { inputs }) => ({
      inputs: { ...inputs, request: { ...inputs.request, frozenUntil: inputs.request.from } },
    }),
  },
  held: {
    key: byJob,
    relax: ({ jobOrderId }, { replay }) => {
      const solution = copySolution(replay.solution);
      solution.hold[replay.problem.jobOrderIds.indexOf(jobOrderId)] = 0;
      return { replay: { ...replay, solution } };
    },
  },
  transport: {
    key: () => '',
    relax: (_link, { inputs }) => withModel(inputs, { transportSeconds: 0, transportTimes: [] }),
  },
  lag: {
    key: (link, { inputs }) => segmentOf(inputs, link.jobOrderId),
    relax: ({ jobOrderId }, { inputs }) =>
      withLags(inputs, segmentOf(inputs, jobOrderId), (lag) => ({ ...lag, minSeconds: 0 })),
  },
  'maximum-lag': {
    key: ({ subject }, { inputs }) => segmentOf(inputs, subject),
    relax: ({ subject }, { inputs }) => withLags(inputs, segmentOf(inputs, subject), withoutMaximum),
  },
};

/** Names what relaxing a link takes away; undefined where nothing can be taken away. */
export function relaxationKey(link: LateLink, ground: Ground): string | undefined {
  const rule = rules[link.reason];
  return rule && `${rule === oneMorePerson ? 'operator' : link.reason} ${rule.key(link, ground)}`;
}

/** Takes away what a link waits for, in a copy; undefined where that is not possible. */
export function relaxedFor(link: LateLink, ground: Ground): Relaxed | undefined {
  return rules[link.reason]?.relax(link, ground);
}

function withModel(inputs: PlanInputs, changes: Partial<PlantModel>): Relaxed {
  return { inputs: { ...inputs, model: { ...inputs.model, ...changes } } };
}

function advancing(inputs: PlanInputs, changes: Partial<PlantState>): Relaxed {
  return { inputs: { ...inputs, state: { ...inputs.state, ...changes } }, mayAdvance: true };
}

function classOf(model: PlantModel, equipmentId: string): string | undefined {
  return model.equipment.find((equipment) => equipment.equipmentId === equipmentId)?.equipmentClassId;
}

function requestOf({ state }: PlanInputs, jobOrderId: string): string {
  return state.jobOrders.find((job) => job.jobOrderId === jobOrderId)?.workRequestId ?? '';
}

function segmentOf({ state }: PlanInputs, jobOrderId: string): string {
  return state.jobOrders.find((job) => job.jobOrderId === jobOrderId)?.segmentId ?? '';
}

function withoutMaximum(lag: SegmentLag): SegmentLag {
  const unlimited = { ...lag };
  delete unlimited.maxSeconds;
  return unlimited;
}

/** A segment follows its predecessors with other lags. */
function withLags(inputs: PlanInputs, segmentId: string, change: (lag: SegmentLag) => SegmentLag): Relaxed {
  const workMasters = inputs.model.workMasters.map((master) => ({
    ...master,
    segments: master.segments.map((segment) =>
      segment.segmentId === segmentId ? { ...segment, lags: (segment.lags ?? []).map(change) } : segment,
    ),
  }));
  return withModel(inputs, { workMasters });
}

/** The machine works throughout a stretch, in overtime where no shift does, and is neither down nor forbidden in it. */
function openThroughout(inputs: PlanInputs, equipmentId: string, from: number, to: number): Relaxed {
  const { state, request } = inputs;
  const unavailable = state.unavailable.flatMap((stretch) =>
    stretch.equipmentId === equipmentId
      ? [
          { ...stretch, end: Math.min(stretch.end, from) },
          { ...stretch, start: Math.max(stretch.start, to) },
        ].filter(({ start, end }) => end > start)
      : [stretch],
  );
  const constraints = request.constraints.filter((c) => c.kind !== 'forbid-machine' || c.subject !== equipmentId);
  const overtime = { kind: 'overtime' as const, subject: equipmentId, from: isoInstant(from), to: isoInstant(to) };
  return {
    inputs: {
      ...inputs,
      state: { ...state, unavailable },
      request: { ...request, constraints: [...constraints, overtime] },
    },
  };
}

/** An operation goes before the one that had its machine. */
function before({ problem, solution }: Replay, jobOrderId: string, other: string): Relaxed | undefined {
  const [operation, holder] = [jobOrderId, other].map((id) => problem.jobOrderIds.indexOf(id));
  if (operation === undefined || holder === undefined || holder < 0 || problem.fixed[holder] === 1) return undefined;
  const changed = copySolution(solution);
  const from = changed.order.indexOf(operation);
  const to = changed.order.indexOf(holder);
  if (from <= to) return undefined;
  new Resequencer(problem).pull(changed.order, from, to);
  if (changed.order.indexOf(operation) > changed.order.indexOf(holder)) return undefined;
  changed.hold[operation] = 0;
  return { replay: { problem, solution: changed } };
}

function mayPause({ problem, solution }: Replay, jobOrderId: string): Relaxed {
  const changed: Problem = { ...problem, mayPause: problem.mayPause.slice() };
  changed.mayPause[problem.jobOrderIds.indexOf(jobOrderId)] = 1;
  return { replay: { problem: changed, solution } };
}
