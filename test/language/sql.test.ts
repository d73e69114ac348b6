import assert from 'node:assert/strict';
import fc from 'fast-check';
import { performance } from 'node:perf_hooks';
import { defaultCatalogue, dimensions, kpiViews, type KpiView, type SemanticQuery } from '../../src/language/index.ts';
import { compileQuery } from '../../src/language/sql/compile.ts';
import { buildGrammar } from '../../src/language/read/grammar.ts';
import { buildLexicon } from '../../src/language/read/lexicon.ts';
import { readQuestion } from '../../src/language/read/parse.ts';
import { queryWindows } from '../../src/language/sql/windows.ts';
import { answerable } from './questions.ts';
import { customers, grammar, model, now, read } from './support.ts';

/** Compiles a query as an answer does. */
function compile(query: SemanticQuery) {
  const metric = defaultCatalogue.metrics.find(({ id }) => id === query.metrics[0])!;
  const time = queryWindows(query, metric, model.calendar, now);
  return typeof time === 'string' ? undefined : compileQuery(query, metric, time, now);
}

const views: readonly KpiView[] = Object.values(kpiViews);
const names = new Set<string>([
  ...dimensions,
  ...'w s e r p b g n d c period numerator denominator value records total_numerator total_denominator total_records'.split(
    ' ',
  ),
  ...'first stop q duration_min job reason seconds_per_unit equipment_id line_id area_id'.split(' '),
  ...views.flatMap((view) => [
    view.table,
    ...Object.values(view.columns),
    ...view.sums,
    ...view.texts,
    ...Object.keys(view.list ?? {}),
    ...Object.values(view.list ?? {}),
    ...(view.deadline ? Object.values(view.deadline) : []),
    ...Object.values(view.time),
  ]),
]);
const keywords = new Set(
  'with as values select from join cross on where and or not in is null exists case when then else end sum count min max coalesce nullif over union all group by order asc desc limit partition lag'.split(
    ' ',
  ),
);

/** Fails where SQL holds anything but our names, our keywords, placeholders and five constants. */
function assertOurs(sql: string) {
  const rest = sql.replace(/"([^"]*)"/g, (_, name: string) => {
    assert.ok(names.has(name), `name ${name}`);
    return ' ';
  });
  for (const word of rest.match(/[A-Za-z_]+/g) ?? []) assert.ok(keywords.has(word), `word ${word} in ${sql}`);
  for (const number of rest.match(/[\d.]*\d[\d.]*/g) ?? [])
    assert.ok(['0', '1', '1.0', '1000.0', '60000.0'].includes(number), number);
  assert.match(rest, /^[\sA-Za-z_\d.,?()+\-*/<>=]*$/);
  assert.ok(!/--|\/\*/.test(rest));
}

describe('SQL of a question', () => {
  it('holds names of the catalogue and placeholders only; as many values as placeholders', () => {
    let compiled = 0;
    for (const [text] of answerable) {
      const { query } = read(text);
      const bound = query && compile(query);
      if (!bound) continue;
      assertOurs(bound.sql);
      assert.equal((bound.sql.match(/\?/g) ?? []).length, bound.parameters.length, text);
      compiled++;
    }
    assert.ok(compiled > 200, String(compiled));
  });

  it('is never changed by what a question says, whatever it says', () => {
    const shards = [
      "'",
      '"',
      '`',
      ';',
      '--',
      '/*',
      ')',
      ' OR 1=1',
      "' OR '1'='1",
      'UNION SELECT * FROM audit_entry',
      '; DROP TABLE kpi_count',
      'ATTACH DATABASE',
      '$(rm)',
      '\u0000',
      '‮',
      'line-3"; --',
      'sqlite_master',
      '?',
      ':a',
      '@b',
      '%s',
      '{{x}}',
    ];
    const text = fc
      .array(
        fc.oneof(
          fc.constantFrom(...shards),
          fc.constantFrom(...answerable.map(([each]) => each)),
          fc.string({ maxLength: 20 }),
        ),
        { maxLength: 4 },
      )
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, (question) => {
        const { query } = read(question);
        const bound = query && compile(query);
        if (bound) assertOurs(bound.sql);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same text for any name: a plant whose names are attacks gets its rows by bound values', () => {
    const attack = `Bobby'"\`;-- Tables`;
    const hostile = buildGrammar(defaultCatalogue, buildLexicon(model, { customers: [attack], orders: [] }));
    const ofText = (text: string, by: typeof grammar) => {
      const { query } = readQuestion(text, { grammar: by, calendar: model.calendar, now });
      return query && compile(query);
    };
    const bad = ofText('output for customer Bobby Tables last week', hostile);
    const fine = ofText(`output for customer ${customers[1]!} last week`, grammar);
    assert.ok(bad && fine);
    assert.equal(bad.sql, fine.sql);
    assert.ok(bad.parameters.includes(attack));
  });

  it('binds any value of a semantic query that comes from elsewhere', () => {
    const query = read('output by machine of PH-100 last week').query!;
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }), (values) => {
        const bound = compile({ ...query, filters: [{ dimension: 'product', op: 'in', values }] })!;
        assertOurs(bound.sql);
        for (const value of values) assert.ok(bound.parameters.includes(value));
      }),
    );
  });

  it('cuts no period into more pieces than an answer can show', () => {
    const query = read('output by hour yesterday').query!;
    const metric = grammar.metric('output')!;
    assert.equal(
      queryWindows({ ...query, period: { kind: 'unit', unit: 'year', back: 1 } }, metric, model.calendar, now),
      'tooFine',
    );
  });
});

describe('time to read and compile a question', () => {
  it('stays far under a tenth of a second', () => {
    const times: number[] = [];
    for (let round = 0; round < 5; round++)
      for (const [text] of answerable) {
        const start = performance.now();
        const { query } = read(text);
        if (query) compile(query);
        times.push(performance.now() - start);
      }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(share * times.length)]!;
    console.log(
      `      read and compile: p50 ${at(0.5).toFixed(2)} ms, p95 ${at(0.95).toFixed(2)} ms, ${times.length} questions`,
    );
    assert.ok(at(0.95) < 100);
  });
});
