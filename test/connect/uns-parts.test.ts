import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  compileTemplate,
  markDuplicate,
  openJsonEncoder,
  openQueue,
  pemText,
  tagOfTopic,
  writeBody,
} from '../../src/connect/index.ts';
import { stableClientId } from '../../src/connect/uns/client-id.ts';
import { readBody, sampleOf } from '../../src/connect/uns/json-body.ts';
import { decodeMessages, encodeMessages } from '../../src/connect/uns/stored-message.ts';
import { isTopicName } from '../../src/connect/uns/topic-filter.ts';
import { makeCertificates } from '../support/mqtt.ts';

const level = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const hostile = fc.string({
  unit: fc.constantFrom('a', '/', '+', '#', '%', '\0', '2', 'F', 'ü'),
  minLength: 1,
  maxLength: 8,
});
const envelope = { id: 'm', type: 'mw.samples.v1', source: 's', time: '2026-11-26T04:00:00.000Z', correlationId: 'c' };

describe('topic template', () => {
  it('reads back every level that it wrote, whatever the level holds', () => {
    const template = compileTemplate('{enterprise}/{site}/x-{line}/{machine}/_{contract}/{signal}', {
      enterprise: 'acme',
    });
    fc.assert(
      fc.property(
        fc.record({ site: hostile, line: level, machine: hostile, contract: level, signal: hostile }),
        (fields) => {
          const topic = template.format(fields);
          assert.ok(isTopicName(topic), topic);
          assert.deepEqual(template.parse(topic), { enterprise: 'acme', ...fields });
        },
      ),
    );
  });

  it('never throws on a foreign topic, and gives a tag for each', () => {
    const template = compileTemplate('{enterprise}/{site}/{line}/{machine}/{signal}', { enterprise: 'acme', site: '' });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (topic) => {
        const fields = template.parse(topic);
        assert.ok(fields === undefined || fields.enterprise === 'acme');
        assert.ok(tagOfTopic(template, topic).length > 0);
      }),
    );
    assert.equal(tagOfTopic(template, 'acme/L2/CNC-22/Axis/X'), 'L2/CNC-22/Axis/X');
    assert.equal(tagOfTopic(template, 'other/L2/CNC-22/X'), 'other/L2/CNC-22/X');
  });

  it('leaves out levels that are not given, and refuses a template that cannot be', () => {
    const template = compileTemplate('umh/v1/{enterprise}/{site}/{line}/{machine}/_{contract}', {
      enterprise: 'acme',
      site: '',
    });
    assert.equal(template.format({ machine: 'CNC-22', contract: 'state' }), 'umh/v1/acme/CNC-22/_state');
    for (const bad of ['', 'a//b', '{nobody}', '{line', 'a/+', 'a/#', '{line}{machine}', '{line}/'])
      assert.throws(() => compileTemplate(bad), { code: 'MW_UNS_TEMPLATE_INVALID' }, bad);
    assert.throws(() => compileTemplate('{line}').format({}), { code: 'MW_UNS_TOPIC_INVALID' });
  });
});

describe('JSON bodies', () => {
  const sample = {
    tag: 'L/M/s',
    value: 1.5,
    dataType: 'Double',
    quality: 'good',
    sourceTime: '2026-11-26T04:00:00.000Z',
  };

  it('come back as they were written, without what is local, and keep their id when repeated', () => {
    const mw = { ...envelope, delivery: { queue: 'q', offset: 3 } };
    const body = writeBody(mw, { samples: [sample] });
    for (const [bytes, duplicate] of [
      [body, false],
      [markDuplicate(body), true],
      [markDuplicate(markDuplicate(body)), true],
      [writeBody({ ...mw, delivery: { ...mw.delivery, duplicate: true } }, { samples: [sample] }), true],
    ] as const) {
      const read = readBody('t', bytes);
      assert.ok(read.kind === 'contract');
      assert.deepEqual(read.payload, { samples: [sample] });
      assert.deepEqual(read.mw, envelope);
      assert.equal(read.duplicate, duplicate);
    }
  });

  it('are refused by code or give a sample that keeps its contract, whatever comes', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record(
          { value: fc.anything(), timestamp: fc.anything(), unit: fc.anything(), schema: fc.anything() },
          { requiredKeys: [] },
        )
        .map((value) => {
          try {
            return Buffer.from(JSON.stringify(value));
          } catch {
            return Buffer.alloc(0);
          }
        }),
    );
    const codes = ['MW_UNS_PAYLOAD_UNKNOWN', 'MW_CONTRACT_UNKNOWN', 'MW_PAYLOAD_INVALID'];
    fc.assert(
      fc.property(anything, (bytes) => {
        try {
          const read = readBody('t', bytes);
          if (read.kind !== 'value') return;
          const made = { samples: [sampleOf('a', read, 1_795_000_000_000, false)] };
          const again = readBody('t', writeBody(envelope, made));
          assert.deepEqual(again.kind === 'contract' && again.payload, JSON.parse(JSON.stringify(made)));
        } catch (thrown) {
          assert.ok(codes.includes((thrown as { code: string }).code), String(thrown));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never carry requests, commands or approvals', () => {
    for (const schema of [
      'mw.command.v1',
      'mw.approval.v1',
      'mw.opcua-request.v1',
      'mw.write-inhibit.v1',
      'mw.disruption.v1',
    ])
      assert.throws(() => readBody('t', Buffer.from(JSON.stringify({ schema, mw: envelope, payload: {} }))), {
        code: 'MW_CONTRACT_UNKNOWN',
      });
  });

  it('of a kept value without time are uncertain', () => {
    const plain = readBody('t', Buffer.from('7'));
    const timed = readBody('t', Buffer.from('{"value":7,"timestamp":1795000000}'));
    assert.ok(plain.kind === 'value' && timed.kind === 'value');
    assert.equal(sampleOf('a', plain, 0, true).quality, 'uncertain');
    assert.equal(sampleOf('a', timed, 0, true).quality, 'good');
    assert.equal(sampleOf('a', timed, 0, true).sourceTime, '2026-11-18T11:06:40.000Z');
  });
});

describe('JSON encoder', () => {
  const samples = ['L2/A/x', 'L2/B/x', 'L2/A/y'].map((tag) => ({ tag, value: 1 }));
  const message = { type: 'mw.samples.v1', mw: envelope, payload: { samples } } as const;
  it('groups samples by the topic that the template makes of their tags', () => {
    const topics = (template: string) =>
      openJsonEncoder(compileTemplate(template), 1, false)
        .encode(message)
        .map(({ topic, payload }) => {
          const body = JSON.parse(Buffer.from(payload).toString()) as {
            mw: { id: string };
            payload: { samples: unknown[] };
          };
          return [topic, body.mw.id, body.payload.samples.length];
        });
    assert.deepEqual(topics('{line}/_{contract}'), [['L2/_samples', 'm', 3]]);
    assert.deepEqual(topics('{line}/{machine}'), [
      ['L2/A', 'm.0', 2],
      ['L2/B', 'm.1', 1],
    ]);
    assert.equal(topics('{line}/{machine}/{signal}').length, 3);
  });
  it('takes the equipment from topic or payload', () => {
    const encoder = openJsonEncoder(compileTemplate('acme/{line}/{machine}/_{contract}'), 1, true);
    const state = { equipmentId: 'M1', state: 'Execute', start: envelope.time };
    const topicOf = (topic?: string) =>
      encoder.encode({ type: 'mw.state.v1', mw: envelope, payload: state, ...(topic ? { topic } : {}) })[0]!.topic;
    assert.equal(topicOf(), 'acme/M1/_state');
    assert.equal(topicOf('L1/M1'), 'acme/L1/M1/_state');
    assert.equal(topicOf('acme/L1/M1/_samples'), 'acme/L1/M1/_state');
  });
});

describe('parts of the namespace', () => {
  it('stored messages come back as they were', () => {
    const one = fc
      .record({
        topic: fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }).map((text) => Buffer.from(text).toString()),
        payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
        qos: fc.constantFrom(0, 1, 2),
        retain: fc.boolean(),
        duplicate: fc.boolean(),
      })
      .map((message) => ({ ...message }));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), (messages) => {
        assert.deepEqual(decodeMessages(encodeMessages(messages)), messages);
      }),
    );
  });

  it('certificates survive a one-line input', () => {
    const made = makeCertificates();
    const { ca, key } = made;
    for (const pem of [ca, key, `${ca}${ca}`]) assert.equal(pemText(pem.replaceAll('\n', ' ')), pem);
    assert.equal(pemText('nonsense'), 'nonsense');
    made.close();
  });

  it('a client id is made once for each folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mw-id-'));
    const first = stableClientId(join(folder, 'a'));
    assert.match(first, /^[0-9A-Za-z]{1,23}$/);
    assert.equal(stableClientId(join(folder, 'a')), first);
    assert.notEqual(stableClientId(join(folder, 'b')), first);
    rmSync(folder, { recursive: true });
  });

  it('a queue gives its batches in order, whether they are still in memory or only on disk', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mw-mixed-'));
    const queue = openQueue({ folder, limitBytes: 64e6 });
    let written = 0;
    let read = 0;
    const write = (count: number) => {
      for (let at = 0; at < count; at++) queue.append(`${written++} ${'x'.repeat(3_000)}`, 0);
    };
    const readSome = (count: number) => {
      for (let at = 0; at < count; at++) {
        const batch = queue.next();
        assert.ok(batch?.body.toString().startsWith(`${read} `), `${read}`);
        if (read % 3 !== 0) queue.confirm(read);
        read++;
      }
    };
    write(1_000);
    readSome(200);
    write(300);
    readSome(500);
    write(300);
    readSome(900);
    assert.equal(queue.next(), undefined);
    write(1);
    readSome(1);
    queue.close();
    rmSync(folder, { recursive: true });
  });
});
