import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Approval, ScheduleRequest } from '../../src/contracts/index.ts';
import type { LateExplanation } from '../../src/plant/index.ts';
import { silentLogger } from '../../src/kernel/index.ts';
import { createBoard, type Board, type BoardOptions } from '../../src/board/index.ts';
import { root } from '../../src/tooling/project.ts';
import { boardNow } from './synthetic-plant.ts';

/** A board on an HTTP server of its own, mounted under `/millwright` as express would. */
export interface BoardServer {
  board: Board;
  server: Server;
  /** Where the page is, with its last slash. */
  url: string;
  approvals: Approval[];
  requests: ScheduleRequest[];
  clock: { ms: number; now(): number };
  stop(): Promise<void>;
}

const oneMoreTool: LateExplanation['relaxations'][number] = {
  reason: 'tool',
  jobOrderId: 'WO-1/10',
  equipmentId: 'CNC-21',
  subject: 'H1',
  from: boardNow,
  to: boardNow,
  requests: [],
  weightedTardinessSeconds: 7_200,
  weightedTardinessSecondsThen: 0,
  lateOrders: 3,
  lateOrdersThen: 2,
};

/** Serves a board on an ephemeral loopback port. */
export async function serveBoard(
  options: Partial<BoardOptions> & Pick<BoardOptions, 'store'>,
  alter: (request: IncomingMessage) => void = () => undefined,
): Promise<BoardServer> {
  const approvals: Approval[] = [];
  const requests: ScheduleRequest[] = [];
  const clock = { ms: boardNow, now: () => clock.ms };
  const board = createBoard({
    clock,
    wallClock: clock,
    logger: silentLogger,
    site: 'Northfield',
    timeZone: 'Europe/Berlin',
    language: 'en-US',
    demo: false,
    people: [],
    uiFolder: join(root, 'dist/board'),
    mode: () => Promise.resolve('write'),
    explain: (planId) => Promise.resolve({ planId, lateReasons: [], relaxations: [oneMoreTool] }),
    onApproval: (approval) => approvals.push(approval),
    onRequest: (request) => requests.push(request),
    ...options,
  });
  const server = createServer((request, response) => {
    alter(request);
    const mounted = request as IncomingMessage & { originalUrl?: string };
    mounted.originalUrl = request.url ?? '';
    mounted.url = mounted.originalUrl.replace(/^\/millwright/, '') || '/';
    void board.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    board,
    server,
    url: `http://127.0.0.1:${port}/millwright/`,
    approvals,
    requests,
    clock,
    stop() {
      board.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
