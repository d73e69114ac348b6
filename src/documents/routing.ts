import { MillwrightError } from '../kernel/index.ts';
import type { JobOrder, MaterialDefinition, PlantModel, ProcessSegment, WorkMaster } from '../plant/index.ts';

/** How a job order's operation is made. */
export interface Routing {
  master: WorkMaster;
  segment: ProcessSegment;
  product: MaterialDefinition;
  /** Key of the segment's row: work master, version and segment. */
  segmentKey: string;
  /** Run time of one part in seconds; undefined for a machine that cannot do it. */
  speed: (equipmentId: string) => number | undefined;
}

/** Finds a job order's routing in the plant model; `MW_JOB_ORDER_UNKNOWN` where a part of it is missing. */
export function routingOf(model: PlantModel, jobOrder: JobOrder): Routing {
  const { jobOrderId, workMasterId, workMasterVersion, segmentId } = jobOrder;
  const master = model.workMasters.find((w) => w.workMasterId === workMasterId && w.version === workMasterVersion);
  const segment = master?.segments.find((s) => s.segmentId === segmentId);
  const product = model.materials.find((m) => m.materialId === master?.materialId);
  if (!master || !segment || !product) throw new MillwrightError('MW_JOB_ORDER_UNKNOWN', { jobOrderId });
  return {
    master,
    segment,
    product,
    segmentKey: `${workMasterId}/${workMasterVersion}/${segmentId}`,
    speed: (equipmentId) => segment.equipment.find((e) => e.equipmentId === equipmentId)?.secondsPerUnit,
  };
}
