import { openSparkplugEdge, openSparkplugHost } from '../../src/connect/index.ts';
import type { MqttLink, MqttLinkOptions, SparkplugEdge, SparkplugHost } from '../../src/connect/index.ts';
import type { ConfigOf, Connection, unsBrokerNode } from '../../src/contracts/index.ts';
import { MillwrightError } from '../../src/kernel/index.ts';

/** Problems told; beyond them a problem is only one more of the kind. */
const mostTold = 1_000;

/** What the Sparkplug roles of a broker node need. */
export interface SparkplugRolesOptions {
  config: ConfigOf<typeof unsBrokerNode>;
  clientId: string;
  /** Where the edge node keeps the number of its last connection. */
  folder: string;
  openLink: (more: Partial<MqttLinkOptions>) => MqttLink;
  onState: (direction: 'in' | 'out', connection: Connection, error?: MillwrightError) => void;
  fail: (error: MillwrightError) => void;
}

/** The edge node and the host application of a broker node, each with a link of its own, opened when first asked for. */
export interface SparkplugRoles {
  edge(): Promise<SparkplugEdge>;
  host(): Promise<SparkplugHost>;
  close(): Promise<void>;
}

/** Prepares the roles; nothing is opened yet. */
export function prepareSparkplugRoles(options: SparkplugRolesOptions): SparkplugRoles {
  const { config, clientId, folder, openLink, onState, fail } = options;
  const { groupId, edgeNodeId, primaryHostId, deviceLevel, hostId, tagTemplate } = config;
  const told = new Set<string>();
  let edge: Promise<SparkplugEdge> | undefined;
  let host: Promise<SparkplugHost> | undefined;

  /** Once for each code and what it is about. */
  function tell(error: MillwrightError): void {
    const { metric = '', source = '', what = '' } = error.params;
    const key = [error.code, metric, source, what].join(' ');
    if (told.has(key) || told.size >= mostTold) return;
    told.add(key);
    fail(error);
  }
  return {
    edge: () =>
      (edge ??= openSparkplugEdge(
        {
          ...{ groupId, edgeNodeId, deviceLevel, folder },
          ...(primaryHostId ? { primaryHostId } : {}),
          openLink: (more) => openLink({ ...more, clientId: `${clientId}-edge` }),
        },
        {
          onState: (connection, error) => {
            onState('out', connection, error);
          },
          onCommand({ device = '', metric, value }) {
            const name = [edgeNodeId, device, metric].filter((part) => part !== '').join('/');
            tell(new MillwrightError('MW_SPARKPLUG_WRITE_IGNORED', { metric: name, value: JSON.stringify(value) }));
          },
          onProblem: tell,
        },
      )),
    host: () =>
      (host ??= openSparkplugHost(
        { hostId, tagTemplate, openLink: (more) => openLink({ ...more, clientId: `${clientId}-host` }) },
        {
          onState: (connection, error) => {
            onState('in', connection, error);
          },
          onProblem: tell,
        },
      )),
    async close() {
      const roles = await Promise.allSettled([edge, host]);
      const opened = roles.flatMap((role) => (role.status === 'fulfilled' && role.value ? [role.value] : []));
      await Promise.all(opened.map((role) => role.close()));
    },
  };
}
