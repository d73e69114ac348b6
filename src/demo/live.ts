import { hostOpcuaServer, type HostedOpcuaServer, type OpcuaServer, type ServedRequest } from '../connect/index.ts';
import type { Disruption } from '../contracts/index.ts';
import {
  MillwrightError,
  seededRandom,
  silentLogger,
  systemClock,
  toMillwrightError,
  type Clock,
  type Logger,
} from '../kernel/index.ts';
import type { EquipmentStateEvent, WorkSchedule } from '../plant/index.ts';
import type { Store } from '../store/index.ts';
import { Desk } from './desk.ts';
import { applyDisruption, beginsAt, checkDisruption, type Disturbed } from './disruptions.ts';
import { continueHistory, writeHistory } from './history.ts';
import { JobLists } from './job-lists.ts';
import { machineIds } from './northfield/equipment.ts';
import type { NorthfieldPlant } from './northfield-plant.ts';
import type { Happenings } from './plant-run.ts';
import { Publisher } from './publisher.ts';
import { lastRecorded, reopenNorthfield } from './reopen.ts';
import { servedPlant } from './served-plant.ts';
import { Showcase } from './showcase.ts';
import { openUnsPublisher, type UnsPublisher } from './uns-publisher.ts';
import { demoTags, nodeIdOf, type DemoTag } from './tags.ts';

/** What the demo plant tells while it starts and runs. */
export type DemoPlantNews =
  | { kind: 'history'; doneDays: number; totalDays: number }
  | { kind: 'running'; at: number; speed: number }
  | { kind: 'machine'; event: EquipmentStateEvent }
  | { kind: 'failed'; error: MillwrightError };

/** How the demo plant is started. */
export interface DemoPlantOptions {
  store: Store;
  /** Port of the OPC UA server on loopback; 0 takes any free one. */
  port: number;
  /** Port of the MQTT broker on loopback, on which the tags are published too; 0 takes any free one, absent or -1 none. */
  mqttPort?: number;
  /** Folder for the server's certificates. */
  folder: string;
  seed: number;
  /** Days of history that an empty store gets. */
  days: number;
  /** How many times faster than the wall clock the plant runs: 1, 10 or 60. */
  speed: number;
  /** Wall clock. */
  clock?: Clock;
  logger?: Logger;
  onNews?: (news: DemoPlantNews) => void;
  /** Ends the start. */
  signal?: AbortSignal;
}

/** A running demo plant. */
export interface DemoPlant {
  readonly endpointUrl: string;
  /** Where the tags are published as well; absent where there is no broker. */
  readonly mqttUrl: string | undefined;
  /** What the server offers: address, plant-wide name and unit. */
  readonly tags: DemoTag[];
  /** The plant's own time: the wall clock at the start, and from there on as fast as the plant runs. */
  readonly clock: Clock;
  /**
   * Disturbs the plant at once or when the disruption starts. A stop shows in the tags before this resolves, and what
   * it changes of orders and absences is in the store. Resolves with the work requests that it brought.
   * @throws MW_DISRUPTION_UNKNOWN, MW_QUEUE_FULL
   */
  disrupt(disruption: Disruption): Promise<{ workRequestIds: string[] }>;
  /** Stops the plant, writes what is left and frees the port. */
  close(): Promise<void>;
}

const tickMs = 500;
const disruptionLimit = 100;

/**
 * Starts Northfield: fills an empty store with its history, or writes what happened since the store was written last,
 * and then runs live behind an OPC UA server on loopback. States, counts and measured quantities leave the plant as
 * tags only; orders, absences and the office's plans are written to the store, as an MES would. Plant time never runs
 * backwards: it begins at the wall clock, or at the store's last entry where an accelerated plant got ahead of it.
 * @throws MW_DEMO_STORE_TAKEN, MW_ABORTED, MW_OPCUA_LISTEN_FAILED, MW_PACKAGE_MISSING
 */
export async function startDemoPlant(options: DemoPlantOptions): Promise<DemoPlant> {
  const { store, port, folder, seed, speed, clock: wall = systemClock, logger = silentLogger } = options;
  const startMs = await bringUpToDate(options, wall);
  const countEverySeconds = Math.max(5, speed / 2);
  const { model, plant, state, planId } = await reopenNorthfield(store, { seed, at: startMs, countEverySeconds });
  const clients: { live?: LivePlant } = {};
  const server = await hostOpcuaServer(
    { host: '127.0.0.1', port, folder, applicationName: 'Millwright demo plant', ...servedPlant() },
    {
      onRequest: (request) => clients.live?.take(request),
      onFailed: (error) => clients.live?.fail(error),
    },
  );
  const namespace = await openUnsPublisher(options.mqttPort ?? -1, logger);
  const wallStart = wall.now();
  const clock: Clock = { now: () => Math.floor(startMs + (wall.now() - wallStart) * speed) };
  const disturbed: Disturbed = {
    model,
    run: plant.run,
    office: plant.office,
    random: seededRandom(seed, 'disruptions'),
  };
  const desk = new Desk(store, plant.run, wall, state, planId);
  const live = new LivePlant({ ...options, logger }, { plant, disturbed, server, namespace, desk, clock });
  clients.live = live;
  live.begin(await store.currentStates());
  await server.settled();
  return live;
}

/** Fills or continues the store; gives the instant at which the live plant begins. */
async function bringUpToDate({ store, seed, days, onNews, signal }: DemoPlantOptions, wall: Clock): Promise<number> {
  const last = await lastRecorded(store);
  const until = Math.max(wall.now(), last ?? 0);
  const more = {
    onProgress: (progress: { doneDays: number; totalDays: number }) => onNews?.({ kind: 'history', ...progress }),
    ...(signal ? { signal } : {}),
  };
  if (last === undefined) await writeHistory(store, { seed, days, until, ...more });
  else if (until > last) await continueHistory(store, { seed, from: last, until, ...more });
  return until;
}

interface LiveParts {
  plant: NorthfieldPlant;
  disturbed: Disturbed;
  server: HostedOpcuaServer;
  namespace: UnsPublisher | undefined;
  desk: Desk;
  clock: Clock;
}

class LivePlant implements DemoPlant {
  readonly endpointUrl: string;
  readonly mqttUrl: string | undefined;
  readonly tags = demoTags();
  readonly clock: Clock;
  private readonly options: DemoPlantOptions & { logger: Logger };
  private readonly parts: LiveParts;
  private readonly publisher: Publisher;
  private readonly jobLists: JobLists;
  private readonly waiting: { at: number; disruption: Disruption }[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** What the store refuses at the moment: told once, tried again at every tick. */
  private failedWith: string | undefined;
  private shownPlan: WorkSchedule | undefined;

  constructor(options: DemoPlantOptions & { logger: Logger }, parts: LiveParts) {
    this.options = options;
    this.parts = parts;
    this.clock = parts.clock;
    this.endpointUrl = parts.server.endpointUrl;
    const { namespace } = parts;
    this.mqttUrl = namespace?.url;
    const showcase = new Showcase(parts.server);
    const everywhere: Pick<OpcuaServer, 'setValues'> = {
      setValues(updates) {
        showcase.setValues(updates);
        namespace?.setValues(updates);
      },
    };
    this.publisher = new Publisher(everywhere, parts.plant.run, options.seed);
    this.jobLists = new JobLists(parts.server);
  }

  begin(recorded: readonly EquipmentStateEvent[]): void {
    this.publisher.begin(recorded);
    this.showJobs();
    this.options.onNews?.({ kind: 'running', at: this.clock.now(), speed: this.options.speed });
    this.timer = setInterval(() => {
      this.tick();
    }, tickMs);
  }

  async disrupt(disruption: Disruption): Promise<{ workRequestIds: string[] }> {
    const { plant, disturbed, desk, clock } = this.parts;
    this.advance(clock.now());
    const at = beginsAt(disruption, plant.run.now);
    if (at > plant.run.now) {
      checkDisruption(disturbed.model, plant.run.process.state(), disruption);
      if (this.waiting.length >= disruptionLimit)
        throw new MillwrightError('MW_QUEUE_FULL', { queue: 'disruptions', limit: disruptionLimit });
      this.waiting.push({ at, disruption });
      this.waiting.sort((a, b) => a.at - b.at);
      return { workRequestIds: [] };
    }
    const workRequestIds = this.disturb(disruption);
    await desk.keepUp();
    await desk.keepUp();
    await this.parts.server.settled();
    return { workRequestIds };
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.parts.desk.finish().catch((thrown: unknown) => {
      this.fail(thrown);
    });
    await this.parts.namespace?.close();
    await this.parts.server.close();
  }

  private tick(): void {
    try {
      this.advance(this.clock.now());
    } catch (thrown) {
      clearInterval(this.timer);
      this.fail(thrown);
      return;
    }
    void this.parts.server.settled();
    this.parts.desk.keepUp().then(
      () => {
        this.failedWith = undefined;
        if (this.parts.desk.plan !== this.shownPlan) this.showJobs();
      },
      (thrown: unknown) => {
        const { code } = toMillwrightError(thrown);
        if (code !== this.failedWith) this.fail(thrown);
        this.failedWith = code;
      },
    );
  }

  private advance(to: number): void {
    const { plant } = this.parts;
    for (let next = this.waiting[0]; next && next.at <= to; next = this.waiting[0]) {
      this.runTo(next.at);
      this.waiting.shift();
      try {
        this.disturb(next.disruption);
      } catch (thrown) {
        this.fail(thrown);
      }
    }
    if (to > plant.run.now) this.runTo(to);
  }

  private runTo(to: number): void {
    const { happened, handovers } = this.parts.plant.advance(to);
    this.parts.desk.note({ handovers, changed: happened.jobChanges > 0 });
    this.tell(happened);
  }

  private disturb(disruption: Disruption): string[] {
    const { happened, unavailable, workRequestIds } = applyDisruption(this.parts.disturbed, disruption);
    this.parts.desk.note({ unavailable, changed: true });
    this.tell(happened);
    return workRequestIds;
  }

  private tell(happened: Happenings): void {
    this.publisher.show(happened);
    if (happened.jobChanges > 0 || happened.jobs.length > 0) this.showJobs();
    for (const event of happened.states) this.options.onNews?.({ kind: 'machine', event });
  }

  private showJobs(): void {
    this.shownPlan = this.parts.desk.plan;
    this.jobLists.show(this.parts.plant.run.process.state(), this.shownPlan);
  }

  /**
   * Takes note of what a client did: counters are reset; set-points and job orders change nothing that the plant makes.
   */
  take(request: ServedRequest): void {
    this.options.logger.info(`OPC UA client: ${JSON.stringify(request)}`);
    if (request.kind !== 'method') return;
    const equipmentId = machineIds.find((id) => request.nodeId === nodeIdOf(id, 'ResetCounter'));
    if (equipmentId !== undefined) this.publisher.resetCounters(equipmentId);
  }

  /** Reports what went wrong; the plant goes on where it can. */
  fail(thrown: unknown): void {
    const error = toMillwrightError(thrown);
    this.options.logger.error(error.message);
    this.options.onNews?.({ kind: 'failed', error });
  }
}
