import type * as Library from 'node-opcua-client';
import type { Connection, Gap, OpcuaSecurity, Sample } from '../../contracts/index.ts';
import type { Clock, Logger, MillwrightError, Random } from '../../kernel/index.ts';
import type { TagDetails } from './tag-details.ts';
import type { LinkFeature, SessionLink } from './session-link.ts';

/** The library, as `client.ts` alone loads it. */
export type ClientLibrary = typeof Library;

/** How to reach one server, and who wants to know how it goes. */
export interface OpcuaConnectionOptions {
  /** `opc.tcp://host:port/path`. */
  endpointUrl: string;
  /** `best`: the strongest endpoint that signs and encrypts; or one policy and mode; `none`: neither. */
  security: OpcuaSecurity;
  login: 'anonymous' | 'user' | 'certificate';
  /** `certificate` and `privateKey` are PEM; `passphrase` opens an encrypted key. */
  credentials?: { user?: string; password?: string; certificate?: string; privateKey?: string; passphrase?: string };
  /** Folder of this client's own certificate and of its trust list; made on demand. */
  folder: string;
  logger?: Logger;
  clock?: Clock;
  random?: Random;
  /** Each change of state; `error` says by code why it is not online. */
  onState?: (connection: Connection, error?: MillwrightError) => void;
  /** What a person should know although it works: a certificate that ends soon, a name that does not fit. */
  onWarning?: (warning: MillwrightError) => void;
}

/** A row of a tag table. */
export interface SubscribedTag {
  tag: string;
  /** `ns=…;…`, or `nsu=<namespace uri>;…`, which survives a shifted namespace index. */
  nodeId: string;
  unit?: string;
  /** Sampling interval; 0 asks for every change, absent means once per publish. */
  intervalMs?: number;
  /** Smaller changes are not reported, in the tag's unit. */
  deadband?: number;
  /** The same in percent of the range that the server states for the tag; counts where there is no `deadband`. */
  deadbandPercent?: number;
}

/** What to subscribe to. */
export interface SubscriptionOptions {
  tags: readonly SubscribedTag[];
  publishingMs: number;
  /** A cut shorter than this loses nothing, as far as the server grants the queues and the lifetime asked for. */
  holdSeconds: number;
  /** Up to this instant of the server (milliseconds since 1970 UTC) everything had arrived in an earlier run. */
  heardMs?: number | undefined;
  /** Last values of the earlier run by tag, as far as they are known. */
  lastValues?: ReadonlyMap<string, Sample>;
  /** Where units and enumeration texts of tags are noted as soon as they are known, by tag. */
  details?: Map<string, TagDetails>;
}

/** The values around a gap of one tag, where they are known. */
export interface GapEdges {
  /** The last one delivered before it. */
  before?: Sample;
  /** Or the source time from which on nothing was delivered. */
  since?: string;
  /** The first one delivered after it. */
  after?: Sample;
  /** Or the source time of the last one that was not delivered. */
  until?: string;
}

/** The tags of one publishing interval as they began, for the first time or anew, or some of them at last. */
interface Begun {
  /** Publishing interval asked for, milliseconds. */
  publishingMs: number;
  /** The tags that the server took. */
  accepted: readonly string[];
  /** The server's time from which their values come, milliseconds since 1970 UTC. */
  sinceMs: number;
  /** The namespace array that `ns=` indices refer to. */
  namespaces: readonly string[];
}

/** Who takes what a subscription delivers. Callbacks must not throw. */
export interface SubscriptionHandlers {
  /**
   * The values of one publish, in order. The server may forget them as soon as this returns: store them before.
   * @param heardMs the server's time up to which everything has arrived with them, milliseconds since 1970 UTC
   */
  onSamples(samples: Sample[], heardMs: number): void;
  /** Up to this instant of the server there was nothing more. */
  onHeard?(heardMs: number): void;
  /** Values of some tags are missing. */
  onGap(gap: Gap, edgesOf: (tag: string) => GapEdges): void;
  /** The server refuses one tag, or no longer has its node; the others go on. It is asked for again by and by. */
  onTagError(tag: string, error: MillwrightError): void;
  /** The server refuses the subscription of one publishing interval, with this status; it is asked for again. */
  onRefused?(status: string): void;
  /** The tags of one publishing interval are monitored; what the server granted for that. */
  onGranted?(granted: Granted, begun: Begun): void;
}

/** What the server granted to one publishing interval of a tag table, in its own revised values. */
export interface Granted {
  /** Publishing interval asked for and granted, milliseconds. */
  askedMs: number;
  publishingMs: number;
  /** How long the subscription lives without its client, and how often it shows that it lives. */
  lifetimeSeconds: number;
  keepAliveSeconds: number;
  /** A cut up to this long loses nothing, by the lifetime and by the shortest queue. */
  askedHoldSeconds: number;
  holdSeconds: number;
  /** Tags monitored, and tags refused. */
  tags: number;
  refused: number;
  /** Tags that are sampled less often than asked for or have a shorter queue; the first 200 by name. */
  reducedCount: number;
  reduced: { tag: string; askedMs: number; samplingMs: number; queueSize: number }[];
  /** Tags of which every change is reported, because the server refuses their deadband. */
  withoutDeadband: number;
}

/** A running subscription. */
export interface OpcuaSubscription {
  /** Ends it on the server as well. */
  close(): Promise<void>;
}

/** A child of a node, for the editor's tag picker. */
export interface BrowsedNode {
  nodeId: string;
  browseName: string;
  displayName: string;
  nodeClass: string;
  hasChildren: boolean;
}

/** A value that was read, or why not. */
export interface ReadResult {
  nodeId: string;
  value: Sample['value'];
  dataType: string;
  quality: Sample['quality'];
  /** Name of the status, `Good` where it is. */
  status: string;
  /** ISO 8601 UTC. */
  sourceTime?: string;
}

/** One shared, recovering session with one server. */
export interface OpcuaConnection {
  readonly endpointUrl: string;
  /** The state now. */
  readonly state: Connection;
  /** Subscribes now or as soon as there is a session; survives cuts and restarts of the server. */
  subscribe(options: SubscriptionOptions, handlers: SubscriptionHandlers): OpcuaSubscription;
  /** Keeps a feature attached to every link from now on; returns what ends it. */
  keep(feature: LinkFeature): () => Promise<void>;
  /** Does something on the present link. @throws MW_OPCUA_NOT_CONNECTED and what the work throws */
  withLink<T>(work: (link: SessionLink) => Promise<T>): Promise<T>;
  /**
   * Children of a node (the Objects folder where none is named), at most 1,000.
   * @throws MW_OPCUA_NOT_CONNECTED, MW_OPCUA_NODE_UNKNOWN
   */
  browse(nodeId?: string): Promise<BrowsedNode[]>;
  /** Values of nodes in their order. @throws MW_OPCUA_NOT_CONNECTED */
  read(nodeIds: readonly string[]): Promise<ReadResult[]>;
  /** Closes subscriptions, session and socket; afterwards the connection is idle for good. */
  close(): Promise<void>;
}
