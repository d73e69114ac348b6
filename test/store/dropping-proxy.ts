import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut. */
export interface DroppingProxy {
  port: number;
  /** Cuts the way once when the client next sends this text: before it has gone through, or before its answer has. */
  cutAt(text: string, when: 'before' | 'after'): void;
  close(): Promise<void>;
}

/** Starts a TCP proxy in front of a loopback port. */
export async function startProxy(target: number): Promise<DroppingProxy> {
  const sockets = new Set<Socket>();
  let cut: { text: string; when: 'before' | 'after' } | undefined;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let silent = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        (socket === client ? upstream : client).destroy();
      });
    }
    client.on('data', (data) => {
      const hit = cut !== undefined && data.includes(cut.text) ? cut : undefined;
      if (hit) cut = undefined;
      if (hit?.when === 'before') {
        client.destroy();
        return;
      }
      silent ||= hit !== undefined;
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (silent) client.destroy();
      else client.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cutAt: (text, when) => (cut = { text, when }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
