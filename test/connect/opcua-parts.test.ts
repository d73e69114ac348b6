import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DataType, DataValue, StatusCodes, Variant, VariantArrayType } from 'node-opcua-client';
import { compileCheck, isoInstant, seededRandom } from '../../src/kernel/index.ts';
import { Sample } from '../../src/contracts/index.ts';
import { openBackOff } from '../../src/connect/back-off.ts';
import { queueSizeOf } from '../../src/connect/opcua/monitored-items.ts';
import { resolveNamespace } from '../../src/connect/opcua/namespaces.ts';
import { openGapCollector } from '../../src/connect/opcua/gaps.ts';
import { hasOverflow, openSampleMaker, plainValue, qualityOf } from '../../src/connect/opcua/samples.ts';
import { nextSequenceNumber, openSequenceCounter, sequenceDistance } from '../../src/connect/opcua/sequence.ts';
import { isSessionGone, isSubscriptionGone, statusNameOf } from '../../src/connect/opcua/status.ts';
import { openTimeText } from '../../src/connect/time-text.ts';

const last = 4_294_967_295;

describe('sequence numbers', () => {
  it('wrap from 4294967295 to 1 and are compared over the wrap', () => {
    assert.equal(nextSequenceNumber(last), 1);
    assert.equal(nextSequenceNumber(1), 2);
    const number = fc.integer({ min: 1, max: last });
    fc.assert(
      fc.property(number, fc.nat(1_000), (from, steps) => {
        let to = from;
        for (let step = 0; step < steps; step++) to = nextSequenceNumber(to);
        assert.equal(sequenceDistance(from, to), steps);
        assert.equal(sequenceDistance(to, from), steps === 0 ? 0 : -steps);
      }),
      { numRuns: 50, examples: [[last, 3]] },
    );
  });

  it('expect n + 1 after data n and n after keep-alive n, whatever is lost or repeated', () => {
    const counter = openSequenceCounter();
    assert.equal(counter.judge(1).kind, 'next');
    counter.take(1);
    assert.equal(counter.judge(2).kind, 'next', 'keep-alive with the next number');
    assert.equal(counter.judge(2).kind, 'next', 'and the data after it');
    counter.take(2);
    assert.equal(counter.judge(2).kind, 'old');
    assert.deepEqual(counter.judge(5), { kind: 'ahead', count: 2 });
    counter.skipTo(5);
    counter.take(5);
    assert.equal(counter.expected, 6);
  });
});

describe('samples', () => {
  it('carry any 64-bit integer as the decimal text that BigInt gives', () => {
    const words = (value: bigint): [number, number] => [
      Number((value >> 32n) & 0xffff_ffffn),
      Number(value & 0xffff_ffffn),
    ];
    const read = (dataType: DataType, value: bigint) =>
      plainValue(new Variant({ dataType, arrayType: VariantArrayType.Scalar, value: words(value) }));
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        assert.equal(read(DataType.Int64, value), value.toString());
        assert.equal(read(DataType.UInt64, BigInt.asUintN(64, value)), BigInt.asUintN(64, value).toString());
      }),
    );
  });

  it('keep the contract, with quality from the status and overflow from its bits', () => {
    const make = openSampleMaker();
    const check = compileCheck(Sample);
    const value = new DataValue({
      value: { dataType: DataType.Float, value: NaN },
      statusCode: StatusCodes.UncertainLastUsableValue,
      sourceTimestamp: new Date(1_000),
      serverTimestamp: new Date(2_000),
    });
    const sample = make({ tag: 'a', unit: 'mm/s' }, value, 0);
    assert.equal(check(sample), undefined);
    assert.deepEqual(sample, {
      tag: 'a',
      value: null,
      dataType: 'Float',
      quality: 'uncertain',
      statusCode: 'UncertainLastUsableValue',
      unit: 'mm/s',
      sourceTime: '1970-01-01T00:00:01.000Z',
      serverTime: '1970-01-01T00:00:02.000Z',
    });
    assert.equal(qualityOf(StatusCodes.BadCommunicationError.value), 'bad');
    const status = StatusCodes.Good.constructor as unknown as {
      makeStatusCode(code: object, bits: string): DataValue['statusCode'];
    };
    assert.equal(hasOverflow(value), false);
    value.statusCode = status.makeStatusCode(StatusCodes.Good, 'Overflow | InfoTypeDataValue');
    assert.equal(hasOverflow(value), true);
    assert.equal(make({ tag: 'a' }, value, 0).quality, 'good');
  });

  it('have the same time text as toISOString', () => {
    const text = openTimeText();
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 4e12 }), fc.nat(5_000), (ms, more) => {
        for (const instant of [ms, ms + more, ms]) assert.equal(text(instant), isoInstant(instant));
      }),
    );
  });
});

describe('small parts of the OPC UA client', () => {
  it('wait from a quarter second to five, doubling, and begin again after success', () => {
    const backOff = openBackOff(seededRandom(1));
    const pauses = Array.from({ length: 12 }, () => backOff.next());
    for (const [attempt, pause] of pauses.entries()) {
      const whole = Math.min(5_000, 500 * 2 ** attempt);
      assert.ok(pause >= whole / 2 && pause <= whole, `${attempt}: ${pause}`);
    }
    assert.ok(new Set(pauses).size > 10);
    backOff.reset();
    assert.ok(backOff.next() <= 500);
  });

  it('find a node again after the namespaces were shuffled', () => {
    const first = ['http://opcfoundation.org/UA/', 'urn:a', 'urn:b'];
    const shuffled = ['http://opcfoundation.org/UA/', 'urn:b', 'urn:c', 'urn:a'];
    assert.equal(resolveNamespace('ns=1;s=x;y', first, shuffled), 'ns=3;s=x;y');
    assert.equal(resolveNamespace('nsu=urn:b;i=7', first, shuffled), 'ns=1;i=7');
    assert.equal(resolveNamespace('i=85', first, shuffled), 'i=85');
    assert.equal(resolveNamespace('ns=2;g=0', first, ['http://opcfoundation.org/UA/']), undefined);
  });

  it('ask for queues that hold the whole cut', () => {
    assert.ok(queueSizeOf(500, 60) >= 120);
    assert.ok(queueSizeOf(0, 60) >= 600);
  });

  it('join what is missing over the same stretch, and past fifty stretches neighbours', () => {
    const at = (sourceTime: string): Sample => ({
      ...{ tag: 'x', value: 1, dataType: 'Int32' },
      quality: 'good',
      sourceTime,
    });
    const open = () => {
      const collector = openGapCollector();
      const add = (tag: string, from: number, to: number) => {
        const stretch = { from: `${from}`, to: `${to}`, reason: 'overflow' as const };
        collector.add(tag, stretch, { before: at(`${from}`), after: at(`${to}`) });
      };
      return { collector, add };
    };
    const few = open();
    few.add('a', 1, 2);
    few.add('b', 1, 2);
    few.add('a', 3, 4);
    assert.deepEqual(
      few.collector.gaps().map(({ gap: { tags, from, to } }) => [tags, from, to]),
      [
        [['a', 'b'], '1', '2'],
        [['a'], '3', '4'],
      ],
    );
    const many = open();
    for (let from = 100; from < 250; from++) many.add(`t${from % 2}`, from, from + 1);
    const joined = many.collector.gaps();
    assert.deepEqual(
      joined.map(({ gap: { from, to } }) => [from, to]),
      Array.from({ length: 50 }, (_, group) => [`${100 + 3 * group}`, `${103 + 3 * group}`]),
    );
    assert.deepEqual(joined[0]!.gap.tags.toSorted(), ['t0', 't1']);
    assert.deepEqual(joined[0]!.edgesOf('t0'), { before: at('100'), after: at('103') });
  });

  it('read the status out of what the library throws', () => {
    assert.equal(statusNameOf(new Error(' serviceResult = BadSessionIdInvalid (0x80250000)')), 'BadSessionIdInvalid');
    assert.equal(statusNameOf(new Error('Connection Break')), 'Connection Break');
    assert.ok(isSessionGone('BadSessionClosed') && !isSessionGone('BadNoSubscription'));
    assert.ok(isSubscriptionGone('BadNoSubscription') && !isSubscriptionGone('BadTimeout'));
  });
});
