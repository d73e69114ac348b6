import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { discoverOpcuaServer, openOpcuaConnection } from '../../src/connect/index.ts';
import { temporaryFolder, until, Witness } from '../support/opcua.ts';

/** A message of OPC UA TCP (OPC 10000-6, 7.1.2): type, `F`, length of all, body. */
function message(type: string, body: Buffer, length = body.length + 8): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'ascii');
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, body]);
}
/** Acknowledge with the sizes of the receive and the send buffer; messages and chunks without limit. */
function acknowledge(...numbers: [receive: number, send: number]): Buffer {
  const body = Buffer.alloc(20);
  for (const [at, number] of numbers.entries()) body.writeUInt32LE(number, 4 + 4 * at);
  return message('ACKF', body);
}

const answers: Record<string, Buffer> = {
  'no buffers at all': acknowledge(0, 0),
  'no buffer for receiving': acknowledge(0, 65_536),
  'no buffer for sending': acknowledge(65_536, 0),
  'buffers of one byte': acknowledge(1, 1),
  'buffers a byte too small': acknowledge(8_191, 8_191),
  'half an acknowledge': message('ACKF', Buffer.alloc(3)),
  'an acknowledge that claims to be endless': message('ACKF', Buffer.alloc(20), 0xffff_ffff),
  'an acknowledge of no length': message('ACKF', Buffer.alloc(20), 0),
  'an error with an endless text': message('ERRF', Buffer.from([0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0x7f])),
  'another protocol': Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'.repeat(20)),
};

describe('a server that answers the first message with nonsense', () => {
  const folder = temporaryFolder('hostile-peer');
  for (const [name, answer] of Object.entries(answers))
    for (const security of ['none', 'best'] as const)
      it(`${name}: the connection with security ${security} fails by code, and nothing else`, async () => {
        const server = createServer((socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => socket.write(answer));
        });
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        const endpointUrl = `opc.tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const witness = new Witness();
        const { onState } = witness;
        const connection = openOpcuaConnection({
          ...{ endpointUrl, security, login: 'anonymous', folder: folder.path, onState },
        });
        try {
          await until('failure', () => witness.errors.length > 0);
          assert.equal(witness.errors[0]?.code, 'MW_OPCUA_UNREACHABLE');
          if (security === 'best')
            await assert.rejects(discoverOpcuaServer({ endpointUrl, folder: folder.path }), {
              code: 'MW_OPCUA_UNREACHABLE',
            });
        } finally {
          await connection.close();
          server.close();
        }
      });
});
