import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { llmNode } from '../../src/contracts/index.ts';
import { toMillwrightError } from '../../src/kernel/index.ts';
import { fileSpentMemory, openLanguageModel, type LanguageModel } from '../../src/llm/index.ts';
import { localise } from '../shared/text.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';
import { modelSettings } from './model-settings.ts';
import { addProbeRoutes } from './probe-routes.ts';

/** What nodes get from their language model. */
export interface LlmService extends NodeService {
  readonly model: LanguageModel;
  /** Whether it has a model for embeddings. */
  readonly hasEmbeddings: boolean;
  /** Address that its key is stored for. */
  readonly baseUrl: string;
}

export default function (RED: NodeAPI): void {
  addProbeRoutes(RED);
  registerNode(RED, {
    definition: llmNode,
    create: ({ node, config, credentials, status, signal, text, guard }): LlmService => {
      const folder = join(RED.settings.userDir ?? process.cwd(), 'millwright/llm', node.id);
      const bare = openLanguageModel(modelSettings(config, credentials.apiKey), { memory: fileSpentMemory(folder) });

      /** Shows how it goes, and ends with the node. */
      async function shown<T>(work: Promise<T>): Promise<T> {
        status('working');
        try {
          const result = await work;
          status('ok', text('status.tokens', { tokens: String(bare.counters.spent.tokens) }));
          return result;
        } catch (thrown) {
          const { code } = toMillwrightError(thrown);
          if (code !== 'MW_ABORTED') status('error', text('status.failed'));
          throw thrown;
        }
      }
      const until = (given?: AbortSignal) => (given ? AbortSignal.any([given, signal]) : signal);
      const model: LanguageModel = {
        name: bare.name,
        egress: bare.egress,
        fill: (task) => shown(bare.fill({ ...task, signal: until(task.signal) })),
        embed: (texts, tells, given) => shown(bare.embed(texts, tells, { ...given, signal: until(given?.signal) })),
        capabilities: (given) => shown(bare.capabilities(until(given))),
        get counters() {
          return bare.counters;
        },
      };
      if (model.egress === 'nothing') status('idle', text('status.nothing'));
      else
        guard(() =>
          model.capabilities().catch((thrown: unknown) => {
            if (!signal.aborted) node.warn(localise(RED, thrown).message);
          }),
        )();
      return { model, hasEmbeddings: config.embeddingModel !== '', baseUrl: config.baseUrl };
    },
  });
}
