import assert from 'node:assert/strict';
import { openEdgeSession, type EdgeMessage, type EdgeSession } from '../../src/connect/uns/sparkplug/edge-session.ts';
import { openHostWatch, parseState } from '../../src/connect/uns/sparkplug/host-state.ts';
import { placeOf, tagOf, unknownFields } from '../../src/connect/uns/sparkplug/place.ts';
import { isId, parseTopic, topicOf } from '../../src/connect/uns/sparkplug/topics.ts';
import { wideOf, type WireMetric } from '../../src/connect/uns/sparkplug/wire.ts';
import type { Sample } from '../../src/contracts/index.ts';
import type { MillwrightError } from '../../src/kernel/index.ts';
import { sample, seen, type Seen } from '../support/sparkplug.ts';

const start = Date.parse('2026-11-26T06:00:00.000Z');

describe('Sparkplug B edge node, its state', () => {
  const problems: MillwrightError[] = [];
  beforeEach(() => {
    problems.length = 0;
  });
  const open = (more: { primaryHostId?: string; mostPerMessage?: number; mostMetrics?: number } = {}): EdgeSession =>
    openEdgeSession({
      group: 'north',
      edge: 'gateway',
      place: (tag) => placeOf(tag),
      mostMetrics: 1_000,
      mostPerMessage: 100,
      onProblem: (error) => problems.push(error),
      ...more,
    });
  const look = (messages: readonly EdgeMessage[]): Seen[] => messages.map((one) => seen(one, one.payload));
  const shape = (messages: readonly EdgeMessage[]): string[] =>
    look(messages).map(({ type, device, seq }) => [type, device, seq].filter((part) => part !== undefined).join(' '));
  const born = (session: EdgeSession, samples: readonly Sample[] = []): EdgeMessage[] => {
    session.observe(samples);
    session.connecting(7, start);
    return session.connected(start);
  };

  it('the will is an NDEATH with bdSeq alone and no seq, the NBIRTH has the same bdSeq and seq 0', () => {
    const session = open();
    const [will] = look([session.connecting(7, start)]);
    assert.equal(will!.type, 'NDEATH');
    assert.equal(will!.seq, undefined);
    assert.deepEqual(
      will!.metrics.map(({ name, type, value }) => [name, type, value]),
      [['bdSeq', 'Int64', '7']],
    );
    const [birth, ...more] = look(session.connected(start + 5));
    assert.equal(more.length, 0);
    assert.equal(birth!.type, 'NBIRTH');
    assert.equal(birth!.seq, 0);
    assert.equal(birth!.timestampMs, start + 5);
    assert.deepEqual(
      birth!.metrics.map(({ name, type, value, alias }) => [name, type, value, alias]),
      [
        ['bdSeq', 'Int64', '7', undefined],
        ['Node Control/Rebirth', 'Boolean', false, undefined],
      ],
    );
  });

  it('a birth has name, alias, datatype, time and current value of every metric, each alias once', () => {
    const session = open();
    const messages = look(
      born(session, [
        sample('line/press/force', 1.5, start - 900, { unit: 'kN' }),
        sample('line/press/force', 2.5, start - 100, { unit: 'kN' }),
        sample('line/saw/count', '12345678901234567890', start - 200, { dataType: 'UInt64' }),
        sample('line/saw/state', null, start - 300, { dataType: 'String', quality: 'bad' }),
        sample('voltage', 230, start - 400, { dataType: 'Int16' }),
      ]),
    );
    assert.deepEqual(
      messages.map(({ type, device, seq }) => [type, device, seq]),
      [
        ['NBIRTH', undefined, 0],
        ['DBIRTH', 'line:press', 1],
        ['DBIRTH', 'line:saw', 2],
      ],
    );
    const metrics = messages.flatMap((message) => message.metrics);
    assert.deepEqual(
      metrics.slice(2).map(({ name, type, value, timestampMs, isNull }) => [name, type, value, timestampMs, isNull]),
      [
        ['voltage', 'Int16', 230, start - 400, false],
        ['force', 'Double', 2.5, start - 100, false],
        ['count', 'UInt64', '12345678901234567890', start - 200, false],
        ['state', 'String', undefined, start - 300, true],
      ],
    );
    assert.deepEqual(metrics[3]!.properties, { engUnit: { type: 'String', value: 'kN' } });
    assert.deepEqual(metrics[5]!.properties, { Quality: { type: 'Int32', value: 0 } });
    const aliases = metrics.slice(2).map(({ alias }) => alias);
    assert.equal(new Set(aliases).size, 4);
    assert.ok(!aliases.includes(undefined));
  });

  it('data go by alias alone, per device, in batches, and a value that the birth carried is not repeated', () => {
    const session = open({ mostPerMessage: 2 });
    const first = sample('line/press/force', 1, start);
    born(session, [first]);
    const messages = look(
      session.publish(
        [first, ...[1, 2, 3].map((step) => sample('line/press/force', step + 1, start + step))],
        false,
        start + 10,
      ),
    );
    assert.deepEqual(
      messages.map(({ type, device, seq, metrics }) => [type, device, seq, metrics.length]),
      [
        ['DDATA', 'line:press', 2, 2],
        ['DDATA', 'line:press', 3, 1],
      ],
    );
    const metrics = messages.flatMap((message) => message.metrics);
    assert.deepEqual(
      metrics.map(({ value, timestampMs, historical }) => [value, timestampMs, historical]),
      [
        [2, start + 1, false],
        [3, start + 2, false],
        [4, start + 3, false],
      ],
    );
    assert.ok(
      metrics.every(({ name, alias, type }) => name === undefined && type === undefined && alias !== undefined),
    );
  });

  it('seq counts every message of node and devices and wraps from 255 to 0', () => {
    const session = open();
    born(session, [sample('a', 0, start), sample('line/press/b', 0, start)]);
    const numbers: number[] = [];
    for (let step = 1; step <= 300; step++) {
      const both = [sample('a', step, start + step), sample('line/press/b', step, start + step)];
      numbers.push(...look(session.publish(both, false, start + step)).map(({ seq }) => seq!));
    }
    assert.deepEqual(
      numbers,
      Array.from({ length: 600 }, (_, index) => (index + 2) % 256),
    );
  });

  it('a new device is born before its data; a new metric or type bears its device again, a new node metric all', () => {
    const session = open();
    born(session, [sample('line/press/force', 1, start)]);
    assert.deepEqual(shape(session.publish([sample('line/saw/speed', 1, start + 1)], false, start + 1)), [
      'DBIRTH line:saw 2',
    ]);
    assert.deepEqual(shape(session.publish([sample('line/saw/heat', 1, start + 2)], false, start + 2)), [
      'DBIRTH line:saw 3',
    ]);
    const retyped = sample('line/saw/heat', 'hot', start + 3, { dataType: 'String' });
    const [again] = look(session.publish([retyped], false, start + 3));
    assert.deepEqual(
      again!.metrics.map(({ name, type, value }) => [name, type, value]),
      [
        ['speed', 'Double', 1],
        ['heat', 'String', 'hot'],
      ],
    );
    assert.deepEqual(shape(session.publish([sample('voltage', 230, start + 4)], false, start + 4)), [
      'NBIRTH 0',
      'DBIRTH line:press 1',
      'DBIRTH line:saw 2',
    ]);
  });

  it('a rebirth sends no NDEATH, restarts seq at 0 and keeps bdSeq, names and aliases', () => {
    const session = open();
    const before = look(born(session, [sample('line/press/force', 1, start)]));
    session.publish([sample('line/press/force', 2, start + 1)], false, start + 1);
    const after = look(session.rebirth(start + 2));
    assert.deepEqual(
      after.map(({ type, seq }) => [type, seq]),
      [
        ['NBIRTH', 0],
        ['DBIRTH', 1],
      ],
    );
    const key = ({ metrics }: Seen): unknown => metrics.map(({ name, alias, type }) => [name, alias, type]);
    assert.deepEqual(after.map(key), before.map(key));
    assert.equal(after[0]!.metrics[0]!.value, '7');
    assert.equal(after[1]!.metrics[0]!.value, 2);
  });

  it('a device that is lost gets a DDEATH, is left out of rebirths and comes back with a DBIRTH', () => {
    const session = open();
    born(session, [sample('line/press/force', 1, start), sample('line/saw/speed', 1, start)]);
    assert.deepEqual(shape(session.deviceGone('line:saw', start + 1)), ['DDEATH line:saw 3']);
    assert.deepEqual(shape(session.deviceGone('line:saw', start + 1)), []);
    assert.deepEqual(shape(session.rebirth(start + 2)), ['NBIRTH 0', 'DBIRTH line:press 1']);
    assert.deepEqual(shape(session.publish([sample('line/saw/speed', 2, start + 3)], false, start + 3)), [
      'DBIRTH line:saw 2',
    ]);
  });

  it('values of an outage come after the birth as historical with their own times, the newest is in the birth', () => {
    const session = open();
    born(session, [sample('line/press/force', 0, start)]);
    session.disconnected();
    const outage = [1, 2, 3, 4].map((step) => sample('line/press/force', step, start + step * 1_000));
    session.observe(outage);
    session.connecting(8, start + 5_000);
    const births = look(session.connected(start + 5_000));
    assert.deepEqual([births[1]!.metrics[0]!.value, births[1]!.metrics[0]!.timestampMs], [4, start + 4_000]);
    const copies = structuredClone(outage);
    const [data] = look(
      session.publish([...copies, sample('line/press/force', 5, start + 6_000)], false, start + 6_000),
    );
    assert.deepEqual(
      data!.metrics.map(({ value, timestampMs, historical }) => [value, timestampMs! - start, historical]),
      [
        [1, 1_000, true],
        [2, 2_000, true],
        [3, 3_000, true],
        [5, 6_000, false],
      ],
    );
    const [late] = look(session.publish([sample('line/press/force', 6, start + 7_000)], true, start + 9_000));
    assert.equal(late!.metrics[0]!.historical, true);
  });

  it('with a primary host nothing is born before it is online, and its going offline is an NDEATH and a restart', () => {
    const session = open({ primaryHostId: 'scada' });
    assert.deepEqual(shape(born(session)), []);
    assert.equal(session.phase, 'waiting');
    assert.deepEqual(session.hostState({ online: false, timestampMs: 50 }, start), { messages: [], restart: false });
    assert.deepEqual(shape(session.hostState({ online: true, timestampMs: 100 }, start).messages), ['NBIRTH 0']);
    assert.equal(session.phase, 'born');
    assert.deepEqual(shape(session.hostState({ online: true, timestampMs: 110 }, start).messages), []);
    assert.deepEqual(session.hostState({ online: false, timestampMs: 105 }, start), { messages: [], restart: false });
    const { messages, restart } = session.hostState({ online: false, timestampMs: 110 }, start);
    assert.deepEqual(shape(messages), ['NDEATH']);
    assert.equal(look(messages)[0]!.metrics[0]!.value, '7');
    assert.ok(restart);
    session.connecting(8, start);
    assert.deepEqual(shape(session.connected(start)), []);
    assert.equal(session.phase, 'waiting');
    assert.deepEqual(shape(session.hostState({ online: true, timestampMs: 109 }, start).messages), []);
    assert.deepEqual(shape(session.hostState({ online: true, timestampMs: 120 }, start).messages), ['NBIRTH 0']);
  });

  it('STATE is read in the forms of 3.0 and 2.2, and the older form gives way to the newer', () => {
    assert.deepEqual(parseState(Buffer.from('{"online":true,"timestamp":5}')), { online: true, timestampMs: 5 });
    assert.deepEqual(parseState(Buffer.from('OFFLINE')), { online: false });
    for (const text of ['', 'online', '{"online":1,"timestamp":5}', '{"online":true}', '[]', 'null', '{'])
      assert.equal(parseState(Buffer.from(text)), undefined, text);
    const watch = openHostWatch();
    assert.ok(watch.take({ online: true }));
    assert.ok(watch.take({ online: false }));
    assert.ok(watch.take({ online: true, timestampMs: 1 }));
    assert.ok(!watch.take({ online: false }));
    assert.ok(watch.online);
  });

  it('a command is read, by name or alias, and only a rebirth is carried out', () => {
    const session = open();
    const births = look(born(session, [sample('line/press/force', 1, start)]));
    const alias = wideOf(births[1]!.metrics[0]!.alias!);
    const rebirth: WireMetric = { name: 'Node Control/Rebirth', booleanValue: true };
    assert.deepEqual(session.readCommand(undefined, { metrics: [rebirth] }), { rebirth: true, writes: [] });
    const no: WireMetric = { name: 'Node Control/Rebirth', booleanValue: false };
    assert.equal(session.readCommand(undefined, { metrics: [no] }).rebirth, false);
    assert.equal(session.readCommand('line:press', { metrics: [rebirth] }).rebirth, false);
    assert.deepEqual(session.readCommand('line:press', { metrics: [{ alias, doubleValue: 9 }] }).writes, [
      { device: 'line:press', metric: 'force', value: 9 },
    ]);
    assert.deepEqual(
      session.readCommand(undefined, { metrics: [{ alias: wideOf(99n), doubleValue: 9 }, { doubleValue: 1 }] }).writes,
      [],
    );
  });

  it('a value that does not fit is sent as null and reported; metrics beyond the limit are reported once', () => {
    const session = open({ mostMetrics: 2 });
    const [, device] = look(born(session, [sample('line/press/count', 300, start, { dataType: 'Byte' })]));
    assert.deepEqual([device!.metrics[0]!.isNull, device!.metrics[0]!.type], [true, 'UInt8']);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['MW_SPARKPLUG_VALUE_INVALID'],
    );
    const more = ['a', 'b', 'c', 'd'].map((name) => sample(`line/press/${name}`, 1, start + 1));
    const messages = look(session.publish(more, false, start + 1));
    assert.equal(messages[0]!.metrics.length, 2);
    assert.deepEqual(
      problems.slice(1).map(({ code }) => code),
      ['MW_SPARKPLUG_LIMIT', 'MW_SPARKPLUG_VALUE_INVALID'],
    );
  });

  it('topics, ids and places', () => {
    for (const topic of ['spBv1.0/g/NBIRTH/e', 'spBv1.0/g/DDATA/e/d']) assert.equal(topicOf(parseTopic(topic)!), topic);
    for (const topic of ['spBv1.0/g/NBIRTH/e/d', 'spBv1.0/g/DDATA/e', 'spAv1.0/g/NBIRTH/e', 'spBv1.0/STATE/h', 'x', ''])
      assert.equal(parseTopic(topic), undefined, topic);
    assert.deepEqual(['a', 'ä b', '', 'a/b', 'a+', '#'].map(isId), [true, true, false, false, false, false]);
    assert.deepEqual(placeOf('line/press/axis/force'), { device: 'line:press', metric: 'axis/force' });
    assert.deepEqual(placeOf('press/force'), { device: 'press', metric: 'force' });
    assert.deepEqual(placeOf('force'), { metric: 'force' });
    assert.deepEqual(placeOf('line/press/force', 'line'), { device: 'line', metric: 'press/force' });
    assert.deepEqual(placeOf('line/press/force', 'none'), { metric: 'line/press/force' });
    assert.deepEqual(placeOf('a+/b#/c'), { device: 'a_:b_', metric: 'c' });
    const name = { group: 'g', edge: 'e', device: 'line:press', metric: 'axis/force' };
    assert.equal(tagOf('{machine}/{metric}', name), 'line/press/axis/force');
    assert.equal(tagOf('{group}/{edge}/{device}/{metric}', name), 'g/e/line:press/axis/force');
    assert.equal(tagOf('{edge}/{device}/{metric}', { group: 'g', edge: 'e', metric: 'm' }), 'e/m');
    assert.deepEqual(unknownFields('{line}/{metric}'), ['line']);
  });
});
