import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A cable between a client and a server on loopback that can be cut and mended. */
export interface TcpProxy {
  readonly port: number;
  /** Resets all connections and refuses new ones. */
  cut(): void;
  /** Lets connections stand but swallows every byte, in both directions. */
  blackHole(): void;
  /** Passes again; connections that fell into a black hole are reset. */
  mend(): void;
  close(): Promise<void>;
}

/** Opens a proxy on an ephemeral loopback port. */
export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  let mode: 'pass' | 'cut' | 'swallow' = 'pass';
  const sockets = new Set<Socket>();

  function drop(): void {
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
  }
  const server = createServer((near) => {
    if (mode === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes) => {
        if (mode === 'pass') to.write(bytes);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        if (mode !== 'swallow') to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      mode = 'cut';
      drop();
    },
    blackHole() {
      mode = 'swallow';
    },
    mend() {
      if (mode === 'swallow') drop();
      mode = 'pass';
    },
    close: () =>
      new Promise((resolve) => {
        drop();
        server.close(() => resolve());
      }),
  };
}
