import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  AggregateFunction,
  AttributeIds,
  ClientMonitoredItem,
  ClientSubscription,
  coerceNodeId,
  constructEventFilter,
  DataType,
  DataTypeExtractStrategy,
  getExtraDataTypeManager,
  OPCUACertificateManager,
  OPCUAClient,
  TimestampsToReturn,
  Variant,
  VariantArrayType,
  type ClientSession,
  type HistoryData,
  type StatusCode,
} from 'node-opcua';
import { startOpcuaServer, type OpcuaServer, type ServedRequest, type ServedValue } from '../../src/connect/index.ts';
import { servedPlant } from '../../src/demo/served-plant.ts';
import { temporaryFolder, until } from '../support/opcua.ts';

const second = 1_000;
const machine = 'ns=1;s=Northfield/Line 1/CNC-12';
const jobs = 'ns=1;s=Machines/CNC-12/MachineryBuildingBlocks/JobManagement';

describe("the demo plant's server, read by the bare client library", () => {
  const folder = temporaryFolder('served');
  const requests: ServedRequest[] = [];
  let server: OpcuaServer;
  let client: OPCUAClient;
  let session: ClientSession;
  let now = Date.UTC(2026, 10, 24, 8);

  const set = (signal: string, value: ServedValue) => {
    now += second;
    server.setValues([{ nodeId: `${machine}/${signal}`, value, sourceMs: now }]);
  };
  const read = async (nodeId: string) => (await session.read({ nodeId, attributeId: AttributeIds.Value })).value;
  const property = async (nodeId: string, name: string) => {
    const { references } = await session.browse({ nodeId, referenceTypeId: 'HasProperty', resultMask: 63 });
    const found = references!.find(({ browseName }) => browseName.name === name);
    return (await read(found!.nodeId.toString())).value as Record<string, unknown>;
  };

  before(async () => {
    server = await startOpcuaServer(
      { host: '127.0.0.1', port: 0, folder: join(folder.path, 'server'), ...servedPlant() },
      (request) => requests.push(request),
    );
    client = OPCUAClient.create({
      endpointMustExist: false,
      clientCertificateManager: new OPCUACertificateManager({
        rootFolder: join(folder.path, 'client'),
        disableFileWatchers: true,
      }),
    });
    await client.connect(server.endpointUrl);
    session = await client.createSession();
    await getExtraDataTypeManager(session, DataTypeExtractStrategy.Lazy);
  });
  after(async () => {
    await session.close();
    await client.disconnect();
    await server.close();
    folder.remove();
  });
  beforeEach(() => {
    requests.length = 0;
  });

  it('has a structure, an enumeration with texts, an array and an Int64 beyond 2⁵³', async () => {
    set('ToolData', { ToolNumber: 7, ToolName: 'T7', LifePercent: 12.5, Worn: false });
    set('EncoderPulses', '9007199254780993');
    set('ZoneTemperatures', [50, 48.5, 47]);
    set('OperatingMode', 2);
    const tool = (await read(`${machine}/ToolData`)).value as Record<string, unknown>;
    assert.deepEqual({ ...tool }, { toolNumber: 7, toolName: 'T7', lifePercent: 12.5, worn: false });
    const [high, low] = (await read(`${machine}/EncoderPulses`)).value as [number, number];
    assert.equal((BigInt(high) << 32n) | BigInt(low), 9_007_199_254_780_993n);
    assert.deepEqual([...((await read(`${machine}/ZoneTemperatures`)).value as Float64Array)], [50, 48.5, 47]);
    assert.equal((await read(`${machine}/OperatingMode`)).value, 2);
    const type = await session.read({ nodeId: `${machine}/OperatingMode`, attributeId: AttributeIds.DataType });
    const texts = (await property(String(type.value.value), 'EnumStrings')) as unknown as { text: string }[];
    assert.equal(texts[2]?.text, 'Setup');
  });

  it('states unit and range of a measured quantity', async () => {
    const range = await property(`${machine}/Temperature`, 'EURange');
    assert.deepEqual([range['low'], range['high']], [0, 90]);
    const unit = (await property(`${machine}/Temperature`, 'EngineeringUnits')) as { displayName?: { text: string } };
    assert.equal(unit.displayName?.text, 'Cel');
  });

  it('takes a set-point within its range only, and nothing else; tells what was written and called', async () => {
    const write = async (signal: string, dataType: DataType, value: unknown) =>
      (
        await session.write({
          nodeId: `${machine}/${signal}`,
          attributeId: AttributeIds.Value,
          value: { value: new Variant({ dataType, value }) },
        })
      ).name;
    assert.equal(await write('SpeedOverride', DataType.Double, 80), 'Good');
    assert.equal(await write('SpeedOverride', DataType.Double, 121), 'BadOutOfRange');
    assert.equal(await write('State', DataType.String, 'Idle'), 'BadNotWritable');
    assert.equal((await read(`${machine}/SpeedOverride`)).value, 80);
    set('SpeedOverride', 100);
    const called = await session.call({ objectId: machine, methodId: `${machine}/ResetCounter`, inputArguments: [] });
    assert.equal(called.statusCode.name, 'Good');
    assert.deepEqual(requests, [
      { kind: 'write', nodeId: `${machine}/SpeedOverride`, value: 80 },
      { kind: 'method', nodeId: `${machine}/ResetCounter` },
    ]);
  });

  it('keeps a bounded history of measured quantities and counters, raw and processed', async () => {
    const nodeId = `${machine}/Power`;
    const from = now;
    for (let value = 1; value <= 2_050; value++) set('Power', value);
    const raw = await session.readHistoryValue(nodeId, new Date(from), new Date(now + second));
    const values = (raw.historyData as HistoryData).dataValues!.map(({ value }) => value.value as number);
    assert.deepEqual(
      values,
      Array.from({ length: 2_000 }, (_, index) => index + 51),
    );
    const start = from + 1_001 * second;
    const averages = await session.readAggregateValue(
      { nodeId },
      new Date(start),
      new Date(start + 20 * second),
      AggregateFunction.Average,
      10 * second,
    );
    const means = (averages.historyData as HistoryData).dataValues!.map(({ value }) => value.value as number);
    assert.deepEqual(means, [1005.5, 1015.5]);
    set('Good', 5);
    const counted = await session.readHistoryValue(`${machine}/Good`, new Date(now), new Date(now + second));
    assert.equal((counted.historyData as HistoryData).dataValues!.at(-1)?.value.value, 5);
  });

  it('raises a limit alarm and a stop alarm, to be acknowledged and confirmed', async () => {
    const fields = ['EventId', 'ConditionName', 'SourceName', 'Severity', 'ActiveState.Id', 'AckedState.Id'];
    const filter = constructEventFilter([...fields, 'ConfirmedState.Id', 'Retain']);
    const subscription = ClientSubscription.create(session, {
      requestedPublishingInterval: 50,
      publishingEnabled: true,
    });
    const item = ClientMonitoredItem.create(
      subscription,
      { nodeId: 'i=2253', attributeId: AttributeIds.EventNotifier },
      { samplingInterval: 0, queueSize: 100, filter },
      TimestampsToReturn.Both,
    );
    const events: unknown[][] = [];
    await new Promise<void>((resolve, reject) => {
      item.once('initialized', () => resolve());
      item.once('err', (reason) => reject(new Error(String(reason))));
    });
    item.on('changed', (values) => {
      events.push((values as unknown as Variant[]).map(({ value }) => value as unknown));
    });
    const last = (name: string) => events.filter((event) => event[1] === name).at(-1);

    set('Vibration', 5);
    await until('vibration alarm', () => last('VibrationHigh') !== undefined);
    assert.deepEqual(last('VibrationHigh')!.slice(1, 6), ['VibrationHigh', 'CNC-12', 600, true, false]);
    const condition = coerceNodeId(`${machine}/VibrationHigh`);
    const eventId = last('VibrationHigh')![0] as Buffer;
    const good = (status: unknown) => {
      assert.equal((status as StatusCode).name, 'Good');
    };
    good(await session.acknowledgeCondition(condition, eventId, 'seen'));
    await until('acknowledgement', () => last('VibrationHigh')![5] === true);
    const acknowledged = last('VibrationHigh')![0] as Buffer;
    good(await session.confirmCondition(condition, acknowledged, 'checked'));
    await until('confirmation', () => last('VibrationHigh')![6] === true);
    set('Vibration', 1);
    await until('its end', () => last('VibrationHigh')![4] === false && last('VibrationHigh')![7] === false);

    set('Fault', true);
    await until('stop alarm', () => last('MachineStopped') !== undefined);
    assert.deepEqual(last('MachineStopped')!.slice(2, 6), ['CNC-12', 800, true, false]);
    set('Fault', false);
    await until('its end', () => last('MachineStopped')![4] === false);
    await subscription.terminate();
  });

  it('shows state, mode and counters by Machinery and PackML', async () => {
    const blocks = 'ns=1;s=Machines/CNC-12/MachineryBuildingBlocks';
    const packml = 'ns=1;s=PackMLObjects/CNC-12';
    const states = async () =>
      Promise.all(
        [
          `${blocks}/MachineryItemState-CurrentState`,
          `${blocks}/MachineryOperationMode-CurrentState`,
          `${packml}-BaseStateMachine-CurrentState`,
          `${packml}-BaseStateMachine-MachineState-CurrentState`,
          `${packml}-BaseStateMachine-MachineState-ExecuteState-CurrentState`,
        ].map(async (nodeId) => ((await read(nodeId)).value as { text?: string } | null)?.text ?? ''),
      );
    set('Reason', '');
    set('State', 'Execute');
    assert.deepEqual(await states(), ['Executing', 'Processing', 'Cleared', 'Running', 'Execute']);
    set('Reason', 'breakdown');
    set('State', 'Aborted');
    assert.deepEqual(await states(), ['OutOfService', 'Maintenance', 'Aborted', '', '']);
    set('Good', 10);
    set('Scrap', 2);
    set('Rework', 1);
    const count = async (name: string) =>
      ((await read(`${packml}-Admin-${name}`)).value as { count: number; ID: number }[])[0];
    assert.equal((await count('ProdProcessedCount'))?.count, 13);
    assert.equal((await count('ProdDefectiveCount'))?.count, 3);
  });

  it("lists the plant's job orders and carries out the methods of job control", async () => {
    const receiver = `${jobs}-JobOrderControl`;
    const list = async () =>
      (
        (await read(`${receiver}-JobOrderList`)).value as {
          jobOrder: { jobOrderID: string };
          state: { stateNumber: number; stateText: { text: string } }[];
        }[]
      ).map(({ jobOrder, state }) => [jobOrder.jobOrderID, state[0]?.stateText.text, state[0]?.stateNumber]);
    const none = { dataType: DataType.LocalizedText, arrayType: VariantArrayType.Array, value: [] };
    const call = async (name: string, argument: object) => {
      const { outputArguments } = await session.call({
        objectId: receiver,
        methodId: `${receiver}-${name}`,
        inputArguments: [argument, none],
      });
      const [high, low] = outputArguments!.at(-1)!.value as [number, number];
      return high * 2 ** 32 + low;
    };
    const isa95 = (await session.readNamespaceArray()).indexOf('http://opcfoundation.org/UA/ISA95-JOBCONTROL_V2/');
    const order = async (jobOrderID: string) => ({
      dataType: DataType.ExtensionObject,
      value: await session.constructExtensionObject(coerceNodeId(`ns=${isa95};i=3008`), { jobOrderID }),
    });
    const id = (value: string) => ({ dataType: DataType.String, value });

    server.setJobs('CNC-12', [{ jobOrderId: 'WO-26001/10', state: 'Running', start: now }], now);
    set('State', 'Aborted');
    assert.equal(await call('Store', await order('X-1')), 1);
    assert.equal(await call('Store', await order('X-1')), 16, 'it is there already');
    assert.equal(await call('StoreAndStart', await order('X-2')), 1);
    assert.equal(await call('Store', await order('')), 2 ** 32);
    assert.deepEqual(await list(), [
      ['WO-26001/10', 'Running', 3],
      ['X-1', 'NotAllowedToStart', 1],
      ['X-2', 'AllowedToStart', 2],
    ]);
    assert.equal(await call('Pause', id('X-2')), 8, 'it does not run');
    assert.equal(await call('Stop', id('nobody')), 2);
    assert.equal(await call('Stop', id('WO-26001/10')), 16, "the plan's own");
    set('State', 'Execute');
    assert.deepEqual((await list())[2], ['X-2', 'Running', 3]);
    assert.equal(await call('Pause', id('X-2')), 1);
    assert.deepEqual((await list())[2], ['X-2', 'Interrupted', 4]);
    assert.equal(await call('Resume', id('X-2')), 1);
    assert.equal(await call('Stop', id('X-2')), 1);
    assert.equal(await call('Start', id('X-1')), 1);
    assert.deepEqual((await list()).slice(1), [
      ['X-1', 'Running', 3],
      ['X-2', 'Ended', 5],
    ]);
    assert.equal(await call('Clear', id('X-2')), 1);
    assert.equal(await call('Cancel', id('X-1')), 8, 'it runs');
    assert.equal(await call('Abort', id('X-1')), 1);
    assert.deepEqual((await list()).slice(1), [['X-1', 'Aborted', 6]]);
    const told = requests.filter((request) => request.kind === 'job').map(({ command, state }) => [command, state]);
    assert.deepEqual(told.slice(0, 4), [
      ['Store', 'NotAllowedToStart'],
      ['StoreAndStart', 'AllowedToStart'],
      ['begin', 'Running'],
      ['Pause', 'Interrupted'],
    ]);
    const { outputArguments } = await session.call({
      objectId: `${jobs}-JobOrderResults`,
      methodId: `${jobs}-JobOrderResults-RequestJobResponseByJobOrderID`,
      inputArguments: [id('X-1')],
    });
    assert.equal((outputArguments![0]!.value as { jobOrderID: string }).jobOrderID, 'X-1');
  });
});
