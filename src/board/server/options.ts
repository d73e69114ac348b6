import type { Approval, ScheduleRequest } from '../../contracts/index.ts';
import type { Clock, Logger } from '../../kernel/index.ts';
import type { LateExplanation } from '../../plant/index.ts';
import type { Store } from '../../store/index.ts';
import type { BoardMode } from '../view.ts';
import type { BoardPerson } from './people.ts';

/** What the board needs of the plant's database. */
export type BoardStore = Pick<
  Store,
  | 'loadPlantModel'
  | 'loadPlantState'
  | 'inputsDigest'
  | 'openEvents'
  | 'loadEvent'
  | 'correctExpectedEnd'
  | 'loadScenarioSet'
  | 'findScenario'
  | 'loadSchedule'
  | 'livePlan'
  | 'approvalsOf'
  | 'saveApproval'
  | 'writeInhibit'
>;

/** How the next search is asked for. */
export interface SearchSettings {
  horizonDays: number;
  frozenMinutes: number;
  count: number;
  timeLimitMs: number;
}

/** All that a planning board is made of. */
export interface BoardOptions {
  store: BoardStore;
  /** The plant's clock; a demo plant's may run faster than the wall's. */
  clock: Clock;
  /** What log-ins expire by; the machine's own clock by default. */
  wallClock?: Clock;
  logger: Logger;
  site: string;
  /** IANA zone of the site; all times on the page are in it. */
  timeZone: string;
  /** Language in which the page opens, `en-US` or `de`. */
  language: string;
  /** The demo plant: requests from this machine itself may decide without log-in, marked unauthenticated. */
  demo: boolean;
  people: readonly BoardPerson[];
  /** Folder of the built page: index.html, board.js, board.css. */
  uiFolder: string;
  /** The mode in force for publishing plans. */
  mode: () => Promise<BoardMode>;
  /** Gets each signed decision, to send it on. */
  onApproval: (approval: Approval) => void;
  /** Gets each request for other plans, to send it on. */
  onRequest: (request: ScheduleRequest) => void;
  /** Why a plan is late, with what relaxing single constraints would gain. */
  explain: (planId: string) => Promise<LateExplanation>;
  /** What a request asks for; default 14 days, 30 minutes frozen, 50 plans, 5 seconds. */
  search?: SearchSettings;
}
