import { seededRandom } from '../kernel/index.ts';

/** A group of outputs of a model: of `one` exactly one holds (softmax), of `any` each stands for itself (sigmoid). */
export interface Head {
  name: string;
  kind: 'one' | 'any';
  labels: readonly string[];
}

/** One thing to learn from: which features it has, and per head the indices of the labels that hold. */
export interface Example {
  features: Uint32Array;
  targets: readonly (readonly number[])[];
}

/**
 * A linear model over sparse binary features, as plain data: a logistic regression per head that shares its features
 * with the others. `weights` holds `buckets` rows of one number per output, all heads side by side.
 */
export interface LinearModel {
  heads: readonly Head[];
  buckets: number;
  weights: Float32Array;
  biases: Float32Array;
}

/** How a linear model is trained. */
export interface LinearTraining {
  heads: readonly Head[];
  /** Features are numbered below this. */
  buckets: number;
  epochs: number;
  /** Step of AdaGrad (Duchi, Hazan, Singer 2011). */
  rate: number;
  /** Labels are held this far from 0 and 1, so that the model stays unsure of what it never saw. */
  smoothing: number;
  seed: number;
}

/** Number of outputs of all heads together. */
export function outputsOf(heads: readonly Head[]): number {
  return heads.reduce((sum, head) => sum + head.labels.length, 0);
}

/** Learns by stochastic gradient descent with AdaGrad; the same seed and examples give the same model. */
export function trainLinear(examples: readonly Example[], training: LinearTraining): LinearModel {
  const { heads, buckets, epochs, rate, smoothing } = training;
  const outputs = outputsOf(heads);
  const model: LinearModel = {
    heads,
    buckets,
    weights: new Float32Array(buckets * outputs),
    biases: new Float32Array(outputs),
  };
  const squares = new Float32Array(buckets * outputs).fill(0.1);
  const biasSquares = new Float32Array(outputs).fill(0.1);
  const random = seededRandom(training.seed, 'linear');
  const order = examples.map((_, index) => index);
  for (let epoch = 0; epoch < epochs; epoch++) {
    random.shuffle(order);
    for (const index of order) {
      const { features, targets } = examples[index]!;
      const errors = errorsOf(model, features, targets, smoothing);
      const value = 1 / Math.sqrt(features.length || 1);
      for (let output = 0; output < outputs; output++) {
        const gradient = errors[output]!;
        if (Math.abs(gradient) < 1e-4) continue;
        biasSquares[output]! += gradient * gradient;
        model.biases[output]! -= (rate * gradient) / Math.sqrt(biasSquares[output]!);
        const step = gradient * value;
        for (const feature of features) {
          const at = feature * outputs + output;
          squares[at]! += step * step;
          model.weights[at]! -= (rate * step) / Math.sqrt(squares[at]!);
        }
      }
    }
  }
  return model;
}

/** Probabilities minus smoothed targets: the gradient of both losses at the outputs. */
function errorsOf(
  model: LinearModel,
  features: Uint32Array,
  targets: Example['targets'],
  smoothing: number,
): Float32Array {
  const errors = probabilities(model, features);
  let from = 0;
  model.heads.forEach((head, h) => {
    const size = head.labels.length;
    const low = head.kind === 'one' ? smoothing / size : smoothing / 2;
    const high = 1 - smoothing + low;
    const holds = targets[h]!;
    // A head without a target is not taught by this example.
    for (let i = 0; i < size; i++)
      if (head.kind === 'one' && holds.length === 0) errors[from + i] = 0;
      else errors[from + i]! -= holds.includes(i) ? high : low;
    from += size;
  });
  return errors;
}

/** The probability of each output, all heads side by side. */
export function probabilities(
  { heads, weights, biases }: Pick<LinearModel, 'heads' | 'weights' | 'biases'>,
  features: Uint32Array,
): Float32Array {
  const outputs = biases.length;
  const sums = Float32Array.from(biases);
  const value = 1 / Math.sqrt(features.length || 1);
  for (const feature of features) {
    const row = feature * outputs;
    for (let output = 0; output < outputs; output++) sums[output]! += weights[row + output]! * value;
  }
  let from = 0;
  for (const head of heads) {
    const part = sums.subarray(from, (from += head.labels.length));
    if (head.kind === 'any') part.forEach((sum, i) => (part[i] = 1 / (1 + Math.exp(-sum))));
    else softmax(part);
  }
  return sums;
}

function softmax(sums: Float32Array): void {
  const largest = Math.max(...sums);
  let total = 0;
  sums.forEach((sum, i) => (total += sums[i] = Math.exp(sum - largest)));
  sums.forEach((sum, i) => (sums[i] = sum / total));
}
