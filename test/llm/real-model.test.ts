import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tinyModel } from '../support/gguf.ts';
import { metricTask, modelAt } from './support.ts';

/** What of node-llama-cpp is used here: it is in no list of dependencies. */
interface LlamaLibrary {
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      createContext(options: object): Promise<{ getSequence(): object }>;
      dispose(): Promise<void>;
    }>;
    createGrammarForJsonSchema(schema: object): Promise<object>;
    dispose(): Promise<void>;
  }>;
  LlamaCompletion: new (options: { contextSequence: object }) => {
    generateCompletion(prompt: string, options: object): Promise<string>;
    dispose(): void;
  };
}

/** The library where it was installed by hand: below `MILLWRIGHT_LLAMA`, or where Node.js finds it. */
async function loadLibrary(): Promise<LlamaLibrary | undefined> {
  const from = process.env['MILLWRIGHT_LLAMA'] ?? import.meta.dirname;
  try {
    const file = createRequire(join(from, 'package.json')).resolve('node-llama-cpp');
    return (await import(pathToFileURL(file).href)) as LlamaLibrary;
  } catch {
    return undefined;
  }
}

describe('a real language model', function () {
  this.timeout(120_000);
  it('fills in a schema: client, server, grammar and check', async function () {
    const library = await loadLibrary();
    if (!library) {
      console.log(
        '      not run: node-llama-cpp is not installed (npm i node-llama-cpp --prefix DIR, MILLWRIGHT_LLAMA=DIR)',
      );
      this.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), 'mw-gguf-'));
    const modelPath = join(folder, 'tiny.gguf');
    const gguf = tinyModel();
    writeFileSync(modelPath, gguf);
    const begun = performance.now();
    const llama = await library.getLlama({ build: 'never', gpu: false, maxThreads: 1, logLevel: 'error' });
    const loaded = await llama.loadModel({ modelPath });
    const context = await loaded.createContext({ contextSize: 4096, threads: 1 });
    const completion = new library.LlamaCompletion({ contextSequence: context.getSequence() });
    const loadMs = performance.now() - begun;
    const answered: string[] = [];
    const server: Server = createServer((request, response) => {
      const answer = async () => {
        let body = '';
        for await (const chunk of request) body += String(chunk);
        const {
          messages,
          response_format: format,
          max_tokens: maxTokens,
        } = JSON.parse(body) as {
          messages: { content: string }[];
          response_format: { json_schema: { schema: object } };
          max_tokens: number;
        };
        const grammar = await llama.createGrammarForJsonSchema(format.json_schema.schema);
        const prompt = messages.map(({ content }) => content).join('\n');
        const content = await completion.generateCompletion(prompt, { grammar, maxTokens, temperature: 0 });
        answered.push(content);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ choices: [{ finish_reason: 'stop', message: { role: 'assistant', content } }] }));
      };
      answer().catch((thrown: unknown) => response.writeHead(500).end(String(thrown)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`;
      const asked = performance.now();
      const { value, isRepaired } = await modelAt({ url }, { limitMs: 60_000 }).fill<{ metric: string }>(metricTask);
      const answerMs = performance.now() - asked;
      assert.ok(['output', 'reject_rate'].includes(value.metric));
      assert.equal(isRepaired, false);
      assert.deepEqual(JSON.parse(answered[0]!), value);
      console.log(
        `      ${String(gguf.length)} bytes, loaded in ${loadMs.toFixed(0)} ms, answered in ${answerMs.toFixed(0)} ms: ${answered[0]!}`,
      );
    } finally {
      server.close();
      await loaded.dispose();
      await llama.dispose();
      rmSync(folder, { recursive: true });
    }
  });
});
