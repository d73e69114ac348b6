import { parseInstant } from '../kernel/index.ts';
import { machinesBelow, type BanStretch, type OvertimeStretch, type PlantModel } from '../plant/index.ts';
import type { PlanningRequest } from '../planning/index.ts';

/** The overtime that a request allows its plans; the twin must count with it too. It ends at the horizon at the latest. */
export function overtimeOf(model: PlantModel, request: PlanningRequest): OvertimeStretch[] {
  return request.constraints.flatMap(({ kind, subject, from, to }) => {
    if (kind !== 'overtime') return [];
    const start = from === undefined ? request.from : parseInstant(from);
    const end = to === undefined ? request.horizon : parseInstant(to);
    const equipmentIds = machinesBelow(model.equipment, subject).map((machine) => machine.equipmentId);
    return end > start ? [{ equipmentIds, start, end }] : [];
  });
}

/** When a request forbids its plans some machines; the twin must keep off them too. Infinity: for good. */
export function bansOf(model: PlantModel, request: PlanningRequest): BanStretch[] {
  return request.constraints.flatMap(({ kind, subject, from, to }) => {
    if (kind !== 'forbid-machine') return [];
    const start = from === undefined ? request.from : parseInstant(from);
    const end = to === undefined ? Infinity : parseInstant(to);
    const equipmentIds = machinesBelow(model.equipment, subject).map((machine) => machine.equipmentId);
    return end > start ? [{ equipmentIds, start, end }] : [];
  });
}
