import type { Disruption } from '../contracts/index.ts';
import { MillwrightError, parseInstant, type Random } from '../kernel/index.ts';
import type { PlantModel, PlantState } from '../plant/index.ts';
import { productOf } from './northfield/products.ts';
import type { Office, Unavailability } from './office.ts';
import { nothing, type Happenings, type PlantRun } from './plant-run.ts';

/** What a disruption did: what happened at once, and what the store has to be told beside the changed orders. */
export interface DisruptionEffect {
  happened: Happenings;
  unavailable: Unavailability[];
  /** Work requests that it brought. */
  workRequestIds: string[];
}

/** Who is disturbed. */
export interface Disturbed {
  model: PlantModel;
  run: PlantRun;
  office: Office;
  /** Draws repair times. */
  random: Random;
}

const hour = 3_600_000;

/** When a disruption is to begin, milliseconds since 1970 UTC; `now` where it does not say. */
export function beginsAt({ start }: Disruption, now: number): number {
  const at = start === undefined ? now : parseInstant(start);
  return Number.isNaN(at) ? now : Math.max(now, at);
}

/** @throws MW_DISRUPTION_UNKNOWN where the plant has no such subject, with what was expected */
export function checkDisruption(model: PlantModel, state: PlantState, { kind, subject }: Disruption): void {
  const machine = model.equipment.some((e) => e.level === 'WorkUnit' && e.equipmentId === subject);
  const product = productOf(subject) !== undefined;
  const lot = lotOf(state, subject) !== undefined;
  const open = state.workRequests.some((r) => r.workRequestId === subject && r.requestState !== 'Completed');
  const person = model.persons.some(({ personId }) => personId === subject);
  const [known, expected] = {
    'machine-down': [machine, 'a machine'],
    'machine-up': [machine, 'a machine'],
    'quality-hold': [machine || lot, 'a machine, a lot or a material in stock'],
    'material-late': [lot, 'a lot or a material in stock or on its way'],
    'operator-absent': [person, 'a person'],
    'rush-order': [product, 'a product'],
    'demand-change': [product || open, 'a product or an open work request'],
  }[kind] as [boolean, string];
  if (!known) throw new MillwrightError('MW_DISRUPTION_UNKNOWN', { kind, subject, expected });
}

/**
 * Disturbs the plant now. Without a duration: a breakdown lasts a drawn repair time, a hold an hour, an absence till
 * the end of the shift, and material comes a day later.
 * @throws MW_DISRUPTION_UNKNOWN
 */
export function applyDisruption({ model, run, office, random }: Disturbed, disruption: Disruption): DisruptionEffect {
  const { kind, subject, durationSeconds } = disruption;
  checkDisruption(model, run.process.state(), disruption);
  const lasting = (usualMs: number) => run.now + (durationSeconds === undefined ? usualMs : durationSeconds * 1000);
  const effect: DisruptionEffect = { happened: nothing(), unavailable: [], workRequestIds: [] };
  const order = (materialId: string, quantity: number, customer: string, dueAt: number, priority: number) => {
    const wanted = { customer, materialId, quantity, releasedAt: run.now, dueAt, priority };
    const { workRequests } = office.extraOrder(run, wanted);
    effect.workRequestIds.push(...workRequests.map(({ workRequestId }) => workRequestId));
  };
  const stop = (reason: 'breakdown' | 'quality-hold', until: number) => {
    effect.happened = run.act((process) => process.stop(subject, reason, Math.round(until)));
  };
  const delay = (until: number) => {
    const lot = lotOf(run.process.state(), subject)!;
    effect.happened = run.act((process) => process.delayLot(lot.lotId, Math.round(Math.max(lot.availableAt, until))));
  };
  switch (kind) {
    case 'machine-down':
      stop('breakdown', lasting(2100_000 * Math.exp(0.7 * random.normal())));
      break;
    case 'machine-up':
      effect.happened = run.act((process) => process.repair(subject));
      break;
    case 'quality-hold':
      if (run.machine(subject)) stop('quality-hold', lasting(hour));
      else delay(lasting(hour));
      break;
    case 'material-late': {
      const { availableAt } = lotOf(run.process.state(), subject)!;
      delay(lasting(24 * hour) - run.now + Math.max(run.now, availableAt));
      break;
    }
    case 'operator-absent': {
      const end = Math.round(lasting((run.shiftAt(run.now)?.end ?? run.now + 8 * hour) - run.now));
      effect.happened = run.act((process) => process.setAbsent(subject, end));
      effect.unavailable.push({ personId: subject, reason: 'absent', start: run.now, end });
      break;
    }
    case 'rush-order':
      order(subject, productOf(subject)!.usualQuantity, 'Aldersea Water', Math.round(lasting(48 * hour)), 1);
      break;
    case 'demand-change': {
      const known = run.process.state().workRequests.find((request) => request.workRequestId === subject);
      if (known) order(known.materialId, Math.ceil(known.quantity / 2), known.customer, known.dueAt, known.priority);
      else
        for (const customer of ['Castellan Marine', 'Isarwerke'])
          order(subject, productOf(subject)!.usualQuantity, customer, Math.round(lasting(120 * hour)), 2);
    }
  }
  return effect;
}

/** A lot by id; of a material the next one on its way, else the largest in stock. */
function lotOf({ lots, at }: PlantState, subject: string) {
  const own = lots.filter((lot) => lot.lotId === subject || lot.materialId === subject);
  const coming = own.filter((lot) => lot.availableAt > at).sort((a, b) => a.availableAt - b.availableAt);
  return own.find((lot) => lot.lotId === subject) ?? coming[0] ?? own.sort((a, b) => b.quantity - a.quantity)[0];
}
