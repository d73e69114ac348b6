import { Type, type Static, type TSchema } from 'typebox';
import { Id, instantPattern, oneOf } from '../contracts/index.ts';
import { compileCheck, MillwrightError, parseInstant, type Check } from '../kernel/index.ts';
import type { OvertimeStretch, PlantModel, PlantState, WorkSchedule } from '../plant/index.ts';
import type { TwinParameters } from './types.ts';

/** An instant, or how long after now (`from`, a due date) or after the beginning (`to`), as an ISO 8601 duration. */
const When = Type.String({
  pattern: `${instantPattern}|^P(?=\\d|T\\d)(\\d{1,4}D)?(T(\\d{1,5}H)?(\\d{1,5}M)?)?$`,
  maxLength: 35,
  description: 'a time in UTC such as 2026-11-21T14:00:00Z, or a duration such as PT8H or P2D',
});
const stretch = { subject: Id, from: Type.Optional(When), to: When };
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
const MaterialLate = change('material-late', { subject: Id, to: When });
/** A machine, or all below a line or area, stops by this law instead of its own of the same reason. */
const StopLawChange = change('stop-law', {
  subject: Id,
  reason: oneOf('breakdown', 'tool-change', 'cleaning', 'quality-hold'),
  meanRunSecondsBetween: positive,
  medianSeconds: positive,
  sigma: Type.Number({ minimum: 0, maximum: 5 }),
});
/** A machine, or all below a line or area, works another shift or overtime; the people of the shift before stay on. */
const Shift = change('shift', stretch);
/** There is one more machine like one that there is, in the same place; from now where `from` is absent. */
const MachineAdded = change('machine-added', { subject: Id, from: Type.Optional(When) });
/**
 * One more order of a material, `subject`, by its routing. A `rush` order goes in where it arrives, behind what is frozen
 * or under way then; any other comes behind all that is planned. `from`: when it may begin, now where absent.
 */
const OrderAdded = change('order-added', {
  subject: Id,
  quantity: positive,
  dueAt: When,
  from: Type.Optional(When),
  priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  rush: Type.Optional(Type.Boolean()),
});
/** An order, by its work request, is not made; what of it runs is broken off. */
const OrderRemoved = change('order-removed', { subject: Id });

/** One change that `whatIf` understands; times are ISO 8601, instants in UTC or durations. */
export type WhatIfChange =
  | Static<typeof MachineDown>
  | Static<typeof Speed>
  | Static<typeof OperatorAbsent>
  | Static<typeof MaterialLate>
  | Static<typeof StopLawChange>
  | Static<typeof Shift>
  | Static<typeof MachineAdded>
  | Static<typeof OrderAdded>
  | Static<typeof OrderRemoved>;

const schemas = [
  ...[MachineDown, Speed, OperatorAbsent, MaterialLate, StopLawChange],
  ...[Shift, MachineAdded, OrderAdded, OrderRemoved],
];
const checks = new Map<unknown, Check>(
  schemas.map((schema) => [schema.properties.kind.const, compileCheck(schema)] as const),
);

/** A plant and its plan, as they would be after changes; the originals stay as they are. */
export interface ChangedPlant {
  model: PlantModel;
  state: PlantState;
  parameters: TwinParameters;
  schedule: WorkSchedule;
  overtime: readonly OvertimeStretch[];
}

/**
 * Checks one change.
 * @throws `MW_TWIN_CHANGE_UNKNOWN` for a kind, `MW_PAYLOAD_INVALID` for a change that lacks something or says it wrongly
 */
export function checkChange(raw: Record<string, unknown>, index: number): WhatIfChange {
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

/** The instants of a change; from now where it names no beginning. */
export function spanOf({ from, to }: { from?: string; to: string }, state: Pick<PlantState, 'at'>) {
  const start = beginOf({ from }, state);
  return { start, end: instantOf(to, start) };
}

/** When a change begins. */
export function beginOf({ from }: { from?: string | undefined }, { at }: Pick<PlantState, 'at'>): number {
  return from === undefined ? at : instantOf(from, at);
}

/** An instant, or one so long after another. */
export function instantOf(when: string, after: number): number {
  const [, days = 0, hours = 0, minutes = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(when) ?? [];
  if (!when.startsWith('P')) return parseInstant(when);
  return after + ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000;
}

/** The error for a subject that does not exist. */
export function unknownSubject(kind: string, subject: string): MillwrightError {
  return new MillwrightError('MW_TWIN_SUBJECT_UNKNOWN', { kind, subject });
}
