import assert from 'node:assert/strict';
import { addCertificateRoutes } from '../../nodes/mw-opcua-endpoint/certificate-routes.ts';

describe('the routes of the OPC UA endpoint', () => {
  it('let only those look who may read, and only those connect or decide who may write', () => {
    const routes: string[] = [];
    const note = (method: string) => (path: string, permission: string) =>
      routes.push(`${method} ${path.replace('/millwright/opcua/', '')} ${permission}`);
    addCertificateRoutes({
      httpAdmin: { get: note('get'), post: note('post') },
      auth: { needsPermission: (permission: string) => permission },
    } as never);
    assert.deepEqual(routes.sort(), [
      'get :id/state mw.opcua.read',
      'get certificates mw.opcua.read',
      'post certificates/accept mw.opcua.write',
      'post certificates/forget mw.opcua.write',
      'post certificates/import mw.opcua.write',
      'post certificates/reject mw.opcua.write',
      'post certificates/renew mw.opcua.write',
      'post discover mw.opcua.write',
    ]);
  });
});
