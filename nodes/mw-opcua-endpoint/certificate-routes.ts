import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { Type } from 'typebox';
import {
  acceptCertificate,
  daysLeft,
  discoverOpcuaServer,
  forgetCertificate,
  importOpcuaTrust,
  readOwnCertificates,
  readTrustList,
  rejectCertificate,
  renewOpcuaCertificate,
  validityAt,
  type CertificateFacts,
} from '../../src/connect/index.ts';
import { opcuaEndpointNode } from '../../src/contracts/index.ts';
import { compileCheck, MillwrightError, systemClock, toMillwrightError } from '../../src/kernel/index.ts';
import { adminRoute, deployedService } from '../shared/admin.ts';
import type { EndpointService } from './mw-opcua-endpoint.ts';

const mayRead = 'mw.opcua.read';
const mayWrite = 'mw.opcua.write';

/** A certificate file is some kilobytes; a long revocation list some hundred. */
const fileLimitCharacters = 1_400_000;
const bodies = {
  url: Type.Object({ endpointUrl: opcuaEndpointNode.config.properties.endpointUrl }),
  fingerprint: Type.Object({ fingerprint: Type.String({ pattern: '^[0-9A-Fa-f]{64}$' }) }),
  file: Type.Object({ base64: Type.String({ minLength: 1, maxLength: fileLimitCharacters }) }),
};
const checks = {
  url: compileCheck(bodies.url),
  fingerprint: compileCheck(bodies.fingerprint),
  file: compileCheck(bodies.file),
};

/** The folder with this Node-RED's OPC UA certificates, shared by all its endpoints. */
export function pkiFolder(RED: NodeAPI): string {
  return join(RED.settings.userDir ?? process.cwd(), 'millwright/opcua');
}

/**
 * Routes of the endpoint's dialog: what a server offers, which certificates are trusted, this Node-RED's own
 * certificate. None of them gives out a key, a password or a path.
 */
export function addCertificateRoutes(RED: NodeAPI): void {
  const folder = () => pkiFolder(RED);
  const trustList = async () => {
    const [list, own] = await Promise.all([readTrustList(folder()), readOwnCertificates(folder())]);
    return {
      trusted: list.trusted.map(withValidity),
      rejected: list.rejected.map(withValidity),
      issuers: list.issuers.map(withValidity),
      own: own.map(({ certificate, ...facts }) => ({ ...withValidity(facts), base64: certificate.toString('base64') })),
    };
  };

  adminRoute(RED, 'get', '/millwright/opcua/certificates', mayRead, trustList);
  adminRoute(RED, 'post', '/millwright/opcua/discover', mayWrite, async ({ body }) => {
    const { endpointUrl } = read<{ endpointUrl: string }>('url', body);
    const { endpoints, certificates } = await discoverOpcuaServer({ endpointUrl, folder: folder() });
    return {
      endpoints,
      certificates: certificates.map(({ problem, ...facts }) => ({
        ...withValidity(facts),
        ...(problem ? { problem: { code: problem.code, params: problem.params } } : {}),
      })),
    };
  });
  const byFingerprint = { accept: acceptCertificate, reject: rejectCertificate, forget: forgetCertificate };
  for (const [action, act] of Object.entries(byFingerprint))
    adminRoute(RED, 'post', `/millwright/opcua/certificates/${action}`, mayWrite, async ({ body }) => {
      await act(folder(), read<{ fingerprint: string }>('fingerprint', body).fingerprint);
      return trustList();
    });
  adminRoute(RED, 'post', '/millwright/opcua/certificates/import', mayWrite, async ({ body }) => {
    await importOpcuaTrust(folder(), Buffer.from(read<{ base64: string }>('file', body).base64, 'base64'));
    return trustList();
  });
  adminRoute(RED, 'post', '/millwright/opcua/certificates/renew', mayWrite, async () => {
    await renewOpcuaCertificate(folder());
    return trustList();
  });
  adminRoute(RED, 'get', '/millwright/opcua/:id/state', mayRead, async ({ params }) => {
    const isDeployed = RED.nodes.getNode(params.id ?? '') as object | null;
    if (!isDeployed) return { state: 'undeployed' };
    const { present } = await deployedService<EndpointService>(RED, 'mw-opcua-endpoint', params.id);
    const { connection, error } = present();
    const problem = error ? toMillwrightError(error) : undefined;
    return {
      state: connection.state,
      ...(problem ? { problem: { code: problem.code, params: problem.params } } : {}),
    };
  });
}

function withValidity<F extends CertificateFacts>(facts: F) {
  const nowMs = systemClock.now();
  return { ...facts, validity: validityAt(facts, nowMs), daysLeft: daysLeft(facts, nowMs) };
}

function read<T>(kind: keyof typeof checks, body: unknown): T {
  const problem = checks[kind](body);
  if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: kind, ...problem });
  return body as T;
}
