import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeDefinitions } from '../../src/contracts/index.ts';
import { root } from '../../src/tooling/project.ts';

interface Manifest {
  name: string;
  license: string;
  type: string;
  repository: { url: string };
  engines: { node: string };
  keywords: string[];
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  bin: Record<string, string>;
  'node-red': { version: string; nodes: Record<string, string> };
}
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const npm = (...args: string[]) => spawnSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });

describe('package.json', () => {
  it('passes the scorecard: licence, repository, scope, Node-RED and Node range, at most six dependencies', () => {
    assert.equal(manifest.license, 'MIT');
    assert.ok(manifest.repository.url);
    assert.match(manifest.name, /^@[\w-]+\/node-red-/);
    assert.ok(manifest.keywords.includes('node-red'));
    assert.equal(manifest.engines.node, '>=22.9');
    assert.equal(manifest['node-red'].version, '>=4.1.0');
    assert.ok(Object.keys(manifest.dependencies).length <= 6);
  });
  it('names one set per node, each with its runtime file, and a unique type', () => {
    const expected = Object.fromEntries(nodeDefinitions.map(({ type }) => [type, `dist/nodes/${type}/${type}.js`]));
    assert.deepEqual(manifest['node-red'].nodes, expected);
  });
  it('runs no script at installation', () => {
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'])
      assert.equal(manifest.scripts[name], undefined);
  });
  it('asks an older Node for no optional package without naming it for development too', () => {
    for (const [name, version] of Object.entries(manifest.optionalDependencies)) {
      const { engines } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
        engines?: { node?: string };
      };
      const minimum = Number(/>=\s*(\d+)/.exec(engines?.node ?? '')?.[1] ?? 0);
      if (minimum >= 22) assert.equal(manifest.devDependencies[name], version, name);
    }
  });
  it('has every optional package in the checkout', () => {
    for (const [name, version] of Object.entries(manifest.optionalDependencies)) {
      const found = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
        version: string;
      };
      assert.equal(found.version, version, name);
    }
  });
  it('keeps the top level to what the house names', () => {
    const tracked = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
    const top = [...new Set(tracked.map((file) => file.split('/')[0] ?? ''))].filter((name) => !name.startsWith('.'));
    const allowed = [
      'nodes',
      'src',
      'examples',
      'icons',
      'locales',
      'test',
      'package.json',
      'tsconfig.json',
      'README.md',
      'package-lock.json',
      'LICENSE',
      'CHANGELOG.md',
      'SECURITY.md',
    ];
    assert.deepEqual(
      top.filter((name) => !allowed.includes(name)),
      [],
    );
  });
  it('gives a bill of materials', function () {
    this.timeout(60_000);
    const { stdout, status } = npm('sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only');
    assert.equal(status, 0);
    assert.equal((JSON.parse(stdout) as { bomFormat: string }).bomFormat, 'CycloneDX');
  });
});

describe('the tarball', () => {
  interface Packed {
    unpackedSize: number;
    files: { path: string }[];
  }
  let packed: Packed;
  before(function () {
    this.timeout(60_000);
    [packed] = JSON.parse(npm('pack', '--dry-run', '--json').stdout) as [Packed];
  });
  it('holds what ships and nothing else, under 6 MB unpacked', () => {
    const top = new Set(packed.files.map(({ path }) => path.split('/')[0]));
    for (const name of top)
      assert.ok(
        ['dist', 'examples', 'README.md', 'LICENSE', 'CHANGELOG.md', 'package.json'].includes(name ?? ''),
        name,
      );
    assert.ok(packed.unpackedSize < 6e6, `${String(packed.unpackedSize)} bytes`);
    for (const { path } of packed.files) assert.doesNotMatch(path, /tooling|\.editor\.|\.test\./);
  });
  it('imports from a built file only what exists in the tarball', () => {
    const files = new Set(packed.files.map(({ path }) => path));
    for (const path of files) {
      if (!path.endsWith('.js')) continue;
      const source = readFileSync(join(root, path), 'utf8');
      for (const [, target] of source.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g))
        assert.ok(files.has(join(path, '..', target ?? '')), `${path} imports ${target ?? ''}`);
    }
  });
  it('is well formed for Node and TypeScript (publint)', async () => {
    const { publint } = await import('publint');
    const { messages } = await publint({ pkgDir: root, strict: true });
    assert.deepEqual(
      messages.filter(({ type }) => type === 'error'),
      [],
    );
  });
});

describe('dependencies', () => {
  it('install in at most 25 MB without the optional ones', function () {
    this.timeout(30_000);
    const tree = JSON.parse(npm('ls', '--omit=dev', '--omit=optional', '--all', '--json').stdout) as Tree;
    const names = new Set<string>();
    const walk = (node: Tree) => {
      for (const [name, child] of Object.entries(node.dependencies ?? {})) {
        if (names.has(name) || name in manifest.optionalDependencies) continue;
        names.add(name);
        walk(child);
      }
    };
    walk(tree);
    const megabytes = (folders: string[]) =>
      folders.reduce((sum, name) => sum + sizeOf(join(root, 'node_modules', name)), 0) / 1e6;
    const needed = megabytes([...names]);
    const optional = megabytes(Object.keys(manifest.optionalDependencies));
    console.log(
      `      needed ${needed.toFixed(1)} MB in ${String(names.size)} packages; optional ones themselves ${optional.toFixed(1)} MB more`,
    );
    assert.ok(names.size >= 6 && needed <= 25, `${String(needed)} MB`);
  });
});

interface Tree {
  dependencies?: Record<string, Tree>;
}

/** Bytes on disk; a peer that is not installed takes none. */
function sizeOf(folder: string): number {
  return existsSync(folder) ? Number(spawnSync('du', ['-sb', folder], { encoding: 'utf8' }).stdout.split('\t')[0]) : 0;
}
