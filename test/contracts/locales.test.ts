import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeDefinitions } from '../../src/contracts/index.ts';
import { errorTable } from '../../src/kernel/index.ts';
import { formOf, nodeCatalogue } from '../../src/tooling/build.ts';
import { languages, root } from '../../src/tooling/project.ts';

type Catalogue = Record<string, object | string>;
const read = (language: string, file: string) =>
  JSON.parse(readFileSync(join(root, 'locales', language, file), 'utf8')) as Catalogue;

/** Every text by its dotted key. */
function flat(catalogue: Catalogue, prefix = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'object'
      ? flat(value as Catalogue, `${prefix}${key}.`)
      : [[prefix + key, value] as [string, string]],
  );
}
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();

describe('locales', () => {
  const files = readdirSync(join(root, 'locales', languages[0])).filter((f) => f.endsWith('.json'));
  it('have the same keys and placeholders in every language', () => {
    for (const file of files) {
      const first = flat(read(languages[0], file));
      for (const language of languages.slice(1)) {
        const other = new Map(flat(read(language, file)));
        assert.deepEqual([...other.keys()].sort(), first.map(([key]) => key).sort(), `${language}/${file}`);
        for (const [key, text] of first)
          assert.deepEqual(placeholders(other.get(key) ?? ''), placeholders(text), `${language}/${file} ${key}`);
      }
    }
  });
  it('explain every error code, with only the parameters that it carries, and none besides', () => {
    const { errors, fixes } = read('en-US', 'common.json') as {
      errors: Record<string, string>;
      fixes: Record<string, string>;
    };
    assert.deepEqual(Object.keys(errors).sort(), Object.keys(errorTable).sort());
    assert.deepEqual(Object.keys(fixes).sort(), Object.keys(errorTable).sort());
    for (const [code, { params }] of Object.entries(errorTable))
      for (const name of placeholders(`${errors[code] ?? ''}${fixes[code] ?? ''}`))
        assert.ok((params as readonly string[]).includes(name ?? ''), `${code} {{${name ?? ''}}}`);
  });
  it('have a catalogue and a help page for every node', () => {
    for (const { type } of nodeDefinitions)
      for (const language of languages)
        for (const file of [`${type}.json`, `${type}.md`])
          assert.ok(existsSync(join(root, 'locales', language, file)), `${language}/${file}`);
  });
  it('stand beside forms that have a field for every property, credential and choice that is not drawn by code', async () => {
    for (const definition of nodeDefinitions) {
      const form = await formOf(definition);
      const prefix = definition.kind === 'config' ? 'node-config-input' : 'node-input';
      const properties = definition.config.properties as Record<string, { 'x-hidden'?: boolean; enum?: string[] }>;
      const shown = Object.entries(properties).filter(([key, schema]) => key !== 'version' && !schema['x-hidden']);
      for (const key of [...shown.map(([name]) => name), ...Object.keys(definition.credentials ?? {})])
        assert.ok(form.includes(`id="${prefix}-${key}"`), `${definition.type}: ${key}`);
      for (const [key, schema] of shown)
        for (const value of schema.enum ?? [])
          assert.ok(form.includes(`value="${value}"`), `${definition.type}: ${key} ${value}`);
    }
  });
  it('hold every key that a form names', async () => {
    const common = flat(read('en-US', 'common.json'));
    for (const definition of nodeDefinitions) {
      const { type } = definition;
      const keys = new Set([...common, ...flat(read('en-US', `${type}.json`))].map(([key]) => key));
      const form = await formOf(definition);
      for (const [, key] of form.matchAll(/data-i18n="(?:\[\w+\])?([\w.-]+)"/g))
        assert.ok(keys.has(key ?? ''), `${type}: ${key ?? ''}`);
    }
  });
  it('hold, as they are built, every text that a node shows or that all nodes share', () => {
    const nodes = (folder: string) =>
      readdirSync(join(root, 'nodes', folder))
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.editor.ts'))
        .map((file) => readFileSync(join(root, 'nodes', folder, file), 'utf8'));
    const shared = flat(read('en-US', 'common.json'))
      .map(([key]) => key)
      .filter((key) => !/^(errors|fixes)\./.test(key));
    for (const { type } of nodeDefinitions) {
      const built = nodeCatalogue(type, read('en-US', 'common.json'), read('en-US', `${type}.json`));
      const keys = new Set(flat(built).map(([key]) => key));
      const used = [...nodes(type), ...nodes('shared')].flatMap((source) =>
        [...source.matchAll(/(?:\btext|RED\._)\(\s*'([\w.-]+)'/g)].map((match) => match[1] ?? ''),
      );
      for (const key of [...shared, ...used]) assert.ok(keys.has(key), `${type}: ${key}`);
    }
  });
});
