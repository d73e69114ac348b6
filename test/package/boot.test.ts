import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeDefinitions } from '../../src/contracts/index.ts';
import { languages, root } from '../../src/tooling/project.ts';
import { startNodeRed, type RunningNodeRed } from '../support/node-red.ts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string };

for (const module of ['node-red', 'node-red-4'] as const) {
  describe(`the packed tarball in ${module}`, () => {
    let nodeRed: RunningNodeRed;
    before(async function () {
      this.timeout(90_000);
      nodeRed = await startNodeRed(module);
    });
    after(async function () {
      this.timeout(30_000);
      await nodeRed.stop();
    });
    const get = async (path: string, accept = 'application/json') => {
      const response = await fetch(nodeRed.url + path, { headers: { accept } });
      assert.equal(response.status, 200, path);
      return response.text();
    };

    it('has every node set, enabled and without an error', async () => {
      const sets = JSON.parse(await get('/nodes')) as {
        module: string;
        types: string[];
        enabled: boolean;
        err?: unknown;
      }[];
      const ours = sets.filter((set) => set.module === manifest.name);
      assert.deepEqual(ours.flatMap((set) => set.types).sort(), nodeDefinitions.map((d) => d.type).sort());
      for (const set of ours) assert.ok(set.enabled && !set.err, JSON.stringify(set));
    });
    it('serves html, icons and catalogues in every language', async () => {
      const html = await get('/nodes', 'text/html');
      const icons = JSON.parse(await get('/icons')) as Record<string, string[]>;
      for (const { type, icon } of nodeDefinitions) {
        assert.match(html, new RegExp(`registerType\\('${type}'`));
        assert.match(html, new RegExp(`data-help-name="${type}"`));
        assert.ok(icons[manifest.name]?.includes(icon), `${icon} in ${JSON.stringify(icons[manifest.name])}`);
        for (const language of languages) {
          const catalogue = JSON.parse(await get(`/locales/${manifest.name}/${type}?lng=${language}`)) as {
            palette?: string;
          };
          assert.ok(catalogue.palette, `${type} ${language}`);
        }
      }
    });
    it('starts without a warning about missing types', () => {
      assert.doesNotMatch(nodeRed.log(), /missing types|\[error\]/i);
    });
  });
}
