import { Type, type Static } from 'typebox';
import { Id, Instant, oneOf, Sha256, Share, strictObject, Text } from '../parts.ts';

const Count = Type.Integer({ minimum: 0 });

/** A stretch of a text that was supplied: the quote is its characters from `start` to `end`. */
export const CitedSpan = strictObject({
  evidenceId: Id,
  docId: Id,
  kind: oneOf('work-order', 'manual', 'failure-mode', 'measurement', 'event', 'question'),
  span: strictObject({ start: Count, end: Count }),
  quote: Text,
  quoteHash: Sha256,
  /** The machine and the time that the text is about, where it is about one. */
  equipmentId: Type.Optional(Id),
  date: Type.Optional(Instant),
  /** Talks to a language model: shown as what it is, never a source of actions or safety. */
  suspicious: Type.Optional(Type.Boolean()),
});
export type CitedSpan = Static<typeof CitedSpan>;

/** A sentence with the ids of the evidence that it rests on. */
export const Statement = strictObject({ text: Text, evidence: Type.Array(Id, { minItems: 1, maxItems: 10 }) });
export type Statement = Static<typeof Statement>;

const Statements = Type.Array(Statement, { maxItems: 20 });

/** A failure mode that may be behind it. */
export const CandidateMode = strictObject({
  code: Id,
  name: Statement,
  /** Share among the candidates; no probability. */
  score: Share,
  /** Similar cases of this mode, and similar cases of others. */
  support: Count,
  contradicting: Count,
  supportingCases: Type.Array(Id, { maxItems: 20 }),
  contradictingCases: Type.Array(Id, { maxItems: 20 }),
  /** Closed cases of this mode on machines of the same class so far. */
  closedCases: Count,
  /** What the signals that the failure-mode table names say. */
  sensor: oneOf('supports', 'contradicts', 'none'),
  why: Statements,
});
export type CandidateMode = Static<typeof CandidateMode>;

/** What to do about one candidate. */
export const AdvisedAction = strictObject({
  code: Id,
  steps: Statements,
  parts: Statements,
  skills: Statements,
  lockout: Statements,
});
export type AdvisedAction = Static<typeof AdvisedAction>;

/** Maintenance advice in which every sentence can be traced. A person decides; nothing is done by it. */
export const Advice = strictObject({
  adviceId: Id,
  asset: Id,
  at: Instant,
  language: oneOf('en', 'de'),
  source: oneOf('template', 'model'),
  /** All of it for reading, safety first. */
  text: Text,
  safety: Statements,
  symptoms: Statements,
  candidateModes: Type.Array(CandidateMode, { maxItems: 3 }),
  actions: Type.Array(AdvisedAction, { maxItems: 3 }),
  /** The most similar cases, with what was done. */
  similarCases: Statements,
  /** What the manuals say about it. */
  manuals: Statements,
  urgency: strictObject({
    level: oneOf('now', 'soon', 'planned', 'unknown'),
    basis: oneOf('event', 'sensor', 'history', 'none'),
    statement: Type.Optional(Statement),
  }),
  unknowns: Type.Array(Text, { maxItems: 20 }),
  evidence: Type.Array(CitedSpan, { maxItems: 200 }),
  /** Sentences that failed the check, and why. */
  dropped: Type.Array(strictObject({ text: Text, reason: Text }), { maxItems: 50 }),
});
export type Advice = Static<typeof Advice>;

/** Hides the outcome of closed cases and compares advice from before their date with what was done. */
export const BackTestRequest = strictObject({
  requestId: Id,
  cases: Type.Integer({ minimum: 1, maximum: 2000 }),
});
export type BackTestRequest = Static<typeof BackTestRequest>;

const Rate = strictObject({ count: Count, share: Type.Number(), low: Type.Number(), high: Type.Number() });

/** How advice would have done; intervals are Wilson's at 95 %. */
export const BackTest = strictObject({
  requestId: Id,
  /** The rates for reading. */
  text: Text,
  cases: Count,
  top1: Rate,
  top3: Rate,
  /** The commonest mode so far in place of advice. */
  baseline: Rate,
  /** Cases with a sign in sensors or log before. */
  withSigns: strictObject({ cases: Count, top1: Rate, top3: Rate }),
  /** Longest time before the event at which its mode already was first, by a sign; over the cases that had one. */
  leadHours: strictObject({ count: Count, median: Type.Union([Type.Number(), Type.Null()]) }),
  byMode: Type.Array(strictObject({ code: Id, cases: Count, top1: Count, top3: Count }), { maxItems: 200 }),
  milliseconds: Type.Number(),
});
export type BackTest = Static<typeof BackTest>;
