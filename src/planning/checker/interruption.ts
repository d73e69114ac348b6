import { isBreakdown, type JobOrder, type PlantState, type ProcessSegment } from '../../plant/index.ts';

/** What has become of a running operation: it goes on, or a breakdown of its machine made it start anew. */
export type Fate = 'goes-on' | 'starts-anew' | 'starts-anew-with-new-material';

/** Reads what has become of an operation at the state's instant. */
export function fateOf(state: PlantState, job: JobOrder, segment: ProcessSegment): Fate {
  if (job.dispatchStatus !== 'Running') return 'goes-on';
  const broken = state.unavailable
    .filter((stop) => stop.equipmentId === job.equipmentId && isBreakdown(stop))
    .some((stop) => !(stop.start > state.at || stop.end <= state.at));
  if (!broken || segment.afterInterruption === undefined || segment.afterInterruption === 'resume') return 'goes-on';
  return segment.afterInterruption === 'restart' ? 'starts-anew' : 'starts-anew-with-new-material';
}
