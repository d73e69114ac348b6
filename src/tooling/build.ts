import { build as bundle } from 'esbuild';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contracts, nodeDefinitions, type NodeDefinition } from '../contracts/index.ts';
import { buildBoard } from './build-board.ts';
import { nodeForm } from './node-form.ts';
import { nodeHtml, type EditorSource } from './node-html.ts';
import { languages, root, run } from './project.ts';

/** Builds the package into `dist/`: compiled sources, editor files beside each node, JSON Schemas. */
export async function build(): Promise<void> {
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await run('tsc', ['-p', 'src/tooling/tsconfig.build.json']);
  const { name } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { name: string };
  for (const definition of nodeDefinitions) await buildNode(name, definition);
  await buildSchemas();
  await buildBoard();
}

async function buildNode(moduleName: string, definition: NodeDefinition): Promise<void> {
  const { type } = definition;
  const target = join(root, 'dist/nodes', type);
  await mkdir(join(target, 'icons'), { recursive: true });
  await writeFile(join(target, `${type}.html`), nodeHtml(moduleName, definition, await editorSource(definition)));
  await cp(join(root, 'icons', definition.icon), join(target, 'icons', definition.icon));
  for (const language of languages) {
    const folder = join(target, 'locales', language);
    await mkdir(folder, { recursive: true });
    const [common, own, help] = await Promise.all(
      ['common.json', `${type}.json`, `${type}.md`].map((file) =>
        readFile(join(root, 'locales', language, file), 'utf8'),
      ),
    );
    const catalogue = nodeCatalogue(type, JSON.parse(common ?? '') as Catalogue, JSON.parse(own ?? '') as Catalogue);
    await writeFile(join(folder, `${type}.json`), nodeRedCatalogue(catalogue));
    await writeFile(
      join(folder, `${type}.html`),
      `<script type="text/markdown" data-help-name="${type}">\n${help ?? ''}</script>\n`,
    );
  }
}

/** Texts by section. */
type Catalogue = Record<string, object | string>;

/**
 * The texts that all nodes share and a node's own, section by section: its own `status` does not hide the shared one.
 * Those of all errors stand once in the package: `nodes/shared/text.ts` looks them up there.
 */
export function nodeCatalogue(type: string, common: Catalogue, own: Catalogue): Catalogue {
  const { errors = {}, fixes = {}, ...shared } = common;
  const base: Catalogue = type === 'mw-site' ? { ...shared, errors, fixes } : shared;
  const merged = { ...base, ...own };
  for (const [section, texts] of Object.entries(own)) {
    const before = base[section];
    if (typeof before === 'object' && typeof texts === 'object') merged[section] = { ...before, ...texts };
  }
  return merged;
}

/** Node-RED marks placeholders as `__name__`; our catalogues write `{{name}}`, as the board and the tests read them. */
function nodeRedCatalogue(catalogue: object): string {
  return JSON.stringify(catalogue).replaceAll(/\{\{(\w+)\}\}/g, '__$1__');
}

/** The node's own form where it has one, else the one that its schema gives. */
export async function formOf(definition: NodeDefinition): Promise<string> {
  const own = join(root, 'nodes', definition.type, `${definition.type}.html`);
  return existsSync(own) ? readFile(own, 'utf8') : nodeForm(definition);
}

async function editorSource(definition: NodeDefinition): Promise<EditorSource> {
  const { type } = definition;
  const form = await formOf(definition);
  const entry = join(root, 'nodes', type, `${type}.editor.ts`);
  if (!existsSync(entry)) return { form };
  const global = `${type.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase())}Editor`;
  const result = await bundle({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: global,
    target: 'es2022',
  });
  const source = await readFile(entry, 'utf8');
  const handlers = [...source.matchAll(/^export (?:async )?function (\w+)/gm)].map((match) => match[1] ?? '');
  return {
    form,
    script: { code: result.outputFiles[0]?.text ?? '', global, handlers },
  };
}

async function buildSchemas(): Promise<void> {
  const folder = join(root, 'dist/schemas');
  await mkdir(folder, { recursive: true });
  for (const [type, schema] of Object.entries(contracts))
    await writeFile(join(folder, `${type}.json`), `${JSON.stringify({ $id: type, ...schema }, null, 2)}\n`);
  for (const { type, config } of nodeDefinitions)
    await writeFile(
      join(folder, `${type}.config.json`),
      `${JSON.stringify({ $id: `${type}.config`, ...config }, null, 2)}\n`,
    );
}

if (process.argv[1]?.endsWith('build.ts')) await build();
