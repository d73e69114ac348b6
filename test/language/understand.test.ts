import assert from 'node:assert/strict';
import { Answer } from '../../src/contracts/index.ts';
import { compileCheck } from '../../src/kernel/index.ts';
import { openAsk, type ModelReader, type Reading } from '../../src/language/index.ts';
import { choicesFor } from '../../src/language/answer/clarify.ts';
import { questionText } from '../../src/language/read/question-text.ts';
import { indexNames } from '../../src/language/second/delexicalise.ts';
import { shippedJudge, type Opinion, type SecondJudge } from '../../src/language/second/judge.ts';
import { understand } from '../../src/language/understand.ts';
import { makeDataset, openDataset } from './dataset.ts';
import { answerable } from './questions.ts';
import { brief, customers, grammar, model, now, read } from './support.ts';

const context = { grammar, calendar: model.calendar, now };
const names = indexNames(model, customers);

/** The shipped judge, with an opinion of its own on everything. */
function judgeThat(shipped: SecondJudge, change: (opinion: Opinion) => Opinion): SecondJudge {
  return { opinion: (text, index) => change(shipped.opinion(text, index)) };
}

describe('understanding a question', () => {
  let judge: SecondJudge;
  before(async () => {
    judge = await shippedJudge();
  });
  const readings: string[] = [];
  const modelSaying = (reading: Reading | undefined): ModelReader => ({
    read: (question) => {
      readings.push(question);
      return Promise.resolve(reading);
    },
  });
  const seesOutput = (opinion: Opinion): Opinion => ({
    ...opinion,
    metrics: new Map([...opinion.metrics].map(([id]) => [id, id === 'output' ? 0.95 : 0.01])),
  });

  it('takes what both readers agree on, and says so', async () => {
    const found = await understand('What was the reject rate on Line 3 last shift?', context, { judge, names });
    assert.equal(brief(found.reading), 'reject_rate line=line-3 @shift-1');
    assert.equal(found.source, 'rules+judge');
    assert.ok(found.confidence! > 0.9 && found.confidence! < 1);
  });
  it('asks back where they differ, with both readings as complete questions', async () => {
    const stubborn = judgeThat(judge, seesOutput);
    const found = await understand('reject rate on line 3 yesterday', context, { judge: stubborn, names });
    assert.equal(found.reading.refusal?.type, 'ambiguous');
    assert.deepEqual(found.reading.refusal.choices, ['Reject rate on Line 3 yesterday', 'Output on Line 3 yesterday']);
    assert.deepEqual(
      found.choices.map((choice) => brief(choice.reading)),
      ['reject_rate line=line-3 @day-1', 'output line=line-3 @day-1'],
    );
  });
  it('lets the language model decide where there is one, and asks back where it does not know', async () => {
    const stubborn = judgeThat(judge, seesOutput);
    const output = read('output of line 3 yesterday');
    const text = 'reject rate on line 3 yesterday';
    const decided = await understand(text, context, { judge: stubborn, names, model: modelSaying(output) });
    assert.deepEqual([decided.source, brief(decided.reading)], ['model', 'output line=line-3 @day-1']);
    assert.equal(decided.confidence, undefined);
    const silent = await understand(text, context, { judge: stubborn, names, model: modelSaying(undefined) });
    assert.equal(silent.reading.refusal?.type, 'ambiguous');
    readings.length = 0;
    await understand(text, context, { judge, names, model: modelSaying(output) });
    assert.deepEqual(readings, [], 'is not asked where both agree');
  });
  it('asks the model about what is vague, and asks back where it knows no more', async () => {
    for (const text of ['how bad was line 3 yesterday', 'wie gut waren wir letzte Woche']) {
      assert.equal(judge.opinion(text, names).intent.label, 'vague', text);
      assert.equal(read(text).refusal?.type, 'out_of_scope', text);
      const output = read('output of line 3 yesterday');
      const decided = await understand(text, context, { judge, names, model: modelSaying(output) });
      assert.deepEqual([decided.source, brief(decided.reading)], ['model', 'output line=line-3 @day-1']);
      const silent = await understand(text, context, { judge, names, model: modelSaying(undefined) });
      assert.ok(silent.reading.refusal, text);
    }
  });
  it('never asks the model about what is refused for good', async () => {
    readings.length = 0;
    const always = modelSaying(read('output of line 3 yesterday'));
    const texts = [
      'Delete all orders',
      'Which operator made the most scrap?',
      'What will the output be next week?',
      'OEE of Line 7 yesterday',
      'please erase everything',
      'What is the canteen serving today?',
    ];
    for (const text of texts) {
      const { reading } = await understand(text, context, { judge, names, model: always });
      assert.ok(reading.refusal, text);
    }
    assert.deepEqual(readings, []);
  });
  it('names the kind of a refusal where only the judge knows it', async () => {
    const { reading } = await understand('please erase everything', context, { judge, names });
    assert.equal(reading.refusal?.type, 'write_request');
  });

  const offered = (text: string) =>
    choicesFor(text, read(text), judge.opinion(text, names), context).map((choice) => choice.text);
  it('offers the question with what it left open filled in', () => {
    assert.deepEqual(offered('output on 7/8/2026'), ['Output on 2026-08-07', 'Output on 2026-07-08']);
    assert.deepEqual(offered('scrap on the line yesterday'), ['Scrap yesterday by line', 'Scrap yesterday']);
    assert.deepEqual(offered('Wie lief Linie 3 gestern?'), [
      'OEE auf Line 3 gestern',
      'Ausbringung auf Line 3 gestern',
      'Ausschussquote auf Line 3 gestern',
    ]);
    assert.deepEqual(offered('OEE oder Verfügbarkeit Linie 2 gestern'), [
      'OEE auf Line 2 gestern',
      'Verfügbarkeit auf Line 2 gestern',
    ]);
    assert.deepEqual(offered('Ausschuss heute früh'), [
      'Ausschuss Frühschicht heute',
      'Ausschuss am 2026-11-24 zwischen 06:00 und 12:00',
    ]);
  });
  it('offers nothing for what is no question about the plant', () => {
    for (const text of ['Tell me a joke', 'What is the weather like?', 'Sack Reis', 'SELECT * FROM kpi_count'])
      assert.deepEqual(offered(text), [], text);
  });
  it('writes queries as questions that are read as the same query again', () => {
    let same = 0;
    let all = 0;
    for (const [text] of answerable)
      for (const language of ['en', 'de'] as const) {
        const { query } = read(text);
        if (!query) continue;
        all++;
        if (JSON.stringify(read(questionText(query, { grammar, language })).query) === JSON.stringify(query)) same++;
      }
    assert.ok(same / all >= 0.93, `${same} of ${all}`);
  });
});

describe('asking back', () => {
  const ports = openDataset(makeDataset(7));
  after(() => ports.db.close());
  const check = compileCheck(Answer);

  it('takes a choice by its number or its words, and only in reply to the answer that offered it', async () => {
    const ask = openAsk(ports);
    const first = await ask.answer({ text: 'How was line 3 yesterday?', now });
    assert.equal(check(first), undefined);
    assert.equal(first.refusal?.type, 'ambiguous');
    assert.match(first.text, /1\) OEE on Line 3 yesterday 2\) Output on Line 3 yesterday 3\) Reject rate/);
    const [, second] = first.refusal.choices!;
    assert.equal(second, 'Output on Line 3 yesterday');
    const direct = await ask.answer({ text: 'output of line 3 yesterday', now });
    for (const text of ['2', ' 2. ', second, 'output on line 3 YESTERDAY']) {
      const chosen = await ask.answer({ text, now, replyTo: first.traceId });
      assert.equal(check(chosen), undefined);
      assert.deepEqual([chosen.value, chosen.source], [direct.value, 'chosen'], text);
    }
    assert.equal((await ask.answer({ text: '2', now })).refusal?.type, 'out_of_scope');
    assert.equal((await ask.answer({ text: '9', now, replyTo: first.traceId })).refusal?.type, 'out_of_scope');
    assert.equal((await ask.answer({ text: '2', now, replyTo: 'no-such-answer' })).refusal?.type, 'out_of_scope');
  });
  it('says what there is in place of what is not', async () => {
    const ask = openAsk(ports);
    const texts: [string, string][] = [
      ['OEE of Line 5 yesterday', '“line 5” is not in this plant; lines are 1–4.'],
      ['Ausschussquote auf Linie 7 gestern', '„linie 7“ gibt es in diesem Werk nicht; Linien sind 1–4.'],
      ['output of PH-300 last week', '“ph 300” is not in this plant; similar are PH-100, PH-200.'],
    ];
    for (const [text, said] of texts) assert.equal((await ask.answer({ text, now })).text, said);
  });
  it('goes on with a new question in place of a choice', async () => {
    const ask = openAsk(ports);
    const first = await ask.answer({ text: 'How was line 3 yesterday?', now });
    const next = await ask.answer({ text: 'OEE of line 1 yesterday', now, replyTo: first.traceId });
    assert.equal(next.source, 'rules+judge');
    assert.ok(typeof next.value === 'number');
  });
});
