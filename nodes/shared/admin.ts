import type { NodeAPI } from 'node-red';
import { MillwrightError, toMillwrightError } from '../../src/kernel/index.ts';
import { openInbox } from './inbox.ts';
import { localise } from './text.ts';

/** What an admin route gets from the editor. */
export interface AdminRequest {
  params: Record<string, string | undefined>;
  query: Record<string, unknown>;
  body?: unknown;
  /** Who is logged in; absent where the editor asks nobody to. */
  user?: { username?: string };
}

/** What one route does at once, and what may wait: many of them ask a machine, which has other things to do. */
const bounds = { concurrency: 4, limit: 200 };
const statuses: Partial<Record<string, number>> = { MW_RECORD_UNKNOWN: 404, MW_QUEUE_FULL: 503 };

/**
 * Adds a route for the editor, which only people with the permission may use. What the answer throws becomes
 * `{code, params, message}` with status 404 for `MW_RECORD_UNKNOWN`, 503 for `MW_QUEUE_FULL` (a few are answered at once,
 * some wait, more are refused), else 400; a POST whose body is not declared as JSON is answered 415.
 */
export function adminRoute(
  RED: NodeAPI,
  method: 'get' | 'post',
  path: string,
  permission: string,
  answer: (request: AdminRequest) => Promise<unknown>,
): void {
  const inbox = openInbox(path, bounds);
  RED.httpAdmin[method](path, RED.auth.needsPermission(permission), (request, response) => {
    // A form of another site can send any body but JSON: a browser asks the server first whether it may send that.
    if (method === 'post' && !request.is('application/json')) {
      response.status(415).end();
      return;
    }
    const { params, query, body, user } = request as unknown as AdminRequest;
    const work = async () => {
      response.json(await answer({ params, query, body, ...(user ? { user } : {}) }));
    };
    inbox.run(work).catch((thrown: unknown) => {
      const { code, params } = toMillwrightError(thrown);
      response.status(statuses[code] ?? 400);
      response.json({ code, params, message: localise(RED, thrown).message });
    });
  });
}

/** The running service of a deployed node of this type; `MW_RECORD_UNKNOWN` where there is none. */
export async function deployedService<S>(RED: NodeAPI, type: string, id: string | undefined): Promise<S> {
  const node = RED.nodes.getNode(id ?? '') as { type: string; mwService?: Promise<S> } | null;
  if (node?.type !== type || !node.mwService)
    throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'node', id: id ?? '' });
  return node.mwService;
}
