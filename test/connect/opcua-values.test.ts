import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DataType, Variant, VariantArrayType } from 'node-opcua';
import {
  openOpcuaConnection,
  startOpcuaServer,
  type OpcuaConnection,
  type OpcuaServer,
} from '../../src/connect/index.ts';
import { publishingMsOf, rateGroups } from '../../src/connect/opcua/rate-groups.ts';
import { plainValue } from '../../src/connect/opcua/samples.ts';
import type { Granted, SubscriptionHandlers } from '../../src/connect/opcua/types.ts';
import { sleep, type Logger } from '../../src/kernel/index.ts';
import { temporaryFolder, until, Witness } from '../support/opcua.ts';

type Begun = Parameters<NonNullable<SubscriptionHandlers['onGranted']>>[1];

const row = (name: string, more = {}) => ({ tag: `Plant/${name}`, nodeId: `ns=1;s=${name}`, intervalMs: 0, ...more });

describe('OPC UA values beyond plain numbers', () => {
  const folder = temporaryFolder('values');
  const warnings: string[] = [];
  const logger: Logger = {
    ...{ debug: () => undefined, info: () => undefined, error: () => undefined },
    warn: (text) => void warnings.push(text),
  };
  let server: OpcuaServer;
  let connection: OpcuaConnection;
  let witness: Witness;
  let granted: { granted: Granted; begun: Begun }[];

  before(async () => {
    server = await startOpcuaServer({
      ...{ host: '127.0.0.1', port: 0, folder: join(folder.path, 'server') },
      structures: [
        {
          name: 'ToolData',
          fields: [
            { name: 'ToolNumber', dataType: 'UInt32' },
            { name: 'ToolName', dataType: 'String' },
            { name: 'Pulses', dataType: 'Int64' },
            { name: 'LifePercent', dataType: 'Double' },
            { name: 'Worn', dataType: 'Boolean' },
          ],
        },
      ],
      enumerations: [{ name: 'OperatingMode', texts: ['Off', 'Manual', 'Automatic'] }],
      objects: [
        {
          path: ['Plant'],
          variables: [
            {
              ...{ nodeId: 'ns=1;s=Tool', browseName: 'Tool', dataType: { structure: 'ToolData' } },
              initial: { ToolNumber: 7, ToolName: 'T7', Pulses: '-5', LifePercent: 12.5, Worn: true },
            },
            { nodeId: 'ns=1;s=Mode', browseName: 'Mode', dataType: { enumeration: 'OperatingMode' }, initial: 1 },
            { nodeId: 'ns=1;s=Warm', browseName: 'Warm', dataType: 'Double', unit: '°C', initial: 20 },
            {
              nodeId: 'ns=1;s=Zones',
              browseName: 'Zones',
              dataType: 'Double',
              array: true,
              unit: 'K',
              initial: [1, 2],
            },
            {
              ...{ nodeId: 'ns=1;s=Ranged', browseName: 'Ranged', dataType: 'Double', initial: 0 },
              ...{ unit: '%', range: { low: 0, high: 200 } },
            },
            { nodeId: 'ns=1;s=Bare', browseName: 'Bare', dataType: 'Double', initial: 0 },
          ],
        },
      ],
    });
  });
  beforeEach(() => {
    witness = new Witness();
    granted = [];
    warnings.length = 0;
    connection = openOpcuaConnection({
      ...{ endpointUrl: server.endpointUrl, security: 'none', login: 'anonymous' },
      ...{ folder: join(folder.path, 'client'), onState: witness.onState, logger },
    });
  });
  afterEach(() => connection.close());
  after(async () => {
    await server.close();
    folder.remove();
  });

  function subscribe(tags: ReturnType<typeof row>[], more = {}): void {
    const { onSamples, onGap, onTagError } = witness;
    connection.subscribe(
      { tags, publishingMs: 100, holdSeconds: 5, ...more },
      { onSamples, onGap, onTagError, onGranted: (one, begun) => void granted.push({ granted: one, begun }) },
    );
  }
  const last = (name: string) => witness.samples.findLast(({ tag }) => tag === `Plant/${name}`);
  const set = (name: string, value: number | Record<string, number | string | boolean>) => {
    server.setValues([{ nodeId: `ns=1;s=${name}`, value, sourceMs: Date.now() }]);
  };

  it('gives structures their field names, enumerations their text and numbers the unit, from the first value on', async () => {
    subscribe([row('Tool'), row('Mode'), row('Warm'), row('Zones'), row('Ranged', { unit: 'percent' }), row('Bare')]);
    await until('first values', () => witness.samples.length === 6);
    const facts = witness.samples.map(({ tag, value, dataType, text, unit }) => [tag, value, dataType, text, unit]);
    const tool = { ToolNumber: 7, ToolName: 'T7', Pulses: '-5', LifePercent: 12.5, Worn: true };
    assert.deepEqual(facts, [
      ['Plant/Tool', tool, 'ToolData', undefined, undefined],
      ['Plant/Mode', 1, 'Int32', 'Manual', undefined],
      ['Plant/Warm', 20, 'Double', undefined, '°C'],
      ['Plant/Zones', [1, 2], 'Double', undefined, 'K'],
      ['Plant/Ranged', 0, 'Double', undefined, 'percent'],
      ['Plant/Bare', 0, 'Double', undefined, undefined],
    ]);
    set('Mode', 2);
    set('Mode', 9);
    set('Tool', { ...tool, ToolNumber: 8 });
    await until('changes', () => witness.samples.length === 9);
    assert.deepEqual(
      witness.samples.filter(({ tag }) => tag === 'Plant/Mode').map(({ value, text }) => [value, text]),
      [
        [1, 'Manual'],
        [2, 'Automatic'],
        [9, undefined],
      ],
    );
    assert.deepEqual(last('Tool')?.value, { ...tool, ToolNumber: 8 });
  });

  it('reports changes beyond the deadband only; a server that refuses one reports every change and that is said once', async () => {
    for (const name of ['Warm', 'Ranged', 'Bare']) set(name, 0);
    subscribe([
      row('Warm', { deadband: 1 }),
      row('Ranged', { deadbandPercent: 10 }),
      row('Bare', { deadbandPercent: 10 }),
    ]);
    await until('first values', () => witness.samples.length === 3);
    for (const value of [0.5, 0.9, 1.5, 2, 2.4, 30]) {
      for (const name of ['Warm', 'Ranged', 'Bare']) set(name, value);
      await sleep(30);
    }
    await until(
      'last values',
      () => last('Warm')?.value === 30 && last('Ranged')?.value === 30 && last('Bare')?.value === 30,
    );
    assert.deepEqual(witness.values('Plant/Warm'), [0, 1.5, 30]);
    assert.deepEqual(witness.values('Plant/Ranged'), [0, 30]);
    assert.deepEqual(witness.values('Plant/Bare'), [0, 0.5, 0.9, 1.5, 2, 2.4, 30]);
    assert.equal(granted[0]?.granted.withoutDeadband, 1);
    assert.equal(warnings.filter((text) => text.includes('deadband')).length, 1);
    assert.equal(witness.refused.size, 0);
  });

  it('publishes slow tags in subscriptions of their own and says what the server granted to each', async () => {
    subscribe([row('Warm'), row('Ranged', { intervalMs: 3_000 }), row('Bare'), row('Mode', { intervalMs: 15_000 })]);
    await until('all groups', () => granted.length === 3 && witness.samples.length === 4);
    const byRate = granted.toSorted((a, b) => a.begun.publishingMs - b.begun.publishingMs);
    assert.deepEqual(
      byRate.map(({ granted: one, begun }) => [one.askedMs, one.tags, one.refused, begun.accepted]),
      [
        [100, 2, 0, ['Plant/Warm', 'Plant/Bare']],
        [2_000, 1, 0, ['Plant/Ranged']],
        [10_000, 1, 0, ['Plant/Mode']],
      ],
    );
    for (const { granted: one } of byRate) {
      assert.ok(one.publishingMs >= one.askedMs * 0.9, JSON.stringify(one));
      assert.ok(one.lifetimeSeconds >= 600 && one.holdSeconds === 5, JSON.stringify(one));
    }
  });

  it('warns where the revised queues hold less than was asked for, and names the tags', async () => {
    subscribe([row('Warm'), row('Ranged', { intervalMs: 1_000 })], { holdSeconds: 3_600 });
    await until('granted', () => granted.length === 1);
    const one = granted[0]!.granted;
    assert.equal(one.askedHoldSeconds, 3_600);
    assert.ok(one.holdSeconds < 3_600, JSON.stringify(one));
    assert.ok(
      one.reduced.some(({ tag }) => tag === 'Plant/Warm'),
      JSON.stringify(one),
    );
    assert.equal(warnings.filter((text) => text.includes('holds values')).length, 1);
  });
});

describe('parts of OPC UA values', () => {
  it('group tags by how often they need publishing, never slower than they are sampled', () => {
    const rates = [undefined, 0, 100, 500, 1_999, 2_000, 9_999, 10_000, 59_999, 60_000, 86_400_000];
    const tags = rates.map((intervalMs, index) => ({
      ...{ tag: `t${index}`, nodeId: `i=${index}` },
      ...(intervalMs === undefined ? {} : { intervalMs }),
    }));
    assert.deepEqual(
      tags.map((one) => publishingMsOf(one, 500)),
      [500, 500, 500, 500, 500, 2_000, 2_000, 10_000, 10_000, 60_000, 60_000],
    );
    assert.equal(publishingMsOf(tags[5]!, 5_000), 5_000);
    const groups = rateGroups({ tags, publishingMs: 500, holdSeconds: 60 });
    assert.deepEqual(
      groups.map(({ publishingMs, holdSeconds, tags: of }) => [publishingMs, holdSeconds, of.length]),
      [
        [500, 60, 5],
        [2_000, 60, 2],
        [10_000, 60, 2],
        [60_000, 60, 2],
      ],
    );
    assert.deepEqual(
      groups.flatMap((group) => group.tags),
      tags,
    );
  });

  it('keep the shape of matrices, and null for what is no number', () => {
    const matrix = (values: number[], dimensions: number[]) =>
      plainValue(
        new Variant({ dataType: DataType.Double, arrayType: VariantArrayType.Matrix, value: values, dimensions }),
      );
    assert.deepEqual(matrix([1, 2, 3, 4, 5, 6], [2, 3]), [
      [1, 2, 3],
      [4, 5, 6],
    ]);
    assert.deepEqual(matrix([1, 2, 3, 4, 5, 6, 7, NaN], [2, 2, 2]), [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, null],
      ],
    ]);
  });
});
