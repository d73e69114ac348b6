import type {
  BoardAnswers,
  BoardChange,
  BoardRequests,
  BoardStateView,
  KpiName,
  RefusalView,
  ScenarioView,
  SearchView,
  SessionView,
  SetView,
} from '../view.ts';
import { listen, post, read, Refusal } from './api.ts';
import { indexPlant, readPlan, type PlantIndex, type Plan } from './plan.ts';
import { remember, remembered } from './remember.ts';
import { languageOf, languages, Texts, type Language } from './text.ts';

/** What the table is sorted by. */
export type SortKey = 'rank' | 'label' | 'changes' | 'stagingCount' | 'instructionCount' | KpiName;
export type Tab = 'schedule' | 'changes' | 'late' | 'machines' | 'staging' | 'compare';
export type GanttView = 'lanes' | 'difference' | 'table';

/** All that the page shows; replaced, never changed in place. */
export interface Shown {
  connection: 'connecting' | 'live' | 'offline';
  failure: RefusalView | undefined;
  session: SessionView | undefined;
  state: BoardStateView | undefined;
  search: SearchView | null;
  plant: PlantIndex | undefined;
  set: SetView | undefined;
  live: Plan | undefined;
  selectedId: string | undefined;
  selected: Plan | undefined;
  selectedFailure: RefusalView | undefined;
  compare: readonly string[];
  sort: { key: SortKey; descending: boolean };
  paretoOnly: boolean;
  axes: { x: KpiName; y: KpiName };
  hoverId: string | undefined;
  orderId: string | undefined;
  tab: Tab;
  gantt: GanttView;
}

/** At most this many plans stand side by side. */
const compareLimit = 3;

const start: Shown = {
  connection: 'connecting',
  failure: undefined,
  session: undefined,
  state: undefined,
  search: null,
  plant: undefined,
  set: undefined,
  live: undefined,
  selectedId: undefined,
  selected: undefined,
  selectedFailure: undefined,
  compare: [],
  sort: { key: 'rank', descending: false },
  paretoOnly: false,
  axes: { x: 'changeovers', y: 'weightedTardinessSeconds' },
  hoverId: undefined,
  orderId: undefined,
  tab: 'schedule',
  gantt: 'lanes',
};

type Watcher = () => void;

/** A search that has not been heard of for this long may have failed: the server knows. */
const searchSilenceMs = 130_000;

/** The page's one state, what can be done to it, and who is told. */
export class App {
  shown: Shown = start;
  texts = new Texts(rememberedLanguage() ?? languageOf(navigator.language), 'UTC');
  #watchers: Watcher[] = [];
  #timers: number[] = [];
  #clock = { server: 0, page: 0, rate: 1 };
  #chosenLanguage = rememberedLanguage();
  #refreshing: Promise<void> | undefined;
  #wanted = false;
  #silence: number | undefined;

  /** The plant's time, milliseconds UTC: the server's clock, carried on by the page's monotonic one. */
  now(): number {
    return this.#clock.server + (performance.now() - this.#clock.page) * this.#clock.rate;
  }

  /** Calls `render` now, and again whenever something that `select` lists has been replaced. */
  watch<T extends unknown[] | []>(
    select: (shown: Shown) => readonly [...T],
    render: (...values: [...T]) => void,
  ): void {
    let last: readonly unknown[] | undefined;
    const check = () => {
      const values = select(this.shown);
      if (last && values.every((value, index) => value === last?.[index])) return;
      last = values;
      render(...(values as [...T]));
    };
    this.#watchers.push(check);
    check();
  }

  /** Calls `tick` now and then, until the page is built anew. */
  every(milliseconds: number, tick: () => void): void {
    this.#timers.push(setInterval(tick, milliseconds));
  }

  /** Forgets who is told: the page is about to be built anew. */
  forgetWatchers(): void {
    this.#watchers = [];
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  /** Changes what is shown. */
  show(change: Partial<Shown>): void {
    this.shown = { ...this.shown, ...change };
    for (const watcher of this.#watchers) watcher();
  }

  /** Speaks another language from now on. */
  speak(language: Language): void {
    this.#chosenLanguage = language;
    remember('language', language);
    this.texts = new Texts(language, this.shown.state?.timeZone ?? 'UTC');
  }

  /** Loads everything once and listens from then on. `onReady` runs when texts and state are there. */
  async begin(onReady: () => void): Promise<void> {
    await this.refresh();
    onReady();
    listen({
      onChange: (change) => this.#heard(change),
      onConnection: (live) => {
        const was = this.shown.connection;
        this.show({ connection: live ? 'live' : 'offline' });
        // What changed while the line was down was not told.
        if (live && was === 'offline') void this.refresh();
      },
      onClock: (now) => this.#setClock(now),
    });
  }

  /** Reads anew what may have changed; while that goes on, further calls are answered by one more reading. */
  async refresh(): Promise<void> {
    this.#wanted = true;
    this.#refreshing ??= this.#refreshWhileWanted().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refreshWhileWanted(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false;
      await this.#refreshOnce();
    }
  }

  /** Reads session and state, and of the rest what they say is new. */
  async #refreshOnce(): Promise<void> {
    try {
      const [session, state] = await Promise.all([read.session(), read.state()]);
      this.#setClock(session.now);
      this.texts = new Texts(this.#chosenLanguage ?? languageOf(state.language), state.timeZone);
      const known = keepSame(this.shown.state, { ...state, search: null });
      const plant = known === this.shown.state ? this.shown.plant : indexPlant(known);
      const who = keepSame(this.shown.session, { ...session, now: '' });
      this.show({ session: who, state: known, search: state.search, plant, failure: undefined });
      await Promise.all([this.#loadSet(state), this.#loadLive(state)]);
    } catch (thrown) {
      this.show({ failure: refusalOf(thrown) });
    }
  }

  /** Sends a change; a page that is older than the board gets a new token and tries once more. Rejects with a `Refusal`. */
  async send<P extends keyof BoardRequests>(path: P, body: BoardRequests[P]): Promise<BoardAnswers[P]> {
    try {
      return await post(path, body, this.shown.session?.csrfToken ?? '');
    } catch (thrown) {
      if (refusalOf(thrown).code !== 'MW_BOARD_FORGED') throw thrown;
      const session = await read.session();
      this.show({ session });
      return post(path, body, session.csrfToken);
    }
  }

  /** Opens a plan beside the live one. */
  async select(planId: string | undefined): Promise<void> {
    this.show({
      selectedId: planId,
      selectedFailure: undefined,
      ...(planId === undefined ? { selected: undefined } : {}),
    });
    if (planId === undefined) return;
    try {
      const view = await read.plan(planId);
      const { selected } = this.shown;
      const known = selected && keepSame(selected.view, view) === selected.view;
      if (this.shown.selectedId === planId && !known) this.show({ selected: readPlan(view) });
    } catch (thrown) {
      if (this.shown.selectedId === planId) this.show({ selected: undefined, selectedFailure: refusalOf(thrown) });
    }
  }

  /** Marks a plan for comparison or takes the mark away; beyond three, the oldest mark goes. */
  toggleCompare(planId: string): void {
    const { compare } = this.shown;
    const without = compare.filter((id) => id !== planId);
    const next = without.length < compare.length ? without : [...compare, planId].slice(-compareLimit);
    this.show({ compare: next });
  }

  /** One of the alternatives. */
  scenario(planId: string | undefined): ScenarioView | undefined {
    return this.shown.set?.scenarios.find((scenario) => scenario.planId === planId);
  }

  /** Whether who is here may sign, correct and ask for plans. */
  mayDecide(): boolean {
    const role = this.shown.session?.person?.role;
    return role === 'planner' || role === 'supervisor';
  }

  #setClock(now: string): void {
    const [server, page] = [Date.parse(now), performance.now()];
    const elapsed = page - this.#clock.page;
    // A demo plant's clock may run faster; how fast shows once two readings lie some seconds apart.
    const known = this.#clock.page > 0 && elapsed > 5_000;
    const rate = known ? Math.max(1, Math.round((server - this.#clock.server) / elapsed)) : this.#clock.rate;
    this.#clock = { server, page, rate };
  }

  #heard(change: BoardChange): void {
    const { state } = this.shown;
    const searching = change.kind === 'progress' && change.search.done < change.search.total;
    if (searching && state) {
      this.show({ search: change.search });
      clearTimeout(this.#silence);
      this.#silence = setTimeout(() => void this.refresh(), searchSilenceMs);
    }
    if (!searching) void this.refresh();
  }

  async #loadSet(state: BoardStateView): Promise<void> {
    if (!state.set) {
      this.show({ set: undefined, compare: [] });
      if (this.shown.selectedId !== undefined) await this.select(undefined);
      return;
    }
    const { requestId } = state.set;
    const isNew = this.shown.set?.requestId !== requestId;
    if (isNew) {
      const set = await read.set(requestId);
      this.show({ set, compare: [] });
      const best = set.scenarios.reduce<ScenarioView | undefined>((a, b) => (a && a.rank < b.rank ? a : b), undefined);
      await this.select(best?.planId);
    } else if (this.shown.selectedId !== undefined) await this.select(this.shown.selectedId);
  }

  async #loadLive(state: BoardStateView): Promise<void> {
    const { livePlanId } = state;
    if (livePlanId === null) this.show({ live: undefined });
    else if (this.shown.live?.view.planId !== livePlanId) this.show({ live: readPlan(await read.plan(livePlanId)) });
  }
}

/** The fresh object with every part that is as before replaced by the former one; the former object where all are. */
function keepSame<T extends object>(former: T | undefined, fresh: T): T {
  if (!former) return fresh;
  const same = (key: keyof T) => JSON.stringify(former[key]) === JSON.stringify(fresh[key]);
  const keys = Object.keys(fresh) as (keyof T)[];
  if (keys.every(same)) return former;
  return Object.fromEntries(keys.map((key) => [key, same(key) ? former[key] : fresh[key]])) as T;
}

/** The refusal behind anything thrown. */
export function refusalOf(thrown: unknown): RefusalView {
  if (thrown instanceof Refusal) return thrown.view;
  return { code: 'MW_INTERNAL', params: { reason: thrown instanceof Error ? thrown.message : String(thrown) } };
}

function rememberedLanguage(): Language | undefined {
  const language = remembered('language');
  return language !== undefined && Object.hasOwn(languages, language) ? (language as Language) : undefined;
}
