import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MillwrightError } from '../../kernel/index.ts';
import { acceptsGzip } from './http.ts';

/** The files that a page consists of, by the path they are asked for; nothing else can be. */
const files: Record<string, string> = { '': 'index.html', 'board.js': 'board.js', 'board.css': 'board.css' };

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

interface Asset {
  changedMs: number;
  etag: string;
  plain: Buffer;
  zipped: Buffer;
}

/** Serves the built page from memory; browsers ask each time whether it has changed. */
export class StaticFiles {
  #folder: string;
  #assets = new Map<string, Asset>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Sends one of the page's files; throws `MW_RECORD_UNKNOWN` for any other path. */
  async send(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const name = Object.hasOwn(files, path) ? files[path] : undefined;
    if (name === undefined) throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'page', id: path.slice(0, 200) });
    const asset = await this.#load(name);
    response.setHeader('content-type', contentTypes[extname(name)] ?? 'application/octet-stream');
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('vary', 'accept-encoding');
    response.setHeader('etag', asset.etag);
    if (request.headers['if-none-match'] === asset.etag) {
      response.writeHead(304).end();
      return;
    }
    const body = acceptsGzip(request) ? asset.zipped : asset.plain;
    if (body === asset.zipped) response.setHeader('content-encoding', 'gzip');
    response.writeHead(200, { 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #load(name: string): Promise<Asset> {
    const path = join(this.#folder, name);
    const { mtimeMs } = await stat(path);
    const known = this.#assets.get(name);
    if (known?.changedMs === mtimeMs) return known;
    const plain = await readFile(path);
    const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`;
    const asset = { changedMs: mtimeMs, etag, plain, zipped: gzipSync(plain) };
    this.#assets.set(name, asset);
    return asset;
  }
}
