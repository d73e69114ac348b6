import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NodeAPI } from 'node-red';
import { mcpNode } from '../../src/contracts/index.ts';
import { MillwrightError } from '../../src/kernel/index.ts';
import { agentScopes, agentTools, openAgentServer, shortestToken, type AgentServer } from '../../src/language/index.ts';
import { openPseudonyms, outgoing } from '../../src/llm/index.ts';
import type { LlmService } from '../mw-llm/mw-llm.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import { caseSearchOf, type CaseSearch } from '../shared/case-search.ts';
import { openPlantQuestions } from '../shared/plant-questions.ts';
import { registerNode } from '../shared/wrapper.ts';

/** Beside the board's pages: an agent's address never leads to them. */
const root = '/millwright-mcp';

export default function (RED: NodeAPI): void {
  const servers = new Map<string, AgentServer>();
  mount(RED, (path) => servers.get(path));
  registerNode(RED, {
    definition: mcpNode,
    create: async ({ use, config, credentials, emit, status, text, logger, guard }) => {
      const { path, enabled, limitSeconds, requestsPerMinute } = config;
      if (!enabled) {
        status('idle', text('status.off'));
        return {};
      }
      const token = credentials.token ?? '';
      if (token.length < shortestToken) throw new MillwrightError('MW_MCP_TOKEN_MISSING', { length: shortestToken });
      if (servers.has(path)) throw new MillwrightError('MW_MCP_PATH_TAKEN', { path });
      const store = await use<StoreService>(config.store, 'store');
      const llm = config.llm === '' ? undefined : await use<LlmService>(config.llm, 'llm');
      const limitMs = limitSeconds * 1000;
      const { ask } = openPlantQuestions({ store, llm, limitMs });
      const scopes = agentScopes.filter((scope) => config[scope]);
      const onAnswer = guard((answer: { traceId: string }) => {
        emit(0, answer, { type: 'mw.answer.v1', subject: answer.traceId });
        status('ok', text('status.calls', { calls: String(server.calls) }));
      });
      const now = () => store.clock.now();
      /** Quotes of the log, with people by stand-ins. */
      const searchCases = (): CaseSearch | undefined => {
        const search = caseSearchOf(config.store);
        return (
          search &&
          (async (query, limit) => {
            const people = (await store.store.loadPlantModel())?.persons.map(({ personId }) => personId) ?? [];
            const pseudonyms = openPseudonyms(people);
            return (await search(query, limit)).map((found) => ({ ...found, text: outgoing(found.text, pseudonyms) }));
          })
        );
      };
      const server = await openAgentServer({
        door: { token, hosts: config.hosts.split(','), requestsPerMinute },
        tools: () => agentTools({ ask, now, onAnswer, searchCases: searchCases() }, scopes),
        version: ask.catalogue.version,
        limitMs,
        logger,
      });
      servers.set(path, server);
      status('ok', text('status.open'));
      return {
        close() {
          servers.delete(path);
          server.close();
        },
      };
    },
  });
}

/** The route is made once per Node-RED and leads to the servers that are deployed now. */
function mount(RED: NodeAPI, serverAt: (path: string) => AgentServer | undefined): void {
  RED.httpNode.use(root, (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const path = /^\/([a-z0-9-]+)\/?(?:\?.*)?$/.exec(request.url ?? '')?.[1] ?? '';
    const server = serverAt(path);
    if (server) void server.handle(request, response);
    else next();
  });
}
