import type {
  ClientSession,
  ClientSessionPublishService,
  CreateMonitoredItemsRequestOptions,
  CreateMonitoredItemsResponse,
  CreateSubscriptionRequestOptions,
  CreateSubscriptionResponse,
  DeleteMonitoredItemsRequestOptions,
  DeleteMonitoredItemsResponse,
  DeleteSubscriptionsRequestOptions,
  DeleteSubscriptionsResponse,
  TransferSubscriptionsRequestOptions,
  TransferSubscriptionsResponse,
} from 'node-opcua-client';
import type { Publisher } from './publisher.ts';
import type { ClientLibrary } from './types.ts';

/** A session with the plain subscription services, which the library declares apart from it. */
export interface LinkedSession extends ClientSession, ClientSessionPublishService {
  createSubscription(options: CreateSubscriptionRequestOptions): Promise<CreateSubscriptionResponse>;
  createMonitoredItems(options: CreateMonitoredItemsRequestOptions): Promise<CreateMonitoredItemsResponse>;
  deleteMonitoredItems(options: DeleteMonitoredItemsRequestOptions): Promise<DeleteMonitoredItemsResponse>;
  transferSubscriptions(options: TransferSubscriptionsRequestOptions): Promise<TransferSubscriptionsResponse>;
  deleteSubscriptions(options: DeleteSubscriptionsRequestOptions): Promise<DeleteSubscriptionsResponse>;
}

/** A session on a live secure channel, as subscriptions use it. */
export interface SessionLink {
  readonly ua: ClientLibrary;
  readonly session: LinkedSession;
  readonly publisher: Publisher;
  /** When the server was started, by its own clock; 0 where it does not say. */
  readonly serverStartMs: number;
  readonly namespaces: readonly string[];
  /** 0 where the server names no limit. */
  readonly maxItemsPerCall: number;
}

/** Something that lives on a connection and outlives its links: a subscription to values or to alarms. */
export interface LinkFeature {
  /** Continues on a new link, or begins anew there and reports what was lost. Must not throw. */
  attach(link: SessionLink): Promise<void>;
  /** The link is gone; what the server keeps is fetched after the next attach. */
  detach(): void;
  /** Called every second or so: notices what fell silent, retries what was refused. */
  supervise(): void;
  /** Ends it on the server as well. */
  close(): Promise<void>;
}
