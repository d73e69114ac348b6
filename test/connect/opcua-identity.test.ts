import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { EndpointDescription } from 'node-opcua';
import {
  acceptCertificate,
  discoverOpcuaServer,
  forgetCertificate,
  importOpcuaTrust,
  openOpcuaConnection,
  readOwnCertificates,
  readTrustList,
  renewOpcuaCertificate,
  type OpcuaConnection,
  type OpcuaConnectionOptions,
} from '../../src/connect/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { foundAuthority } from '../support/authority.ts';
import { temporaryFolder, until, Witness } from '../support/opcua.ts';
import { makeCertificate, startSecureServer, type SecureServer } from '../support/secure-server.ts';

const dayMs = 86_400_000;
const later = (days: number) => ({ now: () => systemClock.now() + days * dayMs });

describe('OPC UA identity of this client', () => {
  const folder = temporaryFolder('identity');
  const path = (...parts: string[]) => join(folder.path, ...parts);
  const open: { close(): Promise<void> }[] = [];
  let server: SecureServer;

  async function serve(...args: Parameters<typeof startSecureServer>): Promise<SecureServer> {
    const started = await startSecureServer(...args);
    open.unshift(started);
    return started;
  }
  function connect(at: SecureServer, client: string, more: Partial<OpcuaConnectionOptions> = {}) {
    const witness = new Witness();
    const warnings: string[] = [];
    const connection: OpcuaConnection = openOpcuaConnection({
      endpointUrl: at.endpointUrl,
      security: 'best',
      login: 'anonymous',
      folder: path(client),
      onState: witness.onState,
      onWarning: ({ code }) => warnings.push(code),
      ...more,
    });
    open.push(connection);
    const online = () => until('online', () => connection.state.state === 'online');
    const refused = async () => {
      await until('refusal', () => witness.errors.length > 0);
      return witness.errors.at(-1)!;
    };
    return { connection, witness, warnings, online, refused };
  }
  const discover = (at: SecureServer, client: string) =>
    discoverOpcuaServer({ endpointUrl: at.endpointUrl, folder: path(client) });
  async function trust(at: SecureServer, client: string): Promise<void> {
    await acceptCertificate(path(client), (await discover(at, client)).certificates[0]!.fingerprint);
  }

  before(async () => {
    server = await startSecureServer(path('server'), await makeCertificate(path('server-own')));
  });
  afterEach(async () => {
    for (const thing of open.reverse().splice(0)) await thing.close();
  });
  after(async () => {
    await server.close();
    folder.remove();
  });

  describe('its certificate', () => {
    it('is made once where many endpoints open at once, with the application URI that sessions give', async () => {
      const many = Array.from({ length: 8 }, () => connect(server, 'race', { security: 'none' }));
      for (const { online } of many) await online();
      const own = await readOwnCertificates(path('race'));
      assert.equal(own.length, 1);
      assert.deepEqual(readdirSync(path('race/own/private')), readdirSync(path('race/own/certs')));
      const [file] = readdirSync(path('race/own/private'));
      assert.equal(statSync(path('race/own/private', file!)).mode & 0o777, 0o600);
      assert.equal(statSync(path('race/own/private')).mode & 0o777, 0o700);
      const truth = new X509Certificate(readFileSync(path('race/own/certs', file!)));
      assert.match(truth.subjectAltName ?? '', new RegExp(`URI:${own[0]!.applicationUri}`));
      assert.deepEqual(new Set(server.clientUris()), new Set([own[0]!.applicationUri]));
      assert.equal(truth.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
    });

    it('is renewed beside the old one, which serves where the new one is not trusted yet', async () => {
      const strict = await serve(path('strict'), await makeCertificate(path('strict-own')), { acceptClients: false });
      await trust(strict, 'renewing');
      const first = connect(strict, 'renewing');
      assert.equal((await first.refused()).code, 'MW_OPCUA_CLIENT_REFUSED');
      const waiting = readdirSync(path('strict/clients/rejected'));
      assert.equal(waiting.length, 1, 'the server has seen our certificate');
      await strict.trustClients();
      await first.online();
      assert.deepEqual(first.warnings, []);
      await first.connection.close();

      const [old] = await readOwnCertificates(path('renewing'));
      const renewed = await renewOpcuaCertificate(path('renewing'), later(1));
      assert.equal(renewed.applicationUri, old?.applicationUri);
      assert.deepEqual(
        (await readOwnCertificates(path('renewing'))).map(({ fingerprint }) => fingerprint),
        [renewed.fingerprint, old?.fingerprint],
      );
      const second = connect(strict, 'renewing');
      await second.online();
      assert.deepEqual(second.warnings, ['MW_OPCUA_OWN_NOT_TRUSTED_YET']);
      await second.connection.close();
      await strict.trustClients();
      const third = connect(strict, 'renewing');
      await third.online();
      assert.deepEqual(third.warnings, []);
    });

    it('is reported 30 days before its end, once a day, and made anew only when it has ended', async () => {
      const soon = connect(server, 'ageing', { security: 'none' });
      await soon.online();
      await soon.connection.close();
      const [own] = await readOwnCertificates(path('ageing'));
      const left = Math.floor((Date.parse(own!.validTo) - Date.now()) / dayMs);
      let days = left - 29;
      const warned: string[] = [];
      const ageing = connect(server, 'ageing', {
        security: 'none',
        clock: { now: () => systemClock.now() + days * dayMs },
        onWarning: ({ code, params }) => warned.push(`${code} ${String(params.days)}`),
      });
      await ageing.online();
      days += 1;
      await until('the next day', () => warned.length === 2);
      assert.deepEqual(warned, ['MW_OPCUA_OWN_EXPIRES 29', 'MW_OPCUA_OWN_EXPIRES 28']);
      assert.equal((await readOwnCertificates(path('ageing'))).length, 1);

      const ended = connect(server, 'ageing', { security: 'none', clock: later(left + 2) });
      await ended.online();
      assert.deepEqual(ended.warnings, ['MW_OPCUA_OWN_EXPIRED']);
      assert.equal((await readOwnCertificates(path('ageing'))).length, 2);
    });
  });

  describe('its login by certificate', () => {
    const pem = (file: string) => readFileSync(file, 'utf8');

    it('is let in where the server trusts the certificate, over an encrypted channel', async () => {
      const person = await makeCertificate(path('person'), { name: 'Maintenance', uri: 'urn:test:person' });
      const credentials = { certificate: pem(person.certificateFile), privateKey: pem(person.privateKeyFile) };
      const at = await serve(path('guarded'), await makeCertificate(path('guarded-own')), { allowAnonymous: false });
      await trust(at, 'guarded-client');
      const stranger = connect(at, 'guarded-client', { login: 'certificate', credentials });
      assert.equal((await stranger.refused()).code, 'MW_OPCUA_LOGIN_REFUSED');
      await stranger.connection.close();
      await at.trustUser(person.certificateFile);
      const { online, witness } = connect(at, 'guarded-client', { login: 'certificate', credentials });
      await online();
      assert.ok(!JSON.stringify(witness).includes('PRIVATE'));
      const anonymous = connect(at, 'guarded-client');
      assert.equal((await anonymous.refused()).code, 'MW_OPCUA_LOGIN_REFUSED');
    });

    it('is refused here by code where the key is another one, or no key at all', async () => {
      const one = await makeCertificate(path('one'));
      const other = await makeCertificate(path('other'));
      for (const privateKey of [pem(other.privateKeyFile), 'not a key', '']) {
        const { refused, connection } = connect(server, 'pair', {
          login: 'certificate',
          credentials: { certificate: pem(one.certificateFile), privateKey },
        });
        const error = await refused();
        assert.equal(error.code, 'MW_OPCUA_LOGIN_INVALID');
        assert.ok(!error.message.includes('PRIVATE'));
        assert.equal(connection.state.state, 'failed');
      }
    });
  });

  it('relies on a trusted authority with its revocation list, and on nothing that it revoked', async () => {
    const authority = await foundAuthority(path('authority'));
    const files = await authority.issue(path('issued'));
    const at = await serve(path('chain'), files);
    const problem = async () => (await discover(at, 'chain-client')).certificates[0]?.problem;
    assert.equal((await problem())?.params.status, 'BadCertificateRevocationUnknown');
    await importOpcuaTrust(path('chain-client'), authority.revocationList());
    assert.equal((await problem())?.code, 'MW_OPCUA_CERTIFICATE_UNTRUSTED');
    await importOpcuaTrust(path('chain-client'), authority.certificate);
    assert.equal(await problem(), undefined);
    const { online } = connect(at, 'chain-client');
    await online();
    await authority.revokeAll();
    await importOpcuaTrust(path('chain-client'), authority.revocationList());
    assert.equal((await problem())?.params.status, 'BadCertificateRevoked');
    await assert.rejects(importOpcuaTrust(path('chain-client'), Buffer.from('hello')), {
      code: 'MW_OPCUA_FILE_UNKNOWN',
    });
  });

  it('notices when the list of endpoints was weaker before the channel was secure', async () => {
    const at = await serve(path('forged'), await makeCertificate(path('forged-own')));
    await trust(at, 'forged-client');
    const endpoint = at.server.endpoints[0]!;
    const all = endpoint.endpointDescriptions.bind(endpoint);
    let forged = true;
    endpoint.endpointDescriptions = (): EndpointDescription[] =>
      all().filter(({ securityPolicyUri }) => !forged || !securityPolicyUri?.includes('Aes'));
    at.server.on('request', (request: { constructor: { name: string } }) => {
      if (request.constructor.name === 'CreateSessionRequest') forged = false;
    });
    const error = await connect(at, 'forged-client').refused();
    assert.equal(error.code, 'MW_OPCUA_ENDPOINTS_DIFFER');
    assert.equal(error.params.offered, 'Aes256_Sha256_RsaPss-SignAndEncrypt');
    assert.equal(at.server.engine.currentSessionCount, 0);
  });

  it('keeps at most a hundred rejected certificates, and forgets one on request', async () => {
    const client = path('crowded');
    await discover(server, 'crowded');
    const [file] = readdirSync(join(client, 'rejected'));
    for (let number = 0; number < 120; number++)
      copyFileSync(join(client, 'rejected', file!), join(client, 'rejected', `${number}.pem`));
    await discover(server, 'crowded');
    assert.equal(readdirSync(join(client, 'rejected')).length, 100);
    for (const name of readdirSync(join(client, 'rejected')).slice(1))
      copyFileSync('/dev/null', join(client, 'rejected', name));
    const [left, ...others] = (await readTrustList(client)).rejected;
    assert.equal(others.length, 0, 'a file without a certificate is passed over');
    await forgetCertificate(client, left!.fingerprint);
    assert.equal((await readTrustList(client)).rejected.length, 0);
  });
});
