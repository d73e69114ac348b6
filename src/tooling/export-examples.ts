import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, openPage } from '../../test/support/browser.ts';
import { startNodeRed } from '../../test/support/node-red.ts';
import { build } from './build.ts';
import { root } from './project.ts';

/**
 * Runs every example through the real editor and writes back what the editor exports: default properties that a
 * hand-written or older flow lacks are then there. Run it after a node's settings change.
 */
interface EditorGlobal {
  RED: {
    nodes: { createCompleteNodeSet(): unknown[]; clear(): void; registry?: unknown };
    view: { importNodes(nodes: unknown, options: object): void };
  };
}

await build();
const folder = join(root, 'examples');
const nodeRed = await startNodeRed('node-red');
const browser = await launchBrowser();
try {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const { page, faults } = await openPage(browser, nodeRed.url);
    await page.waitForSelector('#red-ui-palette-node_inject, .red-ui-palette-node[data-palette-type=inject]');
    const exported = await page.evaluate(
      (flow) => {
        const { RED } = globalThis as never as EditorGlobal;
        RED.nodes.clear();
        RED.view.importNodes(flow, { generateIds: false, addFlow: false, touchImport: true });
        return RED.nodes.createCompleteNodeSet();
      },
      JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown,
    );
    if (faults.consoleErrors.length > 0) throw new Error(`${file}: ${faults.consoleErrors.join('\n')}`);
    writeFileSync(join(folder, file), `${JSON.stringify(exported, null, 2)}\n`);
    process.stdout.write(`${file}: ${String(exported.length)} nodes\n`);
    await page.close();
  }
} finally {
  await browser.close();
  await nodeRed.stop();
}
