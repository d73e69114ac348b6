import { AccessLevelFlag, DataType, StatusCodes, Variant, VariantArrayType, type UAVariable } from 'node-opcua';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  openAllowList,
  openOpcuaConnection,
  runRequest,
  type AllowList,
  type OpcuaConnection,
} from '../../src/connect/index.ts';
import type { AllowListRow, OpcuaItem } from '../../src/contracts/index.ts';
import { Log } from '../support/action-log.ts';
import { startRequestServer, type RequestServer } from '../support/opcua-requests.ts';
import { temporaryFolder, until } from '../support/opcua.ts';

type Loose = Record<string, unknown> & { status: string };
describe('OPC UA requests that write', () => {
  const folder = temporaryFolder('request-write');
  let server: RequestServer;
  let connection: OpcuaConnection;
  let log: Log;
  const id = (name: string) => `ns=1;s=${name}`;
  const row = (name: string, more: Partial<AllowListRow> = {}): AllowListRow => ({
    kind: 'write',
    nodeId: id(name),
    perMinute: 1_000,
    ...more,
  });
  const run = async (
    items: OpcuaItem<'write'>[],
    rows: readonly AllowListRow[] | AllowList,
    { withLog = true, signal }: { withLog?: boolean; signal?: AbortSignal } = {},
  ) =>
    (await runRequest(
      connection,
      { operation: 'write', items },
      {
        endpointUrl: connection.endpointUrl,
        allowList: 'mayWrite' in rows ? rows : openAllowList(rows),
        acknowledge: false,
        actor: { id: 'node-1', correlationId: 'chain-1' },
        limitMs: 30_000,
        log: withLog ? log : undefined,
        signal,
      },
    )) as unknown as Loose[];
  const statusOf = async (name: string, value: unknown, more: Partial<AllowListRow> = {}) =>
    (await run([{ nodeId: id(name), value }], [row(name, more)]))[0]?.status;
  const written = (name: string): unknown =>
    (server.server.engine.addressSpace!.findNode(id(name)) as UAVariable).readValue().value.value as unknown;

  before(async () => {
    server = await startRequestServer(folder.path);
    const { namespace, plant } = server;
    const add = (browseName: string, dataType: string, value: unknown, more: object = {}) =>
      namespace.addVariable({
        componentOf: plant,
        browseName,
        nodeId: id(browseName),
        dataType,
        value: { dataType: dataType as never, arrayType: VariantArrayType.Scalar, value },
        ...more,
      });
    add('Speed', 'Double', 100);
    add('Count', 'Int64', [0, 0]);
    add('Small', 'Byte', 1);
    add('Text', 'String', 'a');
    add('On', 'Boolean', false);
    add('At', 'DateTime', new Date(0));
    add('Timeout', 'Duration', 5, { value: { dataType: DataType.Double, value: 5 } });
    add('Any', 'Number', 0, { value: { dataType: DataType.Int16, value: 7 } });
    add('List', 'Int32', [1, 2, 3], {
      valueRank: 1,
      value: { dataType: DataType.Int32, arrayType: VariantArrayType.Array, value: [1, 2, 3] },
    });
    add('Grid', 'Float', [], {
      valueRank: 2,
      arrayDimensions: [2, 2],
      value: { dataType: DataType.Float, arrayType: VariantArrayType.Matrix, dimensions: [2, 2], value: [1, 2, 3, 4] },
    });
    const mode = namespace.addEnumerationType({
      browseName: 'Mode',
      enumeration: [
        { displayName: 'Off', value: 0 },
        { displayName: 'Running', value: 5 },
      ],
    });
    const texts = namespace.addEnumerationType({ browseName: 'Colour', enumeration: ['Red', 'Green'] });
    add('Mode', 'Int32', 0, { dataType: mode.nodeId });
    add('Colour', 'Int32', 0, { dataType: texts.nodeId });
    add('Sealed', 'Double', 1, { accessLevel: 'CurrentRead', userAccessLevel: 'CurrentRead' });
    add('Others', 'Double', 1, { userAccessLevel: 'CurrentRead' });
    add('Blind', 'Double', 1, {
      accessLevel: AccessLevelFlag.CurrentWrite,
      userAccessLevel: AccessLevelFlag.CurrentWrite,
    });
    add('Refusing', 'Double', 1, {
      value: {
        get: () => new Variant({ dataType: DataType.Double, value: 1 }),
        set: () => StatusCodes.BadOutOfRange,
      },
    });
    add('Liar', 'Double', 1, {
      value: { get: () => new Variant({ dataType: DataType.Double, value: 1 }), set: () => StatusCodes.Good },
    });
    let slow = 1;
    add('Slow', 'Double', 1, {
      value: {
        get: () => new Variant({ dataType: DataType.Double, value: slow }),
        set: ({ value }: { value: number }) => {
          setTimeout(() => {
            slow = value;
          }, 120);
          return StatusCodes.Good;
        },
      },
    });
    add('Range', 'Range', null, {
      value: {
        dataType: DataType.ExtensionObject,
        value: server.server.engine.addressSpace!.constructExtensionObject(
          server.server.engine.addressSpace!.findDataType('Range')!,
          { low: 0, high: 1 },
        ),
      },
    });
    const axis = server.server.engine.addressSpace!.findDataType('AxisInformation')!;
    add('Axis', 'AxisInformation', null, {
      value: {
        dataType: DataType.ExtensionObject,
        value: server.server.engine.addressSpace!.constructExtensionObject(axis, {}),
      },
    });
    const safety = server.server.engine.addressSpace!.registerNamespace('http://opcfoundation.org/UA/Safety');
    safety.addVariable({
      componentOf: plant,
      browseName: 'SafeA',
      nodeId: `ns=${safety.index};s=SafeA`,
      dataType: 'Double',
    });
    add('SafeB', 'Double', 1, { browseName: { namespaceIndex: safety.index, name: 'SafeB' } });
    connection = openOpcuaConnection({
      endpointUrl: server.endpointUrl,
      security: 'none',
      login: 'anonymous',
      folder: join(folder.path, 'client'),
    });
    await until('online', () => connection.state.state === 'online');
  });
  beforeEach(() => {
    log = new Log();
  });
  after(async () => {
    await connection.close();
    await server.close();
    folder.remove();
  });

  it('takes no limits of a message that are no numbers', async () => {
    const bounded = { low: 0, high: 10 };
    for (const [name, value] of [
      ['On', true],
      ['Speed', 5],
      ['Speed', 500],
    ] as const)
      for (const limits of [{ low: NaN }, { high: NaN }, { low: NaN, high: NaN }]) {
        const [found] = await run([{ nodeId: id(name), value, ...limits }], [row(name, bounded)]);
        assert.equal(found?.status, 'BadOutOfRange', `${name} ${JSON.stringify(limits)}`);
      }
    assert.equal(written('On'), false);
  });

  it('write in the type of the server, read back, and note intent and outcome', async () => {
    const [result] = await run([{ nodeId: id('Speed'), value: 42 }], [row('Speed', { low: 0, high: 100 })]);
    assert.deepEqual(result, { nodeId: id('Speed'), dataType: 'Double', status: 'Good', readBack: 42 });
    assert.equal(written('Speed'), 42);
    assert.deepEqual(
      log.notes.map(({ action, subject, data }) => [action, subject, data.stage, data.value ?? data.readBack]),
      [
        ['opcua.write', `nsu=${server.namespaceUri};s=Speed`, 'intent', 42],
        ['opcua.write', `nsu=${server.namespaceUri};s=Speed`, 'outcome', 42],
      ],
    );
    assert.equal(log.notes[1]?.data.status, 'Good');
    assert.equal(log.notes[0]?.data.endpoint, server.endpointUrl);
  });
  it('every kind of value goes there and back', async () => {
    const values: [string, unknown, unknown?][] = [
      ['Count', '-9223372036854775808'],
      ['Small', 255],
      ['Text', 'Grün 漢字'],
      ['On', true],
      ['At', '2026-11-24T08:00:00.123Z'],
      ['Timeout', 250.5],
      ['Any', 12],
      ['List', [5, -6]],
      ['Grid', [[1, 2], [3, 4.5]]], // prettier-ignore
      ['Mode', 'Running', 5],
      ['Mode', 0],
      ['Colour', 'Green', 1],
      ['Range', { low: -5, high: 5 }, { Low: -5, High: 5 }],
    ];
    for (const [name, value, back = value] of values) {
      const [result] = await run([{ nodeId: id(name), value }], [row(name)]);
      assert.equal(result?.status, 'Good', `${name}: ${JSON.stringify(result)}`);
      assert.deepEqual(result.readBack, back, name);
    }
    assert.deepEqual(written('Any'), 12);
  });
  it('a structure of the server is written from its fields, nested ones too, by the names of either side', async () => {
    const engineeringUnits = { namespaceUri: 'urn:unit', unitId: 5, displayName: 'mm', description: 'millimetre' };
    const fields = {
      engineeringUnits,
      euRange: { low: 1, high: 2 },
      title: 'Way',
      axisScaleType: 1,
      axisSteps: [0.5, 1],
    };
    const [result] = await run([{ nodeId: id('Axis'), value: fields }], [row('Axis')]);
    assert.equal(result?.status, 'Good', JSON.stringify(result));
    const held = JSON.parse(JSON.stringify(written('Axis'))) as Record<string, unknown>;
    assert.deepEqual(held.euRange, { low: 1, high: 2 });
    assert.deepEqual([held.title, held.axisScaleType], [{ text: 'Way' }, 'Log']);
    assert.equal((held.engineeringUnits as { unitId: number }).unitId, 5);
    const { title, ...rest } = fields;
    assert.equal(await statusOf('Axis', { Title: title, ...rest }), 'Good');
    for (const wrong of [
      rest,
      { ...fields, more: 1 },
      { ...fields, axisSteps: 3 },
      { ...fields, euRange: { low: 1 } },
      'Way',
    ])
      assert.equal(await statusOf('Axis', wrong), 'BadTypeMismatch', JSON.stringify(wrong));
    assert.equal(await statusOf('Axis', { ...fields, axisScaleType: 7 }), 'BadOutOfRange');
    assert.equal(await statusOf('Axis', fields, { high: 3 }), 'BadOutOfRange');
  });
  it('refuse what does not fit the type of the server', async () => {
    assert.deepEqual(
      [
        await statusOf('Small', 256),
        await statusOf('Small', '5'),
        await statusOf('Text', 5),
        await statusOf('List', 5),
        await statusOf('Speed', [5]),
        await statusOf('Any', 1.5),
        await statusOf('Mode', 'Nowhere'),
        await statusOf('Mode', 1),
        await statusOf('Range', { low: 1 }),
        await statusOf('Range', { low: 1, high: 2, middle: 3 }),
        await statusOf('Range', { low: 'a', high: 2 }),
      ],
      [
        'BadOutOfRange',
        ...new Array<string>(6).fill('BadTypeMismatch'),
        'BadOutOfRange',
        ...new Array<string>(3).fill('BadTypeMismatch'),
      ],
    );
    assert.ok(log.stages.every((stage) => stage === 'refused'));
  });
  it('refuse what is outside the range of the row, in arrays and structures too; a message can narrow, not widen', async () => {
    assert.equal(await statusOf('Speed', 101, { low: 0, high: 100 }), 'BadOutOfRange');
    assert.equal(await statusOf('Count', '9007199254740993', { high: Number.MAX_SAFE_INTEGER }), 'BadOutOfRange');
    assert.equal(await statusOf('List', [1, 11], { high: 10 }), 'BadOutOfRange');
    assert.equal(await statusOf('Range', { low: 1, high: 11 }, { high: 10 }), 'BadOutOfRange');
    assert.equal(await statusOf('Text', '5', { high: 10 }), 'BadOutOfRange');
    const rows = [row('Speed', { low: 0, high: 100 })];
    const [narrowed, widened, within] = await run(
      [
        { nodeId: id('Speed'), value: 60, high: 50 },
        { nodeId: id('Speed'), value: 101, high: 500, low: -500 },
        { nodeId: id('Speed'), value: 50, high: 50 },
      ],
      rows,
    );
    assert.deepEqual([narrowed?.status, widened?.status, within?.status], ['BadOutOfRange', 'BadOutOfRange', 'Good']);
  });
  it('refuse nodes that are not in the list, are never to be touched, safe, unknown, sealed or no variable', async () => {
    const items = ['Text', 'Speed', 'SafeB', 'Nowhere', 'Sealed', 'Others', 'Plant'].map((name) => ({
      nodeId: id(name),
      value: 1,
    }));
    const safe = server.server.engine.addressSpace!.getNamespaceIndex('http://opcfoundation.org/UA/Safety');
    items.push({ nodeId: `ns=${safe};s=SafeA`, value: 1 }, { nodeId: 'nonsense', value: 1 });
    const rows = [...['Speed', 'SafeB', 'Nowhere', 'Sealed', 'Others', 'Plant'].map((name) => row(name))];
    rows.push({ kind: 'write', nodeId: `ns=${safe};s=SafeA` }, { kind: 'never', nodeId: 'ns=1;s=Spe*' });
    const before = written('Speed');
    const results = await run(items, rows);
    assert.deepEqual(
      results.map(({ status }) => status),
      [
        'BadNotAllowed',
        'BadNeverWritable',
        'BadNeverWritable',
        'BadNodeIdUnknown',
        'BadNotWritable',
        'BadUserAccessDenied',
        'BadNotWritable',
        'BadNeverWritable',
        'BadNodeIdInvalid',
      ],
    );
    assert.equal(written('Speed'), before);
    assert.deepEqual(log.stages, new Array<string>(9).fill('refused'));
  });
  it('tell when the value that is read back is another one, comes late, or cannot be read', async () => {
    const [liar] = await run([{ nodeId: id('Liar'), value: 2 }], [row('Liar')]);
    assert.deepEqual([liar?.status, liar?.readBack], ['BadReadBackDiffers', 1]);
    assert.equal(log.notes.at(-1)?.data.status, 'BadReadBackDiffers');
    assert.equal(await statusOf('Slow', 3), 'Good');
    assert.equal(await statusOf('Blind', 3), 'UncertainNotReadBack');
    assert.equal(await statusOf('Refusing', 3), 'BadOutOfRange');
    assert.deepEqual(log.stages.slice(-2), ['intent', 'outcome']);
  });
  it('refuse more than the rate of the row, for all who share the list', async () => {
    const list = openAllowList([row('Speed', { perMinute: 2 })]);
    const item = { nodeId: id('Speed'), value: 1 };
    const first = await run([item], list);
    const second = await run([item, item], list);
    assert.deepEqual(
      [...first, ...second].map(({ status }) => status),
      ['Good', 'Good', 'BadRateLimited'],
    );
    assert.deepEqual(log.stages, ['intent', 'outcome', 'intent', 'outcome', 'refused']);
  });
  it('write nothing without an audit log, when it cannot be written, or while writes are inhibited', async () => {
    const item = { nodeId: id('Speed'), value: 77 };
    const [noLog] = await run([item], [row('Speed')], { withLog: false });
    log.failsAt = 'intent';
    const [failing] = await run([item], [row('Speed')]);
    log.failsAt = undefined;
    log.inhibited = true;
    const [inhibited] = await run([item], [row('Speed')]);
    assert.deepEqual(
      [noLog?.status, failing?.status, inhibited?.status],
      ['BadAuditUnavailable', 'BadAuditUnavailable', 'BadWriteInhibited'],
    );
    assert.notEqual(written('Speed'), 77);
    log.inhibited = false;
    log.failsAt = 'outcome';
    const [unaudited] = await run([item], [row('Speed')]);
    assert.deepEqual([unaudited?.status, unaudited?.unaudited], ['Good', true]);
  });
  it('a dry run says what would happen, and does not', async () => {
    const [good, bad] = await run(
      [
        { nodeId: id('Speed'), value: 55, dryRun: true },
        { nodeId: id('Speed'), value: 'fast', dryRun: true },
      ],
      [row('Speed')],
    );
    assert.deepEqual([good?.status, good?.dryRun, bad?.status], ['Good', true, 'BadTypeMismatch']);
    assert.notEqual(written('Speed'), 55);
    assert.deepEqual(log.notes, []);
  });
  it('a flood of refused attempts fills the audit log no faster than sixty entries a minute, and is counted', async () => {
    const list = openAllowList([]);
    const item = { nodeId: id('Speed'), value: 1 };
    await run(new Array<typeof item>(100).fill(item), list);
    assert.equal(log.notes.length, 60);
    assert.equal(list.refusals.omitted, 40);
  });
  it('keep values that no audit entry should hold as their digest, and take what JSON cannot carry', async () => {
    await run([{ nodeId: id('Text'), value: 'x'.repeat(5_000) }], [row('Text')]);
    assert.match(JSON.stringify(log.notes[0]?.data.value), /^{"sha256":"[0-9a-f]{64}"}$/);
    const circular: unknown[] = [];
    circular.push(circular);
    assert.equal(await statusOf('Text', circular), 'BadTypeMismatch');
    assert.equal(await statusOf('Count', 5n), 'Good');
  });
  it('an abort lets the items after it be, and tells so', async () => {
    const results = await run([{ nodeId: id('Speed'), value: 1 }], [row('Speed')], { signal: AbortSignal.abort() });
    assert.equal(results[0]?.status, 'BadRequestCancelledByClient');
  });
});
