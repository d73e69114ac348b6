import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import {
  acceptCertificate,
  discoverOpcuaServer,
  openOpcuaConnection,
  readTrustList,
  rejectCertificate,
  type OpcuaConnection,
  type OpcuaConnectionOptions,
} from '../../src/connect/index.ts';
import type { OpcuaSecurity } from '../../src/contracts/index.ts';
import { temporaryFolder, until, Witness } from '../support/opcua.ts';
import { makeCertificate, serverUri, startSecureServer, type SecureServer } from '../support/secure-server.ts';

describe('OPC UA certificates', () => {
  const folder = temporaryFolder('certificates');
  const path = (...parts: string[]) => join(folder.path, ...parts);
  const open: { close(): Promise<void> }[] = [];
  let server: SecureServer;

  /** A server that is closed with the test. */
  async function serve(...args: Parameters<typeof startSecureServer>): Promise<SecureServer> {
    const started = await startSecureServer(...args);
    open.unshift(started);
    return started;
  }
  function connect(at: SecureServer, client: string, more: Partial<OpcuaConnectionOptions> = {}) {
    const witness = new Witness();
    const connection: OpcuaConnection = openOpcuaConnection({
      endpointUrl: at.endpointUrl,
      security: 'best',
      login: 'anonymous',
      folder: path(client),
      onState: witness.onState,
      ...more,
    });
    open.push(connection);
    const online = () => until('online', () => connection.state.state === 'online');
    const refused = async () => {
      await until('refusal', () => witness.errors.length > 0);
      return witness.errors.at(-1)!;
    };
    return { connection, witness, online, refused };
  }
  /** Trusts what a server shows, as the dialog does. */
  async function trust(at: SecureServer, client: string): Promise<string> {
    const { certificates } = await discoverOpcuaServer({ endpointUrl: at.endpointUrl, folder: path(client) });
    const [shown] = certificates;
    assert.equal(shown?.problem?.code, 'MW_OPCUA_CERTIFICATE_UNTRUSTED');
    await acceptCertificate(path(client), shown.fingerprint);
    return shown.fingerprint;
  }

  before(async () => {
    server = await startSecureServer(path('server'), await makeCertificate(path('server-own'), { name: 'Press 4' }));
  });
  afterEach(async () => {
    for (const thing of open.reverse().splice(0)) await thing.close();
  });
  after(async () => {
    await server.close();
    folder.remove();
  });

  it('are discovered with every endpoint, accepted by fingerprint, and only then relied on', async () => {
    const client = path('discovering');
    const { endpoints, certificates } = await discoverOpcuaServer({ endpointUrl: server.endpointUrl, folder: client });
    assert.deepEqual(
      endpoints.map(({ security }) => security),
      [
        'Aes256_Sha256_RsaPss-SignAndEncrypt',
        'Aes128_Sha256_RsaOaep-SignAndEncrypt',
        'Basic256Sha256-SignAndEncrypt',
        'Aes256_Sha256_RsaPss-Sign',
        'Aes128_Sha256_RsaOaep-Sign',
        'Basic256Sha256-Sign',
        'none',
      ],
    );
    assert.deepEqual(endpoints[0]?.logins, ['anonymous', 'user', 'certificate']);
    const truth = new X509Certificate(readFileSync(path('server-own/own/certs/certificate.pem')));
    const [shown, ...others] = certificates;
    assert.equal(others.length, 0);
    assert.equal(shown?.subject, 'CN=Press 4');
    assert.equal(shown.fingerprint, truth.fingerprint256.replaceAll(':', ''));
    assert.equal(shown.thumbprint, truth.fingerprint.replaceAll(':', ''));
    assert.equal(shown.applicationUri, serverUri);
    assert.equal(Date.parse(shown.validTo), Date.parse(truth.validTo));
    assert.equal(shown.problem?.code, 'MW_OPCUA_CERTIFICATE_UNTRUSTED');
    const waiting = await readTrustList(client);
    assert.deepEqual([waiting.trusted.length, waiting.rejected.length], [0, 1]);

    const { online, refused, connection } = connect(server, 'discovering');
    assert.equal((await refused()).params.fingerprint, shown.fingerprint);
    assert.equal(connection.state.state, 'failed');
    await assert.rejects(acceptCertificate(client, 'AB'.repeat(32)), { code: 'MW_RECORD_UNKNOWN' });
    await assert.rejects(acceptCertificate(client, '../rejected'), { code: 'MW_RECORD_UNKNOWN' });
    await acceptCertificate(client, shown.fingerprint.toLowerCase());
    await online();
    assert.equal(server.lastChannel(), 'Aes256_Sha256_RsaPss-SignAndEncrypt');
    const again = await discoverOpcuaServer({ endpointUrl: server.endpointUrl, folder: client });
    assert.equal(again.certificates[0]?.problem, undefined);
  });

  for (const policy of ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const)
    for (const mode of ['Sign', 'SignAndEncrypt'] as const)
      it(`secure the channel with ${policy}, ${mode}, where that is chosen`, async () => {
        const client = 'matrix';
        const list = await readTrustList(path(client));
        if (list.trusted.length === 0) await trust(server, client);
        const security: OpcuaSecurity = `${policy}-${mode}`;
        const { online, connection } = connect(server, client, { security });
        await online();
        const [state] = await connection.read(['i=2259']);
        assert.equal(state?.status, 'Good');
        assert.equal(server.lastChannel(), security);
      });

  it('that are trusted do not make a client take another policy than the chosen one', async () => {
    const files = await makeCertificate(path('weak-own'));
    const { SecurityPolicy, MessageSecurityMode } = await import('node-opcua');
    const weak = await serve(path('weak'), files, {
      securityPolicies: [SecurityPolicy.Basic256Sha256, SecurityPolicy.Basic256],
      securityModes: [MessageSecurityMode.SignAndEncrypt],
    });
    await trust(weak, 'choosy');
    const { endpoints } = await discoverOpcuaServer({ endpointUrl: weak.endpointUrl, folder: path('choosy') });
    const old = endpoints.find(({ policy }) => policy === 'Basic256');
    assert.deepEqual([old?.obsolete, old?.security], [true, undefined]);
    const { refused } = connect(weak, 'choosy', { security: 'Aes256_Sha256_RsaPss-SignAndEncrypt' });
    const error = await refused();
    assert.equal(error.code, 'MW_OPCUA_SECURITY_NOT_OFFERED');
    assert.match(String(error.params.offered), /Basic256Sha256-SignAndEncrypt/);
    const { online } = connect(weak, 'choosy');
    await online();
    assert.equal(weak.lastChannel(), 'Basic256Sha256-SignAndEncrypt');
  });

  it('that have expired or are not valid yet are refused although they are trusted', async () => {
    for (const [name, days] of [
      ['expired', { fromDays: -20, toDays: -1 }],
      ['early', { fromDays: 2, toDays: 9 }],
    ] as const) {
      const at = await serve(path(name), await makeCertificate(path(`${name}-own`), days));
      await trust(at, `${name}-client`);
      const { refused, connection } = connect(at, `${name}-client`);
      assert.equal((await refused()).code, 'MW_OPCUA_CERTIFICATE_TIME');
      assert.equal(connection.state.state, 'failed');
    }
  });

  it('made out for another application are refused although they are trusted', async () => {
    const at = await serve(path('uri'), await makeCertificate(path('uri-own'), { uri: 'urn:test:somebody-else' }));
    await trust(at, 'uri-client');
    const error = await connect(at, 'uri-client').refused();
    assert.equal(error.code, 'MW_OPCUA_CERTIFICATE_URI');
    assert.deepEqual([error.params.found, error.params.expected], ['urn:test:somebody-else', serverUri]);
  });

  it('that a server exchanges are not trusted until a person accepts the new one', async () => {
    const first = await startSecureServer(path('rotating'), await makeCertificate(path('rotating-1')));
    const known = await trust(first, 'rotating-client');
    const { online, connection, witness } = connect(first, 'rotating-client');
    await online();
    await first.close();
    const second = await serve(path('rotating'), await makeCertificate(path('rotating-2')), { port: first.port });
    await until('refusal', () => witness.errors.some(({ code }) => code === 'MW_OPCUA_CERTIFICATE_UNTRUSTED'));
    assert.equal(connection.state.state, 'failed');
    assert.notEqual(await trust(second, 'rotating-client'), known);
    await online();
  });

  it('that a person rejects end the connection that rests on them', async () => {
    const fingerprint = await trust(server, 'withdrawing');
    const { online, connection, witness } = connect(server, 'withdrawing');
    await online();
    await rejectCertificate(path('withdrawing'), fingerprint);
    await until('refusal', () => witness.errors.at(-1)?.code === 'MW_OPCUA_CERTIFICATE_UNTRUSTED');
    assert.equal(connection.state.state, 'failed');
    assert.equal((await readTrustList(path('withdrawing'))).trusted.length, 0);
  });

  it('leave no certificate manager of the library behind, however often a connection is tried', async () => {
    const { OPCUACertificateManager } = await import('node-opcua-certificate-manager');
    const { connection, witness } = connect(server, 'trying');
    await until('a refusal', () => witness.errors.length > 0);
    for (let turn = 0; turn < 3; turn++)
      await discoverOpcuaServer({ endpointUrl: server.endpointUrl, folder: path('trying') });
    await connection.close();
    const left = () => {
      try {
        OPCUACertificateManager.checkAllDisposed();
        return '';
      } catch (thrown) {
        return String(thrown);
      }
    };
    assert.match(left(), /server\/clients/, 'the list names what is still open');
    await until('all given back', () => !left().includes(path('trying')));
  });

  it('that end soon, or name another host, are reported and used', async () => {
    const files = await makeCertificate(path('soon-own'), { toDays: 10, host: 'press-4.plant' });
    const at = await serve(path('soon'), files);
    await trust(at, 'soon-client');
    const warnings: string[] = [];
    const { online } = connect(at, 'soon-client', {
      onWarning: ({ code, params }) => warnings.push(`${code} ${String(params.days ?? params.names)}`),
    });
    await online();
    assert.deepEqual(warnings.sort(), ['MW_OPCUA_CERTIFICATE_EXPIRES 9', 'MW_OPCUA_CERTIFICATE_HOST press-4.plant']);
  });
});
