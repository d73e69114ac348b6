import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { NodeAPI } from 'node-red';
import { Type } from 'typebox';
import { createBoard, hashPassword, parsePeople, type Board, type BoardPerson } from '../../src/board/index.ts';
import { boardNode, strictObject, type Progress, type Scenarios } from '../../src/contracts/index.ts';
import { compileCheck, MillwrightError } from '../../src/kernel/index.ts';
import { openLateExplainer } from '../../src/scenarios/index.ts';
import { effectiveMode } from '../../src/trust/index.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import { adminRoute } from '../shared/admin.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';

interface BoardService extends NodeService {
  people: readonly BoardPerson[];
}

const checkPassword = compileCheck(strictObject({ password: Type.String({ minLength: 1, maxLength: 200 }) }));

/** The built page stands beside the compiled sources. */
const uiFolder = fileURLToPath(new URL('../../board', import.meta.url));

export default function (RED: NodeAPI): void {
  let shown: Board | undefined;
  let deployments = 0;
  mount(RED, () => shown ?? (deployments > 0 ? 'soon' : undefined));

  registerNode(RED, {
    definition: boardNode,
    create: async ({ use, config, credentials, emit, status, text, logger }): Promise<BoardService> => {
      const service = await use<StoreService>(config.store, 'store');
      const { store, site, clock } = service;
      const people = parsePeople(credentials.people ?? '');
      const explainer = openLateExplainer(store);
      const board = createBoard({
        store,
        clock,
        logger,
        site: site.site,
        timeZone: site.calendar.timeZone,
        language: site.language,
        get demo() {
          return service.demo;
        },
        people,
        uiFolder,
        mode: () => effectiveMode(store, { useCase: 'planning', field: 'plan', highestMode: site.highestMode }),
        onApproval: (approval) => {
          emit(0, approval, { type: 'mw.approval.v1', subject: approval.planId });
        },
        explain: (planId) => explainer.explain(planId),
        onRequest: (request) => {
          emit(1, request, { type: 'mw.schedule-request.v1', subject: request.requestId });
        },
      });
      shown = board;
      deployments++;
      status('ok', text('status.open'));
      return {
        people,
        handle({ type, payload }) {
          if (type === 'mw.scenarios.v1')
            board.notify({ kind: 'scenarios', requestId: (payload as Scenarios).requestId });
          else if (type === 'mw.progress.v1') {
            const { requestId, eventId = null, done, total, failed } = payload as Progress;
            if (failed) board.notify({ kind: 'failed', search: { requestId, eventId, ...failed } });
            else board.notify({ kind: 'progress', search: { requestId, done, total } });
          } else board.notify({ kind: type === 'mw.event.v1' ? 'plant' : 'plan' });
        },
        async close(removed) {
          if (shown === board) shown = undefined;
          if (removed) deployments = 0;
          board.close();
          await explainer.close();
        },
      };
    },
  });
}

/** The route is made once per Node-RED and leads to the board that is deployed now, or says that one soon will be. */
function mount(RED: NodeAPI, board: () => Board | 'soon' | undefined): void {
  const root = RED.settings.httpNodeRoot ?? '/';
  if (root !== false)
    RED.httpNode.use('/millwright', (request: IncomingMessage, response: ServerResponse, next: () => void) => {
      const present = board();
      if (present === 'soon') {
        response.writeHead(503, { 'retry-after': '2', refresh: '2', 'content-type': 'text/plain; charset=utf-8' });
        response.end(RED._('status.deploying'));
      } else if (present) void present.handle(request, response);
      else next();
    });
  adminRoute(RED, 'get', '/millwright/board/:id/people', 'mw.board.write', async ({ params }) => {
    const node = RED.nodes.getNode(params.id ?? '') as { mwService?: Promise<BoardService> } | null;
    const people = (await node?.mwService?.catch(() => undefined))?.people ?? [];
    return { people, url: `${root === false ? '' : root.replace(/\/$/, '')}/millwright/` };
  });
  adminRoute(RED, 'post', '/millwright/board/hash', 'mw.board.write', async ({ body }) => {
    const { password } = body as { password: string };
    const problem = checkPassword(body);
    if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'board/hash', ...problem, found: '…' });
    return { scrypt: await hashPassword(password) };
  });
}
