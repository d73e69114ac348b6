import {
  machinesBelow,
  type KpiDistribution,
  type PlanKpis,
  type PlantModel,
  type PlantState,
  type WorkSchedule,
} from '../plant/index.ts';
import {
  beginOf,
  checkChange,
  instantOf,
  spanOf,
  unknownSubject,
  type ChangedPlant,
  type WhatIfChange,
} from './changes.ts';
import { addMachine } from './further-machine.ts';
import { addOrder, removeOrder } from './order-changes.ts';
import { kpisOf } from './replications.ts';
import { simulatePlan, type SimulationOptions } from './simulate.ts';
import type { SimulationResult, StopLaw } from './types.ts';

/** What a plan would come to under changes, and what they make of it. */
export interface WhatIfResult extends SimulationResult {
  /** The plan without the changes; undefined where there are none. */
  unchanged?: SimulationResult;
  /** Each KPI with the changes minus without them, replication by replication under the same random numbers. */
  differences?: Record<keyof PlanKpis, KpiDistribution>;
}

/** Changes of what there is to do and to do it with: the floor uses them only where it need not keep planned starts. */
const changesOfWork: readonly WhatIfChange['kind'][] = ['shift', 'machine-added', 'order-added', 'order-removed'];

/**
 * Simulates a plan as if changes had happened, and without them. Where work, machines or shifts are added or taken away,
 * both follow the plan's sequences and start as soon as they can; else no operation starts before its planned start.
 * @throws `MW_TWIN_CHANGE_UNKNOWN` for a kind, `MW_TWIN_SUBJECT_UNKNOWN` for a subject that does not exist,
 *   `MW_PAYLOAD_INVALID` for a change that lacks something or says it wrongly, and as `simulatePlan`
 */
export function whatIf(
  model: PlantModel,
  state: PlantState,
  schedule: WorkSchedule,
  changes: readonly Record<string, unknown>[],
  options: SimulationOptions,
): WhatIfResult {
  if (changes.length === 0) return simulatePlan(model, state, schedule, options);
  const checked = changes.map((raw, index) => checkChange(raw, index));
  const startEarly = options.startEarly ?? checked.some(({ kind }) => changesOfWork.includes(kind));
  const plant = { model, state, schedule, parameters: options.parameters, overtime: options.overtime ?? [] };
  const changed = checked.reduce<ChangedPlant>(apply, plant);
  const [unchanged, seen] = [plant, changed].map(({ model, state, schedule, parameters, overtime }) =>
    simulatePlan(model, state, schedule, { ...options, parameters, overtime, startEarly }),
  ) as [SimulationResult, SimulationResult];
  return { ...seen, unchanged, differences: kpisOf(differencesOf(seen.replications, unchanged.replications)) };
}

function differencesOf(after: readonly PlanKpis[], before: readonly PlanKpis[]): PlanKpis[] {
  return after.map((kpis, replication) => {
    const names = Object.keys(kpis) as (keyof PlanKpis)[];
    return Object.fromEntries(names.map((name) => [name, kpis[name] - before[replication]![name]])) as Record<
      keyof PlanKpis,
      number
    >;
  });
}

function apply(plant: ChangedPlant, change: WhatIfChange): ChangedPlant {
  const { model, state, parameters, overtime } = plant;
  switch (change.kind) {
    case 'machine-down': {
      const reason = change.reason ?? 'breakdown';
      const stretch = { reason, ...spanOf(change, state) };
      const more = machines(model, change.subject).map((equipmentId) => ({ equipmentId, ...stretch }));
      return { ...plant, state: { ...state, unavailable: [...state.unavailable, ...more] } };
    }
    case 'operator-absent': {
      if (!model.persons.some((person) => person.personId === change.subject))
        throw unknownSubject('person', change.subject);
      const absence = { personId: change.subject, ...spanOf(change, state) };
      return { ...plant, state: { ...state, absences: [...state.absences, absence] } };
    }
    case 'material-late': {
      const late = (lot: PlantState['lots'][number]) =>
        lot.lotId === change.subject || (lot.materialId === change.subject && lot.availableAt > state.at);
      const known = model.materials.some((material) => material.materialId === change.subject);
      if (!known && !state.lots.some(late)) throw unknownSubject('lot', change.subject);
      const availableAt = instantOf(change.to, state.at);
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
    case 'shift': {
      const more = { equipmentIds: machines(model, change.subject), ...spanOf(change, state) };
      return { ...plant, overtime: [...overtime, more] };
    }
    case 'machine-added':
      return addMachine(plant, change.subject, beginOf(change, state));
    case 'order-added':
      return addOrder(plant, {
        materialId: change.subject,
        quantity: change.quantity,
        releasedAt: beginOf(change, state),
        dueAt: instantOf(change.dueAt, state.at),
        priority: change.priority ?? 1,
        rush: change.rush ?? false,
      });
    case 'order-removed':
      return removeOrder(plant, change.subject);
  }
}

function faster(model: PlantModel, affected: ReadonlySet<string>, factor: number): PlantModel {
  return {
    ...model,
    workMasters: model.workMasters.map((master) => ({
      ...master,
      segments: master.segments.map((segment) => ({
        ...segment,
        equipment: segment.equipment.map((e) => {
          if (!affected.has(e.equipmentId)) return e;
          const load = e.secondsPerBatch === undefined ? {} : { secondsPerBatch: e.secondsPerBatch / factor };
          return { ...e, secondsPerUnit: e.secondsPerUnit / factor, ...load };
        }),
      })),
    })),
  };
}

function machines(model: PlantModel, subject: string): string[] {
  const found = machinesBelow(model.equipment, subject).map((machine) => machine.equipmentId);
  if (found.length === 0) throw unknownSubject('machine', subject);
  return found;
}
