import type { ScheduleRequest } from '../../src/contracts/index.ts';
import { isoInstant, parseInstant, uuidv7 } from '../../src/kernel/index.ts';
import type { PlanRequest } from '../../src/scenarios/index.ts';

/** What the node's settings say of every search. */
export interface SearchSettings {
  count: number;
  timeLimitSeconds: number;
  frozenMinutes: number;
  horizonDays: number;
  replications: number;
  seed: number;
}

/** The search that an event asks for, from now on. */
export function requestForEvent(eventId: string, settings: SearchSettings, now: number): PlanRequest {
  return {
    requestId: uuidv7(),
    eventId,
    from: now,
    frozenUntil: now + settings.frozenMinutes * 60_000,
    horizon: now + settings.horizonDays * 86_400_000,
    constraints: [],
    count: settings.count,
    timeLimitMs: settings.timeLimitSeconds * 1000,
    replications: settings.replications,
    seed: settings.seed,
  };
}

/**
 * The request that a simple form stands for, the rest as the settings have it: the id of an event, or an object with
 * what a request may say (`constraints`, `eventId`, `weights`, `count` …). Nothing where it is neither.
 */
export function simpleRequest(payload: unknown): unknown {
  const usual = {
    requestId: uuidv7(),
    horizon: isoInstant(Date.UTC(9999, 0)),
    frozenUntil: isoInstant(0),
    constraints: [],
    count: 200,
    timeLimitMs: 600_000,
    seed: 1,
  };
  if (typeof payload === 'string') return { ...usual, eventId: payload };
  const isRequest = typeof payload === 'object' && payload !== null && 'constraints' in payload;
  return isRequest ? { ...usual, ...payload } : undefined;
}

/**
 * The search that a request asks for; it may narrow what the settings allow (fewer plans, less time, a nearer horizon,
 * a longer frozen one), never widen it.
 */
export function requestFromMessage(request: ScheduleRequest, settings: SearchSettings, now: number): PlanRequest {
  const { requestId, eventId, constraints, weights, seed } = request;
  return {
    requestId,
    from: now,
    frozenUntil: Math.max(now + settings.frozenMinutes * 60_000, parseInstant(request.frozenUntil)),
    horizon: Math.min(parseInstant(request.horizon), now + settings.horizonDays * 86_400_000),
    constraints,
    count: Math.min(request.count, settings.count),
    timeLimitMs: Math.min(request.timeLimitMs, settings.timeLimitSeconds * 1000),
    replications: settings.replications,
    seed,
    ...(eventId === undefined ? {} : { eventId }),
    ...(weights === undefined ? {} : { weights }),
  };
}
