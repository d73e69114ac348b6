import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ConfigOf, Envelope, NodeDefinition } from '../../src/contracts/index.ts';
import { MillwrightError, withDeadline, type Logger } from '../../src/kernel/index.ts';
import { readConfig, type Migration } from './config.ts';
import { admit, type Admitted, type FlowMessage, type SimpleForm } from './door.ts';
import { makeEnvelope, type OutgoingFacts } from './envelope.ts';
import { openInbox } from './inbox.ts';
import { openStatus, type StatusKind } from './status.ts';
import { localise } from './text.ts';

/** Node-RED ends a close after 15 s; ours is over before. */
const closeLimitMs = 12_000;

/** What a node's service gets from the wrapper. */
interface NodeTools<C> {
  RED: NodeAPI;
  node: Node;
  config: C;
  credentials: Record<string, string | undefined>;
  logger: Logger;
  /** Fires when the node is closed: everything long listens to it. */
  signal: AbortSignal;
  status: (this: void, kind: StatusKind, text?: string) => void;
  /** The service of a config node; `MW_CONFIG_MISSING` where none is chosen or it is disabled. It outlives this node. */
  use: <S>(this: void, id: string, property: string) => Promise<S>;
  /** A text of the node's catalogue. */
  text: (this: void, key: string, params?: Record<string, string>) => string;
  /** Sends a contract on one output; `cause` hands on its chain, `base` its unknown properties. */
  emit: (
    this: void,
    output: number,
    payload: unknown,
    facts: OutgoingFacts & { topic?: string },
    cause?: Admitted,
  ) => void;
  /** Reports an error that belongs to no message. */
  fail: (this: void, thrown: unknown) => void;
  /** Makes a callback safe for timers, emitters and sockets: what it throws or rejects is reported, never fatal. */
  guard: <A extends unknown[]>(this: void, callback: (...args: A) => unknown) => (...args: A) => void;
}

/** What a node does. */
export interface NodeService {
  /** Handles one admitted message; its end is the message's `done`. */
  handle?(message: Admitted, tools: { send: (messages: unknown) => void }): Promise<void> | void;
  close?(removed: boolean): Promise<void> | void;
}

/** How one node type is put together. */
export interface NodeAssembly<D extends NodeDefinition, S extends NodeService> {
  definition: D;
  migrations?: readonly Migration[];
  /** The simple form of its input, if it has one; what it means may depend on the settings. */
  simpleForm?: (message: FlowMessage, config: ConfigOf<D>) => ReturnType<SimpleForm>;
  inbox?: { limit?: number; concurrency?: number };
  create(tools: NodeTools<ConfigOf<D>>): Promise<S> | S;
}

/** A node of ours as others see it: config nodes are used through their service. */
interface ServiceNode<S> extends Node {
  mwService?: Promise<S>;
  /** Ends of the nodes that use it: Node-RED closes all nodes at once, a config node of ours waits for its users. */
  mwUsers?: Set<Promise<void>>;
}

/** Registers a node type. Every handler, callback and close of it runs inside this wrapper. */
export function registerNode<D extends NodeDefinition, S extends NodeService>(
  RED: NodeAPI,
  assembly: NodeAssembly<D, S>,
): void {
  const { definition } = assembly;
  function construct(this: Node, raw: NodeDef) {
    RED.nodes.createNode(this, raw);
    runNode(RED, this as ServiceNode<S>, raw as unknown as Record<string, unknown>, assembly);
  }
  const options = definition.credentials ? { credentials: definition.credentials } : {};
  RED.nodes.registerType(definition.type, construct, options);
}

function runNode<D extends NodeDefinition, S extends NodeService>(
  RED: NodeAPI,
  node: ServiceNode<S>,
  raw: Record<string, unknown>,
  assembly: NodeAssembly<D, S>,
): void {
  const { definition, simpleForm } = assembly;
  const status = openStatus(node);
  const ending = new AbortController();
  const inbox = openInbox(definition.type, assembly.inbox);
  const closed = Promise.withResolvers<undefined>();
  const users = new Set<Promise<void>>();
  node.mwUsers = users;
  const use = async <T>(id: string, property: string): Promise<T> => {
    const found = RED.nodes.getNode(id) as ServiceNode<T> | null;
    const wanted = (definition.config.properties[property] as { 'x-node'?: string } | undefined)?.['x-node'];
    if (!found?.mwService || (wanted !== undefined && found.type !== wanted))
      throw new MillwrightError('MW_CONFIG_MISSING', { property });
    found.mwUsers?.add(closed.promise);
    void closed.promise.then(() => found.mwUsers?.delete(closed.promise));
    return found.mwService;
  };
  const fail = (thrown: unknown) => {
    const error = localise(RED, thrown);
    status.show('error', error.code);
    // With a message, if only an empty one: without it no Catch node would hear of the error.
    node.error(error, {});
  };
  let form: SimpleForm | undefined;
  const start = async (): Promise<S> => {
    const config = readConfig(definition, raw, assembly.migrations);
    form = simpleForm && ((message) => simpleForm(message, config));
    return assembly.create(makeTools(RED, node, config, { use, status: status.show, signal: ending.signal, fail }));
  };
  const service = start();
  node.mwService = service;
  service.catch(fail);

  node.on('input', (message, send, done) => {
    const work = async () => {
      const ready = await service;
      if (!ready.handle) return;
      const admitted = admit(node.id, definition.accepts ?? [], message, form);
      await ready.handle(admitted, { send: send as (messages: unknown) => void });
    };
    inbox.run(work).then(
      () => {
        done();
      },
      (thrown: unknown) => {
        const error = localise(RED, thrown);
        status.show('error', error.code);
        done(error);
      },
    );
  });
  node.on('close', (removed: boolean, done: () => void) => {
    ending.abort();
    const ended = Promise.all(users)
      .then(() => service)
      .then((ready) => ready.close?.(removed));
    withDeadline(`close of ${definition.type}`, ended, closeLimitMs)
      .catch((thrown: unknown) => {
        node.debug(String(thrown));
      })
      .finally(() => {
        status.close();
        closed.resolve(undefined);
        done();
      });
  });
}

function makeTools<C>(
  RED: NodeAPI,
  node: Node,
  config: C,
  { use, status, signal, fail }: Pick<NodeTools<C>, 'use' | 'status' | 'signal' | 'fail'>,
): NodeTools<C> {
  return {
    RED,
    node,
    config,
    credentials: (node as unknown as { credentials?: Record<string, string> }).credentials ?? {},
    logger: {
      debug: (text) => {
        node.debug(text);
      },
      info: (text) => {
        node.log(text);
      },
      warn: (text) => {
        node.warn(text);
      },
      error: (text) => {
        node.error(text);
      },
    },
    signal,
    use,
    status,
    text: (key, params) => RED._(key, params ?? {}),
    emit(output, payload, facts, cause) {
      const base: FlowMessage = cause ? { ...cause.message } : {};
      const mw: Envelope = makeEnvelope(node.id, facts, cause?.mw);
      const message: Record<string, unknown> = { _msgid: mw.id, ...base, payload, mw };
      if (facts.topic !== undefined) message.topic = facts.topic;
      const outputs = Array<unknown>(output + 1).fill(null);
      outputs[output] = message;
      node.send(outputs as never);
    },
    fail,
    guard:
      (callback) =>
      (...args) => {
        try {
          const result = callback(...args);
          if (result instanceof Promise) result.catch(fail);
        } catch (thrown) {
          fail(thrown);
        }
      },
  };
}
