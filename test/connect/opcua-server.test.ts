import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttributeIds,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  UserTokenType,
} from 'node-opcua';
import { startOpcuaServer, type OpcuaServer } from '../../src/connect/index.ts';

const speed = 'ns=1;s=Northfield/Line 1/CNC-12/SpindleSpeed';
const state = 'ns=1;s=Northfield/Line 1/CNC-12/State';

describe('OPC UA server, read by the bare client library', () => {
  let folder: string;
  let server: OpcuaServer;

  function trusting(): OPCUACertificateManager {
    return new OPCUACertificateManager({
      rootFolder: join(folder, 'client'),
      automaticallyAcceptUnknownCertificate: true,
      disableFileWatchers: true,
    });
  }
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mw-server-'));
    server = await startOpcuaServer({
      host: '127.0.0.1',
      port: 0,
      folder: join(folder, 'server'),
      user: { name: 'planner', password: 'correct horse' },
      objects: [
        {
          path: ['Northfield', 'Line 1', 'CNC-12'],
          variables: [
            { nodeId: speed, browseName: 'SpindleSpeed', dataType: 'Double', unit: 'rpm', initial: 0 },
            { nodeId: state, browseName: 'State', dataType: 'String', initial: 'Idle' },
          ],
        },
      ],
    });
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('offers None and Basic256Sha256 sign and encrypt, anonymous and user, nothing else', async () => {
    const client = OPCUAClient.create({ endpointMustExist: false, clientCertificateManager: trusting() });
    await client.connect(server.endpointUrl);
    const endpoints = await client.getEndpoints();
    await client.disconnect();
    const offered = new Set(endpoints.map((e) => `${String(e.securityPolicyUri)} ${e.securityMode}`));
    assert.deepEqual(
      offered,
      new Set([
        `${SecurityPolicy.None} ${MessageSecurityMode.None}`,
        `${SecurityPolicy.Basic256Sha256} ${MessageSecurityMode.SignAndEncrypt}`,
      ]),
    );
  });

  it('serves value, source time, status and unit over a secure channel with a user', async () => {
    const sourceMs = Date.UTC(2026, 10, 24, 8, 0, 0, 123);
    server.setValues([
      { nodeId: speed, value: 8123.5, sourceMs },
      { nodeId: state, value: 'Aborted', sourceMs, good: false },
    ]);
    const client = OPCUAClient.create({
      endpointMustExist: false,
      securityMode: MessageSecurityMode.SignAndEncrypt,
      securityPolicy: SecurityPolicy.Basic256Sha256,
      clientCertificateManager: trusting(),
    });
    await client.connect(server.endpointUrl);
    const session = await client.createSession({
      type: UserTokenType.UserName,
      userName: 'planner',
      password: 'correct horse',
    });
    const [value, bad] = await session.read([
      { nodeId: speed, attributeId: AttributeIds.Value },
      { nodeId: state, attributeId: AttributeIds.Value },
    ]);
    const unit = await session.browse({ nodeId: speed, referenceTypeId: 'HasProperty' });
    const unitValue = await session.read({
      nodeId: unit.references![0]!.nodeId,
      attributeId: AttributeIds.Value,
    });
    await client.disconnect();
    assert.equal(value!.value.value, 8123.5);
    assert.equal(value!.sourceTimestamp?.getTime(), sourceMs);
    assert.equal(bad!.statusCode.name, 'Bad');
    const information = unitValue.value.value as { displayName: { text: string } };
    assert.equal(information.displayName.text, 'rpm');
  });

  it('refuses a wrong password', async () => {
    const client = OPCUAClient.create({ endpointMustExist: false, clientCertificateManager: trusting() });
    await client.connect(server.endpointUrl);
    await assert.rejects(
      client.createSession({ type: UserTokenType.UserName, userName: 'planner', password: 'wrong' }),
      /BadUserAccessDenied|BadIdentityTokenRejected/,
    );
    await client.disconnect();
  });

  it('listens on its one address only', async () => {
    const other = Object.values(networkInterfaces())
      .flat()
      .find((i) => i?.family === 'IPv4' && !i.internal)?.address;
    const outcome = await new Promise<string>((resolve) => {
      const socket = connect(server.port, other ?? '127.0.0.2');
      socket.once('connect', () => {
        socket.destroy();
        resolve('connected');
      });
      socket.once('error', () => resolve('refused'));
    });
    assert.equal(outcome, 'refused');
  });

  it('names the unknown node, and the port that is taken', async () => {
    assert.throws(() => server.setValues([{ nodeId: 'ns=1;s=none', value: 1, sourceMs: 0 }]), {
      code: 'MW_OPCUA_NODE_UNKNOWN',
    });
    await assert.rejects(
      startOpcuaServer({ host: '127.0.0.1', port: server.port, folder: join(folder, 'second'), objects: [] }),
      { code: 'MW_OPCUA_LISTEN_FAILED' },
    );
  });
});
