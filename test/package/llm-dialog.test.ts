import assert from 'node:assert/strict';
import { openEditor, type OpenEditor } from '../support/editor.ts';
import { startModelServer, type ModelServer } from '../support/model-server.ts';

describe('the dialog of mw-llm', function () {
  this.timeout(90_000);
  let server: ModelServer;
  let editor: OpenEditor;
  before(async () => {
    server = await startModelServer({ style: 'vllm', answer: () => ({ colour: 'blue' }) });
    const llm = { id: 'llm', type: 'mw-llm', name: '', version: 1, egress: 'auto', model: 'test-model' };
    editor = await openEditor([
      { id: 'tab', type: 'tab', label: 'Model' },
      { ...llm, baseUrl: server.origin },
    ]);
  });
  after(async () => {
    await editor.close();
    await server.close();
  });

  it('tries the settings as they stand, puts the address right, and says what the endpoint can do', async () => {
    await editor.hands.editConfig('llm', async (page) => {
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByRole('button', { name: `Use ${server.url}` }).click();
      await page.locator('#mw-llm-result', { hasText: 'enforced by the server' }).waitFor();
      const shown = await page.locator('#mw-llm-result').innerText();
      assert.match(shown, /8192 tokens/);
      assert.match(shown, /also records and free text/);
      assert.equal(await page.locator('#node-config-input-baseUrl').inputValue(), server.url);
      assert.equal(await page.locator('#mw-llm-models option').count(), 1);
    });
    assert.deepEqual(await editor.hands.invalidNodes(), []);
    assert.deepEqual(editor.faults, { consoleErrors: [], outsideRequests: [] });
  });
});
