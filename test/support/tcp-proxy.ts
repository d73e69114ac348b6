import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { sleep } from '../../src/kernel/index.ts';

/** A cable between a client and a server on loopback that can be cut, plugged up, slowed down and mended. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that clients have made so far. */
  readonly accepted: number;
  /** Ends all connections, by reset or by an orderly end, and refuses new ones. */
  cut(how?: 'reset' | 'end'): void;
  /** Lets connections stand but swallows every byte, in both directions or in one. */
  blackHole(direction?: 'both' | 'toServer' | 'toClient'): void;
  /** One side of all present connections is gone, and the other side never hears of it; new connections pass. */
  halfOpen(gone: 'server' | 'client'): void;
  /** Passes every chunk late, and in pieces of so many bytes. */
  slow(delayMs: number, pieceBytes: number): void;
  /** Passes again; connections that fell into a black hole are reset. */
  mend(): void;
  close(): Promise<void>;
}

interface Pair {
  near: Socket;
  far: Socket;
  /** Bytes no longer pass. */
  dead: boolean;
}

/** Opens a proxy on an ephemeral loopback port. */
export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  let refusing = false;
  let swallows = { toServer: false, toClient: false };
  let pace: { delayMs: number; pieceBytes: number } | undefined;
  let accepted = 0;
  const pairs = new Set<Pair>();

  const server = createServer((near) => {
    if (refusing) {
      near.resetAndDestroy();
      return;
    }
    accepted++;
    const pair: Pair = { near, far: connect(targetPort, '127.0.0.1'), dead: false };
    pairs.add(pair);
    pipe(pair, near, pair.far, 'toServer');
    pipe(pair, pair.far, near, 'toClient');
  });

  function pipe(pair: Pair, from: Socket, to: Socket, direction: 'toServer' | 'toClient'): void {
    let turn = Promise.resolve();
    const isSwallowed = () => pair.dead || swallows[direction];
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      if (isSwallowed()) return;
      const present = pace;
      if (!present) turn = turn.then(() => void to.write(bytes));
      else
        turn = turn.then(async () => {
          await sleep(present.delayMs);
          for (let at = 0; at < bytes.length; at += present.pieceBytes) {
            to.write(bytes.subarray(at, at + present.pieceBytes));
            await sleep(0);
          }
        });
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      if (isSwallowed()) return;
      pairs.delete(pair);
      to.destroy();
    });
  }

  function drop(how: 'reset' | 'end'): void {
    for (const { near, far } of pairs)
      for (const socket of [near, far])
        if (how === 'reset') socket.resetAndDestroy();
        else socket.end(() => socket.destroy());
    pairs.clear();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    cut(how = 'reset') {
      refusing = true;
      drop(how);
    },
    blackHole(direction = 'both') {
      swallows = { toServer: direction !== 'toClient', toClient: direction !== 'toServer' };
    },
    halfOpen(gone) {
      for (const pair of pairs) {
        pair.dead = true;
        (gone === 'server' ? pair.far : pair.near).resetAndDestroy();
      }
    },
    slow(delayMs, pieceBytes) {
      pace = { delayMs, pieceBytes };
    },
    mend() {
      if (swallows.toServer || swallows.toClient) drop('reset');
      swallows = { toServer: false, toClient: false };
      refusing = false;
      pace = undefined;
    },
    close: () =>
      new Promise((resolve) => {
        refusing = true;
        drop('reset');
        server.close(() => resolve());
      }),
  };
}
