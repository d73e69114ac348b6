import type { Page } from 'playwright-core';
import { launchBrowser, openPage, type PageFaults } from './browser.ts';
import { startNodeRed, type RunningNodeRed } from './node-red.ts';

interface EditorNode {
  id: string;
  type: string;
  z?: string;
  valid?: boolean;
  validationErrors?: unknown;
  status?: { text?: string; fill?: string };
}
interface EditorGlobal {
  RED: {
    nodes: {
      node(id: string): EditorNode | null;
      eachNode(each: (node: EditorNode) => void): void;
      eachConfig(each: (node: EditorNode) => void): void;
      dirty(): boolean;
    };
    view: { importNodes(nodes: unknown, options: object): void };
    workspaces: { show(id: string): void };
    editor: { edit(node: EditorNode | null): void; editConfig(name: string, type: string, id: string): void };
  };
}

/** What a person does in the editor. */
export interface EditorHands {
  page: Page;
  /** Imports a flow as it is and shows its first tab; gives the nodes that are unknown or invalid. */
  importFlow(flow: unknown): Promise<string[]>;
  /** All nodes that are unknown or invalid. */
  invalidNodes(): Promise<string[]>;
  /** Presses Deploy and waits until it is done. */
  deploy(): Promise<void>;
  /** Opens a node's dialog, does something in it and presses Done. */
  edit(id: string, work: (page: Page) => Promise<void>): Promise<void>;
  /** The same for a config node. */
  editConfig(id: string, work: (page: Page) => Promise<void>): Promise<void>;
  /** Presses a node's button. */
  press(id: string): Promise<void>;
  /** Waits until a node's status reads so. */
  until(id: string, pattern: RegExp, limitMs?: number): Promise<string>;
}

/** Takes an editor's page into hand, once its palette has our nodes. */
export async function editorHands(page: Page): Promise<EditorHands> {
  await page.waitForSelector('.red-ui-palette-node[data-palette-type="mw-trust"]', { state: 'attached' });
  const status = (id: string) =>
    page.evaluate((of) => (globalThis as never as EditorGlobal).RED.nodes.node(of)?.status?.text ?? '', id);
  const invalidNodes = () =>
    page.evaluate(() => {
      const { RED } = globalThis as never as EditorGlobal;
      const bad: string[] = [];
      const check = (node: EditorNode) => {
        if (node.type === 'unknown' || node.valid === false)
          bad.push(`${node.id} ${node.type} ${JSON.stringify(node.validationErrors)}`);
      };
      RED.nodes.eachNode(check);
      RED.nodes.eachConfig(check);
      return bad;
    });
  return {
    page,
    async importFlow(flow) {
      await page.evaluate((nodes) => {
        const { RED } = globalThis as never as EditorGlobal;
        RED.view.importNodes(nodes, { generateIds: false, addFlow: false, touchImport: true });
        const [tab] = nodes as { id: string }[];
        if (tab) RED.workspaces.show(tab.id);
      }, flow);
      return invalidNodes();
    },
    invalidNodes,
    async deploy() {
      await page.click('#red-ui-header-button-deploy');
      await page.waitForFunction(() => !(globalThis as never as EditorGlobal).RED.nodes.dirty());
    },
    async edit(id, work) {
      await page.evaluate((of) => {
        const { RED } = globalThis as never as EditorGlobal;
        RED.editor.edit(RED.nodes.node(of));
      }, id);
      await page.waitForSelector('#node-dialog-ok');
      await work(page);
      await page.click('#node-dialog-ok');
      await page.waitForSelector('#node-dialog-ok', { state: 'detached' });
    },
    async editConfig(id, work) {
      await page.evaluate((of) => {
        const { RED } = globalThis as never as EditorGlobal;
        RED.editor.editConfig('', RED.nodes.node(of)?.type ?? '', of);
      }, id);
      await page.waitForSelector('#node-config-dialog-ok');
      await work(page);
      await page.click('#node-config-dialog-ok');
      await page.waitForSelector('#node-config-dialog-ok', { state: 'detached' });
    },
    press: (id) => page.locator(`[id="${id}"] .red-ui-flow-node-button-button`).dispatchEvent('click'),
    async until(id, pattern, limitMs = 120_000) {
      const end = Date.now() + limitMs;
      for (;;) {
        const text = await status(id);
        if (pattern.test(text)) return text;
        if (Date.now() > end) throw new Error(`${id} shows "${text}", expected ${String(pattern)}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
}

/** A Node-RED of its own with its editor open in a browser. */
export interface OpenEditor {
  nodeRed: RunningNodeRed;
  hands: EditorHands;
  faults: PageFaults;
  close(): Promise<void>;
}

/** Starts Node-RED with a flow, or an empty one, and opens its editor. */
export async function openEditor(flows: object[] = []): Promise<OpenEditor> {
  const nodeRed = await startNodeRed('node-red', { flows });
  const browser = await launchBrowser();
  const { page, faults } = await openPage(browser, nodeRed.url);
  return {
    nodeRed,
    hands: await editorHands(page),
    faults,
    async close() {
      await browser.close();
      await nodeRed.stop();
    },
  };
}
