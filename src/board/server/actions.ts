import { Type } from 'typebox';
import {
  Id,
  Instant,
  oneOf,
  PlanConstraint,
  Sha256,
  strictObject,
  type ScheduleRequest,
} from '../../contracts/index.ts';
import { compileCheck, isoInstant, MillwrightError, parseInstant, uuidv7 } from '../../kernel/index.ts';
import { signApproval } from '../../trust/index.ts';
import type { BoardAnswers, BoardRequests, BoardRole } from '../view.ts';
import type { BoardOptions, SearchSettings } from './options.ts';
import { includesRole } from './people.ts';
import type { SessionPerson } from './sessions.ts';
import { eventView } from './state-view.ts';

const dayMs = 86_400_000;
const defaultSearch: SearchSettings = { horizonDays: 14, frozenMinutes: 30, count: 50, timeLimitMs: 5_000 };
/** How far ahead a person may put the end of a stop. */
const longestStopDays = 60;

/** Checks of the bodies that POST requests carry, by path. */
export const bodyChecks = {
  'api/login': compileCheck(strictObject({ personId: Id, password: Type.String({ minLength: 1, maxLength: 200 }) })),
  'api/logout': compileCheck(strictObject({})),
  'api/approve': compileCheck(
    strictObject({
      planId: Id,
      planDigest: Sha256,
      decision: oneOf('approved', 'rejected'),
      meaning: oneOf('reviewed', 'approved', 'rejected'),
      reason: Type.String({ maxLength: 2_000 }),
    }),
  ),
  'api/correct-end': compileCheck(strictObject({ eventId: Id, expectedEnd: Instant })),
  'api/regenerate': compileCheck(
    strictObject({ eventId: Type.Optional(Id), constraints: Type.Array(PlanConstraint, { maxItems: 200 }) }),
  ),
} as const satisfies Record<keyof BoardRequests, unknown>;

/** Throws `MW_BOARD_READ_ONLY` where nobody is logged in, or not in a role that may do it. */
export function requireRole(person: SessionPerson | undefined, needed: BoardRole): SessionPerson {
  if (!person || !includesRole(person.role, needed)) throw new MillwrightError('MW_BOARD_READ_ONLY', { role: needed });
  return person;
}

/** Signs a decision and sends it on. Rejects with the code of `signApproval`'s refusal. */
export async function approve(
  { store, clock, demo, onApproval }: BoardOptions,
  person: SessionPerson,
  body: BoardRequests['api/approve'],
): Promise<BoardAnswers['api/approve']> {
  const approval = await signApproval(store, { ...body, person, clock, allowUnauthenticated: demo });
  onApproval(approval);
  const { approvalId, planId, decision, signedAt } = approval;
  return { approvalId, planId, decision, signedAt };
}

/**
 * Writes down when a planner expects an event to end. Rejects with `MW_BOARD_TIME_INVALID` unless that lies in the
 * future and within sixty days, with `MW_RECORD_UNKNOWN` where the event is not open.
 */
export async function correctEnd(
  { store, clock }: BoardOptions,
  person: SessionPerson,
  { eventId, expectedEnd }: BoardRequests['api/correct-end'],
): Promise<BoardAnswers['api/correct-end']> {
  const end = parseInstant(expectedEnd);
  const now = clock.now();
  if (!(end > now && end <= now + longestStopDays * dayMs))
    throw new MillwrightError('MW_BOARD_TIME_INVALID', { days: longestStopDays });
  const event = await store.loadEvent(eventId);
  if (!event || event.endedAt !== undefined)
    throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'event', id: eventId });
  const { personId, role, authenticated } = person;
  const stated = { p50: end, p90: end, basis: 'person' } as const;
  return eventView(await store.correctExpectedEnd(eventId, stated, { id: personId, role, authenticated }));
}

/** Asks for other plans under the given wishes. */
export function regenerate(
  { clock, onRequest, search = defaultSearch }: BoardOptions,
  { eventId, constraints }: BoardRequests['api/regenerate'],
): ScheduleRequest {
  const now = clock.now();
  const requestId = uuidv7(clock);
  const request: ScheduleRequest = {
    requestId,
    ...(eventId === undefined ? {} : { eventId }),
    horizon: isoInstant(now + search.horizonDays * dayMs),
    frozenUntil: isoInstant(now + search.frozenMinutes * 60_000),
    constraints,
    count: search.count,
    timeLimitMs: search.timeLimitMs,
    seed: parseInt(requestId.slice(-7), 16),
  };
  onRequest(request);
  return request;
}
