import type { Measured } from './measured.ts';

/** What advice is asked about; plain data, so that it can travel to a worker. */
export interface AdviceRequest {
  adviceId: string;
  asset: string;
  /** Milliseconds since 1970 UTC: nothing later is looked at. */
  at: number;
  language: 'en' | 'de';
  event?: {
    eventId: string;
    kind: string;
    start: number;
    evidence: readonly { name: string; value: number | string | boolean }[];
  };
  /** What a person sees or asks. */
  question?: string;
  measured?: Measured;
  /** The symptoms as a vector, where there is an endpoint for embeddings. */
  vector?: readonly number[];
  /** Machines whose records may be used; absent: all. */
  scope?: readonly string[];
}
