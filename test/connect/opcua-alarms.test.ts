import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  openAlarmSource,
  openOpcuaConnection,
  startOpcuaServer,
  type OpcuaConnection,
  type OpcuaServer,
} from '../../src/connect/index.ts';
import { alarmStateOf } from '../../src/connect/opcua/alarm-state.ts';
import { contracts, type Alarm, type Gap } from '../../src/contracts/index.ts';
import { compileCheck, sleep, type MillwrightError } from '../../src/kernel/index.ts';
import { temporaryFolder, until } from '../support/opcua.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const checkAlarm = compileCheck(contracts['mw.alarm.v1']);
const checkGap = compileCheck(contracts['mw.gap.v1']);

describe('OPC UA alarms and conditions', () => {
  const folder = temporaryFolder('alarms');
  let server: OpcuaServer;
  let proxy: TcpProxy;
  let connection: OpcuaConnection;
  let alarms: Alarm[];
  let gaps: Gap[];
  let refusals: MillwrightError[];
  let sources: { close(): Promise<void> }[];
  let servers = 0;

  async function start(port = 0): Promise<OpcuaServer> {
    return startOpcuaServer({
      ...{ host: '127.0.0.1', port, folder: join(folder.path, `server${servers++}`) },
      objects: [
        {
          path: ['Plant'],
          variables: [
            {
              ...{ nodeId: 'ns=1;s=Heat', browseName: 'Heat', dataType: 'Double', initial: 0 },
              alarm: { kind: 'limit', name: 'HeatHigh', high: 50, highHigh: 80, severity: 500 },
            },
            {
              ...{ nodeId: 'ns=1;s=Fault', browseName: 'Fault', dataType: 'Boolean', initial: false },
              alarm: { kind: 'off-normal', name: 'Stopped', severity: 800 },
            },
          ],
        },
      ],
    });
  }
  beforeEach(async () => {
    server = await start();
    proxy = await openTcpProxy(server.port);
    connection = openOpcuaConnection({
      endpointUrl: `opc.tcp://127.0.0.1:${proxy.port}`,
      ...{ security: 'none', login: 'anonymous', folder: join(folder.path, 'client') },
    });
    [alarms, gaps, refusals, sources] = [[], [], [], []];
  });
  afterEach(async () => {
    await Promise.all(sources.map((source) => source.close()));
    await connection.close();
    await proxy.close();
    await server.close();
  });
  after(() => folder.remove());

  function open(more: { nodeId?: string; leastSeverity?: number } = {}) {
    const source = openAlarmSource(
      { connection, nodeId: 'i=2253', leastSeverity: 1, publishingMs: 50, holdSeconds: 10, ...more },
      {
        onAlarm: (alarm) => void alarms.push(alarm),
        onGap: (gap) => void gaps.push(gap),
        onRefused: (error) => void refusals.push(error),
      },
    );
    sources.push(source);
    return source;
  }
  const set = (name: string, value: number | boolean) => {
    server.setValues([{ nodeId: `ns=1;s=${name}`, value, sourceMs: Date.now() }]);
  };
  const states = (name: string) => alarms.filter((alarm) => alarm.name === name).map(({ state }) => state);
  const online = () => until('online', () => connection.state.state === 'online');

  it('sends what is active at the start, then each change, with all that acknowledging needs', async () => {
    set('Heat', 60);
    await online();
    open();
    await until('active alarm', () => alarms.length > 0);
    const [alarm] = alarms;
    assert.deepEqual(
      [alarm?.name, alarm?.state, alarm?.severity, alarm?.acked, alarm?.source],
      ['HeatHigh', 'unacknowledged', 500, false, 'Plant'],
    );
    assert.match(alarm!.conditionId, /^nsu=urn:Millwright:opcua;s=/);
    assert.equal(checkAlarm(alarm), undefined);
    set('Fault', true);
    await until('second alarm', () => states('Stopped').includes('unacknowledged'));
    assert.equal(checkAlarm(alarms.at(-1)), undefined);

    await connection.withLink(async ({ ua, session }) => {
      const { statusCode } = await session.call({
        objectId: alarm!.conditionId.replace(/^nsu=[^;]+/, 'ns=1'),
        methodId: 'i=9111',
        inputArguments: [
          { dataType: ua.DataType.ByteString, value: Buffer.from(alarm!.eventId!, 'base64') },
          { dataType: ua.DataType.LocalizedText, value: { text: 'seen' } },
        ],
      });
      assert.equal(statusCode.name, 'Good');
    });
    await until('acknowledged', () => states('HeatHigh').includes('acknowledged'));
    set('Heat', 0);
    await until('normal', () => states('HeatHigh').at(-1) === 'normal');
    assert.deepEqual(gaps, []);
  });

  it('loses no event in a cut shorter than the hold time', async () => {
    await online();
    open();
    await sleep(400);
    proxy.cut();
    for (const value of [60, 0, 60]) {
      set('Heat', value);
      await sleep(100);
    }
    proxy.mend();
    await until('all changes', () => states('HeatHigh').length >= 3);
    await sleep(300);
    const branchless = alarms.filter(({ name, branchId }) => name === 'HeatHigh' && branchId === undefined);
    assert.deepEqual(
      branchless.map(({ state }) => state !== 'normal').filter((active, at, all) => active !== all[at - 1]),
      [true, false, true],
    );
    assert.deepEqual(gaps, []);
  });

  it('says after a restart of the server what is over, and what is active now, and reports the time between', async () => {
    set('Heat', 60);
    await online();
    open();
    await until('active alarm', () => states('HeatHigh').length > 0);
    const { port } = server;
    await sleep(300);
    const down = Date.now();
    await server.close();
    server = await start(port);
    set('Fault', true);
    await until('vanished alarm is normal', () => states('HeatHigh').at(-1) === 'normal', 20_000);
    await until('new alarm', () => states('Stopped').at(-1) === 'unacknowledged');
    assert.deepEqual(
      gaps.map(({ tags, alarms: ofAlarms }) => [tags, ofAlarms]),
      [[[], true]],
    );
    assert.ok(Date.parse(gaps[0]!.from) <= down && down <= Date.parse(gaps[0]!.to), JSON.stringify({ gaps, down }));
    assert.equal(checkGap(gaps[0]), undefined);
  });

  it('leaves out what is less severe, and reports an unknown node once', async () => {
    set('Heat', 60);
    set('Fault', true);
    await online();
    open({ leastSeverity: 700 });
    open({ nodeId: 'ns=1;s=Nowhere' });
    await until('alarm and refusal', () => alarms.length > 0 && refusals.length > 0);
    await sleep(200);
    assert.deepEqual(new Set(alarms.map(({ name }) => name)), new Set(['Stopped']));
    assert.equal(refusals.length, 1);
    assert.equal(refusals[0]?.code, 'MW_OPCUA_ALARMS_REFUSED');
  });

  it('map every combination of states to one word of ISA-18.2', () => {
    const maybe = fc.option(fc.boolean(), { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({
          retain: fc.boolean(),
          active: maybe,
          acked: maybe,
          suppressed: maybe,
          outOfService: maybe,
          shelved: maybe,
        }),
        (facts) => {
          const state = alarmStateOf(facts);
          if (!facts.retain) assert.equal(state, 'normal');
          if (state === 'unacknowledged' || state === 'returned-unacknowledged') assert.equal(facts.acked, false);
          if (state === 'returned-unacknowledged') assert.equal(facts.active, false);
          if (facts.retain && (facts.shelved || facts.suppressed || facts.outOfService))
            assert.ok(['shelved', 'suppressed', 'out-of-service'].includes(state));
        },
      ),
    );
    assert.equal(alarmStateOf({ retain: true, active: true, acked: true }), 'acknowledged');
    assert.equal(alarmStateOf({ retain: true }), 'acknowledged');
    assert.equal(alarmStateOf({ retain: true, active: false, acked: true }), 'normal');
  });
});
