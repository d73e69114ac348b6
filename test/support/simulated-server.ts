import * as ua from 'node-opcua-client';
import type { Channel, Dial } from '../../src/connect/opcua/connection.ts';
import { openPublisher } from '../../src/connect/opcua/publisher.ts';
import type { LinkedSession } from '../../src/connect/opcua/session-link.ts';
import { silentLogger, type Random } from '../../src/kernel/index.ts';

/** How a simulated server behaves; times in milliseconds. */
export interface SimulatedServerOptions {
  random: Random;
  tags: number;
  /** Longest way of a request or an answer. */
  mostDelayMs: number;
  /** A value is in the history this long after it came. */
  historyLagMs: number;
  /** Values of one node in one answer; the rest by continuation points. */
  historyPage: number;
  /** Whether messages say when they were published. */
  saysPublishTime: boolean;
  /** The clock that gives values their source time: its steps, and how far it is behind the server's. */
  grainMs: number;
  behindMs: number;
}

/** A value as the server had it. */
export interface Recorded {
  count: number;
  /** By the source's clock. */
  atMs: number;
  /** By the server's. */
  cameMs: number;
}

interface Item {
  handle: number;
  tag: number;
  size: number;
  queue: ua.DataValue[];
}
interface Subscription {
  id: number;
  owner: object;
  items: Item[];
  sequence: number;
  unsent: ua.NotificationMessage[];
  retained: Map<number, ua.NotificationMessage>;
  quiet: number;
  keepAliveCount: number;
  timer: NodeJS.Timeout;
}
type Answer = (error: Error | null, response?: unknown) => void;
/** Takes a request to where it is served, and what is answered back. */
type Wire = (serve: (answer: Answer) => void, done: Answer) => void;
interface Waiting {
  answer: Answer;
  session: object;
}

/** A server with its network in one object, driven by timers alone: with simulated timers each run is the same. */
export class SimulatedServer {
  readonly values: Recorded[][];
  readonly #options: SimulatedServerOptions;
  #sessions = new Set<object>();
  #subscriptions = new Map<number, Subscription>();
  #waiting: Waiting[] = [];
  #channels = new Set<{ lose: (reason: string) => void; open: boolean }>();
  #lastId = 0;
  #down = false;
  #historyFailsUntilMs = 0;
  #historySince = 0;
  #stalledUntilMs = 0;
  startMs = Date.now();

  constructor(options: SimulatedServerOptions) {
    this.#options = options;
    this.values = Array.from({ length: options.tags }, () => []);
  }

  /** A new value of a tag; it comes, cut or not. */
  set(tag: number, count: number): void {
    const { grainMs, behindMs } = this.#options;
    const cameMs = Date.now();
    this.values[tag]!.push({ count, cameMs, atMs: Math.floor((cameMs - behindMs) / grainMs) * grainMs });
    for (const { items } of this.#subscriptions.values())
      for (const item of items) if (item.tag === tag) this.#sample(item);
  }
  cut(): void {
    this.#down = true;
    for (const channel of this.#channels) this.#drop(channel);
  }
  mend(): void {
    this.#down = false;
  }
  loseSessions(): void {
    for (const { timer } of this.#subscriptions.values()) clearInterval(timer);
    this.#subscriptions.clear();
    this.#sessions.clear();
    for (const channel of this.#channels) this.#drop(channel);
  }
  /** Starts anew; what its history held is gone where it kept it in memory. */
  restart(losesHistory: boolean): void {
    this.loseSessions();
    this.startMs = Date.now();
    if (losesHistory) this.#historySince = this.startMs;
  }
  forgetMessages(): void {
    for (const { retained, unsent } of this.#subscriptions.values()) {
      retained.clear();
      unsent.length = 0;
    }
  }
  /** Nothing comes out of the client's socket for so long, then all at once. */
  stall(ms: number): void {
    this.#stalledUntilMs = Date.now() + ms;
  }
  failHistory(untilMs: number): void {
    this.#historyFailsUntilMs = untilMs;
  }
  end(): void {
    this.loseSessions();
  }

  #drop(channel: { lose: (reason: string) => void; open: boolean }): void {
    channel.open = false;
    this.#channels.delete(channel);
    channel.lose('cut');
  }

  #sample(item: Item): void {
    const last = this.values[item.tag]!.at(-1);
    if (!last) return;
    item.queue.push(this.#dataValue(last));
    if (item.queue.length <= item.size) return;
    item.queue.shift();
    const next = item.queue[0]!;
    next.statusCode = ua.StatusCode.makeStatusCode(next.statusCode, 'Overflow | InfoTypeDataValue');
  }
  #dataValue({ count, atMs }: Recorded): ua.DataValue {
    return new ua.DataValue({
      value: { dataType: ua.DataType.Double, value: count },
      sourceTimestamp: new Date(atMs),
      serverTimestamp: new Date(),
      statusCode: ua.StatusCodes.Good,
    });
  }

  #cycle(subscription: Subscription): void {
    const monitoredItems = subscription.items.flatMap(({ handle, queue }) =>
      queue.splice(0).map((value) => ({ clientHandle: handle, value })),
    );
    const publishTime = this.#options.saysPublishTime ? new Date() : null;
    if (monitoredItems.length > 0) {
      const message = new ua.NotificationMessage({
        sequenceNumber: ++subscription.sequence,
        publishTime,
        notificationData: [new ua.DataChangeNotification({ monitoredItems })],
      });
      subscription.retained.set(message.sequenceNumber, message);
      subscription.unsent.push(message);
      subscription.quiet = 0;
    } else if (++subscription.quiet >= subscription.keepAliveCount && subscription.unsent.length === 0) {
      subscription.quiet = 0;
      subscription.unsent.push(
        new ua.NotificationMessage({ sequenceNumber: subscription.sequence + 1, publishTime, notificationData: [] }),
      );
    }
    this.#send(subscription);
  }
  #send(subscription: Subscription): void {
    while (subscription.unsent.length > 0) {
      const at = this.#waiting.findIndex(({ session }) => session === subscription.owner);
      if (at < 0) return;
      const [{ answer } = {}] = this.#waiting.splice(at, 1);
      const notificationMessage = subscription.unsent.shift()!;
      answer?.(null, {
        subscriptionId: subscription.id,
        notificationMessage,
        responseHeader: { timestamp: new Date() },
        moreNotifications: subscription.unsent.length > 0,
        availableSequenceNumbers: [...subscription.retained.keys()],
      });
    }
  }

  /** Dials this server. */
  readonly dial: Dial = async (kept, signal) => {
    await this.#pause(signal);
    if (this.#down) throw new Error('BadConnectionRejected');
    let lose: (reason: string) => void = () => undefined;
    const lost = new Promise<string>((resolve) => {
      lose = resolve;
    });
    const channel = { lose, open: true };
    this.#channels.add(channel);
    const { wire, ending } = this.#wire(channel);
    const key: object = (kept.session as { key?: object } | undefined)?.key ?? {};
    const isKept = this.#sessions.has(key);
    const identity = isKept ? key : {};
    this.#sessions.add(identity);
    const session = this.#session(identity, wire) as LinkedSession;
    kept.session = session;
    const publisher = openPublisher(ua, session, {
      logger: silentLogger,
      onSessionLost: (reason) => lose(reason),
    });
    void lost.then(ending);
    const link: Channel['link'] = {
      ua: ua,
      session,
      publisher,
      serverStartMs: this.startMs,
      namespaces: ['http://opcfoundation.org/UA/', 'urn:simulated'],
      maxItemsPerCall: 0,
    };
    return {
      link,
      lost,
      heardAt: () => performance.now(),
      probe: () => Promise.resolve(),
      close: () => {
        this.#drop(channel);
        return Promise.resolve();
      },
      abandon: () => this.#drop(channel),
    };
  };

  #pause(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) resolve();
      else setTimeout(resolve, this.#delay());
    });
  }
  #delay(): number {
    return 1 + Math.floor(this.#options.random.next() * this.#options.mostDelayMs);
  }

  /** Both ways of one connection: in order, late, and what is under way when it breaks is lost. */
  #wire(channel: { open: boolean }) {
    const open = new Set<(error: Error) => void>();
    const turns = { there: 0, back: 0 };
    const pass = (way: 'there' | 'back', arrive: () => void) => {
      const soonest = way === 'back' ? this.#stalledUntilMs : 0;
      turns[way] = Math.max(turns[way], Date.now() + this.#delay(), soonest);
      setTimeout(() => {
        if (channel.open) arrive();
      }, turns[way] - Date.now());
    };
    const wire: Wire = (serve, done) => {
      const fail = (error: Error) => {
        if (open.delete(fail)) done(error);
      };
      open.add(fail);
      if (!channel.open) {
        setTimeout(() => fail(new Error('BadConnectionClosed')), 0);
        return;
      }
      pass('there', () => {
        serve((error, response) => {
          pass('back', () => {
            if (open.delete(fail)) done(error, response);
          });
        });
      });
    };
    const ending = () => {
      for (const fail of [...open]) fail(new Error('BadConnectionClosed'));
    };
    return { wire, ending };
  }

  #session(key: object, wire: Wire) {
    const call = <T>(serve: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        wire(
          (answer) => {
            try {
              if (!this.#sessions.has(key)) throw new Error('BadSessionIdInvalid');
              answer(null, serve());
            } catch (thrown) {
              answer(thrown as Error);
            }
          },
          (error, response) => (error ? reject(error) : resolve(response as T)),
        );
      });
    return {
      key,
      publish: (request: ua.PublishRequest, done: Answer) => {
        wire((answer) => {
          if (!this.#sessions.has(key)) answer(new Error('BadSessionIdInvalid'));
          else {
            for (const { subscriptionId, sequenceNumber } of request.subscriptionAcknowledgements ?? [])
              this.#subscriptions.get(subscriptionId)?.retained.delete(sequenceNumber);
            this.#waiting.push({ answer, session: key });
            for (const one of this.#subscriptions.values()) if (one.owner === key) this.#send(one);
          }
        }, done);
      },
      republish: (request: ua.RepublishRequest, done: Answer) => {
        call(() => {
          const subscription = this.#subscriptions.get(request.subscriptionId);
          if (!subscription) throw new Error('BadSubscriptionIdInvalid');
          const message = subscription.retained.get(request.retransmitSequenceNumber);
          if (!message) throw new Error('BadMessageNotAvailable');
          return { notificationMessage: message };
        }).then(
          (response) => done(null, response),
          (error: unknown) => done(error as Error),
        );
      },
      createSubscription: (asked: ua.CreateSubscriptionRequestOptions) =>
        call(() => {
          const publishingMs = asked.requestedPublishingInterval!;
          const subscription: Subscription = {
            ...{ id: ++this.#lastId, owner: key, items: [], sequence: 0, unsent: [], retained: new Map(), quiet: 0 },
            keepAliveCount: asked.requestedMaxKeepAliveCount!,
            timer: setInterval(() => this.#cycle(subscription), publishingMs),
          };
          this.#subscriptions.set(subscription.id, subscription);
          return {
            responseHeader: { timestamp: new Date() },
            subscriptionId: subscription.id,
            revisedPublishingInterval: publishingMs,
            revisedLifetimeCount: asked.requestedLifetimeCount,
            revisedMaxKeepAliveCount: asked.requestedMaxKeepAliveCount,
          };
        }),
      createMonitoredItems: ({ subscriptionId, itemsToCreate }: ua.CreateMonitoredItemsRequestOptions) =>
        call(() => {
          const subscription = this.#subscriptions.get(subscriptionId!);
          if (!subscription) throw new Error('BadSubscriptionIdInvalid');
          const results = itemsToCreate!.map(({ itemToMonitor, requestedParameters }) => {
            const item: Item = {
              handle: requestedParameters!.clientHandle!,
              tag: Number(String((itemToMonitor!.nodeId as ua.NodeId).value)),
              size: requestedParameters!.queueSize!,
              queue: [],
            };
            subscription.items.push(item);
            this.#sample(item);
            return {
              statusCode: ua.StatusCodes.Good,
              monitoredItemId: item.handle,
              revisedQueueSize: item.size,
              revisedSamplingInterval: 0,
            };
          });
          return { results, responseHeader: { timestamp: new Date() } };
        }),
      deleteMonitoredItems: () => call(() => ({})),
      deleteSubscriptions: ({ subscriptionIds }: ua.DeleteSubscriptionsRequestOptions) =>
        call(() => {
          for (const id of subscriptionIds as number[]) {
            clearInterval(this.#subscriptions.get(id)?.timer);
            this.#subscriptions.delete(id);
          }
          return {};
        }),
      transferSubscriptions: ({ subscriptionIds }: ua.TransferSubscriptionsRequestOptions) =>
        call(() => ({
          results: (subscriptionIds as number[]).map((id) => {
            const subscription = this.#subscriptions.get(id);
            if (subscription) subscription.owner = key;
            return { statusCode: subscription ? ua.StatusCodes.Good : ua.StatusCodes.BadSubscriptionIdInvalid };
          }),
        })),
      read: (nodes: ua.ReadValueIdOptions[]) =>
        call(() =>
          nodes.map(({ attributeId }) =>
            attributeId === ua.AttributeIds.Historizing
              ? new ua.DataValue({ value: { dataType: ua.DataType.Boolean, value: true } })
              : attributeId === ua.AttributeIds.UserAccessLevel
                ? new ua.DataValue({ value: { dataType: ua.DataType.Byte, value: 5 } })
                : new ua.DataValue({ statusCode: ua.StatusCodes.BadAttributeIdInvalid }),
          ),
        ),
      historyRead: (request: ua.HistoryReadRequest) => call(() => this.#history(request)),
    } as unknown;
  }

  #history(request: ua.HistoryReadRequest) {
    const { startTime, endTime } = request.historyReadDetails as ua.ReadRawModifiedDetails;
    const visible = Date.now() - this.#options.historyLagMs;
    const results = request.nodesToRead!.map(({ nodeId, continuationPoint }) => {
      if (Date.now() < this.#historyFailsUntilMs)
        return new ua.HistoryReadResult({ statusCode: ua.StatusCodes.BadOutOfService });
      const from = startTime!.getTime();
      const to = endTime!.getTime();
      const skip = (continuationPoint as Buffer | null)?.length ? Number(continuationPoint.toString()) : 0;
      const all = this.values[Number(String(nodeId.value))]!.filter(
        ({ atMs, cameMs }) => atMs >= from && atMs < to && cameMs <= visible && cameMs >= this.#historySince,
      );
      const page = all.slice(skip, skip + this.#options.historyPage);
      const rest = skip + page.length < all.length ? Buffer.from(String(skip + page.length)) : undefined;
      return new ua.HistoryReadResult({
        statusCode: page.length > 0 ? ua.StatusCodes.Good : ua.StatusCodes.GoodNoData,
        historyData: new ua.HistoryData({ dataValues: page.map((one) => this.#dataValue(one)) }),
        ...(rest ? { continuationPoint: rest } : {}),
      });
    });
    return { results };
  }
}
