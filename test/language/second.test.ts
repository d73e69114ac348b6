import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { defaultCatalogue } from '../../src/language/index.ts';
import { delexicalise, indexNames } from '../../src/language/second/delexicalise.ts';
import { featuresOf } from '../../src/language/second/features.ts';
import { shippedJudge, type JudgeWeights, type SecondJudge } from '../../src/language/second/judge.ts';
import { verdictOn } from '../../src/language/second/verdict.ts';
import { packLinear, probabilities, trainLinear, unpackLinear, type Example } from '../../src/learning/index.ts';
import { seededRandom } from '../../src/kernel/index.ts';
import { sourcesDigest } from '../../src/tooling/judge/train.ts';
import { makeSamples } from '../../src/tooling/judge/samples.ts';
import { answerable, refused } from './questions.ts';
import { customers, model, read } from './support.ts';

const names = indexNames(model, customers);
const weightsFile = new URL('../../src/language/second/weights.json', import.meta.url);

describe('learning: linear model', () => {
  const heads = [
    { name: 'parity', kind: 'one', labels: ['even', 'odd'] },
    { name: 'has', kind: 'any', labels: ['three', 'five'] },
  ] as const;
  const example = (features: number[]): Example => ({
    features: Uint32Array.from(features),
    targets: [[features[0]! % 2], [3, 5].flatMap((feature, i) => (features.includes(feature) ? [i] : []))],
  });
  const random = seededRandom(5);
  const examples = Array.from({ length: 400 }, () => example([random.int(2), 2 + random.int(6), 8 + random.int(8)]));
  const settings = { heads, buckets: 16, epochs: 10, rate: 0.3, smoothing: 0.02, seed: 1 };
  const trained = trainLinear(examples, settings);

  it('learns what can be learnt, each head for itself', () => {
    for (const { features, targets } of examples.slice(0, 50)) {
      const [even, odd, three, five] = probabilities(trained, features) as unknown as number[];
      assert.ok(Math.abs(even! + odd! - 1) < 1e-6);
      assert.equal(odd! > 0.5 ? 1 : 0, targets[0]![0]);
      assert.deepEqual([three! > 0.5, five! > 0.5], [targets[1]!.includes(0), targets[1]!.includes(1)]);
    }
  });
  it('gives the same model for the same seed, and another for another', () => {
    assert.deepEqual(trainLinear(examples, settings), trained);
    assert.notDeepEqual(trainLinear(examples, { ...settings, seed: 2 }).weights, trained.weights);
  });
  it('keeps its decisions in eight bits', () => {
    const packed = unpackLinear(packLinear(trained));
    for (const { features } of examples.slice(0, 50)) {
      const [before, after] = [probabilities(trained, features), probabilities(packed, features)];
      before.forEach((probability, i) => assert.ok(Math.abs(probability - after[i]!) < 0.02));
    }
  });
});

describe('second judge', () => {
  let judge: SecondJudge;
  before(async () => {
    judge = await shippedJudge();
  });
  const opinion = (text: string) => judge.opinion(text, names);

  it('ships the weights of the phrases and settings that stand here, in at most 600 KB', () => {
    const text = readFileSync(weightsFile, 'utf8');
    assert.equal((JSON.parse(text) as JudgeWeights).digest, sourcesDigest(), 'run npm run train:judge');
    assert.ok(text.length <= 600 * 1024, `${text.length} bytes`);
  });
  it('knows every metric of the catalogue', () => {
    const taught = opinion('oee').metrics;
    assert.deepEqual(
      defaultCatalogue.metrics.map(({ id }) => id).filter((id) => !taught.has(id)),
      [],
    );
  });
  it('makes the same samples for the same seed', () => {
    assert.deepEqual(makeSamples(200, 3), makeSamples(200, 3));
    assert.notDeepEqual(makeSamples(200, 3), makeSamples(200, 4));
  });
  it('sees names, times and numbers as placeholders, whatever the plant calls its things', () => {
    const see = (text: string) => delexicalise(text, names).join(' ');
    assert.equal(see('What was the reject rate on Line 3 last shift?'), 'what was the reject rate on <line> <time>');
    assert.equal(
      see('Wie lange stand CNC-22 zwischen 6 und 8 Uhr für Borg Pumps?'),
      'wie lange stand <machine> <time> fuer <customer>',
    );
    assert.equal(see('PH-999 on CNC 99 by OP-07, WO-1'), '<product> on <machine> by <person> <order>');
    const renamed = {
      ...model,
      equipment: model.equipment.map((each) =>
        each.equipmentId === 'CNC-22' ? { ...each, name: 'Big Bertha' } : each,
      ),
    };
    assert.equal(
      delexicalise('output of big bertha tomorrow', indexNames(renamed, [])).join(' '),
      'output of <machine> <future>',
    );
  });
  it('agrees with right readings, and blocks at most one in a hundred', () => {
    const verdicts = answerable.map(([text]) => {
      const { query } = read(text);
      return query ? verdictOn(opinion(text), query) : 'disagrees';
    });
    const share = (verdict: string) => verdicts.filter((each) => each === verdict).length / verdicts.length;
    assert.ok(share('disagrees') <= 0.01, `disagrees with ${(share('disagrees') * 100).toFixed(1)} %`);
    assert.ok(share('agrees') >= 0.85, `agrees with ${(share('agrees') * 100).toFixed(1)} %`);
  });
  it('notices at least 95 of 100 readings in which the metric is another', () => {
    let noticed = 0;
    let tried = 0;
    for (const [text] of answerable) {
      const { query } = read(text);
      if (query)
        for (const { id } of defaultCatalogue.metrics.filter((metric) => !query.metrics.includes(metric.id))) {
          tried++;
          if (verdictOn(opinion(text), { ...query, metrics: [id] }) === 'disagrees') noticed++;
        }
    }
    assert.ok(noticed / tried >= 0.95, `${((noticed / tried) * 100).toFixed(1)} % of ${tried}`);
  });
  it('has no opinion of a metric that it was never taught', () => {
    const { query } = read('OEE of line 2 yesterday');
    assert.equal(verdictOn(opinion('gurken index of line 2'), { ...query!, metrics: ['cucumber_index'] }), 'silent');
  });
  it('tells requests to change something, about people and about the future from questions', () => {
    const kinds = { write_request: 'write', not_permitted: 'people', forecast_not_supported: 'forecast' };
    for (const [type, label] of Object.entries(kinds)) {
      const texts = refused.filter(([, each]) => each === type).map(([text]) => text);
      const seen = texts.filter((text) => opinion(text).intent.label === label);
      assert.ok(seen.length >= 0.7 * texts.length, `${label}: ${seen.length} of ${texts.length}`);
    }
  });
  it('takes any text, in bounded time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'grapheme' }), (text) => {
        const { intent, familiarity } = opinion(text);
        assert.ok(intent.probability > 0 && intent.probability <= 1);
        assert.ok(familiarity >= 0 && familiarity <= 1);
      }),
      { numRuns: 200 },
    );
    for (const hard of ['last '.repeat(2000), '1.'.repeat(5000), '-'.repeat(10_000), 'since since '.repeat(900)]) {
      const begin = performance.now();
      opinion(hard);
      assert.ok(performance.now() - begin < 250, hard.slice(0, 12));
    }
  });
  it('numbers features below the number of buckets, each once', () => {
    const features = featuresOf(delexicalise('reject rate reject rate by line', names), 64);
    assert.ok(features.every((feature) => feature < 64));
    assert.equal(new Set(features).size, features.length);
  });
});
