import type { ServerResponse } from 'node:http';
import { MillwrightError } from '../../kernel/index.ts';
import type { BoardChange } from '../view.ts';

const clientLimit = 200;
const heartbeatMs = 15_000;
/** A browser that has not taken this much is cut off; it connects again by itself and fetches what it missed. */
const backlogLimitBytes = 256 * 1024;

/** Open pages, told of changes by server-sent events. */
export class EventStream {
  #clients = new Set<ServerResponse>();
  #heartbeat: NodeJS.Timeout | undefined;

  /** Pages that listen now. */
  get size(): number {
    return this.#clients.size;
  }

  /** Makes a response a stream of changes; throws `MW_QUEUE_FULL` where too many listen already. */
  open(response: ServerResponse): void {
    if (this.#clients.size >= clientLimit)
      throw new MillwrightError('MW_QUEUE_FULL', { queue: 'open pages', limit: clientLimit });
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'keep-alive',
    });
    response.write('retry: 2000\n\n');
    this.#clients.add(response);
    response.on('close', () => this.#remove(response));
    response.on('error', () => this.#remove(response));
    this.#heartbeat ??= setInterval(() => this.#write('event: heartbeat\ndata: {}\n\n'), heartbeatMs).unref();
  }

  /** Tells every open page. */
  push(change: BoardChange): void {
    this.#write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
  }

  /** Ends every stream. */
  close(): void {
    for (const client of [...this.#clients]) {
      this.#remove(client);
      client.end();
    }
  }

  #write(text: string): void {
    for (const client of [...this.#clients]) {
      if (client.writableLength > backlogLimitBytes) {
        this.#remove(client);
        client.destroy();
      } else client.write(text);
    }
  }

  #remove(client: ServerResponse): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}
