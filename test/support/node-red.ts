import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { freePort } from './ports.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/tooling/project.ts';

/** A Node-RED that runs the packed package, as a user would have it. */
export interface RunningNodeRed {
  url: string;
  userDir: string;
  log(): string;
  stop(): Promise<void>;
}

let packed: string | undefined;

/** Packs the built package once per test run and returns the tarball's path. */
function packTarball(): string {
  if (packed) return packed;
  const folder = mkdtempSync(join(tmpdir(), 'mw-pack-'));
  const { status, stderr } = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const [file] = readdirSync(folder);
  packed = join(folder, file ?? '');
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return packed;
}

/**
 * A fresh user directory with the tarball unpacked into `node_modules`. Its dependencies are found in the
 * checkout's own `node_modules`, which are linked, so that no test needs a registry.
 */
function freshUserDir(): string {
  const userDir = mkdtempSync(join(tmpdir(), 'mw-user-'));
  const target = join(userDir, 'node_modules/@millwright/node-red-shopfloor');
  mkdirSync(target, { recursive: true });
  spawnSync('tar', ['-xzf', packTarball(), '-C', target, '--strip-components=1']);
  writeFileSync(
    join(userDir, 'package.json'),
    JSON.stringify({ name: 'user', version: '1.0.0', dependencies: { '@millwright/node-red-shopfloor': '*' } }),
  );
  return userDir;
}

/** Starts Node-RED 5 or 4.1 on an ephemeral loopback port and waits until it answers. */
export async function startNodeRed(
  module: 'node-red' | 'node-red-4',
  {
    flows = [],
    settings = '',
    userDir = freshUserDir(),
  }: { flows?: unknown[]; settings?: string; userDir?: string } = {},
): Promise<RunningNodeRed> {
  const port = await freePort();
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flows));
  writeFileSync(
    join(userDir, 'settings.js'),
    `module.exports = { uiPort: ${String(port)}, uiHost: '127.0.0.1', flowFile: 'flows.json', credentialSecret: 'test',
      telemetry: { enabled: false, updateNotification: false }, editorTheme: { tours: false },
      externalModules: { palette: { allowInstall: false } }, logging: { console: { level: 'info' } }, ${settings} };`,
  );
  linkDependencies(userDir);
  const child: ChildProcess = spawn(process.execPath, [join(root, 'node_modules', module, 'red.js'), '-u', userDir], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const url = `http://127.0.0.1:${String(port)}`;
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(userDir, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`Node-RED ended: ${log}`);
    if (log.includes('Started flows')) return { url, userDir, log: () => log, stop };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await stop();
  throw new Error(`Node-RED did not start in 60 s: ${log}`);
}

/** Copies nothing large: each dependency of the package is a link into the checkout's `node_modules`. */
function linkDependencies(userDir: string): void {
  const modules = join(userDir, 'node_modules');
  spawnSync('sh', [
    '-c',
    `for d in "$1"/node_modules/*; do b=$(basename "$d"); [ -e "$2/$b" ] || ln -s "$d" "$2/$b"; done`,
    'sh',
    root,
    modules,
  ]);
  cpSync(join(root, 'node_modules/.package-lock.json'), join(modules, '.package-lock.json'), { force: true });
}
