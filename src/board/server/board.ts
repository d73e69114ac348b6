import type { IncomingMessage, ServerResponse } from 'node:http';
import { isoInstant, MillwrightError, systemClock, type Check } from '../../kernel/index.ts';
import type { BoardChange, BoardRequests, BoardStateView, FailedSearchView, SearchView, SessionView } from '../view.ts';
import { approve, bodyChecks, correctEnd, regenerate, requireRole } from './actions.ts';
import { EventStream } from './event-stream.ts';
import { checkOrigin, isHttps, isLoopback, readJson, secure, sendError, sendJson } from './http.ts';
import type { BoardOptions } from './options.ts';
import { lateView, readPlan, readSet } from './plan-view.ts';
import { cookieHeader, Sessions, type SessionPerson, type Visitor } from './sessions.ts';
import { SetCache } from './set-cache.ts';
import { readState } from './state-view.ts';
import { StaticFiles } from './static-files.ts';

/** A running planning board. */
export interface Board {
  /**
   * Answers one request. `url` is relative to where the board is mounted, as express' `use` hands it on; the mount's
   * own name does not matter. Never rejects.
   */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Tells open pages that something has changed. */
  notify(change: BoardChange): void;
  /** Ends the streams to open pages. */
  close(): void;
}

/** What the state view may be old before it is read anew, so that a hundred pages told of a change cost one reading. */
const stateAgeMs = 500;
/** A search that has not been heard of for this long is no longer shown. */
const searchAgeMs = 120_000;

/** Makes a planning board: a page with its API, to be mounted on an HTTP server. */
export function createBoard(options: BoardOptions): Board {
  const { store, clock, logger, wallClock = systemClock } = options;
  const sessions = new Sessions(wallClock, options.people);
  const sets = new SetCache(store, wallClock);
  const files = new StaticFiles(options.uiFolder);
  const stream = new EventStream(clock);
  let state: { readAt: number; view: Promise<BoardStateView> } | undefined;
  let search: (SearchView & { heardAt: number }) | undefined;
  let failedSearch: FailedSearchView | null = null;

  function currentState(): Promise<BoardStateView> {
    const now = wallClock.now();
    if (state && now - state.readAt < stateAgeMs) return state.view;
    const heard = search && now - search.heardAt < searchAgeMs ? search : undefined;
    const shown = heard && { requestId: heard.requestId, done: heard.done, total: heard.total };
    const view = readState(options, sets, { search: shown ?? null, failedSearch });
    const read = { readAt: now, view };
    state = read;
    view.catch(() => {
      if (state === read) state = undefined;
    });
    return view;
  }

  function notify(change: BoardChange): void {
    if (change.kind === 'progress') {
      const { done, total } = change.search;
      search = done < total ? { ...change.search, heardAt: wallClock.now() } : undefined;
      if (search) failedSearch = null;
    }
    if (change.kind === 'failed') {
      search = undefined;
      failedSearch = change.search;
    }
    if (change.kind === 'scenarios') {
      search = undefined;
      failedSearch = null;
      sets.forget();
    }
    state = undefined;
    stream.push(change);
  }

  /** Who acts: the person logged in, or the unnamed planner at the demo plant's own machine. */
  function actingPerson(request: IncomingMessage, visitor: Visitor): SessionPerson | undefined {
    if (visitor.person) return visitor.person;
    const atDemo = options.demo && isLoopback(request);
    return atDemo ? { personId: 'demo', role: 'planner', authenticated: false } : undefined;
  }

  function sendSession(request: IncomingMessage, response: ServerResponse, visitor: Visitor): void {
    if (visitor.fresh) response.setHeader('set-cookie', cookieHeader(visitor, isHttps(request)));
    const view: SessionView = {
      now: isoInstant(clock.now()),
      person: actingPerson(request, visitor) ?? null,
      csrfToken: sessions.csrfToken(visitor),
      logInPossible: options.people.length > 0,
    };
    sendJson(request, response, view);
  }

  async function get(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const [area, kind, id, ...more] = path.split('/');
    if (area !== 'api') return files.send(request, response, path);
    if (more.length > 0) throw notFound(path);
    // What a person asks for keeps the session alive; state and events are fetched by the page itself.
    const visitor = kind === 'state' || kind === 'events' ? undefined : sessions.visitor(request);
    if (kind === 'session' && id === undefined && visitor) sendSession(request, response, visitor);
    else if (kind === 'state' && id === undefined) sendJson(request, response, await currentState());
    else if (kind === 'events' && id === undefined) stream.open(response);
    else if (kind === 'set' && id) sendJson(request, response, await readSet(sets, decode(id)));
    else if (kind === 'plan' && id) sendJson(request, response, await readPlan(store, sets, decode(id)));
    else if (kind === 'late' && id) sendJson(request, response, lateView(await options.explain(decode(id))));
    else throw notFound(path);
  }

  async function post(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (!isAction(path)) throw notFound(path);
    checkOrigin(request);
    const visitor = sessions.visitor(request);
    sessions.checkToken(visitor, request.headers['x-csrf-token']);
    const person = actingPerson(request, visitor);
    if (path === 'api/approve' || path === 'api/correct-end' || path === 'api/regenerate')
      requireRole(person, 'planner');
    const body = <P extends keyof BoardRequests>(of: P) => readJson<BoardRequests[P]>(request, of, check(of));
    if (path === 'api/login') {
      const { personId, password } = await body(path);
      const address = request.socket.remoteAddress ?? '';
      sendSession(request, response, await sessions.logIn(visitor, address, personId, password));
      logger.info(`planning board: ${personId} logged in`);
    } else if (path === 'api/logout') {
      sessions.logOut(visitor);
      sendSession(request, response, { ...visitor, person: undefined });
    } else if (path === 'api/approve') {
      const answer = await approve(options, requireRole(person, 'planner'), await body(path));
      notify({ kind: 'plan' });
      sendJson(request, response, answer);
    } else if (path === 'api/correct-end') {
      const answer = await correctEnd(options, requireRole(person, 'planner'), await body(path));
      notify({ kind: 'plant' });
      sendJson(request, response, answer);
    } else {
      const { requestId, count } = regenerate(options, await body(path));
      notify({ kind: 'progress', search: { requestId, done: 0, total: count } });
      sendJson(request, response, { requestId });
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      secure(response);
      const path = pathOf(request);
      if (path === '' && mountWithoutSlash(request, response)) return;
      if (request.method === 'GET' || (request.method === 'HEAD' && !path.startsWith('api/')))
        await get(request, response, path);
      else if (request.method === 'POST') await post(request, response, path);
      else throw new MillwrightError('MW_BOARD_METHOD', { method: request.method ?? '' });
    } catch (thrown) {
      const { status } = sendError(response, thrown);
      if (status === 500) logger.error(`planning board: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }

  return { handle, notify, close: () => stream.close() };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/[?#].*$/s, '').replace(/^\//, '');
}

/** Sends a browser from `…/millwright` to `…/millwright/`, without which the page's relative addresses would fail. */
function mountWithoutSlash(request: IncomingMessage, response: ServerResponse): boolean {
  const original = (request as IncomingMessage & { originalUrl?: string }).originalUrl?.replace(/[?#].*$/s, '');
  if (original === undefined || original.endsWith('/')) return false;
  response.writeHead(308, { location: `${original.slice(original.lastIndexOf('/') + 1)}/` }).end();
  return true;
}

function isAction(path: string): path is keyof BoardRequests {
  return Object.hasOwn(bodyChecks, path);
}

function check(path: keyof BoardRequests): Check {
  return bodyChecks[path];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notFound(text);
  }
}

function notFound(path: string): MillwrightError {
  return new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'page', id: path.slice(0, 200) });
}
