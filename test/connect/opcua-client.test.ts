import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  DataType,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  VariantArrayType,
  type UAVariable,
} from 'node-opcua';
import {
  openOpcuaConnection,
  type OpcuaConnection,
  type OpcuaConnectionOptions,
  type OpcuaServer,
} from '../../src/connect/index.ts';
import type { MillwrightError } from '../../src/kernel/index.ts';
import { counterNode, slowNode, startCounterServer, temporaryFolder, until, Witness } from '../support/opcua.ts';

describe('OPC UA client', () => {
  const folder = temporaryFolder('client');
  let server: OpcuaServer;
  let connection: OpcuaConnection | undefined;

  function connect(witness: Witness, more: Partial<OpcuaConnectionOptions> = {}): OpcuaConnection {
    connection = openOpcuaConnection({
      endpointUrl: server.endpointUrl,
      security: 'none',
      login: 'anonymous',
      folder: join(folder.path, 'client'),
      onState: witness.onState,
      ...more,
    });
    return connection;
  }
  before(async () => {
    server = await startCounterServer(join(folder.path, 'server'));
  });
  afterEach(async () => {
    await connection?.close();
  });
  after(async () => {
    await server.close();
    folder.remove();
  });

  it('delivers every change in order with source time, quality and unit; an unknown node stops nothing else', async () => {
    const witness = new Witness();
    connect(witness).subscribe(
      {
        publishingMs: 100,
        holdSeconds: 10,
        tags: [
          { tag: 'Plant/counter', nodeId: counterNode, intervalMs: 0 },
          { tag: 'Plant/unknown', nodeId: 'ns=1;s=Nowhere' },
          { tag: 'Plant/malformed', nodeId: 'ns=x' },
          { tag: 'Plant/foreign', nodeId: 'nsu=urn:nobody;s=Slow' },
          { tag: 'Plant/slow', nodeId: 'nsu=urn:Millwright:opcua;s=Slow', unit: '°C', intervalMs: 0 },
        ],
      },
      witness,
    );
    await until('first values', () => witness.samples.length >= 2);
    const start = Date.UTC(2026, 10, 24, 9);
    for (let number = 1; number <= 50; number++)
      server.setValues([{ nodeId: counterNode, value: number, sourceMs: start + number * 7 }]);
    server.setValues([{ nodeId: slowNode, value: 21.5, sourceMs: start, good: false }]);
    await until('all values', () => witness.samples.length >= 53);

    const counter = witness.samples.filter(({ tag }) => tag === 'Plant/counter').slice(1);
    assert.deepEqual(
      counter,
      Array.from({ length: 50 }, (_, at) => ({
        tag: 'Plant/counter',
        value: at + 1,
        dataType: 'UInt32',
        quality: 'good',
        sourceTime: new Date(start + (at + 1) * 7).toISOString(),
        serverTime: counter[at]!.serverTime,
      })),
    );
    const slow = witness.samples.findLast(({ tag }) => tag === 'Plant/slow');
    assert.equal(slow?.quality, 'bad');
    assert.equal(slow.statusCode, 'Bad');
    assert.equal(slow.unit, '°C');
    assert.deepEqual(
      [...witness.refused].map(([tag, error]) => [tag, error.code, error.params.status]),
      [
        ['Plant/unknown', 'MW_OPCUA_TAG_REFUSED', 'BadNodeIdUnknown'],
        ['Plant/malformed', 'MW_OPCUA_TAG_REFUSED', 'BadNodeIdInvalid'],
        ['Plant/foreign', 'MW_OPCUA_TAG_REFUSED', 'BadNodeIdUnknown'],
      ],
    );
    assert.deepEqual(
      witness.states.map(({ state }) => state),
      ['connecting', 'online'],
    );
    assert.deepEqual(witness.gaps, []);
  });

  it('browses and reads; says so while there is no session', async () => {
    const witness = new Witness();
    const own = connect(witness);
    await assert.rejects(own.browse(), { code: 'MW_OPCUA_NOT_CONNECTED' });
    await until('online', () => own.state.state === 'online');
    const plant = (await own.browse()).find(({ browseName }) => browseName === 'Plant');
    assert.equal(plant?.hasChildren, true);
    const children = await own.browse(plant.nodeId);
    assert.deepEqual(
      children.map(({ nodeId, nodeClass }) => [nodeId, nodeClass]),
      [
        [counterNode, 'Variable'],
        [slowNode, 'Variable'],
      ],
    );
    await assert.rejects(own.browse('ns=1;s=Nowhere'), { code: 'MW_OPCUA_NODE_UNKNOWN' });
    const [good, bad] = await own.read([slowNode, 'ns=1;s=Nowhere']);
    assert.equal(good?.status, 'Bad');
    assert.equal(good.value, 21.5);
    assert.equal(bad?.status, 'BadNodeIdUnknown');
  });

  it('refuses an unknown certificate by thumbprint, and is online once a person has moved it', async () => {
    const witness = new Witness();
    const own = join(folder.path, 'secure');
    connect(witness, { security: 'best', folder: own });
    await until('refusal', () => witness.errors.length > 0);
    const [error] = witness.errors;
    assert.equal(error?.code, 'MW_OPCUA_CERTIFICATE_UNTRUSTED');
    assert.match(String(error.params.thumbprint), /^[0-9A-F]{40}$/);
    assert.match(String(error.params.fingerprint), /^[0-9A-F]{64}$/);
    assert.equal(witness.states.at(-1)?.state, 'failed');
    const [file] = readdirSync(join(own, 'rejected'));
    assert.ok(file);
    assert.ok(file.toUpperCase().includes(String(error.params.thumbprint)), file);

    mkdirSync(join(own, 'trusted/certs'), { recursive: true });
    renameSync(join(own, 'rejected', file), join(own, 'trusted/certs', file));
    await until('online', () => witness.states.at(-1)?.state === 'online');
    const [mode] = await connection!.read(['i=2256']);
    assert.equal(mode?.status, 'Good');
  });

  it('logs in with a user over the secure channel; a wrong password is refused by code', async () => {
    const trusted = join(folder.path, 'secure');
    const witness = new Witness();
    const login = { security: 'best', login: 'user', folder: trusted } as const;
    connect(witness, { ...login, credentials: { user: 'reader', password: 'pass word' } });
    await until('online', () => witness.states.at(-1)?.state === 'online');
    await connection!.close();

    const second = new Witness();
    connect(second, { ...login, credentials: { user: 'reader', password: 'wrong' } });
    await until('refusal', () => second.errors.length > 0);
    assert.equal(second.errors[0]?.code, 'MW_OPCUA_LOGIN_REFUSED');
    assert.equal(second.states.at(-1)?.state, 'failed');
    assert.ok(!JSON.stringify(second).includes('wrong'));
  });

  it('warns before a password travels over a channel without security', async () => {
    for (const [security, login, expected] of [
      ['none', 'user', ['MW_OPCUA_LOGIN_UNPROTECTED']],
      ['none', 'anonymous', []],
    ] as const) {
      const witness = new Witness();
      const warnings: string[] = [];
      const onWarning = ({ code, message }: MillwrightError) => {
        warnings.push(code);
        assert.doesNotMatch(message, /pass word/);
      };
      connect(witness, { security, login, credentials: { user: 'reader', password: 'pass word' }, onWarning });
      await until('an end', () => ['online', 'failed'].includes(witness.states.at(-1)?.state ?? ''));
      assert.deepEqual(warnings, expected);
      await connection!.close();
    }
  });

  it('fails with a code where nobody listens or something else answers, and ends at once when closed', async () => {
    const stranger = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    for (const port of [1, (stranger.address() as AddressInfo).port]) {
      const witness = new Witness();
      connect(witness, { endpointUrl: `opc.tcp://127.0.0.1:${port}` });
      await until('failure', () => witness.errors.length > 0);
      assert.equal(witness.errors[0]?.code, 'MW_OPCUA_UNREACHABLE');
      assert.deepEqual(
        witness.states.map(({ state }) => state),
        ['connecting', 'failed'],
      );
      await connection!.close();
      assert.equal(witness.states.at(-1)?.state, 'idle');
    }
    stranger.close();
  });
});

describe('OPC UA client and a plain server of the library', () => {
  const folder = temporaryFolder('plain');
  let server: OPCUAServer;
  let endpointUrl: string;

  before(async () => {
    server = new OPCUAServer({
      host: '127.0.0.1',
      hostname: '127.0.0.1',
      port: 0,
      securityPolicies: [SecurityPolicy.None],
      securityModes: [MessageSecurityMode.None],
      serverCertificateManager: new OPCUACertificateManager({ rootFolder: join(folder.path, 'pki') }),
      userCertificateManager: new OPCUACertificateManager({ rootFolder: join(folder.path, 'users') }),
    });
    await server.initialize();
    const namespace = server.engine.addressSpace!.getOwnNamespace();
    const add = (browseName: string, dataType: keyof typeof DataType, value: unknown, more = {}) =>
      namespace.addVariable({
        organizedBy: server.engine.addressSpace!.rootFolder.objects,
        nodeId: `s=${browseName}`,
        browseName,
        dataType,
        value: { dataType, arrayType: VariantArrayType.Scalar, value, ...more },
      });
    add('Int64', 'Int64', [0xffff_ffff, 0xffff_fffe]);
    add('UInt64', 'UInt64', [0xffff_ffff, 0xffff_ffff]);
    add('Bytes', 'ByteString', Buffer.from('OPC'));
    add('Instant', 'DateTime', new Date(Date.UTC(2026, 0, 2)));
    add('Text', 'LocalizedText', { text: 'Störung', locale: 'de' });
    add('Array', 'Double', new Float64Array([1.5, 2.5]), { arrayType: VariantArrayType.Array });
    await server.start();
    endpointUrl = `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`;
  });
  after(async () => {
    await server.shutdown(0);
    folder.remove();
  });
  const connect = (onState: Witness['onState'], security: 'best' | 'none' = 'none') =>
    openOpcuaConnection({ endpointUrl, security, login: 'anonymous', folder: join(folder.path, 'own'), onState });

  it('carries 64-bit integers as decimal text, bytes, instants, texts and arrays as JSON', async () => {
    const witness = new Witness();
    const connection = connect(witness.onState);
    await until('online', () => connection.state.state === 'online');
    const names = ['Int64', 'UInt64', 'Bytes', 'Instant', 'Text', 'Array'];
    const results = await connection.read(names.map((name) => `ns=1;s=${name}`));
    await connection.close();
    assert.deepEqual(
      results.map(({ value, dataType }) => [dataType, value]),
      [
        ['Int64', '-2'],
        ['UInt64', '18446744073709551615'],
        ['ByteString', 'T1BD'],
        ['DateTime', '2026-01-02T00:00:00.000Z'],
        ['LocalizedText', 'Störung'],
        ['Double', [1.5, 2.5]],
      ],
    );
  });

  it('never steps down to an unsecured endpoint', async () => {
    const witness = new Witness();
    const connection = connect(witness.onState, 'best');
    await until('failure', () => witness.errors.length > 0);
    await connection.close();
    assert.equal(witness.errors[0]?.code, 'MW_OPCUA_NO_SECURE_ENDPOINT');
  });

  it('holds one session for several subscriptions and leaves none behind over many redeploys', async () => {
    const row = { tag: 'a', nodeId: 'ns=1;s=Array' };
    for (let deploy = 0; deploy < 25; deploy++) {
      const witness = new Witness();
      const connection = connect(witness.onState);
      const options = { tags: [row], publishingMs: 50, holdSeconds: 5 };
      connection.subscribe(options, witness);
      connection.subscribe(options, witness);
      await until('values of both', () => witness.samples.length === 2);
      assert.equal(server.engine.currentSessionCount, 1);
      assert.equal(server.engine.currentSubscriptionCount, 2);
      await connection.close();
    }
    assert.equal(server.engine.currentSessionCount, 0);
    assert.equal(server.engine.currentSubscriptionCount, 0);
  });

  it('begins anew and reports the gap when the server drops the session', async () => {
    const witness = new Witness();
    const connection = connect(witness.onState);
    const tags = [
      { tag: 'a', nodeId: 'ns=1;s=Array' },
      { tag: 'b', nodeId: 'ns=1;s=Bytes' },
    ];
    connection.subscribe({ tags, publishingMs: 50, holdSeconds: 5 }, witness);
    await until('values', () => witness.samples.length === 2);
    const changedMs = Date.now() + 200;
    const [session] = Object.values(
      (server.engine as unknown as { _sessions: Record<string, { authenticationToken: never }> })._sessions,
    );
    server.engine.closeSession(session!.authenticationToken, true, 'Terminated');
    (server.engine.addressSpace!.findNode('ns=1;s=Array') as UAVariable).setValueFromSource(
      { dataType: DataType.Double, arrayType: VariantArrayType.Array, value: new Float64Array([3]) },
      StatusCodes.Good,
      new Date(changedMs),
    );
    await until('gap', () => witness.gaps.length === 1);
    await connection.close();
    const [gap] = witness.gaps;
    assert.deepEqual([gap?.tags, gap?.reason], [['a'], 'resubscribed']);
    assert.equal(gap!.to, new Date(changedMs).toISOString(), 'it ends at the first value after it');
    assert.ok(Date.parse(gap!.from) < changedMs);
    assert.deepEqual(witness.values('b').length, 1, 'the value that did not change is not delivered twice');
    assert.deepEqual(
      witness.states.map(({ state }) => state),
      ['connecting', 'online', 'recovering', 'online', 'idle'],
    );
  });
});
