import assert from 'node:assert/strict';
import { Answer } from '../../src/contracts/index.ts';
import { compileCheck } from '../../src/kernel/index.ts';
import { defaultCatalogue, openAsk, type VerifiedQuestion } from '../../src/language/index.ts';
import { wilsonInterval, wilsonLowerBound } from '../../src/statistics/index.ts';
import { makeDataset, openDataset } from './dataset.ts';
import { now } from './support.ts';

const check = compileCheck(Answer);
const by = { personId: 'SUP-1', reason: 'that is how we say it here' };

describe('verified questions', () => {
  const ports = openDataset(makeDataset(7));
  after(() => ports.db.close());
  const kept: VerifiedQuestion[] = [];
  const ask = openAsk({ ...ports, verified: () => Promise.resolve(kept) });
  const answer = (text: string) => ask.answer({ text, now });
  const value = async (text: string) => {
    const found = await answer(text);
    assert.equal(found.source === 'verified', false, text);
    assert.equal(typeof found.value, 'number', text);
    return found.value;
  };

  it('is answered as a supervisor read it, whichever line and time it then names', async () => {
    const first = await answer('How many wobblies on Line 3 yesterday?');
    assert.ok(first.refusal, 'unknown before');
    kept.push(await ask.verify(first.traceId, by, 'Rejects on Line 3 yesterday'));
    const same = await answer('How many wobblies on Line 3 yesterday?');
    assert.equal(check(same), undefined);
    assert.deepEqual([same.value, same.source], [await value('rejects on line 3 yesterday'), 'verified']);
    for (const [asked, meant] of [
      ['how many WOBBLIES on L1 last week', 'rejects on line 1 last week'],
      ['How many wobblies on line 2 since Monday?', 'rejects on line 2 since Monday'],
    ] as const) {
      const other = await answer(asked);
      assert.deepEqual([other.value, other.source], [await value(meant), 'verified'], asked);
    }
  });
  it('does not fire for a question that is only alike', async () => {
    const alike = [
      'How many wobblies on Line 3 yesterday by machine?',
      'How many wobblies on CNC-22 yesterday?',
      'How many wobblies on Line 3?',
      'How many good wobblies on Line 3 yesterday?',
      'How many wobblies on Line 7 yesterday?',
      'wobblies',
    ];
    for (const text of alike) {
      const found = await answer(text);
      assert.ok(found.refusal, text);
      assert.notEqual(found.source, 'verified', text);
    }
    const ahead = await answer('How many wobblies on Line 3 tomorrow?');
    assert.equal(ahead.refusal?.type, 'forecast_not_supported');
  });
  it('does not fire where the catalogue no longer has its metric', async () => {
    const metrics = defaultCatalogue.metrics.filter(({ id }) => id !== 'reject_count');
    const less = openAsk({ ...ports, verified: () => Promise.resolve(kept) }, { catalogue: { version: '1', metrics } });
    const found = await less.answer({ text: 'How many wobblies on Line 3 yesterday?', now });
    assert.ok(found.refusal && found.source !== 'verified');
  });
  it('is saved only with a reading that holds everything the question names', async () => {
    const { traceId } = await answer('How many wobblies on Line 3 yesterday by night?');
    const unfit = { code: 'MW_READING_UNFIT' };
    await assert.rejects(ask.verify(traceId, by, 'Rejects on Line 2 yesterday'), unfit);
    await assert.rejects(ask.verify(traceId, by, 'Rejects on Line 3 last week'), unfit);
    await assert.rejects(ask.verify(traceId, by, 'delete all orders'), unfit);
    await assert.rejects(ask.verify(traceId, by), unfit);
    await assert.rejects(ask.verify('no-such-answer', by, 'OEE yesterday'), { code: 'MW_ANSWER_FORGOTTEN' });
  });
  it('is never saved for what is refused for good: a change, people compared, a forecast', async () => {
    for (const [text, type, readAs] of [
      ['Delete all orders', 'write_request', 'How many orders'],
      ['Which operator has the most scrap yesterday?', 'not_permitted', 'Scrap by machine yesterday'],
      ['What will the OEE be next week?', 'forecast_not_supported', 'OEE next week'],
    ] as const) {
      const { traceId, refusal } = await answer(text);
      assert.equal(refusal?.type, type);
      await assert.rejects(ask.verify(traceId, by, readAs), { code: 'MW_READING_UNFIT' }, text);
    }
  });
  it('takes a choice of the answer that asked back, and the reading of one that was right', async () => {
    const vague = await answer('How was Line 3 yesterday?');
    const chosen = await ask.verify(vague.traceId, by, '1');
    assert.deepEqual(chosen.query.metrics, ['oee']);
    kept.push(chosen);
    assert.equal((await answer('How was line 1 today?')).value, await value('OEE of line 1 today'));
    const right = await answer('scrap on CNC-22 last week');
    const saved = await ask.verify(right.traceId, by);
    assert.equal(saved.key, 'scrap on ⟨machine⟩ ⟨t0⟩');
  });
});

describe('charts', () => {
  const ports = openDataset(makeDataset(7));
  after(() => ports.db.close());
  const ask = openAsk(ports);
  interface Option {
    xAxis: { data: string[] };
    yAxis: { name: string };
    series: { type: string; name: string; data: (number | null)[] }[];
  }
  const chart = async (text: string) => {
    const found = await ask.answer({ text, now });
    assert.equal(check(found), undefined, text);
    assert.deepEqual(JSON.parse(JSON.stringify(found.chart ?? null)), found.chart ?? null, 'is plain data');
    return { option: found.chart as Option | undefined, rows: found.rows };
  };

  it('draws bars for groups, with the values of the rows', async () => {
    const { option, rows } = await chart('reject rate by line last week');
    assert.deepEqual(option?.xAxis.data, ['Line 1', 'Line 2', 'Line 3', 'Line 4']);
    assert.deepEqual(
      option.series[0]?.data,
      rows.map((row) => row['value']),
    );
    assert.deepEqual([option.series.length, option.series[0].type, option.yAxis.name], [1, 'bar', '%']);
  });
  it('draws a line for a course, one for each second group', async () => {
    const { option } = await chart('output per day and line last week');
    assert.equal(option?.xAxis.data.length, 7);
    assert.deepEqual(
      option.series.map(({ type, name }) => [type, name]),
      [
        ['line', 'Line 1'],
        ['line', 'Line 2'],
        ['line', 'Line 3'],
        ['line', 'Line 4'],
      ],
    );
  });
  it('sets two periods and several metrics side by side', async () => {
    const periods = await chart('reject rate this week compared to last week');
    assert.deepEqual([...periods.option!.xAxis.data].sort(), ['asked', 'compared with']);
    const metrics = await chart('Ausschuss und Nacharbeit je Linie letzte Woche');
    assert.equal(metrics.option?.series.length, 2);
    assert.deepEqual(
      metrics.option.series[1]?.data,
      metrics.rows.map((row) => row['rework_count']),
    );
  });
  it('draws nothing for one number, a list or a refusal', async () => {
    for (const text of ['OEE yesterday', 'Which orders are open?', 'tell me a joke'])
      assert.equal((await chart(text)).option, undefined, text);
  });
});

describe('lower Wilson bound', () => {
  it('gives published values (Newcombe 1998, 95 %)', () => {
    assert.ok(Math.abs(wilsonLowerBound(81, 263) - 0.2553) < 5e-5);
    assert.ok(Math.abs(wilsonLowerBound(15, 148) - 0.0624) < 5e-5);
    assert.equal(wilsonLowerBound(0, 20), 0);
    assert.equal(wilsonLowerBound(0, 0), 0);
    // Newcombe 1998, table I, method 3.
    assert.ok(Math.abs(wilsonInterval(81, 263).high - 0.3662) < 5e-5);
    assert.ok(Math.abs(wilsonInterval(15, 148).high - 0.1605) < 5e-5);
  });
});
