import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { createRequire } from 'node:module';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { startMqttBroker, type MqttLinkOptions, type MqttReceived } from '../../src/connect/index.ts';
import type { Connection } from '../../src/contracts/index.ts';
import { monotonicMs, sleep, type MillwrightError } from '../../src/kernel/index.ts';
import { freePort } from './ports.ts';

/** A broker for tests, on an ephemeral loopback port that it keeps when it comes back. */
export interface TestBroker {
  readonly port: number;
  readonly url: string;
  readonly protocol: MqttLinkOptions['protocol'];
  /** Kills it; what a client has not got is lost with it unless it writes its sessions to disk. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Ends it for good. */
  close(): Promise<void>;
}

/** Starts a real mosquitto in its own process; its sessions survive `stop` and `start`. */
export async function startMosquitto(lines: readonly string[] = []): Promise<TestBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'mw-mosquitto-'));
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  const own = lines.some((line) => line.startsWith('listener'));
  const common = [
    `user ${userInfo().username}`,
    'persistence true',
    `persistence_location ${folder}/`,
    'max_queued_messages 0',
    'log_type error',
  ];
  writeFileSync(
    file,
    [...common, ...(own ? [] : [`listener ${String(port)} 127.0.0.1`, 'allow_anonymous true']), ...lines]
      .map((line) => line.replace('$PORT', String(port)))
      .join('\n'),
  );
  let child: ChildProcess | undefined;
  // A test that fails half-way leaves no broker behind.
  const end = () => child?.kill('SIGKILL');
  process.once('exit', end);

  async function start(): Promise<void> {
    child = spawn('/usr/sbin/mosquitto', ['-c', file], { stdio: 'ignore', env: { ...process.env, HOME: folder } });
    await until(() => answers(port), 10_000);
  }
  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const present = child;
    child = undefined;
    if (!present || present.exitCode !== null) return;
    present.kill(signal);
    await once(present, 'exit');
  }
  await start();
  return {
    port,
    url: `mqtt://127.0.0.1:${String(port)}`,
    protocol: '5',
    start,
    stop,
    async close() {
      process.off('exit', end);
      await stop('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}

/** Starts aedes inside this process. */
export async function startAedes(): Promise<TestBroker> {
  let broker = await startMqttBroker({ host: '127.0.0.1', port: 0 });
  const { port, url } = broker;
  return {
    port,
    url,
    protocol: '3.1.1',
    async start() {
      broker = await startMqttBroker({ host: '127.0.0.1', port });
    },
    stop: () => broker.close(),
    close: () => broker.close().catch(() => undefined),
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
}

/** Waits for something to become true; throws after the limit. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  const end = monotonicMs() + limitMs;
  while (!(await holds())) {
    if (monotonicMs() > end) throw new Error(`not within ${String(limitMs)} ms: ${String(holds)}`);
    await sleep(10);
  }
}

/** Takes down what a link reports and receives. */
export class MqttWitness {
  readonly states: Connection[] = [];
  readonly errors: MillwrightError[] = [];
  readonly messages: MqttReceived[] = [];

  readonly onState = (state: Connection, error?: MillwrightError): void => {
    this.states.push(state);
    if (error) this.errors.push(error);
  };
  readonly onMessage = (message: MqttReceived): void => {
    this.messages.push(message);
  };
  get state(): Connection['state'] | undefined {
    return this.states.at(-1)?.state;
  }
  get texts(): string[] {
    return this.messages.map(({ payload }) => Buffer.from(payload).toString('utf8'));
  }
  get codes(): string[] {
    return this.errors.map(({ code }) => code);
  }
}

/** Keys and certificates in PEM form, made by openssl: an authority and what it signed for 127.0.0.1. */
export function makeCertificates(): { ca: string; cert: string; key: string; folder: string; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mw-tls-'));
  // Another test's library leaves OPENSSL_CONF=undefined in the environment.
  const env = { ...process.env, OPENSSL_CONF: '/dev/null' };
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '2',
    '-subj',
    '/CN=Test authority',
  );
  openssl('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=broker');
  writeFileSync(join(folder, 'san.cnf'), 'subjectAltName=IP:127.0.0.1');
  const sign = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san.cnf'];
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.crt', ...sign);
  const pem = (file: string) => execFileSync('cat', [join(folder, file)], { encoding: 'utf8' });
  return {
    folder,
    ca: pem('ca.crt'),
    cert: pem('server.crt'),
    key: pem('server.key'),
    close() {
      rmSync(folder, { recursive: true });
    },
  };
}

interface WebSocketLibrary {
  WebSocketServer: new (options: object) => { on(event: 'connection', listener: (socket: object) => void): void };
  createWebSocketStream(socket: object): Duplex;
}

/** An encrypted WebSocket in front of a broker (the library is the client's own). */
export async function startWebSocketProxy(
  targetPort: number,
  tls: { cert: string; key: string },
): Promise<{ port: number; close(): void }> {
  const mqttFile = createRequire(import.meta.url).resolve('mqtt');
  const ws = createRequire(mqttFile)('ws') as WebSocketLibrary;
  const server = createHttpsServer(tls);
  new ws.WebSocketServer({ server, handleProtocols: () => 'mqtt' }).on('connection', (socket) => {
    const near = ws.createWebSocketStream(socket);
    const far = connect(targetPort, '127.0.0.1');
    for (const one of [near, far]) one.on('error', () => undefined);
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
