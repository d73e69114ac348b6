import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { fileFilterMemory, openMqttLink, pemText, stableClientId, writeBody } from '../../src/connect/index.ts';
import type { MqttLink, MqttLinkOptions, MqttMessage, TopicFields } from '../../src/connect/index.ts';
import { unsBrokerNode, type ConfigOf, type Connection } from '../../src/contracts/index.ts';
import { isoInstant, systemClock, type MillwrightError } from '../../src/kernel/index.ts';
import { makeEnvelope } from '../shared/envelope.ts';
import { reportOutages } from '../shared/outages.ts';
import { prepareSparkplugRoles, type SparkplugRoles } from '../shared/sparkplug-roles.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';

type LinkListener = (connection: Connection, error?: MillwrightError) => void;

/** What nodes get from their broker. */
export interface BrokerService extends NodeService {
  readonly config: ConfigOf<typeof unsBrokerNode>;
  /** Levels that are the same for every topic of this site. */
  readonly levels: TopicFields;
  /**
   * The shared links, each opened when it is first asked for. There are two, so that what comes in can wait for the
   * queue without holding up acknowledgements of what goes out; only the one that subscribes has a persistent session.
   */
  link: (this: void, direction: 'in' | 'out') => MqttLink;
  /** Adds a listener to a link, which hears the present state at once; returns what removes it. */
  onState: (this: void, direction: 'in' | 'out', listener: LinkListener) => () => void;
  /** With the encoding Sparkplug B: its edge node and its host application, instead of the shared links. */
  readonly sparkplug: SparkplugRoles;
}

const secondsPerHour = 3_600;

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: unsBrokerNode,
    create: ({ node, config, credentials, logger, guard, fail }): BrokerService => {
      const folder = join(RED.settings.userDir ?? process.cwd(), 'millwright/uns', node.id);
      const clientId = config.clientId || stableClientId(folder);
      const { enterprise, site, area } = config;
      const base = [enterprise, site, area].filter((level) => level !== '');
      const statusTopic = [...base, '_connection', clientId].join('/');
      const links: Partial<Record<'in' | 'out', MqttLink>> = {};
      const listeners = { in: new Set<LinkListener>(), out: new Set<LinkListener>() };
      const outages = { in: reportOutages(fail), out: reportOutages(fail) };

      function openLink(more: Partial<MqttLinkOptions>): MqttLink {
        const { user, password, ca, cert, key } = credentials;
        return openMqttLink({
          url: config.url,
          protocol: config.protocol,
          clientId,
          credentials: { ...(user ? { user } : {}), ...(password ? { password } : {}) },
          tls: {
            ...(ca ? { ca: pemText(ca) } : {}),
            ...(cert ? { cert: pemText(cert) } : {}),
            ...(key ? { key: pemText(key) } : {}),
          },
          logger,
          ...more,
        });
      }
      /** The retained message that tells whether this client is there; the broker publishes the offline one itself. */
      function announcement(state: Connection['state']): MqttMessage {
        const mw = makeEnvelope(node.id, { type: 'mw.connection.v1', subject: clientId });
        const connection: Connection = { endpoint: config.url, state, since: isoInstant(systemClock.now()) };
        return { topic: statusTopic, payload: writeBody(mw, connection), qos: 1, retain: true };
      }
      function open(direction: 'in' | 'out'): MqttLink {
        const onState = guard((state: Connection, error?: MillwrightError) => {
          for (const listener of listeners[direction]) listener(state, error);
          if (direction === 'out' || links.out?.state.state === 'online') outages[direction].note(state, error);
        });
        if (direction === 'in') {
          const sessionExpirySeconds = config.sessionHours * secondsPerHour;
          const filterMemory = fileFilterMemory(folder);
          return openLink({ clientId: `${clientId}-in`, sessionExpirySeconds, filterMemory, onState });
        }
        const link = openLink({ will: () => announcement('recovering'), onState });
        link.onConnect(() => {
          link.publish(announcement('online')).catch((thrown: unknown) => {
            logger.debug(String(thrown));
          });
        });
        return link;
      }
      const link = (direction: 'in' | 'out') => (links[direction] ??= open(direction));
      const roles: Partial<Record<'in' | 'out', Connection>> = {};
      const sparkplug = prepareSparkplugRoles({
        ...{ config, clientId, folder, openLink, fail },
        onState: guard((direction, state, error) => {
          roles[direction] = state;
          outages[direction].note(state, error);
          for (const listener of listeners[direction]) listener(state, error);
        }),
      });
      if (config.encoding === 'json') link('out');
      return {
        config,
        levels: { enterprise, site, area },
        link,
        sparkplug,
        onState(direction, listener) {
          listeners[direction].add(listener);
          const state = config.encoding === 'json' ? link(direction).state : roles[direction];
          if (state) listener(state);
          return () => listeners[direction].delete(listener);
        },
        async close() {
          for (const report of Object.values(outages)) report.close();
          await sparkplug.close();
          if (links.out?.state.state === 'online') await links.out.publish(announcement('idle')).catch(() => undefined);
          await Promise.all(Object.values(links).map((one) => one.close()));
        },
      };
    },
  });
}
