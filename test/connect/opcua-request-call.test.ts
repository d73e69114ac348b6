import {
  DataType,
  EventNotifierFlags,
  StatusCodes,
  VariantArrayType,
  type UAExclusiveLimitAlarmEx,
  type UAVariable,
} from 'node-opcua';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openAllowList, openOpcuaConnection, runRequest, type OpcuaConnection } from '../../src/connect/index.ts';
import type { Alarm, AllowListRow, OpcuaItem, OpcuaRequest } from '../../src/contracts/index.ts';
import { Log } from '../support/action-log.ts';
import { startRequestServer, type RequestServer } from '../support/opcua-requests.ts';
import { temporaryFolder, until } from '../support/opcua.ts';

type Loose = Record<string, unknown> & { status: string };

describe('OPC UA requests that call', () => {
  const folder = temporaryFolder('request-call');
  let server: RequestServer;
  let connection: OpcuaConnection;
  let log: Log;
  let calls: unknown[][] = [];
  let alarm: UAExclusiveLimitAlarmEx;
  let input: UAVariable;

  /** The state's Id: the truth of a two-state variable. */
  const isSet = (state: 'ackedState' | 'confirmedState') => alarm[state]!.id.readValue().value.value;

  const run = async (request: OpcuaRequest, rows: AllowListRow[] = [], acknowledge = false, withLog = true) =>
    (await runRequest(connection, request, {
      endpointUrl: connection.endpointUrl,
      allowList: openAllowList(rows),
      acknowledge,
      actor: { id: 'node-1' },
      limitMs: 30_000,
      log: withLog ? log : undefined,
    })) as unknown as Loose[];
  const start = { objectId: 'ns=1;s=CNC-12', methodId: 'ns=1;s=Start' };
  const allowed: AllowListRow = {
    kind: 'call',
    objectId: start.objectId,
    nodeId: start.methodId,
    low: 0,
    high: 100,
    perMinute: 1000,
  };
  const call = async (item: Partial<OpcuaItem<'call'>>, rows = [allowed]) =>
    (await run({ operation: 'call', items: [{ ...start, ...item }] }, rows))[0]!;

  before(async () => {
    server = await startRequestServer(folder.path);
    const { namespace, plant } = server;
    const machine = namespace.addObject({ componentOf: plant, browseName: 'CNC-12', nodeId: start.objectId });
    const argument = (name: string, dataType: DataType, valueRank = -1) => ({
      name,
      dataType,
      valueRank,
      description: { text: name },
    });
    const method = namespace.addMethod(machine, {
      browseName: 'Start',
      nodeId: start.methodId,
      inputArguments: [
        argument('recipe', DataType.String),
        argument('speed', DataType.Double),
        argument('parts', DataType.UInt32, 1),
      ],
      outputArguments: [argument('job', DataType.Int64)],
    });
    method.bindMethod((inputs, _context, callback) => {
      calls.push(
        inputs.map(({ value }) => (ArrayBuffer.isView(value) ? [...(value as Uint32Array)] : (value as unknown))),
      );
      callback(null, {
        statusCode: StatusCodes.Good,
        outputArguments: [{ dataType: DataType.Int64, arrayType: VariantArrayType.Scalar, value: [1, 2] }],
      });
    });
    const other = namespace.addMethod(machine, { browseName: 'Stop', nodeId: 'ns=1;s=Stop' });
    other.bindMethod((_inputs, _context, callback) => {
      callback(null, { statusCode: StatusCodes.BadInvalidState });
    });
    namespace.addMethod(machine, { browseName: 'Locked', nodeId: 'ns=1;s=Locked', executable: false });
    input = namespace.addVariable({
      componentOf: machine,
      browseName: 'Temperature',
      nodeId: 'ns=1;s=Temperature',
      dataType: 'Double',
      value: { dataType: 'Double', value: 20 },
    });
    machine.setEventNotifier(EventNotifierFlags.SubscribeToEvents);
    const { server: serverObject } = server.server.engine.addressSpace!.rootFolder.objects;
    serverObject.addReference({ referenceType: 'HasEventSource', nodeId: machine });
    server.server.engine.addressSpace!.installAlarmsAndConditionsService();
    alarm = namespace.instantiateExclusiveLimitAlarm('ExclusiveLimitAlarmType', {
      browseName: 'TooHot',
      nodeId: 'ns=1;s=TooHot',
      componentOf: machine,
      conditionSource: machine,
      conditionName: 'TooHot',
      inputNode: input,
      lowLimit: 0,
      highLimit: 80,
      optionals: ['ConfirmedState', 'Confirm'],
    });
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
    calls = [];
  });
  after(async () => {
    await connection.close();
    await server.close();
    folder.remove();
  });

  it('call a method of the list with arguments in its types, and note intent and outcome', async () => {
    const result = await call({ arguments: ['Flange', 50, [1, 2]] });
    assert.deepEqual(result, { ...start, status: 'Good', outputs: ['4294967298'] });
    assert.deepEqual(calls, [['Flange', 50, [1, 2]]]);
    assert.deepEqual(log.stages, ['intent', 'outcome']);
    assert.deepEqual(log.notes[0]!.data.arguments, ['Flange', 50, [1, 2]]);
    assert.equal(log.notes[0]?.data.objectId, `nsu=${server.namespaceUri};s=CNC-12`);
  });
  it('call nothing that is not allowed or does not fit', async () => {
    const never: AllowListRow = { kind: 'never', nodeId: 'ns=1;s=CNC*' };
    const found = [
      await call({ arguments: ['a', 1, []] }, []),
      await call({ arguments: ['a', 1, []] }, [allowed, never]),
      await call({ arguments: ['a', 1] }),
      await call({ arguments: ['a', 1, [], 2] }),
      await call({ arguments: [1, 1, []] }),
      await call({ arguments: ['a', 101, []] }),
      await call({ arguments: ['a', 1, [500]] }),
      await call({ arguments: ['a', 60, []], high: 50 }),
      await call({ arguments: ['a', 101, []], high: 500 }),
      await call({ methodId: 'ns=1;s=Locked' }, [{ ...allowed, nodeId: 'ns=1;s=Locked' }]),
      await call({ methodId: 'ns=1;s=Nowhere' }, [{ ...allowed, nodeId: 'ns=1;s=Nowhere' }]),
      await call({ methodId: 'nonsense' }),
    ];
    assert.deepEqual(
      found.map(({ status }) => status),
      [
        'BadNotAllowed',
        'BadNeverWritable',
        'BadArgumentsMissing',
        'BadTooManyArguments',
        'BadTypeMismatch',
        'BadOutOfRange',
        'BadOutOfRange',
        'BadOutOfRange',
        'BadOutOfRange',
        'BadNotExecutable',
        'BadNodeIdUnknown',
        'BadNodeIdInvalid',
      ],
    );
    assert.deepEqual(calls, []);
    assert.ok(log.notes.length === found.length && log.stages.every((stage) => stage === 'refused'));
  });
  it('neither call without an audit log or while inhibited, nor hide what the method answers', async () => {
    const [noLog] = await run(
      { operation: 'call', items: [{ ...start, arguments: ['a', 1, []] }] },
      [allowed],
      false,
      false,
    );
    log.inhibited = true;
    const inhibited = await call({ arguments: ['a', 1, []] });
    log.inhibited = false;
    const refused = await call({ methodId: 'ns=1;s=Stop' }, [{ ...allowed, nodeId: 'ns=1;s=Stop' }]);
    assert.deepEqual(
      [noLog?.status, inhibited.status, refused.status],
      ['BadAuditUnavailable', 'BadWriteInhibited', 'BadInvalidState'],
    );
    assert.deepEqual(calls, []);
  });

  it('acknowledge and confirm a condition, by its event or the newest one', async () => {
    input.setValueFromSource({ dataType: 'Double', value: 90 });
    assert.equal(isSet('ackedState'), false);
    const conditionId = 'ns=1;s=TooHot';
    const [off] = await run({ operation: 'acknowledge', items: [{ conditionId }] });
    assert.equal(off?.status, 'BadNotAllowed');
    assert.equal(isSet('ackedState'), false);
    const wrong = { conditionId, eventId: Buffer.from('nonsense').toString('base64') };
    const [unknownEvent, nowhere, plain] = await run(
      { operation: 'acknowledge', items: [wrong, { conditionId: 'ns=1;s=Nowhere' }, { conditionId: 'ns=1;s=Plain' }] },
      [],
      true,
    );
    assert.deepEqual(
      [unknownEvent?.status, nowhere?.status, plain?.status],
      ['BadEventIdUnknown', 'BadEventIdUnknown', 'BadEventIdUnknown'],
    );
    const [acked] = await run(
      { operation: 'acknowledge', items: [{ conditionId, comment: 'Kühlung geprüft' }] },
      [],
      true,
    );
    assert.deepEqual(acked, { conditionId, status: 'Good' });
    assert.equal(isSet('ackedState'), true);
    assert.equal(alarm.comment.readValue().value.value.text, 'Kühlung geprüft');
    const eventId = alarm.eventId.readValue().value.value.toString('base64');
    assert.equal(isSet('confirmedState'), false);
    const [confirmed] = await run({ operation: 'confirm', items: [{ conditionId, eventId }] }, [], true);
    assert.equal(confirmed?.status, 'Good');
    assert.equal(isSet('confirmedState'), true);
    assert.deepEqual(
      log.notes.filter(({ data }) => data.status === 'Good').map(({ action, data }) => [action, data.stage]),
      [
        ['opcua.acknowledge', 'outcome'],
        ['opcua.confirm', 'outcome'],
      ],
    );
  });
  it('acknowledge without a store, but never past one that fails, nor what is never to be touched', async () => {
    input.setValueFromSource({ dataType: 'Double', value: 20 });
    input.setValueFromSource({ dataType: 'Double', value: 95 });
    assert.equal(isSet('ackedState'), false);
    const request: OpcuaRequest = { operation: 'acknowledge', items: [{ conditionId: 'ns=1;s=TooHot' }] };
    log.failsAt = 'intent';
    const [failing] = await run(request, [], true);
    const [never] = await run(request, [{ kind: 'never', nodeId: 'ns=1;s=TooHot' }], true);
    assert.deepEqual([failing?.status, never?.status], ['BadAuditUnavailable', 'BadNeverWritable']);
    assert.equal(isSet('ackedState'), false);
    const [without] = await run(request, [], true, false);
    assert.equal(without?.status, 'Good');
    assert.equal(isSet('ackedState'), true);
  });
  it('refresh gives the alarms that are not normal now, with the event to acknowledge, and leaves no subscription', async () => {
    const present = async () => (await run({ operation: 'refresh', items: [{}] }))[0]!;
    input.setValueFromSource({ dataType: 'Double', value: 20 });
    input.setValueFromSource({ dataType: 'Double', value: 99 });
    const active = await present();
    assert.deepEqual([active.status, active.complete], ['Good', true], JSON.stringify(active));
    const [found] = (active.alarms as Alarm[]).filter(({ branchId }) => branchId === undefined);
    assert.deepEqual([found?.conditionId, found?.state], [`nsu=${server.namespaceUri};s=TooHot`, 'unacknowledged']);
    const item = { conditionId: found!.conditionId, eventId: found!.eventId! };
    const [acked] = await run({ operation: 'acknowledge', items: [item] }, [], true);
    assert.equal(acked?.status, 'Good');
    const after = (await present()).alarms as Alarm[];
    assert.equal(after.find(({ branchId }) => branchId === undefined)?.state, 'acknowledged');
    const [unknown] = await run({ operation: 'refresh', items: [{ nodeId: 'ns=1;s=Nowhere' }] });
    assert.equal(unknown?.status, 'BadNodeIdUnknown');
    assert.equal(server.server.engine.currentSubscriptionCount, 0);
  });
});
