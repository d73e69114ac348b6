import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openEdgeSession, type EdgeMessage, type EdgeSession } from '../../src/connect/uns/sparkplug/edge-session.ts';
import { openHostSession, type HostEffects, type HostSession } from '../../src/connect/uns/sparkplug/host-session.ts';
import { placeOf, tagOf } from '../../src/connect/uns/sparkplug/place.ts';
import { openRebirthRequests } from '../../src/connect/uns/sparkplug/rebirth-requests.ts';
import { openReorder } from '../../src/connect/uns/sparkplug/reorder.ts';
import { wideOf, wideOfNumber, type WireMetric } from '../../src/connect/uns/sparkplug/wire.ts';
import type { Sample } from '../../src/contracts/index.ts';
import { sample } from '../support/sparkplug.ts';

const start = Date.parse('2026-11-26T06:00:00.000Z');
const stale = 'UncertainNoCommunicationLastUsable';

describe('Sparkplug B host application, its state', () => {
  const openHost = (more: { mostNodes?: number; mostMetrics?: number } = {}): HostSession =>
    openHostSession({
      tagOf: (name) => tagOf('{machine}/{metric}', name),
      reorderMs: 1_000,
      mostNodes: 10,
      mostMetrics: 1_000,
      ...more,
    });
  const openEdge = (edge = 'gateway'): EdgeSession =>
    openEdgeSession({
      group: 'north',
      edge,
      place: (tag) => placeOf(tag),
      mostMetrics: 1_000,
      mostPerMessage: 100,
      onProblem: (error) => {
        throw error;
      },
    });
  function hear(host: HostSession, messages: readonly EdgeMessage[], nowMs: number): HostEffects {
    const all = messages.map((one) => host.message(one, one.payload, nowMs));
    return {
      batches: all.flatMap(({ batches }) => batches),
      gaps: all.flatMap(({ gaps }) => gaps),
      changes: all.flatMap(({ changes }) => changes),
      rebirths: all.flatMap(({ rebirths }) => rebirths),
      problems: all.flatMap(({ problems }) => problems),
    };
  }
  const samplesOf = ({ batches }: HostEffects): Sample[] => batches.flatMap(({ samples }) => samples);
  /** Tag, value, quality or status code. */
  const brief = (effects: HostEffects): unknown[] =>
    samplesOf(effects).map(({ tag, value, quality, statusCode }) => [tag, value, statusCode ?? quality]);
  function bornEdge(host: HostSession, samples: readonly Sample[]): EdgeSession {
    const edge = openEdge();
    edge.observe(samples);
    edge.connecting(3, start);
    hear(host, edge.connected(start), start);
    return edge;
  }
  const force = (value: Sample['value'], ms: number): Sample => sample('line/press/force', value, ms);

  it('every value of an edge node comes out as the sample that went in', () => {
    const host = openHost();
    const edge = openEdge();
    const samples: Sample[] = [
      sample('line/press/force', 1.5, start, { unit: 'kN' }),
      sample('line/press/count', '12345678901234567890', start, { dataType: 'UInt64' }),
      sample('line/press/small', -7, start, { dataType: 'SByte' }),
      sample('line/press/on', true, start, { dataType: 'Boolean' }),
      sample('line/press/name', 'Öl', start, { dataType: 'String' }),
      sample('line/press/when', '2026-01-01T00:00:00.000Z', start, { dataType: 'DateTime' }),
      sample('line/press/raw', 'AQI=', start, { dataType: 'ByteString' }),
      sample('line/press/list', [1, 2, 3], start, { dataType: 'Int32' }),
      sample('line/press/none', null, start, { dataType: 'Int32', quality: 'bad', statusCode: 'Bad' }),
      sample('line/press/so-so', 4, start, { quality: 'uncertain', statusCode: 'Uncertain' }),
      sample('voltage', 230, start, { dataType: 'Int16' }),
    ];
    edge.observe(samples);
    edge.connecting(0, start);
    const births = hear(host, edge.connected(start), start);
    const withoutServerTime = samplesOf(births).map(({ serverTime, ...rest }) => {
      assert.equal(serverTime, new Date(start).toISOString());
      return rest;
    });
    const byTag = (a: Sample, b: Sample): number => a.tag.localeCompare(b.tag);
    assert.deepEqual(withoutServerTime.sort(byTag), [...samples].sort(byTag));
    const changed = samples.map((one) => ({ ...one, sourceTime: new Date(start + 1).toISOString() }));
    const data = hear(host, edge.publish(changed, false, start + 1), start + 1);
    assert.deepEqual(
      samplesOf(data)
        .map(({ tag, value }) => [tag, value])
        .sort(),
      changed.map(({ tag, value }) => [tag, value]).sort(),
    );
    assert.deepEqual(data.rebirths, []);
  });

  it('historical values make batches of their own with their own times', () => {
    const host = openHost();
    const edge = bornEdge(host, [force(1, start)]);
    const messages = edge.publish([force(0.5, start - 100), force(2, start + 1)], false, start + 1);
    const { batches } = hear(host, messages, start + 1);
    assert.deepEqual(
      batches.map(({ samples, historical }) => [samples[0]!.value, Date.parse(samples[0]!.sourceTime), historical]),
      [
        [0.5, start - 100, true],
        [2, start + 1, false],
      ],
    );
  });

  it('seq wraps over 300 messages without a rebirth being asked for', () => {
    const host = openHost();
    const edge = bornEdge(host, [force(0, start)]);
    const values: unknown[] = [];
    for (let step = 1; step <= 300; step++) {
      const effects = hear(host, edge.publish([force(step, start + step)], false, start + step), start + step);
      assert.deepEqual([effects.rebirths, effects.gaps], [[], []]);
      values.push(...samplesOf(effects).map(({ value }) => value));
    }
    assert.deepEqual(
      values,
      Array.from({ length: 300 }, (_, index) => index + 1),
    );
  });

  it('messages that change places within the reorder time come out in order, whatever the order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), (order) => {
        const host = openHost();
        const edge = bornEdge(host, [force(0, start)]);
        const messages = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((step) =>
          edge.publish([force(step, start + step)], false, start + step),
        );
        const shuffled = order.map((index) => messages[index]!);
        const effects = hear(host, shuffled, start + 10);
        assert.deepEqual(
          samplesOf(effects).map(({ value }) => value),
          [1, 2, 3, 4, 5, 6, 7, 8],
        );
        assert.equal(host.dueMs(), start + 10_000, 'only the birth of devices is waited for');
        assert.deepEqual(effects.rebirths, []);
      }),
      { numRuns: 200 },
    );
  });

  it('a message that stays away is a gap and a rebirth request; what came after it is not lost', () => {
    const host = openHost();
    const edge = bornEdge(host, [force(0, start)]);
    const lost = edge.publish([force(1, start + 1)], false, start + 1);
    assert.equal(lost.length, 1);
    const rest = [2, 3].flatMap((step) => edge.publish([force(step, start + step)], false, start + step));
    assert.deepEqual(samplesOf(hear(host, rest, start + 5)), []);
    assert.equal(host.dueMs(), start + 1_005);
    assert.deepEqual(host.tick(start + 1_000).rebirths, []);
    const late = host.tick(start + 1_005);
    assert.deepEqual(brief(late), [
      ['line/press/force', 2, 'good'],
      ['line/press/force', 3, 'good'],
    ]);
    assert.deepEqual(late.gaps, [
      {
        tags: ['line/press/force'],
        from: new Date(start).toISOString(),
        to: new Date(start + 2).toISOString(),
        reason: 'sequence',
        backfilled: false,
      },
    ]);
    assert.deepEqual(late.rebirths, [{ group: 'north', edge: 'gateway' }]);
    const again = hear(host, edge.publish([force(4, start + 1_100)], false, start + 1_100), start + 1_100);
    assert.deepEqual([brief(again), again.rebirths], [[['line/press/force', 4, 'good']], []]);
    const reborn = hear(host, edge.rebirth(start + 1_200), start + 1_200);
    assert.deepEqual([brief(reborn), reborn.gaps], [[], []]);
    assert.equal(host.tick(start + 7_000).rebirths.length, 0);
  });

  it('data before a birth, of a device without one, or with an unknown alias ask for a rebirth, each within bounds', () => {
    const host = openHost();
    const stranger = openEdge();
    stranger.observe([force(1, start)]);
    stranger.connecting(0, start);
    const births = stranger.connected(start);
    const data = (step: number): EdgeMessage[] => stranger.publish([force(step, start + step)], false, start + step);
    const asked: number[] = [];
    for (let step = 1; step <= 120; step++) {
      const ms = start + step * 500;
      const effects = hear(host, data(step), ms);
      assert.deepEqual(effects.batches, []);
      if (effects.rebirths.length > 0) asked.push((ms - start) / 1_000);
    }
    assert.deepEqual(asked, [0.5, 5.5, 15.5, 35.5]);
    assert.deepEqual(brief(hear(host, births, start + 61_000)), [['line/press/force', 1, 'good']]);

    const other = openHost();
    const edge = bornEdge(other, [force(1, start)]);
    const [unborn] = edge.publish([force(2, start + 1)], false, start + 1);
    const elsewhere = { ...unborn!, device: 'line:saw' };
    assert.equal(hear(other, [elsewhere], start + 1).rebirths.length, 1);
    const third = openHost();
    const known = bornEdge(third, [force(1, start)]);
    const [message] = known.publish([force(2, start + 1)], false, start + 1);
    const strange: WireMetric = { alias: wideOf(99n), timestamp: wideOfNumber(start), doubleValue: 1 };
    const payload = { ...message!.payload, metrics: [strange, ...message!.payload.metrics] };
    const effects = third.message(message!, payload, start + 1);
    assert.deepEqual([brief(effects), effects.rebirths.length], [[['line/press/force', 2, 'good']], 1]);
  });

  it('rebirth requests are bounded for one edge node and for all together', () => {
    const requests = openRebirthRequests();
    const name = (index: number): { group: string; edge: string } => ({ group: 'g', edge: `e${index}` });
    for (let index = 0; index < 50; index++) requests.need(name(index), 0);
    const sent: number[] = [];
    for (let ms = 0; ms < 5_000; ms += 10) sent.push(...requests.take(ms).map(() => ms));
    assert.equal(sent.length, 50);
    assert.ok(sent.every((ms, index) => index === 0 || ms - sent[index - 1]! >= 100));
    const [only] = [openRebirthRequests()];
    const times: number[] = [];
    for (let ms = 0; ms < 3_600_000; ms += 1_000) {
      only.need(name(0), ms);
      if (only.take(ms).length > 0) times.push(ms / 1_000);
      if (times.at(-1) === ms / 1_000) only.met(name(0));
    }
    assert.ok(times.length <= 18, `a node that breaks again at once: ${times.length} requests an hour`);
  });

  it('a death counts only with the number of the birth, and makes all values of node and devices uncertain', () => {
    const host = openHost();
    const edge = bornEdge(host, [force(1, start), sample('voltage', 230, start)]);
    const [oldDeath] = [openEdge().connecting(2, start)];
    assert.deepEqual(brief(hear(host, [oldDeath], start + 1)), []);
    const death = hear(host, edge.death(start + 2), start + 2);
    assert.deepEqual(brief(death).sort(), [
      ['line/press/force', 1, stale],
      ['voltage', 230, stale],
    ]);
    assert.ok(
      samplesOf(death).every(
        ({ sourceTime, quality }) => Date.parse(sourceTime) === start + 2 && quality === 'uncertain',
      ),
    );
    assert.deepEqual(
      death.changes.map(({ device, online }) => [device, online]),
      [
        ['line:press', false],
        [undefined, false],
      ],
    );
    edge.connecting(4, start + 3);
    const back = hear(host, edge.connected(start + 3), start + 3);
    assert.deepEqual(brief(back).sort(), [
      ['line/press/force', 1, 'good'],
      ['voltage', 230, 'good'],
    ]);
    assert.deepEqual(brief(hear(host, [openEdge().connecting(3, start)], start + 4)), []);
  });

  it("a device's death makes its values uncertain, its data then ask for a rebirth, its birth brings it back", () => {
    const host = openHost();
    const edge = bornEdge(host, [force(1, start), sample('line/saw/speed', 2, start)]);
    const gone = hear(host, edge.deviceGone('line:saw', start + 1), start + 1);
    assert.deepEqual(brief(gone), [['line/saw/speed', 2, stale]]);
    assert.deepEqual(
      gone.changes.map(({ device, online }) => [device, online]),
      [['line:saw', false]],
    );
    const back = hear(host, edge.publish([sample('line/saw/speed', 3, start + 2)], false, start + 2), start + 2);
    assert.deepEqual(brief(back), [['line/saw/speed', 3, 'good']]);
    assert.deepEqual(
      back.changes.map(({ device, online }) => [device, online]),
      [['line:saw', true]],
    );
  });

  it('a device that is not born again after its node, and a metric that a new birth leaves out, become uncertain', () => {
    const host = openHost();
    const edge = bornEdge(host, [
      force(1, start),
      sample('line/saw/speed', 2, start),
      sample('line/saw/heat', 9, start),
    ]);
    const [node, press, saw] = edge.rebirth(start + 1);
    hear(host, [node!, press!], start + 1);
    assert.deepEqual(brief(host.tick(start + 5_000)), []);
    assert.deepEqual(brief(host.tick(start + 10_001)).sort(), [
      ['line/saw/heat', 9, stale],
      ['line/saw/speed', 2, stale],
    ]);
    const speedOnly = saw!.payload.metrics.filter(({ name }) => name === 'speed');
    const effects = host.message(saw!, { ...saw!.payload, metrics: speedOnly }, start + 11_000);
    assert.deepEqual(brief(effects), [['line/saw/speed', 2, 'good']]);
  });

  it('our own link lost makes everything uncertain; a rebirth afterwards tells the gap', () => {
    const host = openHost();
    const edge = bornEdge(host, [force(1, start)]);
    assert.deepEqual(brief(host.lost(start + 10)), [['line/press/force', 1, stale]]);
    assert.deepEqual(brief(host.lost(start + 11)), []);
    edge.publish([force(2, start + 20)], false, start + 20);
    assert.deepEqual(host.tick(start + 30).rebirths, [{ group: 'north', edge: 'gateway' }]);
    const back = hear(host, edge.rebirth(start + 40), start + 40);
    assert.deepEqual(brief(back), [['line/press/force', 2, 'good']]);
    assert.deepEqual(
      back.gaps.map(({ from, to, reason }) => [Date.parse(from) - start, Date.parse(to) - start, reason]),
      [[0, 40, 'resubscribed']],
    );
  });

  it('limits are kept and reported once; a stranger that was never born makes room', () => {
    const host = openHost({ mostNodes: 2, mostMetrics: 3 });
    const birth = (name: string, count: number): HostEffects => {
      const edge = openEdge(name);
      edge.observe(Array.from({ length: count }, (_, index) => sample(`line/${name}/tag${index}`, index, start)));
      edge.connecting(0, start);
      return hear(host, edge.connected(start), start);
    };
    host.message({ type: 'NDATA', group: 'north', edge: 'stranger' }, { metrics: [] }, start);
    const first = birth('a', 2);
    const second = birth('b', 4);
    const third = birth('c', 1);
    assert.deepEqual(
      [first, second, third].map((effects) => [
        samplesOf(effects).length,
        effects.problems.map(({ params }) => params['what']),
      ]),
      [
        [2, []],
        [1, ['metrics']],
        [0, ['edge nodes']],
      ],
    );
  });

  it('any order of any messages of two edge nodes never throws and never mixes up tags', () => {
    const edges = ['a', 'b'].map((name, index) => {
      const edge = openEdge(name);
      edge.observe([sample(`line/${name}/x`, index, start), sample(`line/${name}/y`, index, start)]);
      return edge;
    });
    const messages: EdgeMessage[] = edges.flatMap((edge, index) => {
      const name = index === 0 ? 'a' : 'b';
      const will = edge.connecting(index, start);
      const births = edge.connected(start);
      const data = [1, 2, 3].flatMap((step) =>
        edge.publish([sample(`line/${name}/x`, index, start + step)], false, start + step),
      );
      return [...births, ...data, ...edge.rebirth(start + 5), ...edge.deviceGone(`line:${name}`, start + 6), will];
    });
    fc.assert(
      fc.property(fc.array(fc.nat(messages.length - 1), { maxLength: 40 }), (picks) => {
        const host = openHost();
        let nowMs = start;
        for (const pick of picks) {
          nowMs += 300;
          for (const effects of [hear(host, [messages[pick]!], nowMs), host.tick(nowMs)])
            for (const { tag, value } of samplesOf(effects)) assert.equal(value, tag.includes('/a/') ? 0 : 1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a queue of waiting messages is bounded by the numbers there are', () => {
    const reorder = openReorder<number>(1_000);
    reorder.begin(0);
    for (let step = 0; step < 10_000; step++) if (step % 256 !== 1) reorder.put(step % 256, step, step);
    assert.equal(reorder.giveUp().length, 255);
    assert.deepEqual(reorder.put(9, 1, 1), [1]);
  });
});
