import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkCatalogue, defaultCatalogue, type Metric } from '../../src/language/index.ts';
import { refuse } from '../../src/language/answer/refusal.ts';
import { readQuestion } from '../../src/language/read/parse.ts';
import { answerable, refused } from './questions.ts';
import { brief, grammar, model, now, read } from './support.ts';

describe('questions become semantic queries', () => {
  for (const [text, reading] of answerable) it(text, () => assert.equal(brief(read(text)), reading));
  it('cover every metric of the catalogue by at least two questions', () => {
    const asked = answerable.map(([, reading]) => reading.split(' ')[0]);
    const rare = defaultCatalogue.metrics.filter(({ id }) => asked.filter((metric) => metric === id).length < 2);
    assert.deepEqual(
      rare.map(({ id }) => id),
      [],
    );
  });
});

describe('questions are refused by type', () => {
  for (const [text, type] of refused) it(text, () => assert.equal(brief(read(text)), `refused ${type}`));
  it('says which lines there are where one is unknown', () => {
    const { refusal } = read('What was the reject rate on Line 5 last shift?');
    assert.deepEqual(refusal?.choices, ['Line 1', 'Line 2', 'Line 3', 'Line 4']);
    assert.match(refusal.detail, /line 5/i);
  });
  it('answers in the language asked for, else in that of the question', () => {
    assert.match(read('Ausschussquote auf Linie 7 gestern').refusal?.detail ?? '', /gibt es in diesem Werk nicht/);
    assert.match(read('Ausschussquote auf Linie 7 gestern', 'en-US').refusal?.detail ?? '', /is not in this plant/);
    assert.equal(read('OEE CNC-22 gestern').language, 'de');
    assert.equal(read('OEE CNC-22 yesterday').language, 'en');
  });
  it('cuts what it quotes', () => {
    assert.ok(refuse('unknown_entity', 'unknownEntity', 'en', ['x'.repeat(500)]).detail.length < 130);
  });
});

describe('spelling', () => {
  it('takes a word with one slip for the one word that is near, and says so', () => {
    const { corrections } = read('downtme by machin last weeek');
    assert.deepEqual(corrections, [
      { from: 'downtme', to: 'downtime' },
      { from: 'machin', to: 'machine' },
      { from: 'weeek', to: 'week' },
    ]);
  });
  it('never changes a machine into another: CNC-23 is not CNC-22', () => {
    assert.equal(read('downtime of CNC-23 yesterday').refusal?.type, 'unknown_entity');
  });
  it('reads every metric name with one swapped pair of letters as itself or not at all', () => {
    for (const metric of defaultCatalogue.metrics)
      for (const word of metric.synonyms.en.filter((each) => /^[a-z]{6,}$/.test(each)))
        for (let i = 1; i < word.length - 1; i++) {
          const slipped = word.slice(0, i) + word[i + 1]! + word[i]! + word.slice(i + 2);
          const { query } = read(`${slipped} on line 3 yesterday`);
          if (query) assert.deepEqual(query.metrics, [metric.id], slipped);
        }
  });
});

describe('reading any text', () => {
  it('never fails, and every query that comes out names only what the plant has', () => {
    const words = answerable.flatMap(([text]) => text.split(' '));
    const anyText = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.array(fc.constantFrom(...words), { maxLength: 15 }).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const { query, refusal } = read(text);
        assert.notEqual(query === undefined, refusal === undefined);
        for (const filter of query?.filters ?? [])
          for (const value of filter.values)
            assert.ok(
              filter.dimension === 'order_state' || grammar.lexicon.known.get(filter.dimension)?.includes(value),
              value,
            );
      }),
      { numRuns: 400 },
    );
  });
  it('refuses every question to which a word that nobody knows is added', () => {
    fc.assert(
      fc.property(fc.constantFrom(...answerable), fc.constantFrom('zqxv', 'blorph', 'wugqua'), ([text], word) => {
        assert.equal(read(`${text.replace(/[?.]$/, '')} ${word}`).query, undefined, text);
      }),
      { numRuns: 150 },
    );
  });
  it('keeps its own clock: the same question reads alike at any time', () => {
    const at = now - 40 * 86_400_000;
    const once = readQuestion('reject rate on line 3 last shift', { grammar, calendar: model.calendar, now: at });
    assert.equal(brief(once), 'reject_rate line=line-3 @shift-1');
  });
});

describe('KPI catalogue', () => {
  const change = (id: string, changes: Partial<Metric>) => ({
    ...defaultCatalogue,
    metrics: defaultCatalogue.metrics.map((metric) => (metric.id === id ? { ...metric, ...changes } : metric)),
  });
  it('holds the metrics of the plant, each phrase naming one metric only', () => {
    const ids =
      'oee availability performance quality first_pass_yield reject_rate reject_count scrap_count rework_count good_count output throughput cycle_time downtime stop_count mtbf mttr wip on_time_delivery late_orders plan_attainment setup_time changeover_count energy order_status';
    for (const id of ids.split(' ')) assert.ok(grammar.metric(id), id);
    const owners = new Map<string, Set<string>>();
    for (const { id, synonyms } of defaultCatalogue.metrics)
      for (const phrase of [...synonyms.en, ...synonyms.de])
        owners.set(phrase, (owners.get(phrase) ?? new Set()).add(id));
    const shared = [...owners].filter(([, metrics]) => metrics.size > 1).map(([phrase]) => phrase);
    assert.deepEqual(shared, []);
  });
  it('refuses what cannot be compiled, by pointer', () => {
    const broken: [string, Partial<Metric>][] = [
      ['oee', { id: 'output' }],
      ['downtime', { dimensions: ['product'] }],
      ['output', { numerator: { view: 'kpi_count', measure: 'sum', columns: ['good; drop table x'] } }],
      ['output', { numerator: { view: 'kpi_count', measure: 'sum' } }],
      ['mttr', { numerator: { view: 'kpi_count', measure: 'seconds' } }],
      ['energy', { shareMetric: 'nothing' }],
      ['late_orders', { numerator: { view: 'kpi_energy', measure: 'rows', due: 'missed' } }],
      ['stop_count', { numerator: { view: 'kpi_state', measure: 'starts', where: [{ mood: ['bad'] }] } }],
    ];
    for (const [id, changes] of broken)
      assert.throws(() => checkCatalogue(change(id, changes)), { code: 'MW_CONFIG_INVALID' }, JSON.stringify(changes));
  });
});
