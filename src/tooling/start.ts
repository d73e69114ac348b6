import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { build } from './build.ts';
import { root } from './project.ts';

/** `npm start`: builds, starts Node-RED on loopback with the whole loop in it, and says what to try. */
const userDir = join(root, '.millwright');
const example = join(root, 'examples/01-the-whole-loop.json');
const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string };

await build();
const port = await freePort(Number(process.env.PORT ?? 1880));
const opcuaPort = await freePort(4840);
mkdirSync(userDir, { recursive: true });
writeFileSync(
  join(userDir, 'settings.js'),
  `module.exports = {
  uiPort: ${String(port)},
  uiHost: '127.0.0.1',
  flowFile: 'flows.json',
  credentialSecret: 'the demo plant has no secrets',
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false },
  externalModules: { palette: { allowInstall: false } },
};
`,
);
writeFileSync(
  join(userDir, 'package.json'),
  JSON.stringify({ name: 'millwright-demo', private: true, dependencies: { [name]: '*' } }),
);
linkPackage();
if (!existsSync(join(userDir, 'flows.json')))
  writeFileSync(
    join(userDir, 'flows.json'),
    readFileSync(example, 'utf8')
      .replaceAll('127.0.0.1:4840', `127.0.0.1:${String(opcuaPort)}`)
      .replaceAll(/"port": ?"?4840"?/g, `"port": "${String(opcuaPort)}"`),
  );

const child = spawn(process.execPath, [join(root, 'node_modules/node-red/red.js'), '-u', userDir], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let told = false;
child.stdout.on('data', (chunk: Buffer) => {
  process.stdout.write(chunk);
  if (!told && chunk.includes('Started flows')) {
    told = true;
    process.stdout.write(welcome());
  }
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGINT'));
child.on('exit', (code) => {
  process.exitCode = code ?? 0;
});

function welcome(): string {
  const address = `http://127.0.0.1:${String(port)}`;
  return `
  Editor          ${address}/
  Planning board  ${address}/millwright/

  At the first start the demo plant writes its history: the node "Northfield" shows how far it is. Then
    1. open the planning board,
    2. in the editor press the button of the node "Northfield": CNC-22 breaks down,
    3. see fifty simulated plans on the board, compare them and approve one,
    4. press the button of "What was the reject rate …" and read the answer in the debug sidebar.
  Ctrl-C ends it. The folder .millwright keeps everything; delete it to begin anew.

`;
}

/** The wanted port where it is free, else any. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && wanted !== 0) freePort(0).then(resolve, reject);
      else reject(error);
    });
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : wanted);
      });
    });
  });
}

/** The built package stands in the user directory as a link to this checkout. */
function linkPackage(): void {
  const link = join(userDir, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link);
  symlinkSync(root, link, 'dir');
}
