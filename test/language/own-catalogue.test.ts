import assert from 'node:assert/strict';
import { MillwrightError } from '../../src/kernel/index.ts';
import { defaultCatalogue, openAsk, readOwnCatalogue } from '../../src/language/index.ts';
import { makeDataset, openDataset } from './dataset.ts';
import { goodPerHour } from './own-metric.ts';
import { now } from './support.ts';

const ports = openDataset(makeDataset(3));
after(() => ports.db.close());

describe("the plant's own KPI catalogue", () => {
  it('is the one that ships where nothing is changed', () => {
    assert.equal(readOwnCatalogue(' ').catalogue, defaultCatalogue);
  });

  it('adds a metric of known parts, renames another, adds words and takes one out', async () => {
    const own = {
      metrics: [
        goodPerHour,
        { id: 'oee', name: { en: 'Plant score', de: 'Werksnote' }, moreSynonyms: { de: ['Werksnote'] } },
        { id: 'energy', bounds: { min: 0, max: 1 } },
      ],
      remove: ['plan_attainment'],
      synonyms: { 'CNC-22': ['big bertha', 'dicke Berta'] },
    };
    const ask = openAsk(ports, readOwnCatalogue(JSON.stringify(own)));
    const answer = (text: string) => ask.answer({ text, now });
    const pace = await answer('Läuferzahl der dicken Berta gestern'.replace('dicken', 'dicke'));
    assert.equal(pace.values?.[0]?.metric, 'good_per_hour');
    assert.deepEqual(pace.filters, [{ dimension: 'machine', op: 'in', values: ['CNC-22'] }]);
    assert.equal(pace.unit, 'Teile/h');
    const good = await answer('good parts of CNC-22 yesterday');
    assert.ok(Number(pace.value) > 0 && Number(good.value) > 0);
    assert.match((await answer('Werksnote Linie 2 gestern')).text, /^Werksnote/);
    assert.equal((await answer('energy of line 1 yesterday')).refusal?.type, 'no_data');
    assert.notEqual((await answer('plan attainment last week')).refusal, undefined);
  });

  it('is refused with the place that is wrong', () => {
    const wrong: [unknown, pointer: string][] = [
      ['{', '/'],
      [[], ''],
      [{ metrics: [{ id: 'oee', colour: 'red' }] }, '/metrics/0'],
      [{ metrics: [{ id: 'oee' }, { id: 'energy', scale: -1 }] }, '/metrics/1/scale'],
      [{ metrics: [{ id: 'new_one' }] }, '/metrics/0'],
      [{ metrics: [{ ...goodPerHour, dimensions: ['line', 'product'] }] }, '/metrics/0/dimensions/1'],
      [
        { metrics: [{ ...goodPerHour, numerator: { view: 'kpi_count', measure: 'sum', columns: ['x'] } }] },
        '/metrics/0/numerator',
      ],
      [{ metrics: [{ id: 'energy', bounds: { min: 5, max: 5 } }] }, '/metrics/0/bounds'],
      [{ metrics: [{ id: 'energy', moreSynonyms: { en: ['oee'] } }] }, '/metrics/0/synonyms/en/'],
      [{ remove: ['nothing'] }, '/remove/0'],
      [{ remove: ['rework_rate'] }, '/remove'],
      [{ synonyms: { 'CNC-22': 'bertha' } }, '/synonyms/CNC-22'],
    ];
    for (const [own, pointer] of wrong) {
      const text = typeof own === 'string' ? own : JSON.stringify(own);
      assert.throws(
        () => readOwnCatalogue(text),
        (error) =>
          error instanceof MillwrightError &&
          error.code === 'MW_CONFIG_INVALID' &&
          String(error.params['pointer']).startsWith(pointer),
        text,
      );
    }
  });
});
