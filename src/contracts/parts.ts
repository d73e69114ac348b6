import { Type, type Static, type TObject, type TProperties } from 'typebox';

/** An object that knows all its properties; anything else on it is refused at the door. */
export function strictObject<P extends TProperties>(properties: P): TObject<P> {
  return Type.Object(properties, { additionalProperties: false });
}

/** One of a fixed list of words. */
export function oneOf<const T extends string[]>(...words: T) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: words });
}

/** The form of an instant. */
export const instantPattern =
  '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$';

/** An instant, ISO 8601 in UTC (`2026-11-21T14:00:00.000Z`). */
export const Instant = Type.String({
  pattern: instantPattern,
  maxLength: 35,
  description: 'a time in UTC such as 2026-11-21T14:00:00Z',
});

/** An id of a plant thing or of a record: visible characters, no control characters. */
export const Id = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

/** A SHA-256 digest in lower-case hex. */
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** Text for people, bounded. */
export const Text = Type.String({ maxLength: 20_000 });

/** A share between 0 and 1. */
export const Share = Type.Number({ minimum: 0, maximum: 1 });

/** Seconds, not negative. */
export const Seconds = Type.Number({ minimum: 0 });

/** A quantity, not negative. */
export const Quantity = Type.Number({ minimum: 0 });

/** A KPI or forecast as quantiles. */
export const Quantiles = strictObject({ p10: Type.Number(), p50: Type.Number(), p90: Type.Number() });

/** A KPI over the twin's replications. */
export const Distribution = strictObject({
  mean: Type.Number(),
  p10: Type.Number(),
  p50: Type.Number(),
  p90: Type.Number(),
});

/** KPI values by name. */
export const Distributions = Type.Record(Type.String(), Distribution);

/** Which model, exactly. */
export const ModelRef = strictObject({ id: Id, sha256: Sha256 });

/** Free-form but bounded evidence: a short name and what was seen. */
export const Evidence = strictObject({ name: Id, value: Type.Union([Type.Number(), Type.String(), Type.Boolean()]) });

/** What an approval or a message is about, in ladder terms. */
export const Mode = oneOf('shadow', 'advise', 'write');

/** A ladder mode: computed only, shown to people, or entered into the MES. */
export type Mode = Static<typeof Mode>;
