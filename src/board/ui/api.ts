import type {
  BoardAnswers,
  BoardChange,
  BoardRequests,
  BoardStateView,
  LateView,
  PlanView,
  RefusalView,
  SessionView,
  SetView,
} from '../view.ts';

/** What the server refused, by code. A board that does not answer has the code `OFFLINE`. */
export class Refusal extends Error {
  readonly view: RefusalView;

  constructor(view: RefusalView) {
    super(view.code);
    this.view = view;
  }
}

const answerLimitMs = 20_000;

async function fetchJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin', signal: AbortSignal.timeout(answerLimitMs) });
  } catch {
    throw new Refusal({ code: 'OFFLINE', params: {} });
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as T;
  const refusal = body as Partial<RefusalView> | undefined;
  throw new Refusal({ code: refusal?.code ?? 'OFFLINE', params: refusal?.params ?? {} });
}

/** Reads; each rejects with a `Refusal`. */
export const read = {
  session: () => fetchJson<SessionView>('api/session'),
  state: () => fetchJson<BoardStateView>('api/state'),
  set: (requestId: string) => fetchJson<SetView>(`api/set/${encodeURIComponent(requestId)}`),
  late: (planId: string) => fetchJson<LateView>(`api/late/${encodeURIComponent(planId)}`),
  plan: (planId: string) => fetchJson<PlanView>(`api/plan/${encodeURIComponent(planId)}`),
};

/** Changes something; rejects with a `Refusal`. */
export function post<P extends keyof BoardRequests>(
  path: P,
  body: BoardRequests[P],
  csrfToken: string,
): Promise<BoardAnswers[P]> {
  return fetchJson<BoardAnswers[P]>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken },
    body: JSON.stringify(body),
  });
}

/** What the page hears from the server while it is open. */
export interface Listener {
  onChange(change: BoardChange): void;
  onConnection(live: boolean): void;
  /** The plant's clock, now and then. */
  onClock(now: string): void;
}

/** Listens for as long as the page is open. The server's heartbeat tells a dead line from a quiet one. */
export function listen(listener: Listener): void {
  const silenceMs = 40_000;
  let silence: number | undefined;
  let source: EventSource | undefined;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(connect, silenceMs);
  };
  function connect(): void {
    source?.close();
    const opened = new EventSource('api/events');
    source = opened;
    heard();
    opened.addEventListener('open', () => listener.onConnection(true));
    opened.addEventListener('heartbeat', (event: MessageEvent<string>) => {
      heard();
      listener.onClock((JSON.parse(event.data) as { now: string }).now);
    });
    opened.addEventListener('change', (event: MessageEvent<string>) => {
      heard();
      listener.onChange(JSON.parse(event.data) as BoardChange);
    });
    opened.addEventListener('error', () => {
      listener.onConnection(false);
      // A refused stream (the board is being redeployed) is not tried again by the browser itself.
      if (opened.readyState === EventSource.CLOSED) setTimeout(connect, 3_000);
    });
  }
  connect();
}
