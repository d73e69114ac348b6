import type { NodeAPI } from 'node-red';
import { llmNode } from '../../src/contracts/index.ts';
import { MillwrightError, toMillwrightError } from '../../src/kernel/index.ts';
import { openLanguageModel, type Capabilities, type EgressPolicy } from '../../src/llm/index.ts';
import { adminRoute, deployedService, type AdminRequest } from '../shared/admin.ts';
import { readConfig } from '../shared/config.ts';
import { modelSettings } from './model-settings.ts';
import type { LlmService } from './mw-llm.ts';

/** What the dialog is told: what the endpoint can do, or what is wrong. */
interface ProbeAnswer {
  egress: EgressPolicy;
  capabilities?: Capabilities;
  problem?: { code: string; params: Record<string, unknown> };
}

const limitMs = 20_000;

/**
 * Routes of the dialog: try the settings as they stand in it, without what was deployed (`mw.llm.write`), and the counters of
 * a deployed node (`mw.llm.read`). A stored key travels only to the address that it is stored for.
 */
export function addProbeRoutes(RED: NodeAPI): void {
  adminRoute(RED, 'post', '/millwright/llm/probe', 'mw.llm.write', async ({ body }): Promise<ProbeAnswer> => {
    const given = (body ?? {}) as Record<string, unknown>;
    const config = readConfig(llmNode, given);
    const typed = typeof given.apiKey === 'string' && given.apiKey !== '' ? given.apiKey : undefined;
    const settings = modelSettings(config, typed ?? (await storedKey(RED, given.id, config.baseUrl)));
    const model = openLanguageModel({ ...settings, limitMs });
    try {
      return { egress: model.egress, capabilities: await model.capabilities() };
    } catch (thrown) {
      const { code, params } = toMillwrightError(thrown);
      return { egress: model.egress, problem: { code, params } };
    }
  });
  adminRoute(RED, 'get', '/millwright/llm/:id/counters', 'mw.llm.read', async ({ params }: AdminRequest) => {
    const { model } = await deployedService<LlmService>(RED, 'mw-llm', params.id);
    return model.counters;
  });
}

/** The key of a deployed node, for its own host alone: who may test may not read it by testing elsewhere. */
async function storedKey(RED: NodeAPI, id: unknown, baseUrl: string): Promise<string | undefined> {
  if (typeof id !== 'string') return undefined;
  const { apiKey } = (RED.nodes.getCredentials(id) as { apiKey?: string } | undefined) ?? {};
  if (!apiKey) return undefined;
  const { baseUrl: storedFor } = await deployedService<LlmService>(RED, 'mw-llm', id);
  if (new URL(storedFor).origin !== new URL(baseUrl).origin)
    throw new MillwrightError('MW_LLM_KEY_ELSEWHERE', { endpoint: baseUrl });
  return apiKey;
}
