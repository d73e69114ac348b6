import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, type PageFaults } from '../support/browser.ts';
import { editorHands, type EditorHands } from '../support/editor.ts';
import { startNodeRed, type RunningNodeRed } from '../support/node-red.ts';
import { temporaryFolder } from '../support/opcua.ts';
import {
  makeCertificate,
  startSecureServer,
  type CertificateFiles,
  type SecureServer,
} from '../support/secure-server.ts';

describe('the dialog of the OPC UA endpoint', function () {
  this.timeout(90_000);
  const folder = temporaryFolder('endpoint-dialog');
  let files: CertificateFiles;
  let server: SecureServer;
  let nodeRed: RunningNodeRed;
  let browser: Browser;
  let page: Page;
  let faults: PageFaults;
  let hands: EditorHands;
  const flow = (endpointUrl: string) => [
    { id: 'tab', type: 'tab', label: 'Press' },
    {
      id: 'endpoint',
      type: 'mw-opcua-endpoint',
      name: '',
      version: 1,
      endpointUrl,
      security: 'none',
      login: 'anonymous',
      acknowledge: false,
      allowList: [],
    },
    {
      id: 'in',
      type: 'mw-opcua-in',
      z: 'tab',
      name: '',
      version: 1,
      x: 200,
      y: 80,
      wires: [[], []],
      endpoint: 'endpoint',
      tags: [{ tag: 'Press/time', nodeId: 'i=2258' }],
    },
  ];

  before(async () => {
    files = await makeCertificate(join(folder.path, 'own'), { name: 'Press 4', toDays: 20, host: 'press-4.works' });
    server = await startSecureServer(join(folder.path, 'server'), files);
    nodeRed = await startNodeRed('node-red');
    browser = await launchBrowser();
    ({ page, faults } = await openPage(browser, nodeRed.url));
    hands = await editorHands(page);
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
    await server.close();
    folder.remove();
  });

  const edit = (work: () => Promise<void>) => hands.editConfig('endpoint', work);
  /** Turns to a tab; on a busy machine the editor drops a click now and then. */
  const tab = async (name: string) => {
    const part = page.locator(`#mw-opcua-endpoint-${name}`);
    for (let attempt = 0; attempt < 5 && !(await part.isVisible()); attempt++) {
      await page.click(`#red-ui-tab-${name} a`);
      await part.waitFor({ state: 'visible', timeout: 3_000 }).catch(() => undefined);
    }
  };
  const state = (word: string) =>
    page.locator('#mw-opcua-endpoint-state').getByText(word, { exact: true }).waitFor({ state: 'attached' });

  it('finds a server, has its certificate accepted and its endpoint chosen, and is online after the deploy', async () => {
    await hands.importFlow(flow(server.endpointUrl));
    await edit(async () => {
      await page.fill('#node-config-input-endpointUrl', 'opc.tcp://127.0.0.1:1');
      await page.click('#mw-opcua-endpoint-discover button');
      await page.getByText(/cannot be reached/).waitFor();
      await page.fill('#node-config-input-endpointUrl', server.endpointUrl);
      await page.press('#node-config-input-endpointUrl', 'Tab');
      await page.keyboard.press('Enter');
      const card = page.locator('#mw-opcua-endpoint-found .mw-card').last();
      await card.getByText('not trusted', { exact: true }).waitFor();
      const text = (await card.textContent()) ?? '';
      const truth = new X509Certificate(readFileSync(files.certificateFile));
      const groups = (hex: string) => hex.replaceAll(':', '').replace(/(.{4})(?=.)/g, '$1 ');
      assert.ok(text.includes(groups(truth.fingerprint256)), text);
      assert.ok(text.includes(groups(truth.fingerprint)), text);
      assert.match(text, /CN=Press 4/);
      assert.match(text, /ends in 19 days/);
      assert.match(text, /other hosts/);
      await card.getByRole('button', { name: 'Accept' }).click();
      await card.getByText('trusted', { exact: true }).waitFor();
      await page.getByLabel('Aes128_Sha256_RsaOaep, sign and encrypt').check();
      assert.equal(await page.inputValue('#node-config-input-security'), 'Aes128_Sha256_RsaOaep-SignAndEncrypt');
      await state('not deployed yet');
    });
    await hands.deploy();
    await hands.until('in', /^1 /);
    assert.equal(server.lastChannel(), 'Aes128_Sha256_RsaOaep-SignAndEncrypt');
    await edit(() => state('online'));
  });

  it('shows, renews and hands out its own certificate, and ends a connection whose server is no longer trusted', async () => {
    await edit(async () => {
      await tab('certificates');
      const own = page.locator('#mw-opcua-endpoint-certificates section').last();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        own.getByRole('button', { name: 'Download' }).first().click(),
      ]);
      const got = new X509Certificate(readFileSync(await download.path()));
      const certs = join(nodeRed.userDir, 'millwright/opcua/own/certs');
      const [file] = readdirSync(certs);
      assert.equal(got.fingerprint256, new X509Certificate(readFileSync(join(certs, file!))).fingerprint256);
      page.once('dialog', (dialog) => void dialog.accept());
      await own.getByRole('button', { name: 'Make a new one' }).click();
      await own.getByText('offered where the new one is refused').waitFor();
      assert.equal(readdirSync(certs).length, 2);
      await page.getByRole('button', { name: 'No longer trust' }).click();
      await page.locator('section').first().getByRole('button', { name: 'Accept' }).waitFor();
      await tab('connection');
      await state('not connected');
      await page
        .locator('#mw-opcua-endpoint-state')
        .getByText(/is not trusted/)
        .waitFor();
      await tab('certificates');
      await page.locator('section').first().getByRole('button', { name: 'Accept' }).click();
      await tab('connection');
      await state('online');
    });
  });

  it('keeps an allow list and a login; the key is never shown again nor exported', async () => {
    const person = await makeCertificate(join(folder.path, 'person'), { name: 'Maintenance' });
    const key = readFileSync(person.privateKeyFile, 'utf8');
    await server.trustUser(person.certificateFile);
    await edit(async () => {
      await page.selectOption('#node-config-input-login', 'certificate');
      const choosers = page.locator('[data-file-for] input[type=file]');
      await choosers.nth(0).setInputFiles(person.certificateFile);
      await choosers.nth(1).setInputFiles(person.privateKeyFile);
      await page.waitForFunction(() =>
        (document.querySelector('#mw-opcua-endpoint-key') as HTMLTextAreaElement).value.includes('PRIVATE'),
      );
      await tab('writing');
      await page.click('#mw-opcua-endpoint-writing .red-ui-editableList-addButton');
      await page.fill('.mw-allow [data-field=nodeId]', 'ns=1;s=Setpoint');
      await page.fill('.mw-allow [data-field=high]', '80');
    });
    await hands.deploy();
    const flows = await (await fetch(`${nodeRed.url}/flows`)).text();
    const endpoint = (JSON.parse(flows) as { id: string; allowList?: unknown }[]).find(({ id }) => id === 'endpoint');
    assert.deepEqual(endpoint?.allowList, [{ kind: 'write', nodeId: 'ns=1;s=Setpoint', high: 80 }]);
    assert.ok(!flows.includes('PRIVATE KEY'));
    await hands.until('in', /^1 /);
    await edit(async () => {
      assert.equal(await page.inputValue('#mw-opcua-endpoint-key'), '');
      assert.match((await page.getAttribute('#mw-opcua-endpoint-key', 'placeholder')) ?? '', /stored/);
      await state('online');
    });
    await hands.deploy();
    const answers = await Promise.all(
      [
        'credentials/mw-opcua-endpoint/endpoint',
        'millwright/opcua/certificates',
        'millwright/opcua/endpoint/state',
      ].map(async (path) =>
        (await fetch(`${nodeRed.url}/${path}`, { headers: { accept: 'application/json' } })).text(),
      ),
    );
    const secret = key.split('\n')[1] ?? key;
    for (const text of [...answers, nodeRed.log()]) assert.ok(!text.includes(secret) && !text.includes('PRIVATE KEY'));
  });

  it('refuses what is no address and no fingerprint', async () => {
    const post = async (path: string, body: object) => {
      const response = await fetch(`${nodeRed.url}/millwright/opcua/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    assert.deepEqual(await post('discover', { endpointUrl: 'http://127.0.0.1' }), [400, 'MW_PAYLOAD_INVALID']);
    assert.deepEqual(await post('discover', {}), [400, 'MW_PAYLOAD_INVALID']);
    for (const action of ['accept', 'reject', 'forget']) {
      const forged = { fingerprint: '../../own/private/x' };
      assert.deepEqual(await post(`certificates/${action}`, forged), [400, 'MW_PAYLOAD_INVALID']);
      assert.deepEqual(await post(`certificates/${action}`, { fingerprint: 'A'.repeat(64) }), [
        404,
        'MW_RECORD_UNKNOWN',
      ]);
    }
    assert.deepEqual(await post('certificates/import', { base64: 'aGVsbG8=' }), [400, 'MW_OPCUA_FILE_UNKNOWN']);
    for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
      const body = `fingerprint=${'A'.repeat(64)}`;
      const headers = { 'content-type': type };
      for (const action of ['accept', 'renew']) {
        const url = `${nodeRed.url}/millwright/opcua/certificates/${action}`;
        assert.equal((await fetch(url, { method: 'POST', headers, body })).status, 415, `${action} as ${type}`);
      }
    }
  });

  it('writes no error to the console but the refusals above, and asks nothing of the outside', () => {
    const unexpected = faults.consoleErrors.filter((text) => !text.includes('400 (Bad Request)'));
    assert.deepEqual({ ...faults, consoleErrors: unexpected }, { consoleErrors: [], outsideRequests: [] });
  });
});
