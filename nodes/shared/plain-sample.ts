import { isoInstant, systemClock } from '../../src/kernel/index.ts';
import type { SimpleForm } from './door.ts';

/** The simple form `{topic: tag, payload: number | string | boolean}` as a batch of one sample, good and of now. */
export const plainSample: SimpleForm = ({ topic, payload }) => {
  if (typeof topic !== 'string' || !['number', 'string', 'boolean'].includes(typeof payload)) return undefined;
  const sourceTime = isoInstant(systemClock.now());
  const sample = { tag: topic, value: payload, dataType: typeof payload, quality: 'good', sourceTime };
  return { type: 'mw.samples.v1', payload: { samples: [sample] } };
};
