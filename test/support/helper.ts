import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import helper from 'node-red-node-test-helper';
import type { NodeAPI } from 'node-red';

const require = createRequire(import.meta.url);

/** Node-RED's runtime inside the test process, with Catch and Complete nodes. */
export const coreNodes = ['25-catch.js', '24-complete.js', '25-status.js'].map(
  (file) => require(`@node-red/nodes/core/common/${file}`) as (RED: NodeAPI) => void,
);

/** Starts the test helper's server before and stops it after the suite that calls this. */
export function withNodeRed(): typeof helper {
  const userDir = mkdtempSync(join(tmpdir(), 'mw-helper-'));
  before((done) => {
    helper.init(require.resolve('node-red'), { userDir });
    helper.settings({ userDir });
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(() => {
      rmSync(userDir, { recursive: true, force: true });
      done();
    });
  });
  afterEach(() => helper.unload());
  return helper;
}

/** The next message that a node of the flow receives. */
export function nextMessage(id: string): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    helper.getNode(id).once('input', resolve);
  });
}
