import { Type, type Static, type TSchema } from 'typebox';
import { Id, Instant, oneOf } from '../contracts/index.ts';
import { compileCheck, MillwrightError, parseInstant, type Check } from '../kernel/index.ts';
import { machinesBelow, type PlantModel, type PlantState, type WorkSchedule } from '../plant/index.ts';
import { simulatePlan, type SimulationOptions } from './simulate.ts';
import type { SimulationResult, StopLaw, TwinParameters } from './types.ts';

const stretch = { subject: Id, from: Type.Optional(Instant), to: Instant };
const positive = Type.Number({ exclusiveMinimum: 0 });
const change = <K extends string, P extends Record<string, TSchema>>(kind: K, properties: P) =>
  Type.Object({ kind: Type.Literal(kind), ...properties }, { additionalProperties: false });

/** A machine, or all below a line or area, cannot work; from now where `from` is absent. */
const MachineDown = change('machine-down', { ...stretch, reason: Type.Optional(Id) });
/** A machine, or all below a line or area, works so many times as fast. */
const Speed = change('speed', { subject: Id, factor: positive });
/** A person is absent. */
const OperatorAbsent = change('operator-absent', stretch);
/** A lot, or every lot of a material that is still on its way, arrives at an instant and not before. */
const MaterialLate = change('material-late', { subject: Id, to: Instant });
/** A machine, or all below a line or area, stops by this law instead of its own of the same reason. */
const StopLawChange = change('stop-law', {
  subject: Id,
  reason: oneOf('breakdown', 'tool-change', 'cleaning', 'quality-hold'),
  meanRunSecondsBetween: positive,
  medianSeconds: positive,
  sigma: Type.Number({ minimum: 0, maximum: 5 }),
});

/** One change that `whatIf` understands; instants are ISO 8601 in UTC. */
type WhatIfChange =
  | Static<typeof MachineDown>
  | Static<typeof Speed>
  | Static<typeof OperatorAbsent>
  | Static<typeof MaterialLate>
  | Static<typeof StopLawChange>;

const schemas = [MachineDown, Speed, OperatorAbsent, MaterialLate, StopLawChange];
const checks = new Map<unknown, Check>(
  schemas.map((schema) => [schema.properties.kind.const, compileCheck(schema)] as const),
);

/** What a plant would be after the changes; the originals stay as they are. */
interface ChangedPlant {
  model: PlantModel;
  state: PlantState;
  parameters: TwinParameters;
}

/**
 * Applies changes to a plant, in order.
 * @throws `MW_TWIN_CHANGE_UNKNOWN` for a kind, `MW_TWIN_SUBJECT_UNKNOWN` for a subject that does not exist,
 *   `MW_PAYLOAD_INVALID` for a change that lacks something or says it wrongly
 */
function applyChanges(plant: ChangedPlant, changes: readonly Record<string, unknown>[]): ChangedPlant {
  return changes.reduce<ChangedPlant>((changed, raw, index) => apply(changed, checkChange(raw, index)), plant);
}

/** Simulates a plan as if the changes had happened. Errors as `applyChanges` and `simulatePlan`. */
export function whatIf(
  model: PlantModel,
  state: PlantState,
  schedule: WorkSchedule,
  changes: readonly Record<string, unknown>[],
  options: SimulationOptions,
): SimulationResult {
  const changed = applyChanges({ model, state, parameters: options.parameters }, changes);
  return simulatePlan(changed.model, changed.state, schedule, { ...options, parameters: changed.parameters });
}

function checkChange(raw: Record<string, unknown>, index: number): WhatIfChange {
  const check = checks.get(raw.kind);
  if (!check)
    throw new MillwrightError('MW_TWIN_CHANGE_UNKNOWN', {
      kind: typeof raw.kind === 'string' ? raw.kind.slice(0, 60) : typeof raw.kind,
      expected: [...checks.keys()].join(', '),
    });
  const problem = check(raw);
  if (problem)
    throw new MillwrightError('MW_PAYLOAD_INVALID', {
      contract: 'mw.what-if.v1',
      ...problem,
      pointer: `/changes/${String(index)}${problem.pointer === '/' ? '' : problem.pointer}`,
    });
  return raw as WhatIfChange;
}

function apply(plant: ChangedPlant, change: WhatIfChange): ChangedPlant {
  const { model, state, parameters } = plant;
  switch (change.kind) {
    case 'machine-down': {
      const reason = change.reason ?? 'breakdown';
      const more = machines(model, change.subject).map((equipmentId) => ({
        equipmentId,
        reason,
        ...span(change, state),
      }));
      return { ...plant, state: { ...state, unavailable: [...state.unavailable, ...more] } };
    }
    case 'operator-absent': {
      if (!model.persons.some((person) => person.personId === change.subject)) throw unknown('person', change.subject);
      const absence = { personId: change.subject, ...span(change, state) };
      return { ...plant, state: { ...state, absences: [...state.absences, absence] } };
    }
    case 'material-late': {
      const late = (lot: PlantState['lots'][number]) =>
        lot.lotId === change.subject || (lot.materialId === change.subject && lot.availableAt > state.at);
      const known = model.materials.some((material) => material.materialId === change.subject);
      if (!known && !state.lots.some(late)) throw unknown('lot', change.subject);
      const availableAt = parseInstant(change.to);
      return { ...plant, state: { ...state, lots: state.lots.map((l) => (late(l) ? { ...l, availableAt } : l)) } };
    }
    case 'speed':
      return { ...plant, model: faster(model, new Set(machines(model, change.subject)), change.factor) };
    case 'stop-law': {
      const { subject, reason, meanRunSecondsBetween, medianSeconds, sigma } = change;
      const law: StopLaw = { reason, meanRunSecondsBetween, medianSeconds, sigma };
      const stops = { ...parameters.stops };
      for (const equipmentId of machines(model, subject))
        stops[equipmentId] = [...(stops[equipmentId] ?? []).filter((own) => own.reason !== law.reason), law];
      return { ...plant, parameters: { ...parameters, stops } };
    }
  }
}

function faster(model: PlantModel, affected: ReadonlySet<string>, factor: number): PlantModel {
  return {
    ...model,
    workMasters: model.workMasters.map((master) => ({
      ...master,
      segments: master.segments.map((segment) => ({
        ...segment,
        equipment: segment.equipment.map((e) =>
          affected.has(e.equipmentId) ? { ...e, secondsPerUnit: e.secondsPerUnit / factor } : e,
        ),
      })),
    })),
  };
}

function machines(model: PlantModel, subject: string): string[] {
  const found = machinesBelow(model.equipment, subject).map((machine) => machine.equipmentId);
  if (found.length === 0) throw unknown('machine', subject);
  return found;
}

function span({ from, to }: { from?: string; to: string }, state: PlantState) {
  return { start: from === undefined ? state.at : parseInstant(from), end: parseInstant(to) };
}

function unknown(kind: string, subject: string): MillwrightError {
  return new MillwrightError('MW_TWIN_SUBJECT_UNKNOWN', { kind, subject });
}
