import { request, type IncomingHttpHeaders } from 'node:http';

/** An answer, with its body as text and, where it is JSON, as a value. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: Record<string, unknown>;
}

/** Sends one request exactly as told: unlike `fetch`, it may forge Host, Origin and cookies. */
export function send(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const path = url.slice(url.indexOf('/', 'http://'.length));
    const outgoing = request({ hostname, port, path, method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = incoming.headers['content-type']?.startsWith('application/json') && text !== '';
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text,
          json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A browser in short: keeps its cookie and token and sends them as the page would. */
export class Visit {
  readonly url: string;
  cookie = '';
  token = '';

  private constructor(url: string) {
    this.url = url;
  }

  static async begin(url: string): Promise<Visit> {
    const visit = new Visit(url);
    visit.#keep(await visit.get('api/session'));
    return visit;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return send(this.url + path, { headers: { ...(this.cookie ? { cookie: this.cookie } : {}), ...headers } });
  }

  /** POSTs JSON; `headers` replace those that a browser would send. */
  async post(path: string, value: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await send(this.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: this.cookie,
        'x-csrf-token': this.token,
        origin: new URL(this.url).origin,
        ...headers,
      },
      body: typeof value === 'string' ? value : JSON.stringify(value),
    });
    this.#keep(answer);
    return answer;
  }

  #keep({ headers, json }: Answer): void {
    const cookie = headers['set-cookie']?.[0]?.split(';')[0];
    if (cookie !== undefined) this.cookie = cookie;
    if (typeof json.csrfToken === 'string') this.token = json.csrfToken;
  }
}
