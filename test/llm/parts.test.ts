import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSpentMemory, isPrivateAddress, openPseudonyms, policyFor } from '../../src/llm/index.ts';
import { openBudget } from '../../src/llm/budget.ts';
import { firstJsonObject } from '../../src/llm/first-json.ts';
import { openBreaker } from '../../src/llm/gate.ts';
import { redact } from '../../src/llm/redact.ts';
import { startModelServer } from '../support/model-server.ts';
import { metricTask, modelAt } from './support.ts';

describe('what leaves the plant', () => {
  it('is, unless somebody decides otherwise, only the catalogue where the address is not in the own network', () => {
    const inside = [
      ...[
        'http://localhost:11434/v1',
        'http://127.8.0.1/v1',
        'http://[::1]:8080',
        'http://10.1.2.3',
        'http://ollama:11434',
      ],
      ...[
        'http://172.16.0.1',
        'http://172.31.9.9',
        'http://192.168.4.4',
        'http://llm.plant.local/v1',
        'http://[fd00::1]/v1',
      ],
    ];
    const outside = [
      ...[
        'https://api.openai.com/v1',
        'https://x.openai.azure.com',
        'http://172.32.0.1',
        'http://11.0.0.1',
        'http://8.8.8.8',
      ],
      ...[
        'http://localhost.evil.com',
        'http://192.168.1.1.evil.com',
        'http://[2001:db8::1]',
        'nonsense',
        'http://10.1.evil.com',
      ],
    ];
    for (const url of inside) assert.ok(isPrivateAddress(url), url);
    for (const url of outside) assert.ok(!isPrivateAddress(url), url);
    assert.equal(policyFor('auto', 'https://api.openai.com/v1'), 'catalogue');
    assert.equal(policyFor('auto', 'http://127.0.0.1:1'), 'full');
    assert.equal(policyFor('nothing', 'http://127.0.0.1:1'), 'nothing');
  });

  it('never passes the policy: nothing is sent, not even to find out what the endpoint can do', async () => {
    const server = await startModelServer();
    try {
      const slot = { id: 'a', text: 'x' };
      for (const [egress, tells, passes] of [
        ['nothing', 'catalogue', false],
        ['catalogue', 'catalogue', true],
        ['catalogue', 'aggregates', false],
        ['catalogue', 'full', false],
        ['aggregates', 'aggregates', true],
        ['aggregates', 'full', false],
        ['full', 'full', true],
      ] as const) {
        const model = modelAt(server, { egress });
        const before = server.chats.length;
        const filled = model.fill({ ...metricTask, slots: [{ ...slot, tells }] });
        if (passes) await filled;
        else await assert.rejects(filled, { code: 'MW_LLM_EGRESS' });
        if (!passes) await assert.rejects(model.embed(['x'], tells), { code: 'MW_LLM_EGRESS' });
        assert.equal(server.chats.length - before, passes ? 1 : 0, `${egress} ${tells}`);
      }
      assert.throws(() => modelAt(server, { egress: 'nothing' }).capabilities(), { code: 'MW_LLM_EGRESS' });
      assert.equal(server.embeddings.length, 0);
    } finally {
      await server.close();
    }
  });

  it('names no person: stand-ins go out, and the people come back in the answer', async () => {
    const server = await startModelServer({
      answer: () => ({ note: 'ask PERSON-2, then PERSON-1; PERSON-9 is nobody' }),
    });
    try {
      const text = 'op-07 called OP-11; OP-07 and Müller. OP-075 is a tool.';
      const { value } = await modelAt(server).fill<{ note: string }>({
        ...metricTask,
        people: ['OP-07', 'OP-11', 'Müller'],
        slots: [{ id: 'log', tells: 'full', text }],
        schema: {
          type: 'object',
          properties: { note: { type: 'string' } },
          required: ['note'],
          additionalProperties: false,
        },
      });
      const sent = JSON.stringify(server.chats[0]!.body);
      assert.ok(!/OP-07\b|OP-11|Müller/i.test(sent), sent);
      assert.ok(sent.includes('PERSON-1 called PERSON-2; PERSON-1 and PERSON-3. OP-075 is a tool.'));
      assert.equal(value.note, 'ask OP-11, then OP-07; PERSON-9 is nobody');
      assert.equal(openPseudonyms([]).hide('OP-07'), 'OP-07');
    } finally {
      await server.close();
    }
  });

  it('has contact data and secrets struck out, and technical text left alone', () => {
    const struck = {
      'mail max.muster@werk-nord.example.de now': 'mail [e-mail] now',
      'call +49 (0)89 1234567 or 089/1234567': 'call [phone] or [phone]',
      'Passwort: geheim123, api_key=abc': '[secret] [secret]',
      'key sk-proj4567890123456789': 'key [token]',
      'mqtt://user:pass@host/x': 'mqtt://[secret]@host/x',
      'IBAN DE89 3704 0044 0532 0130 00.': 'IBAN [account].',
    };
    for (const [text, cleaned] of Object.entries(struck)) assert.equal(redact(text), cleaned);
    for (const text of [
      'CNC-22 spindle 12000 rpm, bearing SKF 6205-2RS, 0.8 mm/s at 29.5 Hz, WO-26010 on 2026-11-23 14:05',
      'replaced seal 12-345-678 at 21.11. 06:00, torque 45 Nm, alarm 1042',
    ])
      assert.equal(redact(text), text);
    const begun = performance.now();
    redact(`${'a.'.repeat(50_000)}@${'0 '.repeat(50_000)}-----BEGIN ${'A '.repeat(20_000)}`);
    assert.ok(performance.now() - begun < 2_000);
  });
});

describe('the day’s budget', () => {
  const settings = { tokensPerDay: 100, costPerDay: 0, inputPricePerMillion: 0, outputPricePerMillion: 0 };
  let now = Date.UTC(2026, 10, 23, 12);
  const clock = { now: () => now };

  it('cannot be passed by calls at the same time, and begins anew with the day', () => {
    const budget = openBudget(settings, clock);
    const settle = budget.reserve({ input: 60, output: 0 });
    assert.throws(() => budget.reserve({ input: 30, output: 20 }), { code: 'MW_LLM_BUDGET' });
    settle({ input: 20, output: 0 });
    budget.reserve({ input: 30, output: 20 })({ input: 30, output: 50 });
    assert.equal(budget.spent.tokens, 100);
    assert.throws(() => budget.reserve({ input: 1, output: 0 }), { code: 'MW_LLM_BUDGET' });
    now += 86_400_000;
    assert.equal(budget.spent.tokens, 0);
    budget.reserve({ input: 100, output: 0 });
  });

  it('limits the cost by its prices', () => {
    const budget = openBudget(
      { tokensPerDay: 0, costPerDay: 1, inputPricePerMillion: 2, outputPricePerMillion: 8 },
      clock,
    );
    budget.reserve({ input: 100_000, output: 100_000 })({ input: 100_000, output: 75_000 });
    assert.equal(budget.spent.cost, 0.8);
    assert.throws(() => budget.reserve({ input: 0, output: 25_001 }), { code: 'MW_LLM_BUDGET' });
    budget.reserve({ input: 0, output: 25_000 });
  });

  it('goes on after a restart where it stopped, and not on another day', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mw-llm-'));
    try {
      const memory = fileSpentMemory(join(folder, 'new'));
      openBudget(settings, clock, memory).reserve({ input: 90, output: 0 })({ input: 90, output: 0 });
      const again = openBudget(settings, clock, memory);
      assert.equal(again.spent.tokens, 90);
      assert.throws(() => again.reserve({ input: 11, output: 0 }), { code: 'MW_LLM_BUDGET' });
      now += 86_400_000;
      assert.equal(openBudget(settings, clock, memory).spent.tokens, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('an endpoint that fails', () => {
  it('rests ten seconds after five failures, then one call tries; each failure doubles the pause', async () => {
    let now = 0;
    const breaker = openBreaker('x', () => now);
    const fail = () =>
      breaker.run(
        () => Promise.reject(new Error('away')),
        () => 0,
      );
    for (let n = 0; n < 5; n++) await assert.rejects(fail(), { message: 'away' });
    for (const pause of [10_000, 20_000, 40_000]) {
      now += pause - 1;
      await assert.rejects(fail(), { code: 'MW_LLM_OFFLINE' });
      now += 1;
      await assert.rejects(fail(), { message: 'away' });
    }
    now += 80_000;
    const trial = Promise.withResolvers<number>();
    const trying = breaker.run(
      () => trial.promise,
      () => 0,
    );
    await assert.rejects(fail(), { code: 'MW_LLM_OFFLINE' });
    trial.resolve(1);
    assert.equal(await trying, 1);
    await assert.rejects(fail(), { message: 'away' });
    assert.equal(breaker.isOpen, false);
  });

  it('rests as long as the endpoint asks for, up to five minutes, after one failure', async () => {
    let now = 0;
    const breaker = openBreaker('x', () => now);
    for (const [asked, pause] of [
      [60_000, 60_000],
      [86_400_000, 300_000],
    ] as const) {
      const fail = () =>
        breaker.run(
          () => Promise.reject(new Error('busy')),
          () => asked,
        );
      await assert.rejects(fail(), { message: 'busy' });
      now += pause - 1;
      await assert.rejects(fail(), { code: 'MW_LLM_OFFLINE' });
      now += 1;
    }
    assert.equal(breaker.isOpen, false);
  });
  it('does not rest for what is not its fault', async () => {
    const breaker = openBreaker('x');
    for (let n = 0; n < 9; n++)
      await assert.rejects(
        breaker.run(
          () => Promise.reject(new Error('mine')),
          () => undefined,
        ),
        { message: 'mine' },
      );
  });
});

describe('the first JSON object', () => {
  it('is found in prose, fences and behind thinking, and nothing is made up where there is none', () => {
    const found: [string, unknown][] = [
      ['{"a": {"b": "}"}} and {"c": 1}', { a: { b: '}' } }],
      ['```json\n{"a": "\\"}"}\n```', { a: '"}' }],
      ['use {braces} like {"a": 1}', { a: 1 }],
      ['<think>{"a": 1}</think> {"a": 2}', { a: 2 }],
      ['[1, 2]', undefined],
      ['{"a": 1', undefined],
      ['', undefined],
    ];
    for (const [text, expected] of found) assert.deepEqual(firstJsonObject(text), expected, text);
    const begun = performance.now();
    assert.equal(firstJsonObject('{"'.repeat(100_000)), undefined);
    assert.ok(performance.now() - begun < 500);
  });
});
