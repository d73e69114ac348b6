import { boundKinds, type BoundKind } from '../ready-time.ts';
import { explainLoad } from './batch.explain.ts';
import { awaitedAfter } from './maximum-lag.ts';
import { decidingMaterial } from './materials.explain.ts';
import type { Explained, Wait } from './wait.ts';
import { closedBetween, closedSpan } from './working-time.explain.ts';

type Explanation = (at: Explained, from: number, to: number) => Wait[];

/** What each constraint says of the time until an operation is ready, from when what comes before it let it go on. */
const explanations: Record<BoundKind, Explanation> = {
  fixed: () => [],
  input: () => [],
  predecessor: () => [],
  'machine-busy': (at, from, to) => {
    const closed = closedBetween(at, from, to);
    const by = at.plan.machineBefore[at.operation]!;
    return [
      { reason: 'machine-busy', subject: at.machineId, by, from, to, milliseconds: to - from - closed },
      { reason: 'machine-closed', subject: at.machineId, ...closedSpan(at, from, to), milliseconds: closed },
    ];
  },
  material: (at, from, to) => [
    { reason: 'material', subject: decidingMaterial(at), from, to, milliseconds: to - from },
  ],
  load: explainLoad,
  'maximum-lag': ({ problem, plan, operation }, from, to) => {
    const awaited = problem.jobOrderIds[awaitedAfter(problem, operation, plan)]!;
    return [{ reason: 'maximum-lag', subject: awaited, from, to, milliseconds: to - from }];
  },
  'held-at-live-start': ({ problem, operation }, from, to) => [
    { reason: 'held', subject: problem.jobOrderIds[operation]!, from, to, milliseconds: to - from },
  ],
};

/** Why an operation is not ready before it is, although what comes before it let it go on from an instant. */
export function explainReady(at: Explained, from: number): Wait[] {
  const { plan, operation } = at;
  return explanations[boundKinds[plan.bound[operation]!]!](at, from, plan.ready[operation]!);
}
