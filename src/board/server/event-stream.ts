import type { ServerResponse } from 'node:http';
import { isoInstant, MillwrightError, type Clock } from '../../kernel/index.ts';
import type { BoardChange } from '../view.ts';

const clientLimit = 200;
const heartbeatMs = 15_000;
/** A browser that has not taken this much is cut off; it connects again by itself and fetches what it missed. */
const backlogLimitBytes = 256 * 1024;

/** Open pages, told of changes by server-sent events. */
export class EventStream {
  #clients = new Set<ServerResponse>();
  #heartbeat: NodeJS.Timeout | undefined;
  #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
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
    response.write(`retry: 2000\n\n${this.#beat()}`);
    this.#clients.add(response);
    response.on('close', () => this.#remove(response));
    response.on('error', () => this.#remove(response));
    this.#heartbeat ??= setInterval(() => this.#write(this.#beat()), heartbeatMs).unref();
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

  /** A sign of life that carries the plant's clock. */
  #beat(): string {
    return `event: heartbeat\ndata: ${JSON.stringify({ now: isoInstant(this.#clock.now()) })}\n\n`;
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
