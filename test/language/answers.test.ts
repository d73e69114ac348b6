import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Answer } from '../../src/contracts/index.ts';
import { compileCheck } from '../../src/kernel/index.ts';
import { defaultCatalogue, openAsk } from '../../src/language/index.ts';
import { formatValue } from '../../src/language/answer/describe.ts';
import { makeDataset, openDataset, places, products } from './dataset.ts';
import { reference, worked, workedOnly, type Selection, type Window } from './reference.ts';
import { customers, now } from './support.ts';

const data = makeDataset(7);
const ports = openDataset(data);
const ask = openAsk(ports);
const check = compileCheck(Answer);
const at = (text: string) => Date.parse(text);
const answer = (text: string, language?: string) => ask.answer({ text, now, ...(language ? { language } : {}) });

const tuesday = at('2026-11-24T06:00+01:00');
const dayMs = 86_400_000;
const lateShift = (day: number): Window => [at(`2026-11-${day}T14:00+01:00`), at(`2026-11-${day}T22:00+01:00`)];
const nights = [19, 20, 23].map((day): Window => {
  const start = at(`2026-11-${day}T22:00+01:00`);
  return [start, start + 8 * 3_600_000];
});

/** Periods as they are said, and their instants written down by hand. */
const periods: { en: string; de: string; windows: Window[] }[] = [
  { en: 'last shift', de: 'in der letzten Schicht', windows: [[tuesday - 8 * 3_600_000, tuesday]] },
  { en: 'yesterday', de: 'gestern', windows: [[tuesday - dayMs, tuesday]] },
  { en: 'today', de: 'heute', windows: [[tuesday, now]] },
  { en: 'last week', de: 'letzte Woche', windows: [[tuesday - 8 * dayMs, tuesday - dayMs]] },
  { en: 'since Monday', de: 'seit Montag', windows: [[tuesday - dayMs, now]] },
  { en: 'in the last 24 hours', de: 'in den letzten 24 Stunden', windows: [[now - dayMs, now]] },
  { en: 'last 7 days', de: 'in den letzten 7 Tagen', windows: [[tuesday - 6 * dayMs, now]] },
  { en: 'from 12 to 14 November', de: 'vom 12.11. bis 14.11.', windows: [[tuesday - 12 * dayMs, tuesday - 9 * dayMs]] },
  {
    en: 'yesterday between 10:00 and 11:30',
    de: 'gestern zwischen 10:00 und 11:30',
    windows: [[at('2026-11-23T10:00+01:00'), at('2026-11-23T11:30+01:00')]],
  },
  { en: 'in the last 3 night shifts', de: 'in den letzten 3 Nachtschichten', windows: nights },
  { en: 'yesterday on the late shift', de: 'gestern in der Spätschicht', windows: [lateShift(23)] },
];

interface Narrowing {
  en: string;
  de: string;
  pick: Selection;
  needs: string[];
}
const ofPlaces: Narrowing[] = [
  { en: '', de: '', pick: {}, needs: [] },
  { en: 'on line 3', de: 'auf Linie 3', pick: { line: 'line-3' }, needs: ['line'] },
  { en: 'on CNC-22', de: 'an CNC-22', pick: { machine: 'CNC-22' }, needs: ['machine'] },
  { en: 'in the assembly area', de: 'in der Montage', pick: { area: 'assembly' }, needs: ['area'] },
];
const narrowings: Narrowing[] = [
  ...ofPlaces,
  { en: 'of PH-200', de: 'von PH-200', pick: { product: 'PH-200' }, needs: ['product'] },
  { en: 'for customer Borg Pumps', de: 'für Kunde Borg Pumps', pick: { customer: 'Borg Pumps' }, needs: ['customer'] },
  {
    en: 'of IM-50 on line 1',
    de: 'von IM-50 auf Linie 1',
    pick: { product: 'IM-50', line: 'line-1' },
    needs: ['product', 'line'],
  },
  {
    en: 'due to breakdowns on line 2',
    de: 'wegen Störungen auf Linie 2',
    pick: { reason: 'breakdown', line: 'line-2' },
    needs: ['reason', 'line'],
  },
  { en: 'because of tool changes', de: 'wegen Werkzeugwechsel', pick: { reason: 'tool-change' }, needs: ['reason'] },
  { en: 'with burrs', de: 'mit Grat', pick: { defect: 'burr' }, needs: ['defect'] },
];

/** How each metric is said. */
const said: Record<string, [en: string, de: string]> = {
  reject_rate: ['reject rate', 'Ausschussquote'],
  scrap_rate: ['scrap rate', 'Verschrottungsquote'],
  rework_rate: ['rework rate', 'Nacharbeitsquote'],
  first_pass_yield: ['first pass yield', 'Erstausbeute'],
  quality: ['quality rate', 'Qualitätsrate'],
  reject_count: ['rejected parts', 'Schlechtteile'],
  scrap_count: ['scrap', 'Ausschuss'],
  rework_count: ['rework', 'Nacharbeit'],
  defect_count: ['defects found', 'gefundene Fehler'],
  good_count: ['good parts', 'Gutteile'],
  output: ['output', 'Ausbringung'],
  throughput: ['throughput', 'Durchsatz'],
  cycle_time: ['cycle time', 'Taktzeit'],
  downtime: ['downtime', 'Stillstandszeit'],
  stop_count: ['number of stops', 'Anzahl Stillstände'],
  mtbf: ['MTBF', 'MTBF'],
  mttr: ['MTTR', 'MTTR'],
  setup_time: ['setup time', 'Rüstzeit'],
  changeover_count: ['number of changeovers', 'Anzahl Rüstvorgänge'],
  availability: ['availability', 'Verfügbarkeit'],
  performance: ['performance', 'Leistungsgrad'],
  oee: ['OEE', 'OEE'],
  energy: ['energy consumption', 'Energieverbrauch'],
  on_time_delivery: ['on-time delivery', 'Liefertreue'],
  late_orders: ['late orders', 'verspätete Aufträge'],
  plan_attainment: ['plan attainment', 'Planerfüllung'],
  wip: ['work in progress', 'Umlaufbestand'],
};

function close(found: unknown, expected: number, what: string) {
  assert.ok(typeof found === 'number', `${what}: ${String(found)} instead of ${expected}`);
  assert.ok(
    Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${what}: ${found} instead of ${expected}`,
  );
}

function expectedOf(id: string, windows: Window[], pick: Selection): number {
  return reference(id, data, workedOnly.includes(id) ? worked(windows) : windows, pick, now);
}

let compared = 0;
after(() => {
  ports.db.close();
  console.log(`      ${compared} numbers equal to the independent computation`);
});

describe('the sentence of an answer', () => {
  it('names the newest days of a course as people write them', async () => {
    const [en, de] = await Promise.all([
      answer('Output by day in the last 7 days'),
      answer('Ausbringung je Tag in den letzten 7 Tagen'),
    ]);
    assert.match(en.text, /^Output: … .*\b24 Nov 2026 [\d,]+ parts; overall/);
    assert.match(de.text, /\b24\.11\.2026 [\d.]+ Teile; gesamt/);
  });
  it('says of what zone the instant is that it stands for', async () => {
    assert.match(
      (await answer('How many orders are late right now?')).text,
      /\(as of 24 Nov 2026 \d\d:\d\d \(.+\)\)\.$/,
    );
  });
  it('counts one part as one part', () => {
    const metric = defaultCatalogue.metrics.find(({ id }) => id === 'output')!;
    const told = ([1, 2] as const).map((count) => [formatValue(count, metric, 'en'), formatValue(count, metric, 'de')]);
    assert.deepEqual(told, [
      ['1 part', '1 Teil'],
      ['2 parts', '2 Teile'],
    ]);
  });
});

describe('answers against an independent computation', () => {
  for (const metric of defaultCatalogue.metrics.filter(({ id }) => id !== 'order_status' && id !== 'machine_state'))
    it(metric.id, async () => {
      for (const narrowing of narrowings) {
        if (!narrowing.needs.every((dimension) => (metric.dimensions as string[]).includes(dimension))) continue;
        for (const [index, period] of periods.entries()) {
          if (/shift/.test(period.en) && !metric.dimensions.includes('shift') && index === periods.length - 1) continue;
          const language = (index + narrowings.indexOf(narrowing)) % 2 === 0 ? 'en' : 'de';
          const text = `${said[metric.id]![language === 'en' ? 0 : 1]} ${narrowing[language]} ${period[language]}`;
          const expected = expectedOf(metric.id, period.windows, narrowing.pick);
          const found = await answer(text, language);
          if (!Number.isFinite(expected)) assert.equal(found.refusal?.type, 'no_data', text);
          else close(found.value, expected, `${text} → ${found.refusal?.detail ?? found.understood}`);
          compared++;
        }
      }
    });

  it('groups by line, machine, product, reason, shift, day: each row and the total', async () => {
    const week = periods[3]!.windows;
    const groups: [string, string, (key: string) => Selection, string[]][] = [
      ['reject_rate', 'line', (line) => ({ line }), ['line-1', 'line-2', 'line-3', 'line-4']],
      ['oee', 'machine', (machine) => ({ machine }), places.map((place) => place.equipment_id)],
      ['scrap_count', 'product', (product) => ({ product }), products],
      ['output', 'customer', (customer) => ({ customer }), customers],
      ['downtime', 'area', (area) => ({ area }), ['assembly', 'machining']],
      ['stop_count', 'machine', (machine) => ({ machine }), places.map((place) => place.equipment_id)],
      ['mttr', 'line', (line) => ({ line }), ['line-1', 'line-2', 'line-3', 'line-4']],
    ];
    for (const [id, dimension, select, keys] of groups) {
      const found = await answer(`${said[id]![0]} by ${dimension} last week`, 'en');
      assert.deepEqual(
        found.rows.map((row) => row[dimension]),
        [...keys].sort(),
        `${id} by ${dimension}`,
      );
      for (const row of found.rows) close(row['value'], expectedOf(id, week, select(String(row[dimension]))), id);
      close(found.value, expectedOf(id, week, {}), `${id} over all`);
      compared += found.rows.length + 1;
    }
  });

  it('cuts by day, shift and hour', async () => {
    const days = await answer('output by day last week', 'en');
    assert.equal(days.rows.length, 7);
    for (const [i, row] of days.rows.entries()) {
      assert.equal(row['day'], `2026-11-${16 + i}`);
      const start = at(`2026-11-${16 + i}T06:00+01:00`);
      close(row['value'], expectedOf('output', [[start, start + dayMs]], {}), 'by day');
    }
    const shifts = await answer('scrap on line 2 by shift last week', 'en');
    const late = shifts.rows.find((row) => row['shift'] === 'late');
    close(
      late?.['value'],
      expectedOf('scrap_count', [16, 17, 18, 19, 20].map(lateShift), { line: 'line-2' }),
      'late shifts',
    );
    const hours = await answer('energy by hour last shift', 'en');
    assert.equal(hours.rows.length, 8);
    compared += 16;
  });

  it('ranks: the first is the greatest, the least or the worst of the independent values', async () => {
    const week = periods[3]!.windows;
    const valueOf = (id: string, machine: string) => expectedOf(id, week, { machine });
    const machines = places.map((place) => place.equipment_id);
    for (const [text, id, pick] of [
      ['Which machine had the most downtime last week?', 'downtime', Math.max],
      ['Which machine had the lowest OEE last week?', 'oee', Math.min],
      ['Which machine had the worst reject rate last week?', 'reject_rate', Math.max],
      ['Which machine had the best reject rate last week?', 'reject_rate', Math.min],
    ] as const) {
      const found = await answer(text);
      const best = pick(...machines.map((machine) => valueOf(id, machine)));
      close(found.value, best, text);
      assert.equal(found.rows.length, 1);
      assert.match(found.text, new RegExp(machines.find((machine) => valueOf(id, machine) === best) ?? 'one machine'));
      compared++;
    }
  });

  it('compares two periods', async () => {
    const found = await answer('scrap rate on line 3 last week compared with the week before');
    const [before, week] = [[[tuesday - 15 * dayMs, tuesday - 8 * dayMs]], periods[3]!.windows] as [Window[], Window[]];
    close(found.value, expectedOf('scrap_rate', week, { line: 'line-3' }), 'asked');
    const other = found.rows.find((row) => row['period'] === 'compared-with');
    close(other?.['value'], expectedOf('scrap_rate', before, { line: 'line-3' }), 'compared with');
  });

  it('tells the present state: late orders, work in progress, one order', async () => {
    const late = data.kpi_order.filter(
      (row) =>
        row.due_ms < now && ['Released', 'Running', 'Held'].includes(row.request_state) && row.completed_ms === null,
    );
    assert.equal((await answer('How many orders are late?')).value, late.length);
    const which = await answer('Which orders are late?');
    assert.deepEqual(which.rows.map((row) => row['order']).sort(), late.map((row) => row.work_request_id).sort());
    assert.equal((await answer('work in progress on line 2')).value, expectedOf('wip', [[0, now]], { line: 'line-2' }));
    const monday = tuesday - dayMs;
    const due = data.kpi_order.filter((row) => row.due_ms >= monday && row.due_ms < monday + 7 * dayMs);
    const week = await answer('orders due this week');
    assert.deepEqual([week.value, week.rows.length], [due.length, due.length]);
    assert.ok(due.some((row) => row.due_ms > now));
    for (const order of data.kpi_order.slice(0, 5))
      assert.equal((await answer(`status of ${order.work_request_id}`)).value, order.request_state);
  });
});

describe('an answer to several metrics', () => {
  it('holds each with its unit and definition, equal to what each alone gives', async () => {
    const both = await answer('OEE and scrap by machine on line 2 yesterday');
    assert.equal(check(both), undefined);
    const alone = await Promise.all(
      ['OEE by machine on line 2 yesterday', 'scrap by machine on line 2 yesterday'].map((text) => answer(text)),
    );
    assert.deepEqual(
      both.values?.map(({ metric, value, unit, definition, sql }) => ({ metric, value, unit, definition, sql })),
      alone.map(({ values, value, unit, definition, sql }) => ({
        metric: values![0]!.metric,
        value,
        unit,
        definition,
        sql,
      })),
    );
    assert.deepEqual(
      both.rows.map((row) => [row['machine'], row['oee'], row['scrap_count']]),
      alone[0]!.rows.map((row) => [
        row['machine'],
        row['value'],
        alone[1]!.rows.find((other) => other['machine'] === row['machine'])?.['value'],
      ]),
    );
    assert.equal(both.value, alone[0]!.value);
  });
  it('says of one without a value why, and still gives the other', async () => {
    const both = await answer('stops and MTTR of DEBURR-34 between 6 and 7 today');
    assert.equal(both.refusal, undefined);
    assert.equal(both.values?.[0]?.value, both.value);
    assert.match(both.values?.[1]?.detail ?? '', /nothing to divide/);
  });
});

describe('an answer', () => {
  it('is a payload of mw.answer.v1 with all that one needs to check it', async () => {
    const found = await answer('What was the reject rate on Line 3 last shift?');
    assert.equal(check(found), undefined);
    assert.equal(found.unit, '%');
    assert.equal(found.period?.start, '2026-11-23T21:00:00.000Z');
    assert.equal(found.period.end, '2026-11-24T05:00:00.000Z');
    assert.match(found.period.label, /last shift, Night: 23 Nov 2026 22:00–24 Nov 2026 06:00 \(Europe\/Berlin\)/);
    assert.match(found.definition, /scrap and rework/);
    assert.deepEqual(found.filters, [{ dimension: 'line', op: 'in', values: ['line-3'] }]);
    assert.equal(
      found.sampleSize,
      data.kpi_count.filter(
        (row) =>
          row.line_id === 'line-3' && row.end_ms > at(found.period!.start) && row.end_ms <= at(found.period!.end),
      ).length,
    );
    const rows = ports.db.prepare(found.sql).all(...found.parameters);
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      found.rows,
    );
  });
  it('is written in the language of the question, with its numbers', async () => {
    const [en, de] = [await answer('energy consumption last week'), await answer('Energieverbrauch letzte Woche')];
    assert.equal(en.value, de.value);
    assert.match(en.text, /^Energy: \d{2},\d{3}\.\d kWh \(last week: 16 Nov 2026 06:00–23 Nov 2026 06:00/);
    assert.match(
      de.text,
      /^Energieverbrauch: \d{2}\.\d{3},\d kWh \(letzte Woche: 16\.11\.2026 06:00–23\.11\.2026 06:00/,
    );
  });
  it('says that no period was named, and which one was taken', async () => {
    const found = await answer('scrap on line 3');
    assert.deepEqual(found.warnings, ['No period was named.']);
    assert.match(found.understood, /today so far/);
  });
  it('is a payload of mw.answer.v1 for any text, and changes nothing in the database', async () => {
    const rowsBefore = ports.db.prepare('select count(*) as n from kpi_count').get();
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 120 }), async (text) => {
        assert.equal(check(await answer(text)), undefined);
      }),
      { numRuns: 100 },
    );
    assert.deepEqual(ports.db.prepare('select count(*) as n from kpi_count').get(), rowsBefore);
  });
});

describe("the site's own calendar", () => {
  it('names the shifts and bounds them, whatever the model says', async () => {
    const calendar = {
      timeZone: 'Europe/Berlin',
      shifts: [{ shiftId: 'b', name: 'Blue', start: '07:00', end: '19:00', weekdays: [1, 2, 3, 4, 5] }],
      holidays: [],
    };
    const blue = openAsk({ query: ports.query, model: ports.model, calendar });
    const found = await blue.answer({ text: 'scrap on line 3 last blue shift', now });
    const window: Window = [at('2026-11-23T07:00+01:00'), at('2026-11-23T19:00+01:00')];
    close(found.value, reference('scrap_count', data, [window], { line: 'line-3' }, now), found.text);
    assert.equal((await blue.answer({ text: 'scrap on line 3 last night shift', now })).value, undefined);
  });
});

describe('no answer', () => {
  it('without data: a period before the history, a stop that never was', async () => {
    assert.equal((await answer('reject rate on line 3 in 2025')).refusal?.type, 'no_data');
    assert.equal((await answer('OEE on 21 October 2026')).refusal?.type, 'no_data');
  });
  it('from data that are too old', async () => {
    const later = now + 30 * 3_600_000;
    const found = await ask.answer({ text: 'reject rate on line 3 last shift', now: later });
    assert.equal(found.refusal?.type, 'stale_data');
    assert.equal(found.value, undefined);
    assert.match(found.text, /24 Nov 2026 08:59/);
  });
  it('but a warning where the history begins within the period', async () => {
    const found = await answer('OEE this year');
    assert.match(found.warnings?.join() ?? '', /^Data only from 2 Nov 2026 06:\d\d on\.$/);
    assert.equal(found.refusal, undefined);
    const whole = await answer('OEE last week');
    assert.deepEqual(whole.warnings, []);
  });
  it('zero where the machines were recorded and nothing was counted', async () => {
    const found = await answer('output of CNC-22 for order WO-26115 last shift');
    assert.equal(found.value, 0);
    assert.equal(found.sampleSize, 0);
  });
  it('from an empty store or one without data', async () => {
    const nothing = openAsk({ model: () => Promise.resolve(undefined), query: () => Promise.resolve([]) });
    assert.equal((await nothing.answer({ text: 'OEE yesterday', now })).refusal?.type, 'no_data');
    const blank = openAsk({ model: ports.model, query: () => Promise.resolve([]) });
    assert.equal((await blank.answer({ text: 'OEE yesterday', now })).refusal?.type, 'no_data');
  });
  it('that cannot be: a share above the whole is refused, not told', async () => {
    const odd = openAsk({
      model: ports.model,
      query: (sql, parameters) =>
        /"value"/.test(sql)
          ? Promise.resolve([{ numerator: 12, denominator: 10, value: 120, records: 3 }])
          : ports.query(sql, parameters),
    });
    const found = await odd.answer({ text: 'reject rate on line 3 last shift', now });
    assert.equal(found.refusal?.type, 'no_data');
    assert.match(found.text, /120\.0 %/);
  });
});
