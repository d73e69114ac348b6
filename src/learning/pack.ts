import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Head, LinearModel } from './linear.ts';

/** A linear model as JSON: weights in 8 bits with one scale per output, deflated, base64. */
export interface PackedLinear {
  heads: Head[];
  buckets: number;
  scales: number[];
  biases: number[];
  weights: string;
}

const largest = 127;

/** Packs a model; the smallest weights become zero. */
export function packLinear({ heads, buckets, weights, biases }: LinearModel): PackedLinear {
  const outputs = biases.length;
  const scales = Array.from({ length: outputs }, (_, output) => {
    let most = 0;
    for (let at = output; at < weights.length; at += outputs) most = Math.max(most, Math.abs(weights[at]!));
    return Number((most / largest).toPrecision(4));
  });
  // Output by output, so that neighbours are alike and deflate well.
  const bytes = new Int8Array(weights.length);
  for (let output = 0; output < outputs; output++)
    for (let row = 0; row < buckets; row++)
      bytes[output * buckets + row] = scales[output]
        ? Math.round(weights[row * outputs + output]! / scales[output]!)
        : 0;
  return {
    heads: heads.map(({ name, kind, labels }) => ({ name, kind, labels: [...labels] })),
    buckets,
    scales,
    biases: [...biases].map((bias) => Number(bias.toFixed(4))),
    weights: deflateRawSync(new Uint8Array(bytes.buffer), { level: 9 }).toString('base64'),
  };
}

/** The model that was packed, up to rounding. */
export function unpackLinear({ heads, buckets, scales, biases, weights }: PackedLinear): LinearModel {
  const outputs = biases.length;
  const inflated = inflateRawSync(Buffer.from(weights, 'base64'), { maxOutputLength: buckets * outputs });
  const bytes = new Int8Array(inflated.buffer, inflated.byteOffset, inflated.length);
  const model = new Float32Array(buckets * outputs);
  for (let output = 0; output < outputs; output++)
    for (let row = 0; row < buckets; row++)
      model[row * outputs + output] = bytes[output * buckets + row]! * scales[output]!;
  return { heads, buckets, weights: model, biases: Float32Array.from(biases) };
}
